"""The SQL of the pipeline: what it writes on the way of a message, and how far all messages are.

Every function takes an open Session and leaves the commit to its caller. All are safe to repeat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.corrections import carried
from api.record import decided_school
from api.store.tables import Change, FindingRow, Message, PageRow, Position, Record, RegisterEntry, Table

_READ = sa.or_(PageRow.page.is_not(None), PageRow.trouble_code.is_not(None))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far some messages are: numbers of messages and pages, all and finished."""

    messages: int
    messages_done: int
    pages: int
    pages_done: int


def insert_new(session: Session, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> int:
    """Adds the rows whose key is new and says how many those were."""
    if not rows:
        return 0
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(list(rows)).on_conflict_do_nothing()
    # Counted by what comes back: psycopg does not tell the number of rows here.
    return len(session.execute(statement.returning(*sa.inspect(table).primary_key)).all())


def add_message(
    session: Session, sha256: str, *, kind: str, name: str, taken_at: datetime, received_at: datetime | None
) -> bool:
    """True when the message is new."""
    row = {"sha256": sha256, "kind": kind, "name": name, "taken_at": taken_at, "received_at": received_at}
    return insert_new(session, Message, [row | {"state": "received"}]) == 1


def add_position(session: Session, mailbox: str, folder: str, uidvalidity: int, uid: int, message: str) -> None:
    row = {"mailbox": mailbox, "folder": folder, "uidvalidity": uidvalidity, "uid": uid, "message": message}
    insert_new(session, Position, [row])


def known_uids(session: Session, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
    here = (Position.mailbox == mailbox, Position.folder == folder, Position.uidvalidity == uidvalidity)
    return set(session.scalars(sa.select(Position.uid).where(*here)))


def message(session: Session, sha256: str) -> Message:
    """Raises sqlalchemy.exc.NoResultFound."""
    return session.scalars(sa.select(Message).where(Message.sha256 == sha256)).one()


def unfinished(session: Session) -> list[str]:
    """Messages that have come in and have no outcome yet, oldest first."""
    waiting = sa.select(Message.sha256).where(Message.state == "received").order_by(Message.taken_at, Message.sha256)
    return list(session.scalars(waiting))


def all_messages(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Message.sha256).order_by(Message.taken_at, Message.sha256)))


def save_opened(session: Session, sha256: str, opened: Mapping[str, Any], pages: Sequence[Mapping[str, Any]]) -> None:
    """What was found in a message: columns of Message, and its pages."""
    session.execute(sa.update(Message).where(Message.sha256 == sha256).values(**opened))
    insert_new(session, PageRow, pages)


def page(session: Session, sha256: str, place: int) -> PageRow:
    return session.scalars(sa.select(PageRow).where(PageRow.message == sha256, PageRow.place == place)).one()


def pages(session: Session, sha256: str) -> list[PageRow]:
    return list(session.scalars(sa.select(PageRow).where(PageRow.message == sha256).order_by(PageRow.place)))


def save_page(session: Session, sha256: str, place: int, outcome: Mapping[str, Any]) -> None:
    """`outcome`: `page`, or `trouble_code` and `trouble`."""
    here = (PageRow.message == sha256, PageRow.place == place)
    session.execute(sa.update(PageRow).where(*here).values(**outcome))


def save_conclusion(session: Session, sha256: str, key: str | None, records: Iterable[Record], state: str) -> None:
    """The records of a message with their findings, in place of the machine's earlier ones.

    A record that stays keeps its day and what people said of it (`api.corrections`); its version grows when it says
    another thing. One that is no more goes, unless a person dealt with it.
    """
    kept = {r.id: r for r in session.scalars(sa.select(Record).where(Record.message == sha256))}
    for record in records:
        if before := kept.pop(record.id, None):
            record.created_at, record.body = before.created_at, carried(before.body, record.body)
            record.version = before.version + (record.body != before.body)
        follow_body(record)
        session.merge(record)
        session.flush()
        save_findings(session, record)
    known = set(session.scalars(sa.select(Change.record).where(Change.record.in_(list(kept))).distinct()))
    gone = [r.id for r in kept.values() if r.state in ("review", "superseded") and r.id not in known]
    session.execute(sa.delete(FindingRow).where(FindingRow.record.in_(gone)))
    session.execute(sa.delete(Record).where(Record.id.in_(gone)))
    session.execute(sa.update(Message).where(Message.sha256 == sha256).values(state=state, conclusion=key))


def follow_body(record: Record) -> None:
    """The columns that repeat what the record's body says by itself."""
    body = record.body
    record.state, record.lane, record.own_lane = body["state"], body["lane"], body["lane"]
    record.school_code, record.city = decided_school(body), body.get("city")


def save_findings(session: Session, record: Record) -> None:
    """The findings of a record's body, in place of its earlier ones."""
    session.execute(sa.delete(FindingRow).where(FindingRow.record == record.id))
    told = ("code", "severity", "field", "row", "message")
    rows = [
        {"record": record.id, "place": i} | {key: finding[key] for key in told}
        for i, finding in enumerate(record.body["findings"])
    ]
    insert_new(session, FindingRow, rows)


def is_read(session: Session, sha256: str, place: int) -> bool:
    """Whether a page has an outcome, read or not readable."""
    return _count(session, PageRow, PageRow.message == sha256, PageRow.place == place, _READ) == 1


def all_read(session: Session, sha256: str) -> bool:
    """Whether every page of a message has an outcome."""
    return _count(session, PageRow, PageRow.message == sha256, sa.not_(_READ)) == 0


def progress(session: Session, sha256s: Sequence[str]) -> Progress:
    """Over the given messages; the pages are those known so far."""
    done = pages_all = pages_done = 0
    for start in range(0, len(sha256s), 500):
        some = sha256s[start : start + 500]
        done += _count(session, Message, Message.sha256.in_(some), Message.state != "received")
        pages_all += _count(session, PageRow, PageRow.message.in_(some))
        pages_done += _count(session, PageRow, PageRow.message.in_(some), _READ)
    return Progress(len(sha256s), done, pages_all, pages_done)


def _count(session: Session, table: type[Table], *conditions: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0


def records(session: Session, sha256s: Sequence[str] | None = None) -> list[Record]:
    """The records of the given messages (all when None), by arrival and place."""
    query = sa.select(Record).order_by(Record.received_at, Record.message, Record.place)
    found = session.scalars(query if sha256s is None else query.where(Record.message.in_(sha256s)))
    return list(found)


def versions(session: Session, sha256: str) -> dict[str, int]:
    """The versions of a message's records."""
    found = session.execute(sa.select(Record.id, Record.version).where(Record.message == sha256))
    return {row.id: row.version for row in found}


def record(session: Session, record_id: str) -> Record | None:
    return session.get(Record, record_id)


def save_register(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Entries of a register (columns of RegisterEntry), in place of those with the same key."""
    for row in rows:
        session.merge(RegisterEntry(**row))


def register_entries(session: Session) -> list[RegisterEntry]:
    """All imported entries, in a stable order."""
    return list(session.scalars(sa.select(RegisterEntry).order_by(RegisterEntry.kind, RegisterEntry.key)))


def register_stamp(session: Session) -> tuple[int, datetime | None]:
    """Changes whenever an entry is imported: how many there are, and when the last one came."""
    count, last = session.execute(sa.select(sa.func.count(), sa.func.max(RegisterEntry.imported_at))).one()
    return count, last
