"""How often a screen draws what training brings: what is drawn is taken from training, and from the connection."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NORMAL", "THRIFTY", "Tempo"]


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds from one drawing to the next.

    Attributes:
        numbers: Of numbers and bars.
        plots: Of curves. Half of the screen's time while it trains went into these (measured at 120 x 40).
        images: Of what the network takes a few images for.
        title: Of the terminal's title.
    """

    numbers: float
    plots: float
    images: float
    title: float


NORMAL = Tempo(numbers=0.5, plots=2.0, images=2.0, title=2.0)

THRIFTY = Tempo(numbers=2.0, plots=6.0, images=6.0, title=5.0)
"""For ``--low-bandwidth``."""
