"""The SQL of what was exported: that a record left is a fact about it, not a state. The commit is the caller's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.store.tables import ExportRow


def note_export(
    session: Session, records: Sequence[str], *, at: datetime, file_name: str, format: str, by: str
) -> None:
    """Notes that these records left together. file_name: "" for standard output; by: "" when nobody is signed in."""
    told = {"export": uuid4().hex, "at": at, "file_name": file_name, "format": format, "by": by}
    if records:
        session.execute(sa.insert(ExportRow), [told | {"record": record} for record in dict.fromkeys(records)])


def exports_of(session: Session, record: str) -> list[ExportRow]:
    """When a record left, the first time first."""
    found = sa.select(ExportRow).where(ExportRow.record == record)
    return list(session.scalars(found.order_by(ExportRow.at, ExportRow.export)))
