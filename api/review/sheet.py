"""A page as the pages show it: its lines in fractions of the view, which way up it is, what a crop cuts. Pure."""

from __future__ import annotations

import math

from pydantic import BaseModel, Field

from ingest.document import Page

Corner = tuple[float, float]


class TextLine(BaseModel):
    text: str
    box: tuple[float, float, float, float] = Field(description="[x0, y0, x1, y1] in fractions of the page.")
    quad: tuple[Corner, Corner, Corner, Corner] = Field(description="Four corners, clockwise from the top left.")


class PageText(BaseModel):
    """What was read on one page, in the order of reading."""

    turn: int = Field(description="By how many degrees, clockwise, the picture must be turned to stand upright.")
    lines: list[TextLine]


def page_text(page: Page) -> PageText:
    return PageText(
        turn=upright_turn(page),
        lines=[
            TextLine(text=line.text, box=page.view_box(line.box), quad=_rounded(page.view_quad(line.box)))
            for line in page.lines
            if line.text.strip()
        ],
    )


def upright_turn(page: Page) -> int:
    """0, 90, 180 or 270: what turns the view so that its text runs from left to right."""
    (x0, y0), (x1, y1) = page.view_point(0, page.height / 2), page.view_point(page.width, page.height / 2)
    return round(-math.degrees(math.atan2(y1 - y0, x1 - x0)) / 90) * 90 % 360


def crop_pixels(
    box: tuple[float, float, float, float], width: int, height: int, around: float
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a box in pixels of its picture, with `around` times its height on every side.

    At least one pixel each way.
    """
    x0, y0, x1, y1 = box
    margin = around * (y1 - y0) * height
    left, top = max(0, int(x0 * width - margin)), max(0, int(y0 * height - margin))
    right, bottom = min(width, math.ceil(x1 * width + margin)), min(height, math.ceil(y1 * height + margin))
    return min(left, width - 1), min(top, height - 1), max(right, left + 1), max(bottom, top + 1)


def _rounded(quad: tuple[Corner, Corner, Corner, Corner]) -> tuple[Corner, Corner, Corner, Corner]:
    a, b, c, d = ((round(x, 5), round(y, 5)) for x, y in quad)
    return a, b, c, d
