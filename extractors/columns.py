"""What tables with and without rules share: columns by their headings, the line that sums, a table as it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpora.form import TableSpec
from extractors.layout import Glyphs, Run, rows_of, text_of
from extractors.locators import Place, trimmed
from extractors.text import find_label, fold
from ingest.document import Box


@dataclass(frozen=True, slots=True)
class Column:
    """A column found: its key and the horizontal span that it takes, in working pixels; grid columns where ruled."""

    key: str
    x0: float
    x1: float
    c0: int = -1
    c1: int = -1

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Table:
    """A table read: places by column for each row, the written total, and what it covers on each page."""

    rows: tuple[dict[str, Place], ...]
    total: Place | None
    regions: tuple[tuple[int, Box], ...]
    columns: tuple[Column, ...] = ()


def headings(spec: TableSpec, texts: Sequence[str]) -> dict[str, int]:
    """Which text heads which column: the best pairs, each text and column once."""
    pairs = []
    for place, text in enumerate(texts):
        folded = fold(text)
        for key, column in spec.columns.items():
            for label in column.labels:
                hit = find_label(label, text)
                if hit and len(folded) <= 2.5 * len(fold(label)) + 6:
                    pairs.append((hit.score * len(fold(label)) / max(len(folded), len(fold(label))), key, place))
    found: dict[str, int] = {}
    for score, key, place in sorted(pairs, reverse=True):
        if score > 0.2 and key not in found and place not in found.values():
            found[key] = place
    return found


def enough(spec: TableSpec, found: dict[str, int]) -> bool:
    wanted = [key for key, column in spec.columns.items() if column.required]
    return sum(key in found for key in wanted) >= max(2, -(-len(wanted) * 3 // 5))


def total_glyphs(spec: TableSpec, glyphs: Glyphs) -> Glyphs:
    """Without the word 合计 itself, where the total's cell is joined with its label's."""
    text = text_of(glyphs)
    for label in spec.total.labels if spec.total else ():
        hit = find_label(label, text)
        if hit:
            return trimmed(glyphs[hit.end :])
    return trimmed(glyphs)


def is_total(spec: TableSpec, texts: Sequence[str]) -> bool:
    """A row whose first written cells say 合计 (not a certificate's name that contains it)."""
    if spec.total is None:
        return False
    wanted = [fold(label) for label in spec.total.labels]
    return any(
        fold(t) in wanted or any(fold(t).startswith(w) and len(fold(t)) <= len(w) + 6 for w in wanted) for t in texts
    )


def joined_glyphs(runs: Sequence[Run]) -> Glyphs:
    return tuple(g for row in rows_of(runs) for run in row for g in run.glyphs)
