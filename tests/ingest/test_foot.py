"""How askew a seal was stamped, and the line below its star laid level."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.foot import COLUMN, lower_line, tilt
from ingest.unwrap import AROUND, Strip, strips
from tests.ingest.impressions import imprint, letters_at, stamped


def strip(start: float) -> Strip:
    return Strip(np.full((56, AROUND), 255, np.uint8), start)


def columns_at(degrees: list[float], start: float) -> list[int]:
    """Columns of a strip's lattice for places on the circle, clockwise from its top."""
    return [round((at / 360 - start) % 1 * AROUND / COLUMN) for at in degrees]


@pytest.mark.parametrize("askew", [-50.0, -12.0, 0.0, 30.0])
@pytest.mark.parametrize("start", [0.45, 0.55])
def test_the_middle_of_the_letters_is_the_top_of_the_seal(askew: float, start: float) -> None:
    letters = columns_at([24 * n - 72 + askew for n in range(7)], start)
    found = tilt([(strip(start), letters_at(letters))])
    assert found is not None
    assert abs(found - askew) < 5


def test_the_cut_in_which_most_letters_stand_evenly_is_believed() -> None:
    through_the_name = strip(0.0), letters_at([2, 8, 14, 60, 66, 72])
    whole = strip(0.5), letters_at(columns_at([24 * n - 60 for n in range(6)], 0.5))
    found = tilt([through_the_name, whole])
    assert found is not None
    assert abs(found) < 5


def test_few_letters_say_nothing() -> None:
    assert tilt([(strip(0.5), letters_at([10, 16, 22]))]) is None


def level(line: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """Degrees by which what is dark in a line slants."""
    points = np.argwhere(line < 128)[:, ::-1].astype(np.float32)
    vx, vy, _, _ = cv2.fitLine(points, cv2.DIST_L2, 0, 0.01, 0.01).ravel()
    return float(np.degrees(np.arctan2(vy, vx)))


@pytest.mark.parametrize("askew", [-40.0, 0.0, 15.0])
def test_the_line_below_the_star_is_laid_level(askew: float) -> None:
    line = lower_line(stamped(7, askew, lower=True), imprint(), askew)
    assert line is not None
    assert abs(level(line)) < 2


def test_without_letters_upright_is_where_the_arch_is_open() -> None:
    line = lower_line(stamped(9, 20, lower=True), imprint())
    assert line is not None
    assert abs(level(line)) < 6


def test_a_seal_without_such_a_line_has_none() -> None:
    assert lower_line(stamped(7, 10), imprint(), 10) is None


def test_a_strip_knows_where_on_the_circle_it_begins() -> None:
    begins = min(strips(stamped(7, 0), imprint()), key=lambda one: abs(one.start - 0.5)).start
    assert 0.5 < begins < 0.82  # seven letters, 24 degrees apart, leave the circle open from 84 to 276 degrees
