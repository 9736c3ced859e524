"""From a sheet as a viewer shows it to a Page that is read: upright, flat, ruled, with lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Box, File, Imprint, Line, Page
from ingest.foot import lower_line, number_line
from ingest.ink import crop, dark_layer, red_ink
from ingest.ocr import Picture, Reader, mean_confidence
from ingest.rules import find_rules
from ingest.scan import Straightened, straighten
from ingest.seal_ink import seal_ink
from ingest.seals import find_imprints
from ingest.sheets import Sheet
from ingest.strokes import unread_rows
from ingest.textlayer import Layer, read_layer
from ingest.unwrap import strips
from ingest.upright import tilt
from ingest.wear import impression_hash

DOUBTFUL = 0.82  # mean confidence below which the page may be upside down: a wrong turn reads far worse
DARK = 0.004  # share of dark pixels from which a pasted picture holds handwriting
ASKED = 6  # lines that are read upside down
WORTH_A_TURN = 8  # characters that a page must have before its confidence says anything


@dataclass(frozen=True)
class ReadSheet:
    """A read page and its working picture, RGB; `picture is sheet.picture` when nothing had to be straightened.

    `page.view` and `page.picture` are empty: the shell stores the pictures and fills their keys in.
    """

    page: Page
    picture: Picture


def read_sheet(sheet: Sheet, file: File, reader: Reader) -> ReadSheet:
    """Reads one page: by its own text layer where that can be believed, else by OCR.

    For OCR it is turned upright, flattened and deskewed first, and its rules are found on the same picture.
    """
    layer = read_layer(file.data, sheet) if file.kind == "pdf" else None
    if layer is not None and layer.trusted:
        return ReadSheet(_stated(sheet, file, layer, reader), sheet.picture)
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
        imprints=_imprints(straight.picture, reader),
    )
    return ReadSheet(page, straight.picture)


def _stated(sheet: Sheet, file: File, layer: Layer, reader: Reader) -> Page:
    """The page as it states itself; only what is pasted in as a picture, handwriting above all, is read by OCR."""
    height, width = sheet.picture.shape[:2]
    to_view = (1 / width, 0.0, 0.0, 0.0, 1 / height, 0.0, 0.0, 0.0, 1.0)
    written = _written(sheet.picture, layer) if layer.pictures else ()
    touched = [line for line in layer.lines if any(_touches(line.box, box) for box in written)]
    lines = tuple(line for line in layer.lines if line not in touched)
    if written:
        window = _window(dark_layer(sheet.picture), [*written, *(line.box for line in touched)])
        lines += _with_ink(sheet.picture, reader.read(window))
    stated = (file.name, file.sha256, sheet.number, width, height, "", "", to_view)
    imprints = _imprints(sheet.picture, reader) if layer.pictures else ()
    return Page(*stated, read_by="text-layer", lines=lines, rules=layer.rules, imprints=imprints)


def _written(picture: Picture, layer: Layer) -> tuple[Box, ...]:
    """The pasted pictures that hold dark ink of their own: handwriting, not seals."""
    bare = dark_layer(picture).copy()
    for line in layer.lines:
        for left, right in line.chars:
            x0, y0, x1, y1 = _edges(Box(left - 1, line.box.y0 - 2, right + 1, line.box.y1 + 2))
            bare[y0:y1, x0:x1] = 255
    ink, red = (bare.min(axis=2) < 160).astype(np.uint8), red_ink(picture).astype(np.uint8)
    return tuple(b for b in layer.pictures if _inside(ink, b).mean() > max(DARK, _inside(red, b).mean()))


def _window(picture: Picture, boxes: Sequence[Box]) -> Picture:
    """Only some parts of a page, the rest of it white."""
    window = np.full_like(picture, 255)
    for box in boxes:
        x0, y0, x1, y1 = _edges(Box(box.x0 - 4, box.y0 - 4, box.x1 + 4, box.y1 + 4))
        window[y0:y1, x0:x1] = picture[y0:y1, x0:x1]
    return window


def _inside(picture: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    x0, y0, x1, y1 = _edges(box)
    return picture[y0 : max(y0 + 1, y1), x0 : max(x0 + 1, x1)]


def _edges(box: Box) -> tuple[int, int, int, int]:
    return max(0, round(box.x0)), max(0, round(box.y0)), max(0, round(box.x1)), max(0, round(box.y1))


def _touches(line: Box, picture: Box) -> bool:
    """True when the picture stands in the line: figures by hand between 年 and 月 are read with their words."""
    near = line.x0 - 2 * line.height < picture.x1 and picture.x0 < line.x1 + 2 * line.height
    return near and line.shared_height(picture) > 0.3 * line.height


def _imprints(picture: Picture, reader: Reader) -> tuple[Imprint, ...]:
    """The seals on a page with what their writing may say, kept as lattices: names are told from them later."""
    return tuple(_with_writing(picture, imprint, reader) for imprint in find_imprints(picture))


def _with_writing(picture: Picture, imprint: Imprint, reader: Reader) -> Imprint:
    ink = seal_ink(picture, imprint)
    askew = tilt(ink)
    arcs, lower, number = strips(ink, askew), lower_line(ink, askew), number_line(ink, askew)
    lattices = reader.lattices([_as_colour(grey) for grey in (*arcs, lower, number) if grey is not None])
    rest = iter(lattices[len(arcs) :])
    return replace(
        imprint,
        arcs=lattices[: len(arcs)],
        lower=next(rest) if lower is not None else (),
        number=next(rest) if number is not None else (),
        print_=impression_hash(ink),
    )


def _as_colour(grey: NDArray[np.uint8]) -> Picture:
    return np.repeat(grey[:, :, None], 3, axis=2)


def _upright(picture: Picture, reader: Reader) -> tuple[Straightened, tuple[Line, ...]]:
    """The page turned as the reader says; when it then reads badly, upside down too, and the better one is kept."""
    turns = reader.quarter_turns(picture)
    best = _read_turned(picture, turns, reader)
    if _is_sideways(best[1]):
        others = [(turns + 1) % 4, (turns + 3) % 4]
    elif _reads_better_turned(*best, reader):
        others = [(turns + 2) % 4]
    else:
        return best
    return max([best, *(_read_turned(picture, other, reader) for other in others)], key=lambda read: _weight(read[1]))


def _reads_better_turned(straight: Straightened, lines: tuple[Line, ...], reader: Reader) -> bool:
    """Whether a page that reads badly reads better upside down, by its longest lines: handwriting reads badly, too, and
    all of it would be read twice for nothing."""
    if mean_confidence(lines) >= DOUBTFUL or sum(len(line.text) for line in lines) < WORTH_A_TURN:
        return False
    longest = sorted(lines, key=lambda line: -len(line.text))[:ASKED]
    crops = [dark_layer(_inside(straight.picture, line.box))[::-1, ::-1].copy() for line in longest]
    turned = reader.read_crops(crops)
    return mean_confidence(turned) > mean_confidence(tuple(longest))


def _read_turned(picture: Picture, turns: int, reader: Reader) -> tuple[Straightened, tuple[Line, ...]]:
    straight = straighten(picture, turns)
    return straight, reader.read(dark_layer(straight.picture))


def _is_sideways(lines: tuple[Line, ...]) -> bool:
    """True when most of the text stands on end: the recogniser reads it all the same, but rows and columns are lost."""
    long = [line for line in lines if len(line.text) >= 3]
    upended = sum(len(line.text) for line in long if line.box.height > 1.5 * line.box.width)
    return upended > 0.5 * sum(len(line.text) for line in long)


def _weight(lines: tuple[Line, ...]) -> float:
    """How much was read surely, and upright: the number of sure characters counts, not the mean over few."""
    upright = [line for line in lines if line.box.height <= 1.5 * line.box.width or len(line.text) < 3]
    return sum(score for line in upright for score in line.scores if score > 0.6)


def _with_ink(picture: Picture, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Says of each line how much of its ink is red: letters in a seal are none of the form's own."""
    small = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    red = red_ink(small)
    channels = cv2.split(small)
    paper = np.median(cv2.min(cv2.min(*channels[:2]), channels[2])[::4, ::4])
    dark = (cv2.max(cv2.max(*channels[:2]), channels[2]) < paper - 60) & ~red
    coloured, black = (cv2.integral(part.astype(np.uint8)) for part in (red, dark))

    def count(sums: NDArray[np.int32], line: Line) -> int:
        height, width = small.shape[:2]
        x0, x1 = (int(min(max(0, x / 2), width)) for x in (line.box.x0, line.box.x1))
        y0, y1 = (int(min(max(0, y / 2), height)) for y in (line.box.y0, line.box.y1))
        return int(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0])

    inked = []
    for line in lines:
        r, b = count(coloured, line), count(black, line)
        inked.append(replace(line, red=round(r / (r + b), 3)) if r else line)
    return tuple(inked)


def read_again(picture: Picture, box: Box, seals: Sequence[Imprint], reader: Reader) -> tuple[Line, ...]:
    """All lines in a part of a working picture, in its pixels: those that the detector finds there, and rows of ink
    that it passes over because a seal or a signature stands in them, which are read where they stand.

    seals: found on the page. The detector sees the part alone, and so larger than it saw the page.
    """
    lines = [_moved(line, box) for line in reader.read(dark_layer(crop(picture, box)))]
    rows = unread_rows(picture, box, seals, [line.box for line in lines])
    if rows:
        found = reader.read_crops([dark_layer(crop(picture, row)) for row in rows])
        lines += [replace(_moved(line, row), box=row) for line, row in zip(found, rows, strict=True) if line.text]
    return tuple(lines)


def _moved(line: Line, box: Box) -> Line:
    """A line read in a crop, in pixels of the whole."""
    x, y = max(0, int(box.x0)), max(0, int(box.y0))
    own = Box(line.box.x0 + x, line.box.y0 + y, line.box.x1 + x, line.box.y1 + y)
    return replace(line, box=own, chars=tuple((left + x, right + x) for left, right in line.chars))
