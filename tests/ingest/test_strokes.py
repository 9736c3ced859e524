"""What is traced of the ink in a slot, on drawn pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.document import Box, Imprint, SealColour
from ingest.ocr import Picture
from ingest.strokes import trace, unread_rows

SLOT = Box(400, 1000, 1200, 1110)
BLACK, BLUE, RED, GREY = (30, 30, 30), (40, 60, 160), (210, 40, 50), (140, 140, 140)


def paper() -> Picture:
    return np.full((2000, 1400, 3), 250, np.uint8)


def scribble(picture: Picture, x: int = 450, y: int = 1055, ink: tuple[int, int, int] = BLACK) -> Picture:
    """Three loops that run into each other, 120 pixels wide and 60 high."""
    t = np.linspace(0, 6 * np.pi, 200)
    points = np.stack([x + 6 * t + 12 * np.sin(t), y + 28 * np.cos(t)], 1).astype(np.int32)
    cv2.polylines(picture, [points], False, ink, 4, cv2.LINE_AA)
    return picture


def seal(picture: Picture, ink: tuple[int, int, int], colour: SealColour) -> Imprint:
    cv2.circle(picture, (520, 1060), 150, ink, 6, cv2.LINE_AA)
    cv2.circle(picture, (520, 1060), 30, ink, -1, cv2.LINE_AA)
    return Imprint(Box(370, 910, 670, 1210), (520, 1060, 150, 150, 0), "round", colour, 0.9, 1.0)


def inked(picture: Picture, *seals: Imprint) -> list[Box]:
    """Where ink was found that is more than a speck."""
    return [blot.box for blot in trace(picture, SLOT, seals).blots if blot.area > 60]


def test_an_empty_slot_has_no_ink() -> None:
    assert trace(paper(), SLOT).blots == ()


def test_a_scribble_is_one_blot_with_its_stroke_and_darkness() -> None:
    (blot,) = trace(scribble(paper()), SLOT).blots
    assert [blot.box.width, blot.box.height] == pytest.approx([130, 60], abs=15)
    assert blot.stroke == pytest.approx(5.5, abs=1.5)
    assert blot.dark > 0.7
    assert blot.blue == 0.0


def test_a_blue_pen_is_told() -> None:
    (blot,) = trace(scribble(paper(), ink=BLUE), SLOT).blots
    assert blot.blue > 0.9


def test_the_line_to_sign_on_is_no_ink() -> None:
    picture = paper()
    cv2.line(picture, (400, 1090), (1200, 1094), (60, 60, 60), 2)
    assert inked(picture) == []


def test_what_crosses_a_rule_stays() -> None:
    picture = scribble(paper())
    cv2.line(picture, (400, 1055), (1200, 1055), (60, 60, 60), 2)
    assert sum(box.width for box in inked(picture)) > 80


@pytest.mark.parametrize(("ink", "colour"), [(RED, "red"), (GREY, "grey")])
def test_a_seal_alone_is_no_ink(ink: tuple[int, int, int], colour: SealColour) -> None:
    picture = paper()
    assert inked(picture, seal(picture, ink, colour)) == []


@pytest.mark.parametrize(("ink", "colour"), [(RED, "red"), (GREY, "grey")])
def test_a_hand_is_seen_under_a_seal(ink: tuple[int, int, int], colour: SealColour) -> None:
    picture = paper()
    found = seal(picture, ink, colour)
    scribble(picture)
    assert max(box.width for box in inked(picture, found)) > 100


@pytest.mark.parametrize("ink", [RED, BLACK])
@pytest.mark.parametrize(("width", "height"), [(80, 80), (200, 70)])
def test_the_frame_of_a_name_seal_is_told(ink: tuple[int, int, int], width: int, height: int) -> None:
    picture = paper()
    cv2.rectangle(picture, (500, 1015), (500 + width, 1015 + height), ink, 4)
    (frame,) = trace(picture, SLOT).frames
    assert [frame.x0, frame.y0] == pytest.approx([500, 1015], abs=6)


def test_neither_words_nor_a_table_are_a_name_seal() -> None:
    picture = scribble(paper())
    cv2.putText(picture, "HEFL", (700, 1070), cv2.FONT_HERSHEY_SIMPLEX, 1.5, BLACK, 3)
    for x in (400, 700, 1000):
        cv2.line(picture, (x, 900), (x, 1300), BLACK, 2)
    cv2.line(picture, (300, 1005), (1200, 1005), BLACK, 2)
    cv2.line(picture, (300, 1105), (1200, 1105), BLACK, 2)
    assert trace(picture, SLOT).frames == ()


def test_pale_ink_on_a_pale_page_counts() -> None:
    assert inked(scribble(paper(), ink=(180, 180, 180))) != []


def test_red_ink_that_belongs_to_no_seal_is_measured() -> None:
    picture = paper()
    found = seal(picture, RED, "red")
    assert trace(picture, SLOT, (found,)).red == 0
    assert trace(picture, SLOT).red > 1000


def test_a_slot_outside_the_page_is_empty() -> None:
    assert trace(paper(), Box(1390, 1990, 1500, 2100)).blots == trace(paper(), Box(5000, 0, 5100, 50)).blots == ()


def test_a_row_that_was_not_read_is_found() -> None:
    picture = paper()
    for y in (1000, 1200):
        cv2.putText(picture, "MANAGER SIGNS HERE", (200, y), cv2.FONT_HERSHEY_SIMPLEX, 1.2, BLACK, 3)
    (row,) = unread_rows(picture, Box(0, 900, 1400, 1400), (), [Box(190, 960, 700, 1010)])
    assert row.y0 < 1180 < row.y1 and row.height < 60
