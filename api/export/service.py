"""Exports records and notes that they left, in one transaction: what was not written is not noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from api.export.rows import Record
from api.export.writers import Format, export
from api.review.queries import Filter, record_bodies
from api.store.exports import note_export


def export_records(
    session: Session,
    chosen: Filter,
    format: Format,
    out: BinaryIO | Path,
    *,
    evidence: bool = False,
    file_name: str = "",
    by: str = "",
) -> int:
    """Writes the filter's records to `out` and gives how many; raises as `api.export.writers.export` does."""
    left: list[str] = []
    count = export(_noting(record_bodies(session, chosen), left), format, out, evidence)
    note_export(session, left, at=datetime.now(UTC), file_name=file_name, format=format, by=by)
    return count


def _noting(records: Iterable[Record], left: list[str]) -> Iterator[Record]:
    for record in records:
        left.append(record["id"])
        yield record
