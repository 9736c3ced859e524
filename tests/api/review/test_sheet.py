import math

import pytest

from api.review.sheet import PageText, TextLine, crop_pixels, page_text, upright_turn
from ingest.document import Box, Homography, Line, Page


def a_page(to_view: Homography, *lines: Line) -> Page:
    return Page("附件2.pdf", "0" * 64, 1, 200, 400, "", "", to_view, "ocr", lines)


def a_line(text: str, box: Box) -> Line:
    return Line(text, box, 0.9, ((0.0, 1.0),) * len(text), (0.9,) * len(text))


UPRIGHT: Homography = (1 / 200, 0, 0, 0, 1 / 400, 0, 0, 0, 1)
UPSIDE_DOWN: Homography = (-1 / 200, 0, 1, 0, -1 / 400, 1, 0, 0, 1)
CLOCKWISE: Homography = (0, -1 / 400, 1, 1 / 200, 0, 0, 0, 0, 1)
COS, SIN = math.cos(0.1), math.sin(0.1)
SLANTED: Homography = (COS / 200, -SIN / 200, 0.1, SIN / 400, COS / 400, 0, 0, 0, 1)


@pytest.mark.parametrize(("to_view", "turn"), [(UPRIGHT, 0), (UPSIDE_DOWN, 180), (CLOCKWISE, 270), (SLANTED, 0)])
def test_a_page_says_how_to_turn_its_picture_upright(to_view: Homography, turn: int) -> None:
    assert upright_turn(a_page(to_view)) == turn


def test_the_lines_of_a_page_lie_in_fractions_of_its_picture() -> None:
    page = a_page(UPRIGHT, a_line("合计", Box(20, 40, 60, 60)), a_line(" ", Box(0, 0, 1, 1)))
    box = (0.1, 0.1, 0.3, 0.15)
    quad = ((0.1, 0.1), (0.3, 0.1), (0.3, 0.15), (0.1, 0.15))
    assert page_text(page) == PageText(turn=0, lines=[TextLine(text="合计", box=box, quad=quad)])


def test_a_crop_has_half_its_height_around_it_and_ends_with_the_picture() -> None:
    assert crop_pixels((0.1, 0.5, 0.9, 0.6), 100, 200, 0.5) == (0, 90, 100, 130)


def test_a_crop_is_never_empty() -> None:
    assert crop_pixels((0.999999, 0.5, 1.0, 0.500001), 10, 10, 0) == (9, 5, 10, 6)
