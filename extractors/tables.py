"""Rows of a form's table: by its cells where it is ruled, by the alignment of its columns where it is not."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.form import TableSpec
from extractors.aligned import aligned
from extractors.columns import Table
from extractors.layout import Block, Layout
from extractors.ruled import beside_heading, ruled

__all__ = ["Table", "inside", "read_table"]


def read_table(spec: TableSpec, layouts: Sequence[Layout], stops: Sequence[str]) -> Table | None:
    """The form's table over the pages of one record, or None when its heading is not found.

    stops: labels that never stand inside the table; the first of them below its heading ends a table without rules.
    """
    if spec.heading:
        return beside_heading(spec, layouts)
    for number, layout in enumerate(layouts):
        table = ruled(spec, layouts[number:]) or aligned(spec, layout, layouts[number + 1 :], stops)
        if table is not None:
            return table
    return None


def inside(block: Block, table: Table | None) -> bool:
    """True when the block's middle lies in the table."""
    return table is not None and any(
        page == block.page and box.holds(block.box.cx, block.box.cy) for page, box in table.regions
    )
