"""The scan against what says the same electronically: the document that it was printed from, the platform's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpora.across import PlatformRule
from corpora.vocabulary import vocabulary
from matching.across.contents import differences
from matching.across.filed import Cell, Cells, Content, Filed, PlatformRow, Said, say
from matching.across.sets import Entry, match_entries, row_entries


def judge_electronic(scan: Filed, electronic: Sequence[Filed] = ()) -> list[Said]:
    """Cell by cell against the versions that came with the scan, and `electronic`, those that came by themselves.

    What one of them leaves blank says nothing: dates and names are often written on the printed paper. Names are
    compared as they are written, since nobody asked whom an attached version means.
    """
    said = []
    written = _as_written(scan.content)
    versions: list[tuple[Content, tuple[Filed, ...]]] = [(content, ()) for content in scan.attached]
    for content, by_itself in (*versions, *((one.content, (one,)) for one in electronic)):
        for found in differences(_as_written(content), written, blanks=False):
            message = f"电子版与扫描件不一致：{found.text}（电子版→扫描件），请核对。"
            said.append(say("version.differs", "warning", message, scan, *by_itself, key=found.key, row=found.row))
    return said


def _as_written(content: Content) -> Content:
    def bare(cells: Cells) -> Cells:
        return {key: replace(cell, name=None) for key, cell in cells.items()}

    return Content(bare(content.fields), tuple(bare(row) for row in content.rows))


def judge_platform(rule: PlatformRule, documents: Sequence[Filed], listed: Sequence[PlatformRow]) -> list[Said]:
    """The stamped lists against the platform's. Nothing is said while either is missing."""
    stamped = [one for one in documents if one.form == rule.form]
    if not stamped or not listed:
        return []
    rows = row_entries(stamped, rule.by)
    theirs = [Entry(stamped[-1], _platform_cells(row)) for row in listed]
    pairs = match_entries(rows, theirs, rule.by, rule.compare)
    said: list[Said] = []
    for row, other in pairs:
        for key in rule.compare:
            one, cell = row.cell(key), other.cell(key)
            if one.said is not None and one.said != cell.said:
                heading = vocabulary().field(key).heading
                message = f"第{row.row}行{heading}为 {one.shown}，平台为 {cell.shown}，请核对。"
                said.append(say("platform.differs", "warning", message, row.of, key=key, row=row.row))
    alone = [row for row in rows if not any(row is one for one, _ in pairs)]
    missed = [row for row in theirs if not any(row is other for _, other in pairs)]
    doubtful = [row for row in alone if row.cell(rule.by).doubtful]
    for row in missed if not doubtful else ():
        title = " ".join(row.cell(key).shown for key in (rule.by, *rule.compare))
        said.append(say("platform.differs", "warning", f"平台有“{title}”，表中没有这一行。", row.of, key=rule.by))
    for row in (row for row in alone if row not in doubtful):
        message = f"第{row.row}行“{row.cell(rule.by).shown}”在平台数据中没有。"
        said.append(say("platform.differs", "warning", message, row.of, key=rule.by, row=row.row))
    return said


def _platform_cells(row: PlatformRow) -> dict[str, Cell]:
    values: dict[str, str | int] = {"certificate": row.certificate, "level": row.level, "headcount": row.headcount}
    cells = {key: Cell(str(value), value) for key, value in values.items()}
    return cells | {"certificate": Cell(row.certificate, row.certificate, name=row.certificate)}
