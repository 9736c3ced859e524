"""The SQL of what was exported, and of the office's templates. The commit is the caller's.

That a record left is a fact about it, not a state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.store.tables import ExportRow, ExportTemplate, Record, UtcTime


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


@dataclass(frozen=True, slots=True)
class Left:
    """One export. records: how many left in it, of the cities that the asker may see."""

    id: str
    at: datetime
    by: str
    format: str
    file_name: str
    records: int


def left(session: Session, cities: Sequence[str], limit: int, offset: int) -> list[Left]:
    """What was exported, the newest first; for some cities only, what had a record of theirs."""
    own = (ExportRow.by, ExportRow.format, ExportRow.file_name)
    at, count = sa.func.min(ExportRow.at, type_=UtcTime()), sa.func.count()
    columns: list[Any] = [ExportRow.export, at, *(sa.func.min(one) for one in own), count]
    found = _seen(sa.select(*columns), cities)
    found = found.group_by(ExportRow.export).order_by(at.desc(), ExportRow.export)
    return [Left(*row) for row in session.execute(found.limit(limit).offset(offset))]


def left_count(session: Session, cities: Sequence[str]) -> int:
    """How many exports `left` has in all."""
    return session.scalar(_seen(sa.select(sa.func.count(ExportRow.export.distinct())), cities)) or 0


def _seen(found: sa.Select[Any], cities: Sequence[str]) -> sa.Select[Any]:
    if not cities:
        return found
    return found.where(ExportRow.record.in_(sa.select(Record.id).where(Record.city.in_(cities))))


def templates(session: Session) -> list[ExportTemplate]:
    """The office's own workbooks, by name."""
    return list(session.scalars(sa.select(ExportTemplate).order_by(ExportTemplate.name)))


def template_named(session: Session, name: str) -> ExportTemplate | None:
    return session.scalar(sa.select(ExportTemplate).where(ExportTemplate.name == name))
