"""The network that Inspect looks into, with the test images that it is shown: a saved model, or the one in training."""

from __future__ import annotations

from dataclasses import dataclass

from netcore.datasets.info import DatasetInfo, find_dataset
from netcore.datasets.library import Part, load_part
from netcore.models.survey import LayerSurvey, survey
from netcore.nn.network import Network
from netcore.runs.watched import Watched
from tui.screens.exam import Exam

__all__ = ["Subject", "in_training", "of_exam"]


@dataclass(frozen=True, eq=False)
class Subject:
    """A network at rest, and images for it.

    Attributes:
        name: Of the model.
        network: The network.
        dataset: Where the images come from.
        part: They and their labels.
        remark: What a person should know about this pair; empty where there is nothing to say.
        survey: Of its layers; None until it has been made.
        of: Where it was taken from.
    """

    name: str
    network: Network
    dataset: DatasetInfo
    part: Part
    remark: str = ""
    survey: tuple[LayerSurvey, ...] | None = None
    of: Exam | Watched | None = None


def of_exam(exam: Exam, member: int = 0) -> Subject:
    """The network and the images of an exam; of a committee this member, from 0."""
    members = exam.model.members
    which = f"member {member + 1} of {len(members)}" if len(members) > 1 else ""
    remark = ", ".join(filter(None, (which, exam.remark)))
    return Subject(exam.model.name, members[member], exam.dataset, exam.part, remark, of=exam)


def in_training(worker: Watched, before: Subject | None = None) -> Subject | None:
    """The network of a run as it is now, surveyed; None until it exists. To be called off the screen's thread.

    Args:
        worker: The run.
        before: Its subject a moment ago, whose images are used again.

    Raises:
        DatasetError: The run's dataset is missing or damaged.
    """
    network = worker.network_snapshot()
    if network is None:
        return None
    dataset = before.dataset if before else find_dataset(worker.config.dataset)
    part = before.part if before else load_part(dataset, "test")
    name = worker.config.name or "the network"
    return Subject(name, network, dataset, part, survey=tuple(survey(network, part.images)), of=worker)
