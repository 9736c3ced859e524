"""Where people sign: the slot of every signature that a form asks for. Pure; in working pixels.

A slot is what stands to the right of its label, the next cell of a ruled table where the label fills its own, and for
several signatures the room below, too. Heights are never taken from the label's line: the detector often joins label
and signature in one tall box. The page's line height is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpora.form import FormSpec, SignatureSpec
from extractors.layout import Block, Cell, Glyph, Layout, bounds, text_of
from extractors.locators import DATE, FIGURES, LabelHit, find_labels
from extractors.text import fold
from ingest.document import Box

ABOVE, BELOW = 1.3, 1.15  # line heights around the middle of a label where one signs beside it
TAIL = re.compile(r"^(人?签?[字名]?[）)]?)?\s*([（(][^）)]{0,8}[）)]?|[）)])?\s*[:：;；.．·]?")
NARROW = 10  # line heights: a cell that holds labels only
PRINTED = 8  # characters read surely in one line: print, no signature


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a role signs on page `page` (from 0): where to look, the label, the line height there."""

    role: str
    page: int
    label: Box
    regions: tuple[Box, ...]
    line_height: float


def find_slots(form: FormSpec, layouts: Sequence[Layout]) -> dict[str, Slot]:
    """The slots whose labels were found, by role; for a role that is labelled twice the better label's."""
    found: dict[str, tuple[float, Slot]] = {}
    for layout in layouts:
        hits = find_labels(layout.blocks, form.labels)
        for hit in hits:
            for role, spec in form.signatures.items():
                if hit.label not in spec.labels:
                    continue
                weight = round(hit.score * len(fold(hit.label)), 1)
                if role not in found or weight >= found[role][0]:
                    found[role] = weight, _slot(role, spec, hit, hits, layout)
    return {role: slot for role, (_, slot) in found.items()}


def _slot(role: str, spec: SignatureSpec, hit: LabelHit, hits: Sequence[LabelHit], layout: Layout) -> Slot:
    block, unit = layout.blocks[hit.block], layout.line_height
    end = _label_end(block, hit)
    last = block.glyphs[end - 1].box
    label = bounds(g.box for g in block.glyphs[hit.start : end] if g.box.shared_height(last) > 0)
    whole = bounds(g.box for g in block.glyphs[hit.start : end])
    if block.cell is not None and _fills(block, block.cell, end, unit):
        room = _next_cell(block, layout, {h.block for h in hits})
        top, bottom = _between(block, hit, whole, hits, room)
        return Slot(role, layout.page, whole, (Box(room.x0, top - 0.3 * unit, room.x1, bottom + 0.3 * unit),), unit)
    regions = [_beside(block, hit, end, label, hits, layout, spec.count)]
    if spec.count > 1:
        regions += _below(label, hits, layout)
    return Slot(role, layout.page, whole, tuple(regions), unit)


def _label_end(block: Block, hit: LabelHit) -> int:
    """Past what belongs to the label: 字）, （盖章）, a colon."""
    tail = TAIL.match(text_of(block.glyphs[hit.end :]))
    return hit.end + (len(tail.group().rstrip()) if tail else 0)


def _fills(block: Block, cell: Cell, end: int, unit: float) -> bool:
    """True when a label leaves no room in its cell to sign in; another label may stand below, its border not seen."""
    last, text = block.glyphs[end - 1].box, bounds(g.box for g in block.glyphs)
    narrow = cell.box.width < NARROW * unit
    ends = end >= len(block.glyphs) or (narrow and block.glyphs[end].box.y0 > last.cy)
    return ends and cell.box.x1 - last.x1 < 0.6 * cell.box.width and cell.box.width - text.width < 5 * unit


def _between(block: Block, hit: LabelHit, whole: Box, hits: Sequence[LabelHit], room: Box) -> tuple[float, float]:
    """From where to where one signs beside a label that shares its cell with others above and below."""
    top, bottom = room.y0, room.y1
    for other in hits:
        if other.block == hit.block and other != hit:
            box = bounds(g.box for g in block.glyphs[other.start : other.end])
            top = max(top, (box.y1 + whole.y0) / 2) if box.y1 <= whole.cy else top
            bottom = min(bottom, (box.y0 + whole.y1) / 2) if box.y0 >= whole.cy else bottom
    return top, bottom


def _next_cell(block: Block, layout: Layout, labelled: set[int]) -> Box:
    """The cell to the right; where it was not found, all that stands to the right of the label's."""
    cell, grid = block.cell, block.grid
    assert cell is not None and grid is not None
    beside = grid.at(cell.r0, cell.c1 + 1)
    taken = any(n in labelled for n, b in enumerate(layout.blocks) if b.cell == beside and b.grid is grid)
    if beside is not None and not taken:
        return beside.box
    return Box(cell.box.x1, cell.box.y0, max(cell.box.x1 + 1, _margin(layout, cell.box.x1, 1)), cell.box.y1)


def _beside(
    block: Block, hit: LabelHit, end: int, label: Box, hits: Sequence[LabelHit], layout: Layout, count: int
) -> Box:
    """From the label's end to the next label, date, cell border or margin; as high as a signature is tall."""
    unit = layout.line_height
    tall = label.height > 1.7 * unit
    top, bottom = (label.y0, label.y1) if tall else (label.cy - ABOVE * unit, label.cy + BELOW * unit)
    right = block.cell.box.x1 if block.cell else _margin(layout, label.x1, count)
    for left in _printed_behind(block, hit, end, hits):
        right = min(right, left)
    for other in _lines_of_print(layout, hits):
        if other.cy < label.cy - 0.8 * unit and other.shared_width(Box(label.x0, 0, right, 1)) > 0:
            top = max(top, (other.cy + label.cy) / 2 - 0.35 * unit if not tall else top)
        if other.cy > label.cy + 0.8 * unit and other.shared_width(Box(label.x1, 0, right, 1)) > 0:
            bottom = min(bottom, (other.cy + label.cy) / 2 + 0.35 * unit if not tall else bottom)
    return Box(label.x1, max(0.0, top), max(right, label.x1 + 1), bottom)


def _margin(layout: Layout, start: float, count: int) -> float:
    """Where the room for `count` names from `start` on ends: right of all print; beyond the sheet may lie a desk."""
    unit = layout.line_height
    text = max((block.box.x1 for block in layout.blocks), default=0.0) + 3 * unit
    return min(max(text, start + (6 + 4 * count) * unit), layout.width * 0.985)


def _printed_behind(block: Block, hit: LabelHit, end: int, hits: Sequence[LabelHit]) -> Iterable[float]:
    """Left edges of the labels and dates that follow in the same row."""
    starts = [h.start for h in hits if h.block == hit.block and h.start >= end]
    rest = text_of(block.glyphs[end:])
    for pattern in (DATE, FIGURES):
        if (found := pattern.search(rest)) and found.group().strip():
            starts.append(end + found.start())
    own = block.glyphs[end - 1].box
    for start in starts:
        box = block.glyphs[start].box
        if box.shared_height(own) > 0 and box.x0 > own.x1:
            yield box.x0


def _lines_of_print(layout: Layout, hits: Sequence[LabelHit]) -> list[Box]:
    """Rows that are surely printed: with a label, a date, or many characters."""
    labelled: dict[int, list[LabelHit]] = {}
    for hit in hits:
        labelled.setdefault(hit.block, []).append(hit)
    lines = []
    for number, block in enumerate(layout.blocks):
        if block.cell is not None:
            continue
        for hit in labelled.get(number, ()):
            lines.append(bounds(g.box for g in block.glyphs[hit.start : hit.end]))
        if number not in labelled and (_is_print(block.glyphs) or DATE.search(block.text)):
            lines.append(block.box)
    return lines


def _is_print(glyphs: Sequence[Glyph]) -> bool:
    """True when many characters were read surely in one go; names side by side stand apart."""
    sure = longest = 0
    for place, one in enumerate(glyphs):
        after = glyphs[place + 1] if place + 1 < len(glyphs) else None
        sure += one.score > 0.9
        longest = max(longest, sure)
        if after is None or after.box.x0 - one.box.x1 > 1.2 * one.box.width:
            sure = 0
    return longest >= PRINTED and sum(g.score > 0.9 for g in glyphs) > 0.8 * len(glyphs)


def _below(label: Box, hits: Sequence[LabelHit], layout: Layout) -> list[Box]:
    """The room under a label up to the next line of print, where there is any."""
    unit = layout.line_height
    under = [
        box.y0 if box.height < 1.7 * unit else box.cy - 0.5 * unit
        for box in _lines_of_print(layout, hits)
        if box.cy > label.cy + 0.9 * unit
    ]
    bottom = min([*under, label.cy + 6 * unit, float(layout.height)])
    top = label.cy + 0.75 * unit
    if bottom - top < 1.2 * unit:
        return []
    left = max(0.0, min(label.x0 - unit, layout.width * 0.1))
    return [Box(left, top, _margin(layout, left, 3), bottom - 0.1 * unit)]
