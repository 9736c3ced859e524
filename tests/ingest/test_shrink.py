"""Pictures made smaller keep what they show."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.shrink import shrink


@pytest.mark.parametrize("scale", [0.9, 0.5, 0.387, 0.24, 1.5])
@pytest.mark.parametrize("size", [(400, 300), (401, 303)])
def test_a_ramp_stays_a_ramp(size: tuple[int, int], scale: float) -> None:
    height, width = size
    ramp = np.broadcast_to(np.linspace(0, 250, width)[None, :, None], (height, width, 3)).astype(np.uint8)
    small = shrink(ramp, scale)
    assert small.shape == (round(height * scale), round(width * scale), 3)
    middles = (np.arange(small.shape[1]) + 0.5) / small.shape[1] * width - 0.5
    inner = slice(1, -1)  # made larger, a picture has no more to show at its very edge
    assert np.abs(small.mean(axis=(0, 2)) - 250 * middles / (width - 1))[inner].max() < 5


def test_a_fine_pattern_becomes_its_mean() -> None:
    checks = (np.indices((400, 400)).sum(axis=0) % 2 * 200).astype(np.uint8)
    assert np.abs(shrink(checks, 0.3).astype(int) - 100).max() <= 1


def test_nothing_shrinks_away() -> None:
    assert shrink(np.zeros((3, 500, 3), np.uint8), 0.01).shape == (1, 5, 3)
