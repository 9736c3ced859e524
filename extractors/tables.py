"""Rows of a form's table: by its cells where it is ruled, by the alignment of its columns where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpora.form import TableSpec
from extractors.layout import Block, Cell, Glyphs, Grid, Layout, Run, bounds, rows_of, text_of, without_ghosts
from extractors.locators import Place, find_labels, trimmed
from extractors.text import Hit, alike, find_label, fold
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


def read_table(spec: TableSpec, layouts: Sequence[Layout], stops: Sequence[str]) -> Table | None:
    """The form's table over the pages of one record, or None when its heading is not found.

    stops: labels that never stand inside the table; the first of them below its heading ends a table without rules.
    """
    if spec.heading:
        return _beside_heading(spec, layouts)
    for number, layout in enumerate(layouts):
        table = _ruled(spec, layouts[number:]) or _aligned(spec, layout, layouts[number + 1 :], stops)
        if table is not None:
            return table
    return None


# --- ruled ------------------------------------------------------------------------------------------------------------


def _headings(spec: TableSpec, texts: Sequence[str]) -> dict[str, int]:
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


def _enough(spec: TableSpec, found: dict[str, int]) -> bool:
    wanted = [key for key, column in spec.columns.items() if column.required]
    return sum(key in found for key in wanted) >= max(2, -(-len(wanted) * 3 // 5))


def _ruled(spec: TableSpec, layouts: Sequence[Layout]) -> Table | None:
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
        found = _headings(spec, [c.text for c in cells])
        if _enough(spec, found) and (best is None or len(found) > best[0]):
            columns = _completed(spec, found, cells, len(grid.xs) - 2)
            best = (len(found), columns, max(cells[i].r1 for i in found.values()) + 1)
    return (best[1], best[2]) if best else None


def _heading_parts(spec: TableSpec, grid: Grid, cell: Cell) -> list[Cell]:
    """A heading's cell, cut at the grid's columns when it holds several headings: a border was too faint to be seen."""
    parts = [_span(grid, cell.r0, cell.r1, c, c) for c in range(cell.c0, cell.c1 + 1)]
    told = len(_headings(spec, [part.text for part in parts])) if len(parts) > 1 else 0
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
        if spec.total and _is_total(spec, [c.text for r in range(first, last + 1) for c in grid.row(r)]):
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
    glyphs = _total_glyphs(spec, cell.glyphs)
    joined = next((c for c in band if _is_total(spec, [c.text]) and c.box.x1 >= cell.box.x1), None)
    if not glyphs and joined is not None:
        return Place(_total_glyphs(spec, joined.glyphs), joined.box, grid.page, 1.0)
    return Place(glyphs, cell.box, grid.page, 1.0)


def _total_glyphs(spec: TableSpec, glyphs: Glyphs) -> Glyphs:
    """Without the word 合计 itself, where the total's cell is joined with its label's."""
    text = text_of(glyphs)
    for label in spec.total.labels if spec.total else ():
        hit = find_label(label, text)
        if hit:
            return trimmed(glyphs[hit.end :])
    return trimmed(glyphs)


def _is_total(spec: TableSpec, texts: Sequence[str]) -> bool:
    """A row whose first written cells say 合计 (not a certificate's name that contains it)."""
    if spec.total is None:
        return False
    wanted = [fold(label) for label in spec.total.labels]
    return any(
        fold(t) in wanted or any(fold(t).startswith(w) and len(fold(t)) <= len(w) + 6 for w in wanted) for t in texts
    )


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
                split[i][key] = Place(trimmed(_joined(runs)), room, page, 0.9)
        return split
    return [{k: Place(trimmed(c.glyphs), c.box, page, 1.0) for k, c in cells.items()}]


def _nearest(centres: Sequence[float], y: float) -> int:
    return min(range(len(centres)), key=lambda i: abs(centres[i] - y))


def _joined(runs: Sequence[Run]) -> Glyphs:
    return tuple(g for row in rows_of(runs) for run in row for g in run.glyphs)


# --- beside a heading cell --------------------------------------------------------------------------------------------


def _beside_heading(spec: TableSpec, layouts: Sequence[Layout]) -> Table | None:
    """Rows that stand to the right of one tall cell which names them, without headings of their own."""
    for layout in layouts:
        for grid in layout.grids:
            heading = _heading_cells(spec, grid)
            if heading is None:
                continue
            rows = []
            for r in range(heading[0].r0, heading[-1].r1 + 1):
                right = [c for c in grid.row(r) if c.c0 > heading[0].c1 and c.r0 == r]
                if right and not _enough(spec, _headings(spec, [c.text for c in right])):
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


# --- aligned, without rules -------------------------------------------------------------------------------------------


def _aligned(spec: TableSpec, layout: Layout, more: Sequence[Layout], stops: Sequence[str]) -> Table | None:
    headed = _heading_rows(spec, layout)
    if headed is None:
        return None
    columns, above, below = headed
    rows, total, region, open_end = _aligned_rows(spec, layout, columns, below, stops)
    regions = [(layout.page, Box(0, above, layout.width, region.y1 if region else below))]
    for following in more:
        if not open_end:
            break
        scale = following.width / layout.width
        scaled = tuple(Column(c.key, c.x0 * scale, c.x1 * scale) for c in columns)
        scaled, _, below = _heading_rows(spec, following) or (scaled, 0.0, 0.0)
        found, total_here, region, open_end = _aligned_rows(spec, following, scaled, below, stops)
        rows, total = rows + found, total or total_here
        if region:
            regions.append((following.page, region))
    return Table(tuple(rows), total, tuple(regions), columns)


def _heading_rows(spec: TableSpec, layout: Layout) -> tuple[tuple[Column, ...], float, float] | None:
    """Columns by the runs of up to three visual rows that head them, and the top and the bottom of the heading."""
    best: tuple[float, tuple[Column, ...], float, float] | None = None
    for first in range(len(layout.rows)):
        for deep in (1, 2, 3):
            rows = layout.rows[first : first + deep]
            if len(rows) < deep or rows[-1][0].box.cy - rows[0][0].box.cy > 2.6 * layout.line_height * max(1, deep - 1):
                break
            pieces = [piece for row in rows for run in row for piece in _pieces(run)]
            stacks = _stacks([part for piece in pieces for part in _headings_apart(spec, piece)])
            texts = [text_of(_joined(s)) for s in stacks]
            found = _headings(spec, texts)
            worth = sum(max(alike(label, texts[i]) for label in spec.columns[k].labels) for k, i in found.items())
            if not _enough(spec, found) or (best is not None and worth <= best[0] + 0.01):
                continue
            boxes = {k: bounds(r.box for r in stacks[i]) for k, i in found.items()}
            columns = tuple(Column(k, boxes[k].x0, boxes[k].x1) for k in spec.columns if k in boxes)
            best = (worth, columns, min(b.y0 for b in boxes.values()), max(b.y1 for b in boxes.values()))
    return best[1:] if best else None


def _pieces(run: Run) -> list[Run]:
    """A run cut where its characters stand farther apart than words do: columns that were read as one line."""
    cuts = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(run.glyphs)) if b.box.x0 - a.box.x1 > run.box.height)]
    pieces = [run.glyphs[a:b] for a, b in pairwise([*cuts, len(run.glyphs)])]
    return [Run(piece, bounds(g.box for g in piece)) for piece in pieces if piece]


def _headings_apart(spec: TableSpec, run: Run) -> list[Run]:
    """A run that holds the headings of several columns, read as one, cut between them."""
    hits = sorted(
        (hit.start, hit.end)
        for column in spec.columns.values()
        if (
            hit := max(
                (h for label in column.labels if (h := find_label(label, run.text))), key=_by_worth, default=None
            )
        )
        and hit.end - hit.start >= 3
    )
    apart = [b for a, b in pairwise(hits) if b[0] >= a[1]]
    if not apart or len(apart) < len(hits) - 1:
        return [run]
    cuts = [0, *(start for start, _ in apart), len(run.glyphs)]
    pieces = [run.glyphs[a:b] for a, b in pairwise(cuts)]
    return [Run(piece, bounds(g.box for g in piece)) for piece in pieces if piece]


def _by_worth(hit: Hit) -> float:
    return hit.score * (hit.end - hit.start)


def _stacks(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that stand above one another."""
    stacks: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: r.box.x0):
        for stack in stacks:
            box = bounds(r.box for r in stack)
            if run.box.shared_width(box) > 0.4 * min(run.box.width, box.width):
                stack.append(run)
                break
        else:
            stacks.append([run])
    return stacks


def _aligned_rows(
    spec: TableSpec, layout: Layout, columns: tuple[Column, ...], below: float, stops: Sequence[str]
) -> tuple[list[dict[str, Place]], Place | None, Box | None, bool]:
    """Data rows under the heading; whether the table runs on to the end of the page comes last."""
    rows = [row for row in layout.rows if bounds(r.box for r in row).cy > below]
    bands: list[tuple[Run, ...]] = []
    total: Place | None = None
    ended = False
    for row in rows:
        text = text_of(g for run in row for g in run.glyphs)
        if spec.total and _is_total(spec, [run.text for run in row]):
            total = _aligned_total(spec, row, columns, layout)
            ended = True
            break
        if any(find_label(stop, text) for stop in stops):
            ended = True
            break
        if bands and bounds(r.box for r in row).y0 - bounds(r.box for r in bands[-1]).y1 > 7 * layout.line_height:
            ended = True
            break
        bands.append(row)
        if spec.one_row and len(bands) >= 3:
            break
    data = _merged(spec, [_assigned(row, columns) for row in bands], 3 * layout.line_height)
    places = [{c.key: _place(cells.get(c.key, []), c, layout, cells) for c in columns} for cells in data]
    region = bounds(r.box for row in bands for r in row) if bands else None
    if region:
        region = Box(0, below, layout.width, region.y1 + (layout.line_height if total else 0))
    return places, total, region, not ended


def _assigned(row: Sequence[Run], columns: tuple[Column, ...]) -> dict[str, list[Run]]:
    """Which column each run of a row belongs to: left to right when there are as many, else by nearness."""
    cells: dict[str, list[Run]] = {}
    pieces = row if len(row) == len(columns) else [piece for run in row for piece in _pieces(run)]
    if len(pieces) == len(columns):
        ordered = sorted(columns, key=lambda c: c.centre)
        return {c.key: [run] for c, run in zip(ordered, pieces, strict=True)}
    for run in pieces:
        key = max(columns, key=lambda c: (_overlap(run, c), -abs(run.box.cx - c.centre))).key
        cells.setdefault(key, []).append(run)
    return cells


def _overlap(run: Run, column: Column) -> float:
    return max(0.0, min(run.box.x1, column.x1) - max(run.box.x0, column.x0)) / max(1.0, run.box.width)


def _merged(spec: TableSpec, rows: list[dict[str, list[Run]]], reach: float) -> list[dict[str, list[Run]]]:
    """Rows that hold nothing but a piece of the key column are the wrapped rest of the nearest whole row.

    reach: pixels within which it must stand; what stands farther off is none of the table's, as the page's number.
    """
    whole = [i for i, cells in enumerate(rows) if set(cells) - {spec.key}]
    if not whole:
        return rows
    result = {i: {k: list(v) for k, v in rows[i].items()} for i in whole}
    for i, cells in enumerate(rows):
        if i not in result and spec.key in cells:
            y = bounds(r.box for r in cells[spec.key]).cy
            far, near = min((abs(bounds(r.box for v in rows[w].values() for r in v).cy - y), w) for w in whole)
            if far <= reach:
                result[near].setdefault(spec.key, []).extend(cells[spec.key])
    return [result[i] for i in whole]


def _place(runs: list[Run], column: Column, layout: Layout, cells: dict[str, list[Run]]) -> Place:
    if runs:
        runs = list(without_ghosts(runs))
        return Place(trimmed(_joined(runs)), bounds(r.box for r in runs), layout.page, 0.9)
    row = [r.box for v in cells.values() for r in v]
    y = median(b.cy for b in row)
    half = 0.6 * median(b.height for b in row)
    return Place((), Box(column.x0, y - half, column.x1, y + half), layout.page, 0.5)


def _aligned_total(spec: TableSpec, row: Sequence[Run], columns: tuple[Column, ...], layout: Layout) -> Place:
    column = next((c for c in columns if spec.total and c.key == spec.total.column), columns[-1])
    rest = [
        run for run in row if not _is_total(spec, [run.text]) or _total_glyphs(spec, run.glyphs) != trimmed(run.glyphs)
    ]
    glyphs = tuple(g for run in rest for g in (_total_glyphs(spec, run.glyphs)))
    box = bounds(r.box for r in row)
    return Place(trimmed(glyphs), Box(column.x0, box.y0, column.x1, box.y1), layout.page, 0.9)


def inside(block: Block, table: Table | None) -> bool:
    """True when the block's middle lies in the table."""
    return table is not None and any(
        page == block.page and box.holds(block.box.cx, block.box.cy) for page, box in table.regions
    )


__all__ = ["Column", "Table", "find_labels", "inside", "read_table"]
