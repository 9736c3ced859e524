"""Where a value stands: behind its label, in the blank of a printed sentence, or a date alone at the foot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.layout import Block, Cell, Glyphs, Layout, bounds, rows_of, text_of
from extractors.text import IGNORED, find_label, fold, folded
from ingest.document import Box

PARENTHESIS = re.compile(r"^\s*[（(\[【][^）)\]】]{0,8}[章签盖公名印][^）)\]】]{0,6}[）)\]】]")
LONGEST_BLANK = 60  # characters; more than that between two pieces is another text
EDGES = IGNORED - frozenset("（(）)*")


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label found in blocks[block].text[start:end]."""

    label: str
    block: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """A value's place: its characters (none when blank) and the box where it stands or would stand.

    room:  the whole space that belongs to the value, in working pixels of page `page` (from 0 in the Document).
    score: how sure the place is, 0..1.
    """

    glyphs: Glyphs
    room: Box
    page: int
    score: float

    @property
    def text(self) -> str:
        return text_of(self.glyphs)


def find_labels(blocks: Sequence[Block], labels: Iterable[str]) -> list[LabelHit]:
    """All labels in all blocks, those that overlap settled for the longer and better one; in reading order."""
    known = tuple(labels)
    hits: list[LabelHit] = []
    for number, block in enumerate(blocks):
        text = block.text
        found = [(label, hit) for label in known if (hit := find_label(label, text))]
        found.sort(key=lambda f: -f[1].score * len(fold(f[0])))
        kept: list[LabelHit] = []
        for label, hit in found:
            if all(hit.end <= k.start or hit.start >= k.end for k in kept):
                kept.append(LabelHit(label, number, hit.start, hit.end, hit.score))
        hits += sorted(kept, key=lambda h: h.start)
    return hits


def trimmed(glyphs: Glyphs) -> Glyphs:
    """Without punctuation, underlines and spaces at either end; a lone bracket left open or unopened goes too."""
    start, end = trimmed_span(text_of(glyphs))
    return glyphs[start:end]


def trimmed_span(text: str) -> tuple[int, int]:
    """Where in `text` the value stands that `trimmed` leaves."""
    start, end = 0, len(text)
    while start < end:
        inner = text[start:end]
        opened, closed = bool(set(inner) & set("（(")), bool(set(inner) & set("）)"))
        if inner[0] in EDGES or inner[0] in "）)" or (inner[0] in "（(" and not closed):
            start += 1
        elif inner[-1] in EDGES or inner[-1] in "（(" or (inner[-1] in "）)" and not opened):
            end -= 1
        else:
            break
    return start, end


def behind(hit: LabelHit, hits: Sequence[LabelHit], layout: Layout) -> Place:
    """What stands behind a label: in the same block up to the next label, else in the next cell, else beside it."""
    block = layout.blocks[hit.block]
    following = [h.start for h in hits if h.block == hit.block and h.start >= hit.end]
    rest = block.glyphs[hit.end : min(following, default=len(block.glyphs))]
    parenthesis = PARENTHESIS.match(text_of(rest))
    rest = trimmed(rest[parenthesis.end() :] if parenthesis else rest)
    room = _room(block, hit, following, layout)
    if rest or following:
        return Place(rest, room, layout.page, hit.score)
    labelled = {h.block for h in hits}
    if block.cell is not None and block.grid is not None:
        return _next_cell(block, hit, layout, labelled) or Place((), room, layout.page, hit.score)
    beside = [
        b
        for n, b in enumerate(layout.blocks)
        if n not in labelled
        and b.cell is None
        and b.box.x0 >= block.box.x1 - layout.line_height
        and b.box.shared_height(block.box) > 0.3 * min(b.box.height, block.box.height)
    ]
    glyphs = trimmed(min(beside, key=lambda b: abs(b.box.cy - block.box.cy)).glyphs) if beside else ()
    return Place(glyphs, room, layout.page, hit.score)


def _room(block: Block, hit: LabelHit, following: list[int], layout: Layout) -> Box:
    """From the label's end to the next label, the cell's edge or the page's margin."""
    left = block.glyphs[hit.end - 1].box
    same = [b for b in (g.box for g in block.glyphs[hit.start : hit.end]) if b.shared_height(left) > 0]
    top, bottom = min(b.y0 for b in same), max(b.y1 for b in same)
    right = block.glyphs[min(following)].box.x0 if following else 0.0
    if right <= left.x1:
        right = block.cell.box.x1 if block.cell else layout.width * 0.95
    return Box(left.x1, top, max(left.x1 + 1, right), bottom)


def _next_cell(block: Block, hit: LabelHit, layout: Layout, labelled: set[int]) -> Place | None:
    assert block.cell is not None and block.grid is not None
    grid, taken = block.grid, [b.cell for n, b in enumerate(layout.blocks) if n in labelled and b.grid is block.grid]
    cell = grid.at(block.cell.r0, block.cell.c1 + 1)
    if cell is None or cell in taken:
        return None
    glyphs, box = cell.glyphs, cell.box
    while (following := grid.at(cell.r0, cell.c1 + 1)) and following not in taken and _goes_on(cell, following):
        cell, glyphs, box = following, glyphs + following.glyphs, box.union(following.box)
    return Place(trimmed(glyphs), box, layout.page, hit.score)


def _goes_on(cell: Cell, following: Cell) -> bool:
    """True when a word runs through the border between two cells, so that the border is none: a fold, a stroke."""
    if not cell.glyphs or not following.glyphs:
        return False
    last, first = cell.glyphs[-1].box, following.glyphs[0].box
    return first.x0 - last.x1 < 0.3 * last.height and first.shared_height(last) > 0.7 * last.height


DATE = re.compile(
    r"(?P<year>[\dOo〇零一二三四五六七八九十ＯＯ０-９○]{0,5})\s*[年]\s*(?P<month>[^年月日]{0,4})\s*月\s*(?P<day>[^年月日（(]{0,4}?)\s*[日目曰]"
)
FIGURES = re.compile(r"(19|20)\d\d\s*[.．/／\-—年]\s*\d{1,2}\s*[.．/／\-—月]\s*\d{1,2}\s*[日目曰号]?")
EMPTY = re.compile(r"^\W*(年\s*月\s*日?|年\s*日|月\s*日)\W*$")  # a blank date, one of its words not read
BEGUN = re.compile(r"^\W*(19|20)\d\d\s*年?\W*$")  # only its year was read, the rest lies under a seal
LOOSE = re.compile(
    r"[\d〇零一二三四五六七八九]{1,4}\s*年[^年]{0,5}月[^月]{0,4}[日目曰]?|年[^年]{0,5}月[^月]{0,4}[日目曰]"
    r"|(19|20)\d\d\s*[年/.\-].{0,4}[月/.\-].{0,4}日"
)


def lone_dates(layout: Layout, skipped: set[int]) -> list[Place]:
    """Dates that stand by themselves, written or left blank (年　月　日), the last of each block not in `skipped`."""
    places: list[Place] = []
    for number, block in enumerate(layout.blocks):
        found = [] if number in skipped else _dates(block)
        if found:
            start, end = max(found)
            glyphs = trimmed(block.glyphs[start:end])
            if glyphs:
                places.append(Place(glyphs, bounds(g.box for g in glyphs), layout.page, 1.0))
    return places


def _dates(block: Block) -> list[tuple[int, int]]:
    """Where dates stand in a block: whole ones in its text; parts and blank ones, in one of its rows each, besides."""
    found = [hit.span() for hit in DATE.finditer(block.text)] or [hit.span() for hit in FIGURES.finditer(block.text)]
    rows = rows_of(block.cell.runs) if block.cell else []
    start = 0
    for text in ["".join(run.text for run in row) for row in rows] or [block.text]:
        for pattern in (LOOSE, EMPTY) if block.cell else (LOOSE, EMPTY, BEGUN):
            spans = [(start + hit.start(), start + hit.end()) for hit in pattern.finditer(text)]
            found += [span for span in spans if all(span[1] <= a or span[0] >= b for a, b in found)]
        start += len(text)
    return found


def blanks(template: str, glyphs: Glyphs) -> dict[str, Place | None]:
    """What was written into the blanks of a printed sentence; None for a blank that cannot be told from its neighbours.

    template: printed text with {names} for the blanks. Its pieces are looked for in order, each after the last; a short
    piece must stand exactly, a longer one may be misread in places. A blank is told when the pieces around it are
    found. Nothing is told when the sentence's first piece is not there: then the form asks in another way.
    """
    parts = re.split(r"\{(\w+)\}", template)
    literals, names = parts[::2], parts[1::2]
    text, position = text_of(glyphs), 0
    ends: list[tuple[int | None, int | None]] = []
    for literal in literals:
        ends.append(_find_print(literal, text, position))
        if ends[0] == (None, None):
            return {}
        position = max(position, *(end or 0 for end in ends[-1]))
    values: dict[str, Place | None] = {}
    for name, (_, start), (end, _) in zip(names, ends, ends[1:], strict=False):
        values[name] = None
        if start is not None and end is not None and end - start <= LONGEST_BLANK:
            values[name] = _blank(glyphs, start, end)
    return values


def _blank(glyphs: Glyphs, start: int, end: int) -> Place:
    """What is written between the print that ends at `start` and the print that begins at `end`."""
    written, before, after = trimmed(glyphs[start:end]), glyphs[start - 1].box, glyphs[end].box
    beside = after.shared_height(before) > 0.5 * before.height and after.x0 > before.x1
    right = after.x0 if beside else before.x1 + 8 * before.height  # the blank goes on in the next line
    room = bounds(g.box for g in written) if written else Box(before.x1, before.y0, right, before.y1)
    return Place(written, room, glyphs[start - 1].page, 1.0)


def _find_print(literal: str, text: str, position: int) -> tuple[int | None, int | None]:
    """Where the print between two blanks begins and ends; None for an end whose words are not found."""
    span = _find_piece(literal, text, position)
    words = [word for word in re.split(r"[，。：；、]", literal) if fold(word)]
    if span is not None and (len(words) < 2 or _ends_alike(fold(literal), fold(text[span[0] : span[1]]))):
        return span
    found = [_find_piece(word, text, position) for word in words]
    first, last = found[0], found[-1]
    return first[0] if first else None, last[1] if last and len(words) > 1 else None


def _ends_alike(want: str, have: str) -> bool:
    """True when one of the two characters at each end is the one printed: what was written is no misread print."""
    return all(a[0] == b[0] or a[1] == b[1] for a, b in ((want[:2], have[:2]), (want[-2:], have[-2:])))


def _find_piece(literal: str, text: str, position: int) -> tuple[int, int] | None:
    want = fold(literal)
    have, places = folded(text[position:])
    at = have.find(want)
    if at >= 0:
        return position + places[at], position + places[at + len(want) - 1] + 1
    if len(want) < 4:
        return None
    hit = find_label(literal, text[position:])
    return (position + hit.start, position + hit.end) if hit else None
