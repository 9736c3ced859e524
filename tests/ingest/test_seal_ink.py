"""A seal's ink, taken from print that it was stamped on."""

from __future__ import annotations

import numpy as np

from ingest.seal_ink import on_white, seal_ink
from tests.ingest.impressions import CENTRE, HALF, imprint, stamped

RIGHT_OF_CENTRE = CENTRE + HALF - 3  # on the ring


def test_print_beside_a_red_seal_is_not_its_ink() -> None:
    picture = stamped(7, 0)
    picture[340:360, 250:350] = 20
    assert seal_ink(picture, imprint()).bare[350 - 118, 300 - 118] < 20


def test_strokes_are_carried_on_over_print_that_crosses_them() -> None:
    picture = stamped(7, 0)
    picture[298:303] = 20
    assert seal_ink(picture, imprint()).bare[CENTRE - 118, RIGHT_OF_CENTRE - 118] > 100


def test_grey_ink_is_told_from_darker_print() -> None:
    grey = np.repeat(stamped(7, 0).min(axis=2, keepdims=True) // 2 + 128, 3, axis=2)
    grey[340:360, 250:350] = 10
    ink = seal_ink(grey, imprint("grey"))
    assert (ink.bare[350 - 118, 300 - 118] < 20, ink.whole[350 - 118, 300 - 118] > 200) == (True, True)


def test_ink_is_drawn_dark_on_white() -> None:
    drawn = on_white(seal_ink(stamped(7, 0), imprint()).bare)
    assert (drawn[CENTRE - 118, RIGHT_OF_CENTRE - 118], drawn[0, 0]) == (0, 255)
