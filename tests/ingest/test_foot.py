"""The line below a seal's star laid level."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.foot import lower_line, number_line
from ingest.seal_ink import seal_ink
from ingest.sheets import Picture
from tests.ingest.impressions import CENTRE, RED, imprint, stamped


def slant(line: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """Degrees by which what is dark in a line is off level."""
    points = np.argwhere(line < 128)[:, ::-1].astype(np.float32)
    vx, vy, _, _ = cv2.fitLine(points, cv2.DIST_L2, 0, 0.01, 0.01).ravel()
    return float(np.degrees(np.arctan2(vy, vx)))


@pytest.mark.parametrize("askew", [-40.0, 0.0, 15.0])
def test_the_line_below_the_star_is_laid_level(askew: float) -> None:
    line = lower_line(seal_ink(stamped(7, askew, lower=True), imprint()), askew)
    assert line is not None
    assert abs(slant(line)) < 2


def test_it_is_cut_to_its_ink() -> None:
    line = lower_line(seal_ink(stamped(7, 0, lower=True), imprint()), 0)
    assert line is not None
    assert np.allclose(line.shape, (24 + 12, 120 + 12), atol=4)


def test_a_seal_without_such_a_line_has_none() -> None:
    assert lower_line(seal_ink(stamped(7, 10), imprint()), 10) is None


def numbered(digits: str) -> Picture:
    """A seal with digits along the foot of its ring, their tops to its middle."""
    seal = stamped(7, 0)
    for n, digit in enumerate(digits):
        glyph = np.full((40, 40, 3), 255, np.uint8)
        cv2.putText(glyph, digit, (11, 29), cv2.FONT_HERSHEY_SIMPLEX, 0.8, RED, 2, cv2.LINE_AA)
        off = 6.5 * (n - (len(digits) - 1) / 2)
        turned = cv2.warpAffine(
            glyph, cv2.getRotationMatrix2D((20, 20), off, 0.7), (40, 40), borderValue=(255, 255, 255)
        )
        x, y = round(CENTRE + 121 * np.sin(np.radians(off))) - 20, round(CENTRE + 121 * np.cos(np.radians(off))) - 20
        seal[y : y + 40, x : x + 40] = np.minimum(seal[y : y + 40, x : x + 40], turned)
    return seal


def test_a_number_is_laid_straight() -> None:
    line = number_line(seal_ink(numbered("3401040012345"), imprint()), 0)
    assert line is not None
    assert line.shape[0] == 48


def test_a_seal_without_a_number_has_none() -> None:
    assert number_line(seal_ink(stamped(7, 0, lower=True), imprint()), 0) is None
