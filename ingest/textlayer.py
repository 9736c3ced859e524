"""The door to pdfplumber: the text and rulings that a born-digital PDF page states itself, and whether to believe it.

A text layer is believed only when it is what the picture shows: a scan with a hidden layer of somebody else's OCR, a
font without a map to Unicode or text painted over is read by our own OCR instead.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pdfplumber
from pdfplumber.table import merge_edges
from pdfplumber.utils import line_to_edge, rect_to_edges

from ingest.document import Box, Line, Rule
from ingest.sheets import Picture, Sheet

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every font that is not quite right

FEWEST = 8  # characters; fewer are a stamp or a page number on something else
COVERED = 0.5  # of the page by pictures: then it is a scan
WRONG = 0.01  # share of characters without meaning
RARE = 0.1  # share of characters outside of GB 2312: a wrong map, not Chinese
HIDDEN = 0.05  # share of characters where the picture shows nothing
UNTOLD = 0.35  # share of the ink that is neither text, ruling nor picture
APART = 1.2  # gap between two lines, in heights of their characters
BAR = 3  # points: a filled rectangle thinner than that is a ruling
SHORTEST = 0.03  # of the page's width, for a rule


@dataclass(frozen=True)
class Layer:
    """What a page says about itself, in pixels of the sheet's picture, origin top left.

    lines:    as an OCR detector cuts them: not across cells nor wide gaps; every score is 1.
    pictures: what is drawn there cannot be read from the layer: pasted handwriting, seals, stamps, filled form fields.
    distrust: why the layer is not to be believed, in English for the log; empty when it is.
    """

    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    pictures: tuple[Box, ...]
    distrust: str

    @property
    def trusted(self) -> bool:
        return not self.distrust


@dataclass(frozen=True, slots=True)
class _Char:
    text: str
    box: Box

    def covers(self, other: _Char) -> bool:
        shared: float = self.box.shared_width(other.box) * self.box.shared_height(other.box)
        return shared > 0.6 * min(self.box.width * self.box.height, other.box.width * other.box.height)


def read_layer(data: bytes, sheet: Sheet) -> Layer | None:
    """The text layer of the page that `sheet` shows; None when it has none or it cannot be parsed.

    data: the PDF file. Never raises for a broken file: what PDFium could render is read from its picture then.
    """
    if sheet.characters < FEWEST:
        return None
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[sheet.number]) as pdf:
            return _layer(pdf.pages[0], sheet.picture)
    except Exception:  # noqa: BLE001 (pdfminer raises anything on broken files)
        return None


def _layer(page: Any, picture: Picture) -> Layer:
    view = _View(page, picture)
    raw = [char for char in page.chars if not char["text"].isspace()]
    chars = _distinct([_Char(_plain(char["text"]), view.box(char)) for char in raw])
    chars = [char for char in chars if view.shows(char.box)]
    rules = _rules(page, view)
    pictures = tuple(box for box in map(view.box, _drawn(page)) if view.shows(box))
    distrust = _distrust(raw, chars, rules, pictures, picture)
    return Layer(_lines(chars, rules), rules, pictures, distrust)


class _View:
    """From pdfplumber's points (of the turned MediaBox, origin top left) to pixels of the picture (of the CropBox)."""

    def __init__(self, page: Any, picture: Picture):
        self.height, self.width = picture.shape[:2]
        left, bottom, right, top = page.page_obj.mediabox
        # What the CropBox cuts off, clockwise from the left; pdfplumber does not turn it with the page.
        x0, y0, x1, y1 = page.page_obj.cropbox
        cut = [max(0, x0 - left), max(0, top - y1), max(0, right - x1), max(0, y0 - bottom)]
        turns = page.rotation // 90
        cut = cut[-turns:] + cut[:-turns] if turns else cut
        cut_left, cut_top, cut_right, cut_bottom = cut
        self.left, self.top = page.bbox[0] + cut_left, page.bbox[1] + cut_top
        self.across = self.width / (page.width - cut_left - cut_right)
        self.down = self.height / (page.height - cut_top - cut_bottom)

    def box(self, thing: dict[str, Any]) -> Box:
        return Box(
            float((thing["x0"] - self.left) * self.across),
            float((thing["top"] - self.top) * self.down),
            float((thing["x1"] - self.left) * self.across),
            float((thing["bottom"] - self.top) * self.down),
        )

    def shows(self, box: Box) -> bool:
        return bool(0 <= box.cx <= self.width and 0 <= box.cy <= self.height)


def _plain(text: str) -> str:
    """Characters that only look like Chinese ones (radicals, compatibility forms) made those that they look like."""
    return "".join(unicodedata.normalize("NFKC", c) if "⺀" <= c <= "⿟" or "豈" <= c <= "﫿" else c for c in text)


def _distinct(chars: list[_Char]) -> list[_Char]:
    """Without the second print that makes bold of regular."""
    kept: list[_Char] = []
    seen: set[tuple[str, int, int]] = set()
    for char in chars:
        x, y = int(char.box.cx / 4), int(char.box.cy / 4)
        if (char.text, x, y) not in seen:
            kept.append(char)
        seen.update((char.text, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    return kept


def _drawn(page: Any) -> list[dict[str, Any]]:
    """Pictures and everything that lies on the page as an annotation: stamps, ink, the values of form fields."""
    marks = [mark for mark in page.annots if (mark.get("data") or {}).get("Subtype") is not None]
    return [*page.images, *(mark for mark in marks if "Link" not in str(mark["data"]["Subtype"]))]


def _rules(page: Any, view: _View) -> tuple[Rule, ...]:
    """Strokes along the axes and bars as thin as a stroke, joined where they continue each other."""
    bars = [rect for rect in page.rects if rect.get("stroke") or min(rect["width"], rect["height"]) < BAR]
    edges = [edge for edge in map(line_to_edge, page.lines) if edge["orientation"]]
    edges += [edge for bar in bars for edge in rect_to_edges(bar)]
    merged = merge_edges(edges, snap_x_tolerance=2, snap_y_tolerance=2, join_x_tolerance=4, join_y_tolerance=4)
    rules = []
    for edge in merged:
        box = view.box(edge)
        if max(box.width, box.height) < SHORTEST * min(view.width, view.height):
            continue
        level = edge["orientation"] == "h"
        rules.append(Rule(box.x0, box.cy, box.x1, box.cy) if level else Rule(box.cx, box.y0, box.cx, box.y1))
    return tuple(sorted(rules, key=lambda rule: (not rule.horizontal, rule.y0, rule.x0)))


def _lines(chars: list[_Char], rules: tuple[Rule, ...]) -> tuple[Line, ...]:
    rows: list[list[_Char]] = []
    for char in sorted(chars, key=lambda c: c.box.cy):
        if rows and char.box.cy - np.mean([c.box.cy for c in rows[-1][-8:]]) < 0.35 * char.box.height:
            rows[-1].append(char)
        else:
            rows.append([char])
    plumb = [rule for rule in rules if not rule.horizontal]
    lines = [line for row in rows for line in _cut(sorted(row, key=lambda c: c.box.x0), plumb)]
    return tuple(sorted(lines, key=lambda line: (line.box.y0, line.box.x0)))


def _cut(row: list[_Char], plumb: list[Rule]) -> list[Line]:
    """The characters of one row, cut at wide gaps and at the rules between cells."""
    runs = [[row[0]]]
    for left, right in pairwise(row):
        gap = right.box.x0 - left.box.x1
        height = max(left.box.height, right.box.height)
        parted = any(left.box.cx < rule.x0 < right.box.cx and rule.y0 < left.box.cy < rule.y1 for rule in plumb)
        if parted or gap > APART * height:
            runs.append([right])
        else:
            if gap > 0.2 * height and left.text.isascii() and right.text.isascii():
                runs[-1].append(_Char(" ", Box(left.box.x1, left.box.y0, right.box.x0, left.box.y1)))
            runs[-1].append(right)
    return [_line(run) for run in runs]


def _line(run: list[_Char]) -> Line:
    box = run[0].box
    for char in run[1:]:
        box = box.union(char.box)
    # A ligature or a composed form is one glyph and several characters: they share its width.
    edges = [
        (char.box.x0 + char.box.width * i / len(char.text), char.box.x0 + char.box.width * (i + 1) / len(char.text))
        for char in run
        for i in range(len(char.text))
    ]
    return Line("".join(char.text for char in run), box, 1.0, tuple(edges), (1.0,) * len(edges))


# --- trust -----------------------------------------------------------------------------------------------------------


def _distrust(
    raw: list[dict[str, Any]],
    chars: list[_Char],
    rules: tuple[Rule, ...],
    pictures: tuple[Box, ...],
    picture: Picture,
) -> str:
    if len(chars) < FEWEST:
        return "too few characters"
    if sum(not char["upright"] or char["matrix"][0] <= 0 for char in raw) > 0.1 * len(raw):
        return "text that does not run from left to right"
    text = "".join(char.text for char in chars)
    if sum(map(_meaningless, text)) > WRONG * len(text) or "(cid:" in text:
        return "characters without a map to Unicode"
    if sum(map(_rare, text)) > RARE * len(text):
        return "characters that Chinese does not have"
    area = picture.shape[0] * picture.shape[1]
    if sum(max(0.0, box.width) * max(0.0, box.height) for box in pictures) > COVERED * area:
        return "a picture of the page"
    if _overlapping(chars) > 0.05 * len(chars):
        return "characters on top of each other"
    return _invisible(chars, rules, pictures, picture)


def _meaningless(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") or char == "�"


def _rare(char: str) -> bool:
    if char.isascii():
        return False
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return unicodedata.category(char) not in ("Po", "Ps", "Pe", "Pd", "Sm", "So")
    return False


def _overlapping(chars: list[_Char]) -> int:
    ordered = sorted(chars, key=lambda char: char.box.x0)
    count = 0
    for i, char in enumerate(ordered):
        for other in ordered[i + 1 : i + 60]:
            if other.box.x0 > char.box.x1:
                break
            count += char.covers(other)
    return count


def _invisible(chars: list[_Char], rules: tuple[Rule, ...], pictures: tuple[Box, ...], picture: Picture) -> str:
    """Compares the layer with what the page shows: no text without ink, not much ink without text."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    ink = (grey < np.median(grey).astype(np.float64) - 60).astype(np.uint8)
    blank = 0
    for char in chars:
        window = ink[_slice(char.box, 0)]
        blank += not window.size or not window.any()
    if blank > HIDDEN * len(chars):
        return "text that the page does not show"
    told = [char.box for char in chars] + list(pictures) + [Box(r.x0, r.y0, r.x1, r.y1) for r in rules]
    total = int(ink.sum())
    for box in told:
        ink[_slice(box, 4)] = 0
    return "more on the page than its text" if ink.sum() > UNTOLD * total else ""


def _slice(box: Box, margin: int) -> tuple[slice, slice]:
    return (
        slice(max(0, int(box.y0) - margin), max(0, int(box.y1) + 1 + margin)),
        slice(max(0, int(box.x0) - margin), max(0, int(box.x1) + 1 + margin)),
    )
