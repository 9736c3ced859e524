"""Rows of a ruled table, by its cells: with a heading row, or beside one tall cell that names the rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from corpora.form import TableSpec
from extractors.columns import Column, Table, enough, headings, is_total, joined_glyphs, total_glyphs
from extractors.layout import Cell, Grid, Layout, Run, bounds, rows_of
from extractors.locators import Place, trimmed
from extractors.text import alike
from ingest.document import Box


def ruled(spec: TableSpec, layouts: Sequence[Layout]) -> Table | None:
    rows: list[dict[str, Place]] = []
    total: Place | None = None
    regions: list[tuple[int, Box]] = []
    columns: tuple[Column, ...] = ()
    for layout in layouts:
        for grid in layout.grids:
            headed = _grid_columns(spec, grid)
            if headed is None and columns:
                columns, start = _continued(columns, grid), 0
            elif headed is not None and (not columns or rows or total is None):
                columns, start = headed
            else:
                continue
            if not columns:
                continue
            found, total_here = _grid_rows(spec, grid, columns, start)
            if headed is None and not any(p.glyphs for row in found for p in row.values()) and total_here is None:
                continue
            rows += found
            total = total or total_here
            regions.append((layout.page, grid.box))
    return Table(tuple(rows), total, tuple(regions), columns) if regions else None


def _grid_columns(spec: TableSpec, grid: Grid) -> tuple[tuple[Column, ...], int] | None:
    """The columns by the grid's heading row and the first row below it."""
    best: tuple[int, tuple[Column, ...], int] | None = None
    for row in range(min(len(grid.ys) - 1, 6)):
        cells = [part for c in grid.row(row) for part in _heading_parts(spec, grid, c)]
        found = headings(spec, [c.text for c in cells])
        if enough(spec, found) and (best is None or len(found) > best[0]):
            columns = _completed(spec, found, cells, len(grid.xs) - 2)
            best = (len(found), columns, max(cells[i].r1 for i in found.values()) + 1)
    return (best[1], best[2]) if best else None


def _heading_parts(spec: TableSpec, grid: Grid, cell: Cell) -> list[Cell]:
    """A heading's cell, cut at the grid's columns when it holds several headings: a border was too faint to be seen."""
    parts = [_span(grid, cell.r0, cell.r1, c, c) for c in range(cell.c0, cell.c1 + 1)]
    told = len(headings(spec, [part.text for part in parts])) if len(parts) > 1 else 0
    return parts if told > 1 else [cell]


def _completed(spec: TableSpec, found: dict[str, int], cells: list[Cell], last: int) -> tuple[Column, ...]:
    """Columns by their headings, from one heading to the next; a heading that was not read is told by its place.

    last: the grid's last elementary column. Where exactly one heading is missing between two that were read, what lies
    between them is its column; where none is missing, a stray rule has cut the left one.
    """
    keys = list(spec.columns)
    known = sorted(((cells[i].c0, cells[i].c1, k) for k, i in found.items()), key=lambda c: c[0])
    order = [keys.index(k) for _, _, k in known]
    ranges: dict[str, tuple[int, int]] = {k: (c0, c1) for c0, c1, k in known}
    if order == sorted(order):
        inner = [(c0, c1, i) for (c0, c1, _), i in zip(known, order, strict=True)]
        ends = [(-1, -1, -1), *inner, (last + 1, 0, len(keys))]
        for (_, end, i), (start, _, j) in pairwise(ends):
            free = (end + 1, start - 1)
            if free[0] > free[1]:
                continue
            if j - i == 2:
                ranges[keys[i + 1]] = free
            elif j - i == 1 and i >= 0 and j < len(keys):
                ranges[keys[i]] = (ranges[keys[i]][0], free[1])
    boxes = {c: cell.box for cell in cells for c in range(cell.c0, cell.c1 + 1)}
    return tuple(Column(k, boxes[a].x0, boxes[b].x1, a, b) for k in keys if k in ranges for a, b in [ranges[k]])


def _continued(columns: tuple[Column, ...], grid: Grid) -> tuple[Column, ...]:
    """The same columns on a page whose table goes on without a heading, if the grid has as many."""
    if len(grid.xs) - 1 != max(c.c1 for c in columns) + 1 and len(grid.xs) - 1 < len(columns):
        return ()
    if max(c.c1 for c in columns) >= len(grid.xs) - 1:
        return ()
    return tuple(Column(c.key, grid.xs[c.c0], grid.xs[c.c1 + 1], c.c0, c.c1) for c in columns)


def _grid_rows(
    spec: TableSpec, grid: Grid, columns: tuple[Column, ...], start: int
) -> tuple[list[dict[str, Place]], Place | None]:
    rows: list[dict[str, Place]] = []
    total: Place | None = None
    for first, last in _bands(spec, grid, columns, start):
        cells = {c.key: _span(grid, first, last, c.c0, c.c1) for c in columns}
        if spec.total and is_total(spec, [c.text for r in range(first, last + 1) for c in grid.row(r)]):
            total = _grid_total(spec, grid, cells.get(spec.total.column), grid.row(first))
            continue
        rows += _split_rows(spec, cells, grid.page)
    return rows, total


def _bands(spec: TableSpec, grid: Grid, columns: tuple[Column, ...], start: int) -> list[tuple[int, int]]:
    """Elementary rows that make one row of the table: a new one begins where most cells do, the key's aside.

    The key's cell may stand for several rows (merged), and a stray rule may cut one or two cells.
    """
    plain = [c for c in columns if c.key != spec.key] or list(columns)
    starts = []
    for r in range(start, len(grid.ys) - 1):
        begun = [cell is not None and cell.r0 == r for c in plain for cell in [grid.at(r, c.c0)]]
        if r == start or sum(begun) * 2 > len(begun):
            starts.append(r)
    return [(a, b - 1) for a, b in pairwise([*starts, len(grid.ys) - 1])]


def _span(grid: Grid, r0: int, r1: int, c0: int, c1: int) -> Cell:
    """All cells that reach into a range, as one, with what stands between the range's borders.

    A cell whose own border was too faint to be seen reaches over two columns; its characters still stand in one each.
    """
    cells = [c for c in grid.cells if c.r0 <= r1 and c.r1 >= r0 and c.c0 <= c1 and c.c1 >= c0]
    left, right = grid.xs[c0], grid.xs[c1 + 1]
    pieces = [tuple(g for g in run.glyphs if left <= g.box.cx < right) for c in cells for run in c.runs]
    runs = tuple(Run(piece, bounds(g.box for g in piece)) for piece in pieces if piece)
    whole = bounds(c.box for c in cells)
    return Cell(r0, r1, c0, c1, Box(left, whole.y0, right, whole.y1), runs)


def _grid_total(spec: TableSpec, grid: Grid, cell: Cell | None, band: Sequence[Cell]) -> Place | None:
    """What stands in the summed column, else behind the word 合计 in its own cell, which may join them all."""
    if cell is None:
        return None
    glyphs = total_glyphs(spec, cell.glyphs)
    joined = next((c for c in band if is_total(spec, [c.text]) and c.box.x1 >= cell.box.x1), None)
    if not glyphs and joined is not None:
        return Place(total_glyphs(spec, joined.glyphs), joined.box, grid.page, 1.0)
    return Place(glyphs, cell.box, grid.page, 1.0)


def _split_rows(spec: TableSpec, cells: dict[str, Cell], page: int) -> list[dict[str, Place]]:
    """One row, or several where a rule between them was too faint: several columns hold as many lines as each other."""
    counts = {k: len(rows_of(c.runs)) for k, c in cells.items() if c.runs}
    keys = [k for k in counts if k != spec.key]
    several = [k for k in keys if counts[k] >= 2]
    if len(several) >= 2 and len({counts[k] for k in several}) == 1 and len(several) >= len(keys) - 1:
        n = counts[several[0]]
        split: list[dict[str, Place]] = [{} for _ in range(n)]
        centres = [bounds(r.box for r in row).cy for row in rows_of(cells[several[0]].runs)]
        for key, cell in cells.items():
            lines: list[list[Run]] = [[] for _ in range(n)]
            for run in cell.runs:
                lines[_nearest(centres, run.box.cy)].append(run)
            for i, runs in enumerate(lines):
                room = (
                    bounds(r.box for r in runs)
                    if runs
                    else Box(cell.box.x0, centres[i] - 15, cell.box.x1, centres[i] + 15)
                )
                split[i][key] = Place(trimmed(joined_glyphs(runs)), room, page, 0.9)
        return split
    return [{k: Place(trimmed(c.glyphs), c.box, page, 1.0) for k, c in cells.items()}]


def _nearest(centres: Sequence[float], y: float) -> int:
    return min(range(len(centres)), key=lambda i: abs(centres[i] - y))


def beside_heading(spec: TableSpec, layouts: Sequence[Layout]) -> Table | None:
    """Rows that stand to the right of one tall cell which names them, without headings of their own."""
    for layout in layouts:
        for grid in layout.grids:
            heading = _heading_cells(spec, grid)
            if heading is None:
                continue
            rows = []
            for r in range(heading[0].r0, heading[-1].r1 + 1):
                right = [c for c in grid.row(r) if c.c0 > heading[0].c1 and c.r0 == r]
                if right and not enough(spec, headings(spec, [c.text for c in right])):
                    rows += _positional(spec, right, grid.page)
            region = Box(heading[0].box.x0, heading[0].box.y0, grid.box.x1, heading[-1].box.y1)
            return Table(tuple(rows), None, ((layout.page, region),))
    return None


def _heading_cells(spec: TableSpec, grid: Grid) -> tuple[Cell, ...] | None:
    """The cell that names the rows; two where a stray rule cuts its label in half."""
    best: tuple[float, tuple[Cell, ...]] | None = None
    for cell in grid.cells:
        below = grid.at(cell.r1 + 1, cell.c0)
        for cells in ((cell,), (cell, below)) if below is not None and below.c1 == cell.c1 else ((cell,),):
            text = "".join(c.text for c in cells)
            score = max(alike(label, text) for label in spec.heading)
            if cell.c1 + 1 < len(grid.xs) - 1 and score > max(0.75, best[0] if best else 0.0):
                best = (score, cells)
    return best[1] if best else None


def _positional(spec: TableSpec, cells: list[Cell], page: int) -> list[dict[str, Place]]:
    keys = list(spec.columns)
    if len(cells) > len(keys):
        cells = [c for c in cells if c.runs] if sum(bool(c.runs) for c in cells) == len(keys) else cells[-len(keys) :]
    return _split_rows(spec, dict(zip(keys, cells, strict=False)), page) if len(cells) == len(keys) else []
