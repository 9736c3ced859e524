"""Writes pages as a reader emits them: lines of characters and ruling lines in their places. No pictures.

Everything is in pixels of an A4 page at 200 dpi. A full-width character is as wide as the writing is high, others half.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from ingest.document import Box, Document, Line, Page, Rule

SIZE = 36
Where = tuple[int, int]


@dataclass(frozen=True)
class Ink:
    """A text as the reader saw it: how sure it was of every character, and of single ones by their place."""

    text: str
    score: float = 0.99
    doubts: Mapping[int, float] = field(default_factory=dict)
    runners_up: Mapping[int, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    red: float = 0.0


Words = str | Ink


def width_of(text: str, size: float = SIZE) -> float:
    return sum(_width(char, size) for char in text)


def _width(char: str, size: float) -> float:
    return size if unicodedata.east_asian_width(char) in "WF" else size / 2


def line(*parts: tuple[Words, float], y: float, size: float = SIZE) -> Line:
    """One line of the reader; its parts, each with its left edge, may stand apart."""
    inks = [(Ink(words) if isinstance(words, str) else words, x) for words, x in parts]
    chars: list[tuple[float, float]] = []
    for ink, x in inks:
        for char in ink.text:
            chars.append((x, x + _width(char, size)))
            x += _width(char, size)
    scores = tuple(ink.doubts.get(i, ink.score) for ink, _ in inks for i in range(len(ink.text)))
    runners_up = tuple(ink.runners_up.get(i, ()) for ink, _ in inks for i in range(len(ink.text)))
    left, right = min((a for a, _ in chars), default=inks[0][1]), max((b for _, b in chars), default=inks[0][1])
    mean = sum(scores) / len(scores) if scores else 0.0
    text = "".join(ink.text for ink, _ in inks)
    box = Box(left - 3, y - 3, right + 3, y + size + 3)
    return Line(text, box, mean, tuple(chars), scores, runners_up, inks[0][0].red)


@dataclass
class Paper:
    """One side of a sheet, written line by line; `page()` is what the reader says of it."""

    file_name: str = "扫描.pdf"
    number: int = 1
    width: int = 1654
    height: int = 2339
    read_by: Literal["ocr", "text-layer", "office"] = "ocr"
    lines: list[Line] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def write(self, words: Words, x: float, y: float, size: float = SIZE) -> Paper:
        return self.write_apart((words, x), y=y, size=size)

    def write_apart(self, *parts: tuple[Words, float], y: float, size: float = SIZE) -> Paper:
        """Parts side by side that the reader took for one line."""
        self.lines.append(line(*parts, y=y, size=size))
        return self

    def head(self, text: str, y: float = 200, size: float = 48) -> Paper:
        return self.write(text, (self.width - width_of(text, size)) / 2, y, size)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Paper:
        self.rules.append(Rule(x0, y0, x1, y1))
        return self

    def table(
        self,
        rows: Sequence[Sequence[Words]],
        *,
        top: float = 500,
        left: float = 150,
        widths: Sequence[float] = (120, 700, 240, 294),
        height: float = 90,
        spans: Mapping[Where, Where] | None = None,
        faint_right: Iterable[Where] = (),
        faint_below: Iterable[Where] = (),
    ) -> Paper:
        """A ruled table with its texts in the middle of their cells; a line break begins another line in a cell.

        spans: cells that cover so many rows and columns. faint_right, faint_below: borders that were not seen, by the
        (row, column) to the left of them and above them.
        """
        xs, ys = _edges(left, widths), _edges(top, [height] * len(rows))
        gone_right, gone_below = set(faint_right), set(faint_below)
        for (r, c), (down, across) in (spans or {}).items():
            inner = [(i, j) for i in range(r, r + down) for j in range(c, c + across)]
            gone_right |= {(i, j) for i, j in inner if j < c + across - 1}
            gone_below |= {(i, j) for i, j in inner if i < r + down - 1}
        self._borders(xs, ys, gone_right, gone_below)
        for r, row in enumerate(rows):
            for c, words in enumerate(row):
                down, across = (spans or {}).get((r, c), (1, 1))
                self._fill(words, Box(xs[c], ys[r], xs[c + across], ys[r + down]))
        return self

    def columns(self, rows: Sequence[Sequence[Words]], *, top: float, step: float, lefts: Sequence[float]) -> Paper:
        """Rows in columns without rules; each text stands in the middle of its column's place."""
        for r, row in enumerate(rows):
            for words, x in zip(row, lefts, strict=True):
                if words:
                    text = words if isinstance(words, str) else words.text
                    self.write(words, x - width_of(text) / 2, top + r * step)
        return self

    def page(self) -> Page:
        to_view = (1 / self.width, 0.0, 0.0, 0.0, 1 / self.height, 0.0, 0.0, 0.0, 1.0)
        name = self.file_name
        stated = (name, f"sha of {name}", self.number, self.width, self.height, "view", "picture", to_view)
        return Page(*stated, self.read_by, tuple(self.lines), tuple(self.rules))

    def _borders(self, xs: list[float], ys: list[float], no_right: set[Where], no_below: set[Where]) -> None:
        for j, y in enumerate(ys):
            kept = [i for i in range(len(xs) - 1) if (j - 1, i) not in no_below]
            self.rules += [Rule(xs[a], y, xs[b + 1], y) for a, b in _runs(kept)]
        for i, x in enumerate(xs):
            kept = [j for j in range(len(ys) - 1) if (j, i - 1) not in no_right]
            self.rules += [Rule(x, ys[a], x, ys[b + 1]) for a, b in _runs(kept)]

    def _fill(self, words: Words, cell: Box) -> None:
        if isinstance(words, Ink):
            self.write(words, max(cell.x0 + 6, cell.cx - width_of(words.text) / 2), cell.cy - SIZE / 2)
            return
        lines = words.split("\n") if words else []
        for n, text in enumerate(lines):
            y = cell.cy + (n - len(lines) / 2) * (SIZE + 8) + 4
            self.write(text, max(cell.x0 + 6, cell.cx - width_of(text) / 2), y)


def document(*papers: Paper) -> Document:
    return Document(tuple(paper.page() for paper in papers))


def _edges(start: float, sizes: Sequence[float]) -> list[float]:
    edges = [start]
    for size in sizes:
        edges.append(edges[-1] + size)
    return edges


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    breaks = [(a, b) for a, b in pairwise(numbers) if b != a + 1]
    starts, ends = [*numbers[:1], *(b for _, b in breaks)], [*(a for a, _ in breaks), *numbers[-1:]]
    return list(zip(starts, ends, strict=True))
