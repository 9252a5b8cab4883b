"""The face of a run for whoever watches and steers it, whichever process trains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from netcore.nn.network import Network
    from netcore.runs.run import Run
    from netcore.training.config import TrainingConfig
    from netcore.training.records import Record
    from netcore.training.steering import Steering

__all__ = ["Watched"]


class Watched(Protocol):
    """A run that is trained.

    Here it is a `netcore.runs.worker.TrainingWorker`, in another process a `netcore.runs.attached.AttachedRun`.

    Attributes:
        config: Its settings.
        records: Its events so far, only ever appended to; a screen takes what is new since it last looked.
    """

    config: TrainingConfig
    records: list[Record]

    @property
    def controls(self) -> Steering:
        """What a person may do to it."""

    @property
    def run(self) -> Run | None:
        """Its folder; of a new run None until the data are loaded."""

    @property
    def error(self) -> Exception | None:
        """What ended it before its time; None where nothing did."""

    @property
    def done(self) -> bool:
        """Whether nothing comes any more."""

    def start(self) -> None:
        """Begin, to train or to watch."""

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it is done, for so many seconds at the most; return whether it is."""

    def network_snapshot(self) -> Network | None:
        """A copy of the network of a moment ago; None until there is one."""
