"""Exports records and notes that they left, in one transaction: what was not written is not noted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from api.export.rows import Cell, Record, record_lines
from api.export.workbook import check_template, fill
from api.export.writers import Format, export
from api.record import CHINA
from api.review.queries import Filter, record_bodies
from api.store.exports import note_export
from corpora.vocabulary import vocabulary


def export_records(
    session: Session,
    chosen: Filter,
    format: Format,
    out: BinaryIO | Path,
    *,
    evidence: bool = False,
    columns: Collection[str] = frozenset(),
    template: bytes | None = None,
    file_name: str = "",
    by: str = "",
) -> int:
    """Writes the filter's records to `out` and gives how many; raises as `api.export.writers.export` does.

    template: the office's own XLSX, filled instead; it says itself which columns it has. Raises BadTemplate then.
    """
    left: list[str] = []
    records = _noting(record_bodies(session, chosen), left)
    if template is None:
        count = export(records, format, out, evidence, columns)
    else:
        data, count = filled(template, list(records), by)
        if isinstance(out, Path):
            out.write_bytes(data)
        else:
            out.write(data)
    note_export(session, left, at=datetime.now(UTC), file_name=file_name, format=format, by=by)
    return count


def filled(template: bytes, records: list[Record], by: str) -> tuple[bytes, int]:
    """The template with a row for each line of the records, and how many records these are. Raises BadTemplate."""
    evidence = any("@" in key for key in check_template(template))
    lines = [line for record in records for line in record_lines(record, vocabulary(), evidence=evidence)]
    told: dict[str, Cell] = {"#day": datetime.now(CHINA).date().isoformat(), "#by": by, "#count": len(records)}
    return fill(template, lines, told), len(records)


def _noting(records: Iterable[Record], left: list[str]) -> Iterator[Record]:
    for record in records:
        left.append(record["id"])
        yield record
