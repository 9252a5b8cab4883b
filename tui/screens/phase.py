"""Which of its phases the Train screen is in, asked of the session each time, and what can be done in each."""

from __future__ import annotations

from collections.abc import Mapping

from tui.render.run_text import Phase
from tui.screens.session import Session

__all__ = ["ACTIONS", "UNDER_WAY", "phase_of"]

UNDER_WAY: tuple[Phase, ...] = ("loading", "running", "paused")
ACTIONS: Mapping[str, tuple[Phase, ...]] = {
    "start": ("ready", "diverged", "failed"),
    "test": ("completed", "stopped"),
    "pause": ("loading", "running"),
    "go_on": ("paused",),
    "one_epoch": UNDER_WAY,
    "stop": UNDER_WAY,
    "scale_rate": UNDER_WAY,
    "new": ("ready", "completed", "stopped", "diverged", "failed"),
    "log": ("running", "paused", "stopping", "completed", "stopped", "diverged"),
    "read": ("running", "paused", "stopping", "completed", "stopped", "diverged"),
}
"""In which phases each action can be taken; the footer shows only those."""


def phase_of(session: Session) -> Phase:
    """What the Train screen is to show.

    After a run, its plots stay until another draft was made; after one that was thrown away there is nothing to show.
    """
    worker, history = session.worker, session.history
    if worker is None or (worker.done and worker.config is not session.draft):
        return "ready"
    if worker.error is not None:
        return "failed"
    if not worker.controls.keep:
        return "ready" if worker.done else "stopping"
    if worker.controls.stopping and not (session.begun and history.finished):
        return "stopping"
    return "loading" if not session.begun or history.state == "waiting" else history.state
