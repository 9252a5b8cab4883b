"""Finds what Inspect looks into: a saved model, a member of a committee, or a run in training as it learns.

What takes long happens in a thread: the survey of all neurons, and the look at a run, which waits for a batch to end.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from textual.screen import Screen
from textual.worker import Worker

from netcore.errors import DatasetError
from netcore.models.survey import survey
from netcore.runs.watched import Watched
from tui.screens.exam import Exam
from tui.screens.exams import Exams
from tui.screens.subject import Subject, in_training, of_exam

__all__ = ["Subjects"]


class Subjects:
    """One network after the other; whoever made it is told of each.

    Attributes:
        followed: The run that is looked into as it learns; None where a saved model is.
    """

    def __init__(self, screen: Screen[None], exams: Exams, show: Callable[[Subject], None]) -> None:
        """Work for a screen, which shows what is found, and again when more is known of it; ``exams`` open models."""
        self.followed: Watched | None = None
        self._screen, self._tell = screen, show
        self._exams = exams
        self._now: Subject | None = None
        self._member = 0  # of a committee, whose networks are looked into one by one

    def open(self, model: str) -> None:
        """Look into a saved model; not anew if that is what is shown.

        Raises:
            NetcoreError: It cannot be opened, or its dataset cannot; nothing is looked into then.
        """
        before, self._now, self.followed = self._now, None, None
        exam = self._exams.open(model)
        if before is not None and before.of is exam:
            self._show(before)
        else:
            self._look_into(exam, 0)

    @property
    def committee(self) -> Exam | None:
        """What is looked into, where it is a committee."""
        of = self._now.of if self._now else None
        return of if isinstance(of, Exam) and len(of.model.members) > 1 else None

    def next_member(self) -> None:
        """Look into the next member of a committee."""
        exam = self.committee
        if exam is not None:
            self._look_into(exam, (self._member + 1) % len(exam.model.members))

    def follow(self, worker: Watched) -> None:
        """From now on `look_again` looks into a run."""
        self.followed = worker
        self.look_again()

    def look_again(self) -> None:
        """Look into the run that is followed, as it is now."""
        if self.followed is not None:
            self._begin(partial(self._look, self.followed))

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do it in the place of what was begun before. It is a function: where the app ends, it is never called."""
        _: Worker[None] = self._screen.run_worker(work, group="look", exclusive=True)

    async def _look(self, worker: Watched) -> None:
        before = self._now if self._now and self._now.of is worker else None
        try:
            subject = await asyncio.to_thread(in_training, worker, before)
        except DatasetError as error:
            self._screen.notify(str(error), severity="error")
            return
        if subject is not None and self.followed is worker:
            self._show(subject)

    def _look_into(self, exam: Exam, member: int) -> None:
        self._member = member
        subject = of_exam(exam, member)
        self._show(subject)
        self._begin(partial(self._survey, subject))

    async def _survey(self, subject: Subject) -> None:
        """Ask every neuron on many images, behind the first picture."""
        found = await asyncio.to_thread(survey, subject.network, subject.part.images)
        if self._now is subject:
            self._show(dataclasses.replace(subject, survey=tuple(found)))

    def _show(self, subject: Subject) -> None:
        self._now = subject
        self._tell(subject)
