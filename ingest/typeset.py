"""Sets paragraphs and tables on a page as they would be printed, so that what reads a ruled scan reads them too. Pure.

Every character is a square of EM pixels, half as wide when it is ASCII; the page is as wide as A4 at 200 dpi, or wider
when a table needs it, and as long as its text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.document import Box, File, Line, Page, Rule

EM = 30.0
LEADING = 1.5 * EM
PADDING = 0.4 * EM
MARGIN = 150.0
WIDTH = 1654.0
APART = (
    4  # spaces in a row (an ideographic one counts two) that part a line, as a wide gap parts it for an OCR detector
)


@dataclass(frozen=True)
class Paragraph:
    text: str
    centred: bool = False


@dataclass(frozen=True)
class Cell:
    """row, column: of its top left, from 0; rows, columns: how many it spans; ruled: has a border of its own."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    ruled: bool = True
    centred: bool = True


@dataclass(frozen=True)
class Table:
    """widths: of the columns, in pixels. Cells cover the grid without overlapping; empty ones may be left out."""

    widths: tuple[float, ...]
    cells: tuple[Cell, ...]


def typeset(blocks: Iterable[Paragraph | Table], file: File, number: int) -> Page:
    """The page that shows the blocks from top to bottom, with `read_by` "office" and no pictures."""
    lines: list[Line] = []
    rules: list[Rule] = []
    y, width = MARGIN, WIDTH
    for block in blocks:
        if isinstance(block, Paragraph):
            y = _set_paragraph(block, y, lines)
        else:
            y = _set_table(block, y, lines, rules)
            width = max(width, 2 * MARGIN + sum(block.widths))
    width, height = round(width), round(y + MARGIN)
    return Page(
        file_name=file.name,
        sha256=file.sha256,
        number=number,
        width=width,
        height=height,
        view="",
        picture="",
        to_view=(1 / width, 0.0, 0.0, 0.0, 1 / height, 0.0, 0.0, 0.0, 1.0),
        read_by="office",
        lines=tuple(lines),
        rules=tuple(rules),
    )


def _set_paragraph(paragraph: Paragraph, y: float, lines: list[Line]) -> float:
    for text in _wrapped(paragraph.text, WIDTH - 2 * MARGIN):
        x = (WIDTH - _advance(text)) / 2 if paragraph.centred else MARGIN
        lines += _pieces(text, x, y)
        y += LEADING
    return y


def _set_table(table: Table, y: float, lines: list[Line], rules: list[Rule]) -> float:
    lefts = _sums(MARGIN, table.widths)
    texts = [
        _wrapped(cell.text, lefts[cell.column + cell.columns] - lefts[cell.column] - 2 * PADDING if cell.ruled else 1e9)
        for cell in table.cells
    ]
    tops = _sums(y, _heights(table, [len(text) for text in texts]))
    for cell, text in zip(table.cells, texts, strict=True):
        left, right = lefts[cell.column], lefts[cell.column + cell.columns]
        top, bottom = tops[cell.row], tops[cell.row + cell.rows]
        at = (top + bottom - len(text) * LEADING) / 2
        for piece in text:
            x = (left + right - _advance(piece)) / 2 if cell.centred else left + PADDING
            lines += _pieces(piece, max(x, left), at)
            at += LEADING
        if cell.ruled:
            rules += [Rule(left, top, right, top), Rule(left, bottom, right, bottom)]
            rules += [Rule(left, top, left, bottom), Rule(right, top, right, bottom)]
    rules[:] = _joined(rules)
    return tops[-1] + LEADING / 2


def _heights(table: Table, counts: Sequence[int]) -> list[float]:
    """Of the rows: as high as the highest cell in each; what a cell over several rows lacks goes to its last one."""
    last = max((cell.row + cell.rows for cell in table.cells), default=0)
    heights = [LEADING + 2 * PADDING] * last
    for cell, count in sorted(zip(table.cells, counts, strict=True), key=lambda pair: pair[0].rows):
        lacks = count * LEADING + 2 * PADDING - sum(heights[cell.row : cell.row + cell.rows])
        heights[cell.row + cell.rows - 1] += max(0.0, lacks)
    return heights


def _sums(start: float, steps: Iterable[float]) -> list[float]:
    sums = [start]
    for step in steps:
        sums.append(sums[-1] + step)
    return sums


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """The borders of neighbouring cells made single, long lines."""
    tracks: dict[tuple[bool, float], list[tuple[float, float]]] = {}
    for rule in rules:
        key, span = ((True, rule.y0), (rule.x0, rule.x1)) if rule.horizontal else ((False, rule.x0), (rule.y0, rule.y1))
        tracks.setdefault(key, []).append(span)
    joined = []
    for (level, at), spans in sorted(tracks.items(), key=lambda track: (not track[0][0], track[0][1])):
        merged: list[tuple[float, float]] = []
        for start, end in sorted(spans):
            if merged and start <= merged[-1][1] + 0.5:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        joined += [Rule(a, at, b, at) if level else Rule(at, a, at, b) for a, b in merged]
    return joined


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WFA"


def _advance(text: str) -> float:
    return sum(EM if _wide(char) else EM / 2 for char in text)


def _wrapped(text: str, room: float) -> list[str]:
    """The text in lines no wider than `room`, broken at its own line ends and between any two characters."""
    lines = []
    for paragraph in text.replace("\t", " " * APART).split("\n"):
        line, used = "", 0.0
        for char in paragraph.rstrip():
            advance = _advance(char)
            if line and used + advance > max(room, EM):
                lines.append(line)
                line, used = "", 0.0
            line, used = line + char, used + advance
        lines.append(line)
    return lines


def _pieces(text: str, x: float, y: float) -> list[Line]:
    """The lines that an OCR detector would see in a line of text that starts at x, y."""
    pieces: list[list[tuple[str, float, float]]] = [[]]
    spaces: list[tuple[str, float, float]] = []
    for char in text:
        end = x + (EM if _wide(char) else EM / 2)
        if char.isspace():
            spaces.append((char, x, end))
        else:
            if sum(2 if _wide(space) else 1 for space, _, _ in spaces) >= APART:
                pieces.append([])
            elif pieces[-1]:
                pieces[-1] += spaces
            spaces = []
            pieces[-1].append((char, x, end))
        x = end
    top = y + (LEADING - EM) / 2
    return [
        Line(
            text="".join(char for char, _, _ in piece),
            box=Box(piece[0][1], top, piece[-1][2], top + EM),
            confidence=1.0,
            chars=tuple((start, end) for _, start, end in piece),
            scores=(1.0,) * len(piece),
        )
        for piece in pieces
        if piece
    ]
