"""Which of its phases the Train screen is in: asked of the session each time, kept nowhere."""

from __future__ import annotations

from tui.render.run_text import Phase
from tui.screens.session import Session

__all__ = ["phase_of"]


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
    if worker.controls.stopping and history.finished is None:
        return "stopping"
    return "loading" if history.state == "waiting" else history.state
