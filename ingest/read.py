"""From a sheet as a viewer shows it to a Page that is read: upright, flat, ruled, with lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from ingest.document import File, Line, Page
from ingest.ink import dark_layer
from ingest.ocr import Picture, Reader, mean_confidence
from ingest.rules import find_rules
from ingest.scan import Straightened, straighten
from ingest.sheets import Sheet

DOUBTFUL = 0.82  # mean confidence below which the page may be upside down: a wrong turn reads far worse
WORTH_A_TURN = 8  # characters that a page must have before its confidence says anything


@dataclass(frozen=True)
class ReadSheet:
    """A read page and its working picture, RGB; `picture is sheet.picture` when nothing had to be straightened.

    `page.view` and `page.picture` are empty: the shell stores the pictures and fills their keys in.
    """

    page: Page
    picture: Picture


def read_sheet(sheet: Sheet, file: File, reader: Reader) -> ReadSheet:
    """Reads one page by OCR: turned upright, flattened and deskewed first, its rules found on the same picture."""
    straight, lines = _upright(sheet.picture, reader)
    height, width = straight.picture.shape[:2]
    page = Page(
        file_name=file.name,
        sha256=file.sha256,
        number=sheet.number,
        width=width,
        height=height,
        view="",
        picture="",
        to_view=straight.to_view,
        read_by="ocr",
        lines=_with_ink(straight.picture, lines),
        rules=find_rules(straight.picture),
    )
    return ReadSheet(page, straight.picture)


def _upright(picture: Picture, reader: Reader) -> tuple[Straightened, tuple[Line, ...]]:
    """The page turned as the reader says; when it then reads badly, upside down too, and the better one is kept."""
    turns = reader.quarter_turns(picture)
    straight = straighten(picture, turns)
    lines = reader.read(dark_layer(straight.picture))
    if mean_confidence(lines) >= DOUBTFUL or sum(len(line.text) for line in lines) < WORTH_A_TURN:
        return straight, lines
    best = (mean_confidence(lines), straight, lines)
    for other in {(turns + 2) % 4, 0} - {turns}:
        turned = straighten(picture, other)
        again = reader.read(dark_layer(turned.picture))
        if _weight(again) > _weight(best[2]):
            best = (mean_confidence(again), turned, again)
    return best[1], best[2]


def _weight(lines: tuple[Line, ...]) -> float:
    """How much was read surely: the number of sure characters counts, not the mean over few."""
    return sum(score for line in lines for score in line.scores if score > 0.6)


def _with_ink(picture: Picture, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Says of each line how much of its ink is red: letters in a seal are none of the form's own."""
    small = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    channels = small.astype(np.int16)
    red = channels[:, :, 0] - np.maximum(channels[:, :, 1], channels[:, :, 2]) > 40
    paper = np.median(small.min(axis=2))
    dark = (small.max(axis=2) < paper - 60) & ~red
    coloured = np.cumsum(np.cumsum(np.pad(red, ((1, 0), (1, 0))), 0, dtype=np.int64), 1)
    black = np.cumsum(np.cumsum(np.pad(dark, ((1, 0), (1, 0))), 0, dtype=np.int64), 1)

    def count(sums: np.ndarray[tuple[int, int], np.dtype[np.int64]], line: Line) -> int:
        height, width = small.shape[:2]
        x0, x1 = (int(min(max(0, x / 2), width)) for x in (line.box.x0, line.box.x1))
        y0, y1 = (int(min(max(0, y / 2), height)) for y in (line.box.y0, line.box.y1))
        return int(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0])

    inked = []
    for line in lines:
        r, b = count(coloured, line), count(black, line)
        inked.append(replace(line, red=round(r / (r + b), 3)) if r else line)
    return tuple(inked)
