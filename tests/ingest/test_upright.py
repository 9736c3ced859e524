"""Which way is up in a seal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ingest.seal_ink import seal_ink
from ingest.upright import tilt
from tests.ingest.impressions import imprint, stamped


@pytest.mark.parametrize("askew", [-60, -35, -10, 0, 20, 45, 60])
@pytest.mark.parametrize("letters", [6, 11])
def test_the_star_tells_how_askew_a_seal_was_stamped(askew: float, letters: int) -> None:
    assert abs(tilt(seal_ink(stamped(letters, askew), imprint())) - askew) < 2


def test_print_through_its_letters_does_not_turn_a_seal() -> None:
    crossed = stamped(8, 12)
    crossed[200:230, 150:450] = 20
    assert abs(tilt(seal_ink(crossed, imprint())) - 12) < 3


def test_a_line_below_the_star_does_not_turn_it() -> None:
    assert abs(tilt(seal_ink(stamped(8, -25, lower=True), imprint())) + 25) < 2


@pytest.mark.parametrize("askew", [-30, 0, 30])
def test_without_a_star_the_foot_is_where_the_arch_is_open(askew: float) -> None:
    assert abs(tilt(seal_ink(stamped(10, askew, star=False), imprint())) - askew) < 6


@pytest.mark.parametrize(("angle", "askew"), [(3.0, 3.0), (177.0, -3.0), (90.0, -90.0)])
def test_an_oval_lies_on_its_long_side(angle: float, askew: float) -> None:
    oval = replace(imprint(), ellipse=(300, 300, 140, 105, angle), shape="oval")
    assert tilt(seal_ink(np.full((600, 600, 3), 255, np.uint8), oval)) == askew
