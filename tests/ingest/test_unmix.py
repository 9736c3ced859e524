"""Inks told apart by what they absorb."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.unmix import unmix

PAPER = (245, 243, 238)
RED, BLACK, COFFEE, BLUE = (205, 45, 50), (30, 30, 32), (190, 150, 105), (50, 60, 170)


def spot(ink: tuple[int, int, int], light: tuple[float, float, float] = (1, 1, 1)) -> tuple[float, float, float]:
    """Red, blue and dark density of a small spot of ink on paper under some light."""
    picture = np.full((400, 300, 3), PAPER, np.float32)
    picture[190:204, 140:154] = np.array(ink)
    inks = unmix((picture * np.array(light)).astype(np.uint8))
    return inks.red[197, 147], inks.blue[197, 147], inks.dark[197, 147]


@pytest.mark.parametrize("light", [(1, 1, 1), (0.95, 0.8, 0.6), (0.5, 0.5, 0.55)])
def test_each_ink_is_seen_in_its_own_map_whatever_the_light(light: tuple[float, float, float]) -> None:
    red, blue, black = spot(RED, light), spot(BLUE, light), spot(BLACK, light)
    assert red[0] > 0.8 > 0.3 > max(red[1], red[2])
    assert blue[1] > 0.4 > max(blue[0], 0.0)
    assert black[2] > 1.2 > 0.3 > max(black[0], black[1])


def test_coffee_is_hardly_red() -> None:
    assert spot(COFFEE)[0] < 0.15


def test_print_under_a_seal_is_dark_and_red_at_once() -> None:
    both = tuple(round(a * b / 245) for a, b in zip(RED, (110, 110, 110), strict=True))
    red, _, dark = spot(both)  # type: ignore[arg-type]
    assert red > 0.5
    assert dark > 0.5


def test_bare_paper_has_no_ink() -> None:
    inks = unmix(np.full((300, 200, 3), PAPER, np.uint8))
    assert max(float(ink.max()) for ink in (inks.red, inks.blue, inks.dark)) < 0.02
