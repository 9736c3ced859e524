"""The line below a seal's star laid level."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.foot import lower_line
from tests.ingest.impressions import imprint, stamped


def slant(line: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """Degrees by which what is dark in a line is off level."""
    points = np.argwhere(line < 128)[:, ::-1].astype(np.float32)
    vx, vy, _, _ = cv2.fitLine(points, cv2.DIST_L2, 0, 0.01, 0.01).ravel()
    return float(np.degrees(np.arctan2(vy, vx)))


@pytest.mark.parametrize("askew", [-40.0, 0.0, 15.0])
def test_the_line_below_the_star_is_laid_level(askew: float) -> None:
    line = lower_line(stamped(7, askew, lower=True), imprint(), askew)
    assert line is not None
    assert abs(slant(line)) < 2


def test_it_is_cut_to_its_ink() -> None:
    line = lower_line(stamped(7, 0, lower=True), imprint(), 0)
    assert line is not None
    assert np.allclose(line.shape, (24 + 12, 120 + 12), atol=4)


def test_a_seal_without_such_a_line_has_none() -> None:
    assert lower_line(stamped(7, 10), imprint(), 10) is None
