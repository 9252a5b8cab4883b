"""What changed images and checkpoints add: everyone has a turn, and a checkpoint is measured as what it does."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import get_args

import pytest

from netcore.bench.costs import CheckpointCost, augmentation_costs, checkpoint_cost
from netcore.nn.choices import AugmentationName
from tests.netcore.toy import TRAIN


def test_each_augmentation_is_compared_with_none():
    timings = augmentation_costs(TRAIN, 1)
    assert tuple(timing.name for timing in timings) == get_args(AugmentationName)
    assert (timings[0].name, timings[0].ratio) == ("none", 1)


def test_a_checkpoint_is_written_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    cost = checkpoint_cost(TRAIN, times=3)
    assert list(tmp_path.iterdir()) == []
    assert cost.working > 0
    assert 0 < cost.copying < cost.writing  # which copies too, and more


def test_its_share_of_an_epoch_is_that_of_its_work_and_not_of_waiting_for_the_disk():
    assert CheckpointCost(copying=0.001, working=0.003, writing=5.0).share(0.5) == pytest.approx(0.008)
