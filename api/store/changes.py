"""The SQL of people's work on records: what they did, and whose tasks were handed over. The commit is the caller's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.store.tables import Change, DelegationRow, Record


def changes(session: Session, record: str, since: int = 0) -> list[Change]:
    """What was done to a record, the first change first; since: only what made its version greater than this."""
    found = sa.select(Change).where(Change.record == record, Change.version > since)
    return list(session.scalars(found.order_by(Change.number)))


def next_number(session: Session, record: str) -> int:
    return (session.scalar(sa.select(sa.func.max(Change.number)).where(Change.record == record)) or 0) + 1


def claim(session: Session, record: str, version: int) -> Record | None:
    """Takes the record for writing, if it is still in that version: then that is the next one."""
    here = (Record.id == record, Record.version == version)
    taken = sa.update(Record).where(*here).values(version=version + 1).execution_options(synchronize_session=False)
    if not session.execute(taken.returning(Record.id)).all():
        return None
    return session.get(Record, record, populate_existing=True)


def version(session: Session, record: str) -> int:
    """Of the record; 0 when there is none any more."""
    return session.scalar(sa.select(Record.version).where(Record.id == record)) or 0


def delegations_to(session: Session, name: str) -> list[DelegationRow]:
    """What was handed over to somebody and not taken back."""
    return list(
        session.scalars(sa.select(DelegationRow).where(DelegationRow.to == name, DelegationRow.ended_at.is_(None)))
    )


def delegations(session: Session, now: datetime, name: str | None = None) -> Sequence[DelegationRow]:
    """Those that hold now or later; name: only what that person gave or got."""
    found = sa.select(DelegationRow).where(DelegationRow.ended_at.is_(None), DelegationRow.until > now)
    if name is not None:
        found = found.where(sa.or_(DelegationRow.by == name, DelegationRow.to == name))
    return list(session.scalars(found.order_by(DelegationRow.number)))
