"""The audit log asked of a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.audit.chain import Entry
from api.audit.verify import Head, Kept, Report, verify
from api.store.engine import Store
from api.store.tables import AuditHead, AuditRow

_ROW = sa.select(
    AuditRow.number, AuditRow.at, AuditRow.by, AuditRow.event, AuditRow.record, AuditRow.detail, AuditRow.hash,
    AuditRow.seal,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries; None asks nothing. event: a name, or the beginning of names before a dot. since, until: days."""

    by: str | None = None
    event: str | None = None
    record: str | None = None
    since: str | None = None
    until: str | None = None


def entries(session: Session, asked: Asked, limit: int, offset: int) -> list[AuditRow]:
    """The newest first."""
    found = sa.select(AuditRow).where(*_conditions(asked)).order_by(AuditRow.number.desc())
    return list(session.scalars(found.limit(limit).offset(offset)))


def entry_count(session: Session, asked: Asked) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(AuditRow).where(*_conditions(asked))) or 0


def entries_of(session: Session, record: str) -> list[AuditRow]:
    """What was done with a record, the first first: for its evidence pack."""
    return list(session.scalars(sa.select(AuditRow).where(AuditRow.record == record).order_by(AuditRow.number)))


def entries_before(session: Session, rows: Sequence[AuditRow]) -> dict[int, str]:
    """The hashes of the entries before these, by number."""
    numbers = [row.number - 1 for row in rows]
    found = session.execute(sa.select(AuditRow.number, AuditRow.hash).where(AuditRow.number.in_(numbers)))
    return {row.number: row.hash for row in found}


def head_of(session: Session) -> tuple[int, str]:
    """Number and hash of the last entry."""
    number, hash = session.execute(sa.select(AuditHead.number, AuditHead.hash)).one()
    return number, hash


def event_names(session: Session) -> list[str]:
    return list(session.scalars(sa.select(AuditRow.event).distinct().order_by(AuditRow.event)))


def verify_store(store: Store, known: tuple[int, str] | None = None) -> Report:
    """The whole log by the store's own key; see `api.audit.verify`."""

    def read(after: int | None) -> Iterable[Kept]:
        later = sa.true() if after is None else AuditRow.number > after
        numbers = sa.select(AuditRow.number).where(later).order_by(AuditRow.number)
        with store.reading() as session:
            for several in session.scalars(numbers).partitions(500):
                yield from _kept(session, several)

    def head() -> Head | None:
        with store.reading() as session:
            row = session.execute(sa.select(AuditHead.number, AuditHead.hash, AuditHead.seal)).first()
        return Head(*row) if row else None

    return verify(read, head, store.audit_key, known)


def _kept(session: Session, numbers: Sequence[int]) -> Iterator[Kept]:
    """The entries of these numbers; one that cannot be read at all is given empty, and so is not what was hashed."""
    try:
        rows = session.execute(_ROW.where(AuditRow.number.in_(numbers)).order_by(AuditRow.number)).all()
    except DBAPIError:
        if len(numbers) == 1:
            yield Kept(Entry(numbers[0], "", "", "", None, ""), "", "")
        else:
            for number in numbers:
                yield from _kept(session, [number])
    else:
        yield from (Kept(Entry(*row[:6]), row[6], row[7]) for row in rows)


def _conditions(asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    for column, value in ((AuditRow.by, asked.by), (AuditRow.record, asked.record)):
        if value is not None:
            yield column == value
    if asked.event is not None:
        yield (AuditRow.event == asked.event) | AuditRow.event.startswith(f"{asked.event}.", autoescape=True)
    if asked.since is not None:
        yield AuditRow.at >= asked.since
    if asked.until is not None:
        yield AuditRow.at < asked.until
