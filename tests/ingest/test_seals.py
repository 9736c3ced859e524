"""Seals found on drawn pages, and red things that are none."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Literal

import cv2
import numpy as np
import pytest

from ingest.document import Imprint
from ingest.seals import find_imprints
from ingest.sheets import Picture
from tests.ingest.drawing import page
from tests.made_up.seals import WITH_SEAL, WITHOUT, Box, Case, Seal, cases

EACH = 3
Told = tuple[str, str]


@cache
def looked_at(which: Literal["with", "without"]) -> list[tuple[Case, tuple[Imprint, ...]]]:
    drawn = cases(WITH_SEAL if which == "with" else WITHOUT, EACH)
    return [(case, find_imprints(np.asarray(case.picture))) for case in drawn]


def found(case: Case, seal: Seal, imprints: tuple[Imprint, ...]) -> Told | None:
    """Kind and colour of the imprint that lies where the seal was drawn."""
    width, height = case.picture.size
    for one in imprints:
        box = (one.box.x0 / width, one.box.y0 / height, one.box.x1 / width, one.box.y1 / height)
        if overlap(seal.box, box) > 0.6:
            return one.shape, one.colour
    return None


def overlap(a: Box, b: Box) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(0.0, wide) * max(0.0, high)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def test_there_are_forty_pictures_and_more() -> None:
    assert len(looked_at("with")) + len(looked_at("without")) >= 40


@pytest.mark.parametrize("name", sorted({case.name for case in cases(WITH_SEAL, 1)}))
def test_every_seal_is_found_with_its_kind_and_colour(name: str) -> None:
    wanted = [(case, seal, got) for case, got in looked_at("with") if case.name == name for seal in case.seals]
    told = Counter(found(case, seal, got) for case, seal, got in wanted)
    assert told == Counter((seal.kind, seal.colour) for _, seal, _ in wanted)


def test_no_page_shows_more_seals_than_were_stamped() -> None:
    assert [case.name for case, got in looked_at("with") if len(got) > len(case.seals)] == []


def test_red_things_that_are_no_seals_are_left_alone() -> None:
    assert [(case.name, got) for case, got in looked_at("without") if got] == []


def ring(colour: tuple[int, int, int], picture: Picture | None = None, *, star: bool = True) -> Picture:
    """A ring of letters of 300 px at (700, 1900) on A4 of 1654 x 2339 px."""
    picture = page() if picture is None else picture
    cv2.circle(picture, (700, 1900), 150, colour, 7, cv2.LINE_AA)
    for n in range(10):
        x, y = 700 + 110 * np.sin(n * 0.5 - 2.2), 1900 - 110 * np.cos(n * 0.5 - 2.2)
        cv2.putText(picture, "W", (int(x) - 14, int(y) + 14), cv2.FONT_HERSHEY_SIMPLEX, 1.3, colour, 4, cv2.LINE_AA)
    if star:
        cv2.circle(picture, (700, 1900), 38, colour, -1, cv2.LINE_AA)
    return picture


def test_ellipse_and_box_lie_on_the_ring() -> None:
    (one,) = find_imprints(ring((205, 40, 45)))
    assert np.allclose(one.ellipse[:4], (700, 1900, 153, 153), atol=5)
    assert np.allclose((one.box.x0, one.box.y0, one.box.x1, one.box.y1), (547, 1747, 853, 2053), atol=7)
    assert (one.shape, one.colour, one.visible) == ("round", "red", 1.0)


@pytest.mark.parametrize(
    ("ink", "colour"),
    [((205, 40, 45), "red"), ((45, 60, 180), "blue"), ((150, 150, 150), "grey"), ((25, 25, 25), "black")],
)
def test_the_ink_says_the_colour(ink: tuple[int, int, int], colour: str) -> None:
    assert [one.colour for one in find_imprints(ring(ink))] == [colour]


def test_an_empty_circle_is_a_pen_mark() -> None:
    picture = page()
    cv2.circle(picture, (700, 1900), 150, (205, 40, 45), 6, cv2.LINE_AA)
    assert find_imprints(picture) == ()


def test_a_warm_light_and_a_shadow_hide_no_seal() -> None:
    lit = ring((205, 40, 45)).astype(np.float32) * np.array([0.95, 0.85, 0.7])
    lit *= np.linspace(1.0, 0.45, lit.shape[1])[None, :, None]
    assert [one.colour for one in find_imprints(lit.astype(np.uint8))] == ["red"]


def test_a_form_without_a_seal_has_none() -> None:
    assert find_imprints(page()) == ()


@pytest.mark.parametrize("shape", [(40, 1600, 3), (1600, 40, 3), (3, 3, 3), (64, 64, 3)])
def test_pictures_of_any_shape_are_looked_at(shape: tuple[int, int, int]) -> None:
    assert find_imprints(np.full(shape, 255, np.uint8)) == ()
