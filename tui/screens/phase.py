"""Which of its phases the Train screen is in, asked of the session each time, and what can be done in each."""

from __future__ import annotations

from collections.abc import Mapping

from tui.render.run_text import Phase
from tui.screens.session import Session

__all__ = ["ACTIONS", "UNDER_WAY", "phase_of"]

UNDER_WAY: tuple[Phase, ...] = ("loading", "running", "paused")
_PLOTTED: tuple[Phase, ...] = (
    "running", "paused", "stopping", "detaching", "completed", "stopped", "diverged", "failed", "broken"
)  # fmt: skip
ACTIONS: Mapping[str, tuple[Phase, ...]] = {
    "start": ("ready", "diverged", "failed"),
    "test": ("completed", "stopped"),
    "pause": ("loading", "running"),
    "go_on": ("paused",),
    "one_epoch": UNDER_WAY,
    "stop": UNDER_WAY,
    "scale_rate": UNDER_WAY,
    "resume": ("broken", "stopped"),
    "new": ("ready", "completed", "stopped", "diverged", "failed", "broken"),
    "log": _PLOTTED,
    "read": _PLOTTED,
}
"""In which phases each action can be taken; the footer shows only those."""


def phase_of(session: Session) -> Phase:
    """What the Train screen is to show.

    After a run, its plots stay until another draft was made; after one that was thrown away there is nothing to show.
    A run of another process gives way to another draft at once, unless it is to end: it goes on without us.
    """
    worker, history = session.worker, session.history
    if worker is None:
        return "ready"
    awaited = session.training_here or (session.training and worker.controls.stopping)
    if worker.config is not session.draft and not awaited:
        return "ready"
    if worker.error is not None:
        # One that was to go on here and could not, since another process holds it say, may be tried again.
        return "failed" if worker.run is None or (session.begun and history.finished) else "broken"
    if session.told_all and not _left_something(session):
        return "ready"
    return _awaited(session) or ("loading" if history.state == "waiting" else history.state)


def _left_something(session: Session) -> bool:
    """Whether a run that has ended was not thrown away."""
    finished = session.history.finished
    return finished is not None and (finished.model is not None or finished.reason in ("diverged", "failed"))


def _awaited(session: Session) -> Phase | None:
    """What there is to wait for, if there is."""
    own, worker, history = session.own, session.worker, session.history
    if session.begun and history.finished:
        return None
    if own is not None and own.controls.detaching:
        return "detaching"
    if worker is not None and worker.controls.stopping:
        return "stopping"
    if not session.begun:
        return "loading" if own else "attaching"
    return None
