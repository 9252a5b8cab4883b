"""What the screens share: the model being looked at, the run that Train shows, the settings of the next one.

The app makes one and gives it to every screen. It holds state and no widgets, so it can be tested without an app.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tui.screens.shown_run import Fate, ShownRun
from tui.screens.tempo import NORMAL, Tempo

if TYPE_CHECKING:
    from netcore.runs.run import Run
    from netcore.training.config import TrainingConfig
    from tui.screens.exams import Exams

__all__ = ["Session"]


class Session(ShownRun):
    """Shared state of the screens.

    Attributes:
        model: Name or path of the model that Test and Inspect show; None before one was chosen.
        tempo: How often screens draw what training brings.
        cost: What the screen costs, in a few words; empty where nobody wants to know.
    """

    def __init__(self) -> None:
        super().__init__()
        self.model: str | None = None
        self.tempo: Tempo = NORMAL
        self.cost = ""
        self._draft: TrainingConfig | None = None

    @cached_property
    def exams(self) -> Exams:
        """Models before test images, as Test and Inspect have opened them."""
        from tui.screens.exams import Exams  # noqa: PLC0415  # not needed for the first screen

        return Exams()

    # What belongs to training is imported when it is first asked for: the app's first screen need not wait for it.

    @property
    def draft(self) -> TrainingConfig:
        """Settings of the next run, as the form left them; those of the run that Train shows until then."""
        if self._draft is None:
            from netcore.training.config import TrainingConfig  # noqa: PLC0415  # not needed for the first screen

            self._draft = TrainingConfig()
        return self._draft

    @draft.setter
    def draft(self, config: TrainingConfig) -> None:
        self._draft = config

    def choose_model_of(self, run: str, model: str) -> None:
        """Have Test and Inspect show the model that a run has saved.

        Raises:
            NetcoreError: It is gone, and its name perhaps another's by now.
        """
        from netcore.errors import ModelNotFound  # noqa: PLC0415  # not needed for the first screen
        from netcore.models.library import find_model, read_entry  # noqa: PLC0415  # likewise

        try:
            card = read_entry(find_model(model)).card
        except ModelNotFound as error:
            raise ModelNotFound(f"Its model {model} is gone.") from error
        if card is not None and card.run not in ("", run):
            raise ModelNotFound(f"Its model is gone; {model} is that of another run by now.")
        self.model = model

    # Which run Train shows

    def start_training(self) -> None:
        """Begin a run with the settings of the draft; the one before must be done."""
        from netcore.runs.worker import TrainingWorker  # noqa: PLC0415  # not needed for the first screen

        self.train(TrainingWorker(self.draft))

    def resume_training(self, run: Run) -> None:
        """Go on with a run from its checkpoint, with its own settings; the one before must be done.

        Raises:
            RunError: Its log is there and cannot be read.
        """
        from netcore.runs.follower import Follower  # noqa: PLC0415  # not needed for the first screen
        from netcore.runs.worker import TrainingWorker  # noqa: PLC0415  # not needed for the first screen

        so_far = Follower(run)
        so_far.catch_up()
        self.draft = run.config
        self.train(TrainingWorker(self.draft, run), so_far.history)

    def attach(self, run: Run) -> None:
        """Watch a run of another process, and steer it; one of this app must be done."""
        from netcore.runs.attached import AttachedRun  # noqa: PLC0415  # not needed for the first screen

        self.draft = run.config
        self.watch(AttachedRun(run))

    def follow_detached(self) -> bool:
        """Watch a run of this app that has gone on in a process of its own; return whether one has just done so."""
        from netcore.runs.attached import AttachedRun  # noqa: PLC0415  # not needed for the first screen

        if self.own is None or self.own.run is None or not self.handed_over:
            return False
        self.draft = self.own.run.config
        self.watch(AttachedRun(self.own.run), self.history)
        return True

    def end(self, how: Fate) -> None:
        """As there; the settings of a run that is no longer watched, or thrown away, stay those of the next.

        But for its name, where it is the run's still, or that of a model which the run has saved before.
        """
        from netcore.models.library import taken  # noqa: PLC0415  # not needed for the first screen

        super().end(how)
        name = self.draft.name
        if self.worker is None or (how == "throw away" and name is not None and taken(name)):
            self.draft = replace(self.draft, name=None)
