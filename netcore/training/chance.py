"""What a share draws at random in each step, so that it depends on nothing but the epoch, the step and the share."""

from __future__ import annotations

import numpy as np

from netcore.nn.interpolation import Reading
from netcore.training.batches import Batches
from netcore.training.common import Step, part_of

__all__ = ["Chance"]

_IMAGES, _STEPS = 1024, 32
"""For how many images, and for how many steps at the most, random numbers are drawn at a time: for so few images as a
step has, calling NumPy costs more than what it does. Sixteen steps instead of four made a warped step of the reference
job 5 % shorter."""


class Chance:
    """A generator for each step, from which the change of the first images is drawn before all else."""

    def __init__(self, batches: Batches, rows: int, at_a_time: int, number: int, shares: int, *, used: bool) -> None:
        """Draw nothing yet.

        Args:
            batches: Draws changes of images.
            rows: Images an epoch.
            at_a_time: Images that are worked on at a time, at the most.
            number: Of the share, from 0.
            shares: How many there are.
            used: Whether anything is drawn at all.
        """
        self._batches, self._rows, self._at_a_time = batches, rows, at_a_time
        self._number, self._shares, self._used = number, shares, used
        self._unused = np.random.default_rng(0)
        self._drawn: dict[tuple[int, int], tuple[np.random.Generator, Reading | None]] = {}

    def forget(self) -> None:
        """Draw again, from the beginning of its step, whatever is asked for next."""
        self._drawn = {}

    def change(self, step: Step) -> Reading | None:
        """How the share changes its first images of a step; to be asked for once."""
        if not self._used:
            return None
        rng, change = self._of(step)
        self._drawn[step.key, step.number] = rng, None
        return change

    def generator(self, step: Step) -> np.random.Generator:
        """For all else in a step, after the change of its first images; to be asked for once."""
        if not self._used:
            return self._unused
        rng, _ = self._of(step)
        del self._drawn[step.key, step.number]
        return rng

    def _of(self, step: Step) -> tuple[np.random.Generator, Reading | None]:
        if (step.key, step.number) not in self._drawn:
            self._drawn = self._draw(step)
        return self._drawn[step.key, step.number]

    def _draw(self, step: Step) -> dict[tuple[int, int], tuple[np.random.Generator, Reading | None]]:
        """For a step and some that follow."""
        steps, count = [step], self._first_images(step)
        while len(steps) < min(_STEPS, _IMAGES // max(count, 1)):
            following = steps[-1].following(self._rows)
            if following is None or self._first_images(following) != count:
                break
            steps.append(following)
        rngs = [np.random.default_rng((one.key, one.number, self._number)) for one in steps]
        drawn = zip(rngs, self._batches.draw(count, rngs), strict=True)
        return {(one.key, one.number): each for one, each in zip(steps, drawn, strict=True)}

    def _first_images(self, step: Step) -> int:
        """How many are this share's of those that are worked on first."""
        images = part_of(min(step.stop - step.start, self._at_a_time), self._number, self._shares)
        return int(images.stop - images.start)
