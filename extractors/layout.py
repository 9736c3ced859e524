"""How the characters of a page stand to one another: rows of text, tables of cells. All in working pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from extractors.script import simplified
from ingest.document import Box, Line, Page, Rule


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with its place, its probability and what else it might be. `page` counts from 0 in the Document.

    A space is no evidence: its probability is 1. Characters are simplified: the forms are, and where the recogniser
    wavers between both scripts (學 for 学 in a blurred font) it is the font, not the paper, that it is unsure of.
    """

    char: str
    box: Box
    score: float
    runners_up: tuple[tuple[str, float], ...]
    page: int


Glyphs = tuple[Glyph, ...]


def text_of(glyphs: Iterable[Glyph]) -> str:
    return "".join(glyph.char for glyph in glyphs)


def bounds(boxes: Iterable[Box]) -> Box:
    """The smallest box around all; raises ValueError for none."""
    all_ = list(boxes)
    return Box(min(b.x0 for b in all_), min(b.y0 for b in all_), max(b.x1 for b in all_), max(b.y1 for b in all_))


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side: a detected line, or the part of one that lies in one cell."""

    glyphs: Glyphs
    box: Box

    @property
    def text(self) -> str:
        return text_of(self.glyphs)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a ruled table: elementary rows r0..r1 and columns c0..c1 (inclusive) that it covers."""

    r0: int
    r1: int
    c0: int
    c1: int
    box: Box
    runs: tuple[Run, ...] = ()

    @property
    def glyphs(self) -> Glyphs:
        """The cell's characters in reading order, wrapped lines joined."""
        return tuple(g for row in rows_of(self.runs) for run in row for g in run.glyphs)

    @property
    def text(self) -> str:
        return text_of(self.glyphs)


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table. cells: in reading order; xs, ys: places of its columns' and rows' borders."""

    page: int
    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]

    def at(self, row: int, column: int) -> Cell | None:
        return next((c for c in self.cells if c.r0 <= row <= c.r1 and c.c0 <= column <= c.c1), None)

    def row(self, row: int) -> list[Cell]:
        return sorted((c for c in self.cells if c.r0 <= row <= c.r1), key=lambda c: c.c0)


@dataclass(frozen=True, slots=True)
class Block:
    """Text that is read as one: a row of runs outside tables, or one cell. A value follows its label within a block."""

    glyphs: Glyphs
    box: Box
    page: int
    cell: Cell | None = None
    grid: Grid | None = None

    @property
    def text(self) -> str:
        return text_of(self.glyphs)


@dataclass(frozen=True, slots=True)
class Layout:
    """One page laid out. `rows` are all visual rows, cells ignored; `blocks` are in reading order."""

    page: int
    width: int
    height: int
    line_height: float
    rows: tuple[tuple[Run, ...], ...]
    grids: tuple[Grid, ...]
    blocks: tuple[Block, ...]


def lay_out(page: Page, index: int) -> Layout:
    """Lays out the page that stands at `index` in its Document."""
    heights = [line.box.height for line in page.lines]
    usual = median(heights) if heights else 30.0
    lines = [_run(page, index, n) for n, line in enumerate(page.lines) if not _is_lettering(line, usual)]
    grids = [_fill(grid, lines) for grid in find_grids(table_rules(page), index)]
    rows = rows_of(lines)
    free = [run for run in lines if not any(_inside(run, grid) for grid in grids)]
    blocks = [_block(row, index) for row in rows_of(free)]
    blocks += [Block(c.glyphs, c.box, index, c, grid) for grid in grids for c in grid.cells]
    blocks.sort(key=lambda b: (b.box.y0, b.box.x0) if b.grid is None else (b.box.y0 + 2, b.box.x0))
    return Layout(index, page.width, page.height, usual, tuple(rows), tuple(grids), tuple(blocks))


def _is_lettering(line: Line, usual: float) -> bool:
    """True for the big red letters of a seal's arch or of a letterhead: they belong to no value beside them."""
    return line.red >= 0.9 and line.box.height > 2 * usual


def rows_of(runs: Iterable[Run]) -> list[tuple[Run, ...]]:
    """Groups runs that stand side by side into visual rows, top to bottom, each from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: r.box.cy):
        best, most = None, 0.0
        for row in rows[-5:]:
            shared = _shared_height(run, row)
            clash = any(run.box.shared_width(o.box) > 0.5 * min(run.box.width, o.box.width) for o in row)
            if shared > most and not clash:
                best, most = row, shared
        if best is not None and most >= 0.5:
            best.append(run)
        else:
            rows.append([run])
    ordered = sorted(rows, key=lambda row: median(r.box.cy for r in row))
    return [tuple(sorted(row, key=lambda r: r.box.x0)) for row in ordered]


def _shared_height(run: Run, row: Sequence[Run]) -> float:
    """How far a run stands in a row, 0..1, by the row's middle run: one tall stroke does not tie two rows together."""
    middle = sorted(row, key=lambda r: r.box.height)[len(row) // 2].box
    shared = run.box.shared_height(middle) / max(1.0, min(run.box.height, middle.height))
    reach = 0.6 * max(middle.height, min(run.box.height, 2 * middle.height))
    return shared if abs(run.box.cy - middle.cy) < reach else 0.0


def _run(page: Page, index: int, number: int) -> Run:
    line = page.lines[number]
    glyphs = tuple(
        Glyph(
            simplified(char),
            Box(*_edges(line.box, line.chars, i, len(line.text))),
            1.0 if char.isspace() else line.scores[i] if i < len(line.scores) else line.confidence,
            line.runners_up[i] if i < len(line.runners_up) else (),
            index,
        )
        for i, char in enumerate(line.text)
    )
    return Run(glyphs, line.box)


def _edges(box: Box, chars: Sequence[tuple[float, float]], i: int, n: int) -> tuple[float, float, float, float]:
    left, right = chars[i] if i < len(chars) else (box.x0 + box.width * i / n, box.x0 + box.width * (i + 1) / n)
    return left, box.y0, right, box.y1


def _block(row: tuple[Run, ...], page: int) -> Block:
    return Block(tuple(g for run in row for g in run.glyphs), bounds(r.box for r in row), page)


def _inside(run: Run, grid: Grid) -> bool:
    return grid.box.holds(run.box.cx, run.box.cy)


def _fill(grid: Grid, lines: Sequence[Run]) -> Grid:
    """Gives each cell the characters that stand in it, cutting lines at borders."""
    taken: dict[int, list[Run]] = {}
    for line in lines:
        if not _inside(line, grid):
            continue
        pieces: list[tuple[int, list[Glyph]]] = []
        for glyph in line.glyphs:
            home = _home(grid, glyph.box.cx, line.box.cy)
            if pieces and pieces[-1][0] == home:
                pieces[-1][1].append(glyph)
            else:
                pieces.append((home, [glyph]))
        for home, glyphs in pieces:
            if home >= 0:
                taken.setdefault(home, []).append(Run(tuple(glyphs), bounds(g.box for g in glyphs)))
    cells = tuple(
        Cell(c.r0, c.r1, c.c0, c.c1, c.box, without_ghosts(taken.get(i, ()))) for i, c in enumerate(grid.cells)
    )
    return Grid(grid.page, grid.box, grid.xs, grid.ys, cells)


def without_ghosts(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Without what shines through from the other side: read badly, beside something read well in the same place."""
    clear = any(_certainty(run) >= 0.9 for run in runs)
    return tuple(run for run in runs if not clear or _certainty(run) >= 0.62)


def _certainty(run: Run) -> float:
    return sum(g.score for g in run.glyphs) / max(1, len(run.glyphs))


def _home(grid: Grid, x: float, y: float) -> int:
    return next((i for i, c in enumerate(grid.cells) if c.box.holds(x, y)), -1)


def table_rules(page: Page) -> list[Rule]:
    """The page's rules without what only looks like one: folds from edge to edge, strokes and underlines of text."""
    return [rule for rule in page.rules if not _is_fold(rule, page) and not _is_stroke(rule, page)]


def _is_fold(rule: Rule, page: Page) -> bool:
    if rule.horizontal:
        return rule.x0 < 0.015 * page.width and rule.x1 > 0.985 * page.width
    return rule.y0 < 0.015 * page.height and rule.y1 > 0.985 * page.height


def _is_stroke(rule: Rule, page: Page) -> bool:
    """True when most of the rule runs through text: no border of a cell does."""
    through, crossed = 0.0, 0
    for line in page.lines:
        box, inset = line.box, 0.12 * line.box.height
        if rule.horizontal and box.y0 + inset < rule.y0 < box.y1 + 0.1 * inset:
            through += max(0.0, min(rule.x1, box.x1) - max(rule.x0, box.x0))
        elif not rule.horizontal and _cuts_a_character(rule.x0, line):
            shared = max(0.0, min(rule.y1, box.y1) - max(rule.y0, box.y0))
            through, crossed = through + shared, crossed + (shared > 0.5 * box.height)
    length = (rule.x1 - rule.x0) + (rule.y1 - rule.y0)
    return through > 0.5 * length or (crossed >= 3 and through > 0.2 * length)


def _cuts_a_character(x: float, line: Line) -> bool:
    """True when x lies within a character; a cell's border passes between two, even if they were read as one line."""
    return any(x0 + 0.2 * (x1 - x0) < x < x1 - 0.2 * (x1 - x0) for x0, x1 in line.chars)


def find_grids(rules: Sequence[Rule], page: int) -> list[Grid]:
    """Tables of at least two cells: rules that cross, joined; borders that are missing join cells (merged cells)."""
    tolerance = 14.0
    horizontal = [r for r in rules if r.horizontal]
    vertical = [r for r in rules if not r.horizontal]
    groups = _touching(horizontal, vertical, tolerance)
    grids = [_grid(h, v, page, tolerance) for h, v in groups if len(h) >= 2 and len(v) >= 2]
    return [g for g in grids if g is not None and len(g.cells) >= 2]


def _touching(horizontal: list[Rule], vertical: list[Rule], tolerance: float) -> list[tuple[list[Rule], list[Rule]]]:
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, h in enumerate(horizontal):
        for j, v in enumerate(vertical):
            if h.x0 - tolerance <= v.x0 <= h.x1 + tolerance and v.y0 - tolerance <= h.y0 <= v.y1 + tolerance:
                parent[root(i)] = root(len(horizontal) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(h)
    for j, v in enumerate(vertical):
        groups.setdefault(root(len(horizontal) + j), ([], []))[1].append(v)
    return list(groups.values())


def _places(values: Iterable[float], tolerance: float) -> list[float]:
    """Clusters of nearby places, each by its mean."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][-1] <= tolerance:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(c) / len(c) for c in clusters]


def _grid(horizontal: list[Rule], vertical: list[Rule], page: int, tolerance: float) -> Grid | None:
    xs, ys = _places((v.x0 for v in vertical), tolerance), _places((h.y0 for h in horizontal), tolerance)
    if len(xs) < 2 or len(ys) < 2:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1

    def ruled_below(r: int, c: int) -> bool:
        spans = [(h.x0, h.x1) for h in horizontal if abs(h.y0 - ys[r + 1]) <= tolerance]
        return _covered(spans, xs[c], xs[c + 1])

    def ruled_right(r: int, c: int) -> bool:
        spans = [(v.y0, v.y1) for v in vertical if abs(v.x0 - xs[c + 1]) <= tolerance]
        return _covered(spans, ys[r], ys[r + 1])

    owner = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(k: tuple[int, int]) -> tuple[int, int]:
        while owner[k] != k:
            k = owner[k]
        return k

    for r in range(rows):
        for c in range(columns):
            if r + 1 < rows and not ruled_below(r, c):
                owner[root((r + 1, c))] = root((r, c))
            if c + 1 < columns and not ruled_right(r, c):
                owner[root((r, c + 1))] = root((r, c))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for key in owner:
        members.setdefault(root(key), []).append(key)
    cells = [_cell(m, xs, ys) for m in members.values()]
    cells.sort(key=lambda cell: (cell.r0, cell.c0))
    return Grid(page, Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(xs), tuple(ys), tuple(cells))


def _cell(members: list[tuple[int, int]], xs: list[float], ys: list[float]) -> Cell:
    r0, r1 = min(r for r, _ in members), max(r for r, _ in members)
    c0, c1 = min(c for _, c in members), max(c for _, c in members)
    return Cell(r0, r1, c0, c1, Box(xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1]))


def _covered(spans: list[tuple[float, float]], start: float, end: float) -> bool:
    """True when the spans cover most of start..end."""
    length, reached = 0.0, start
    for a, b in sorted(spans):
        a, b = max(a, reached), min(b, end)
        if b > a:
            length += b - a
            reached = b
    return length >= 0.55 * (end - start)
