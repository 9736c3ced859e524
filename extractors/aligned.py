"""Rows of a table without rules, by the alignment of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from corpora.form import TableSpec
from extractors.columns import Column, Table, enough, headings, is_total, joined_glyphs, total_glyphs
from extractors.layout import Layout, Run, bounds, text_of, without_ghosts
from extractors.locators import Place, trimmed
from extractors.text import Hit, alike, find_label
from ingest.document import Box


def aligned(spec: TableSpec, layout: Layout, more: Sequence[Layout], stops: Sequence[str]) -> Table | None:
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
            texts = [text_of(joined_glyphs(s)) for s in stacks]
            found = headings(spec, texts)
            worth = sum(max(alike(label, texts[i]) for label in spec.columns[k].labels) for k, i in found.items())
            if not enough(spec, found) or (best is not None and worth <= best[0] + 0.01):
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
        if spec.total and is_total(spec, [run.text for run in row]):
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
        return Place(trimmed(joined_glyphs(runs)), bounds(r.box for r in runs), layout.page, 0.9)
    row = [r.box for v in cells.values() for r in v]
    y = median(b.cy for b in row)
    half = 0.6 * median(b.height for b in row)
    return Place((), Box(column.x0, y - half, column.x1, y + half), layout.page, 0.5)


def _aligned_total(spec: TableSpec, row: Sequence[Run], columns: tuple[Column, ...], layout: Layout) -> Place:
    column = next((c for c in columns if spec.total and c.key == spec.total.column), columns[-1])
    rest = [
        run for run in row if not is_total(spec, [run.text]) or total_glyphs(spec, run.glyphs) != trimmed(run.glyphs)
    ]
    glyphs = tuple(g for run in rest for g in (total_glyphs(spec, run.glyphs)))
    box = bounds(r.box for r in row)
    return Place(trimmed(glyphs), Box(column.x0, box.y0, column.x1, box.y1), layout.page, 0.9)
