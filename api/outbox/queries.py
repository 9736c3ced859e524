"""The SQL of the outbox. Every function takes an open Session and leaves the commit to its caller."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.outbox.states import LEASE, MOST_ATTEMPTS, State, pause
from api.store.tables import Outgoing, Record
from api.store.work import insert_new

Cities = tuple[str, ...]


def add(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Adds those that are not there yet; says how many those were."""
    return insert_new(session, Outgoing, rows)


def claim(session: Session, now: datetime) -> Outgoing | None:
    """The mail that has waited longest and is due, now `sending`; nobody else gets it."""
    due = (Outgoing.state == "waiting", sa.or_(Outgoing.next_at.is_(None), Outgoing.next_at <= now))
    wanted = sa.select(Outgoing.id).where(*due).order_by(Outgoing.created_at, Outgoing.id).limit(1)
    # Asked first: PostgreSQL may run a locking sub-query of an update more than once, and take more than one.
    found = session.scalar(wanted.with_for_update(skip_locked=True))
    taken = {"state": "sending", "attempts": Outgoing.attempts + 1, "started_at": now, "next_at": None}
    claimed = sa.update(Outgoing).where(Outgoing.id == found, *due).values(**taken).returning(Outgoing.id)
    ours = session.scalar(claimed.execution_options(synchronize_session=False)) if found else None
    return session.get(Outgoing, ours) if ours else None


def settle(session: Session, id: str, started_at: datetime, **values: Any) -> bool:
    """Notes how an attempt ended; False when it is no longer ours (it took so long that it was given to another)."""
    own = (Outgoing.id == id, Outgoing.state == "sending", Outgoing.started_at == started_at)
    done = sa.update(Outgoing).where(*own).values(**values).returning(Outgoing.id)
    return session.scalar(done.execution_options(synchronize_session=False)) is not None


def recover(session: Session, now: datetime, said: str) -> list[Outgoing]:
    """Attempts whose process died: back to waiting, with the same bytes and id; failed when they were too many."""
    died = (Outgoing.state == "sending", Outgoing.started_at < now - LEASE)
    found = list(session.scalars(sa.select(Outgoing).where(*died)))
    for one in found:
        last = one.attempts >= MOST_ATTEMPTS
        one.state, one.error = "failed" if last else "waiting", said
        one.next_at = None if last else now + pause(one.attempts)
    return found


def change_state(session: Session, id: str, before: Collection[State], **values: Any) -> bool:
    """By a person; False when the mail is in none of the states `before` any more."""
    changed = sa.update(Outgoing).where(Outgoing.id == id, Outgoing.state.in_(before)).values(**values)
    return session.scalar(changed.returning(Outgoing.id).execution_options(synchronize_session=False)) is not None


def one(session: Session, id: str, cities: Cities) -> Outgoing | None:
    """None also when it is of another city."""
    return session.scalar(sa.select(Outgoing).where(Outgoing.id == id, *_of(cities)))


def newest(session: Session, state: str, limit: int, offset: int, cities: Cities) -> list[Outgoing]:
    found = sa.select(Outgoing).where(*_of(cities)).order_by(Outgoing.created_at.desc(), Outgoing.id)
    found = found.where(Outgoing.state == state) if state else found
    return list(session.scalars(found.limit(limit).offset(offset)))


def states(session: Session, cities: Cities) -> dict[str, int]:
    counted = sa.select(Outgoing.state, sa.func.count()).where(*_of(cities)).group_by(Outgoing.state)
    return {row[0]: row[1] for row in session.execute(counted)}


def of_message(session: Session, message: str, cities: Cities) -> list[Outgoing]:
    """The replies to one mail, the newest first."""
    mine = (Outgoing.message == message, Outgoing.kind == "reply", *_of(cities))
    return list(session.scalars(sa.select(Outgoing).where(*mine).order_by(Outgoing.created_at.desc())))


def reminded(session: Session, programme: str, form: str) -> dict[str, datetime]:
    """When each school was last asked for a form, by its code; cancelled ones do not count."""
    asked = (Outgoing.kind == "reminder", Outgoing.programme == programme, Outgoing.form == form)
    when = sa.select(Outgoing.school, sa.func.max(Outgoing.created_at)).where(*asked, Outgoing.state != "cancelled")
    return {row[0]: row[1] for row in session.execute(when.group_by(Outgoing.school)) if row[0]}


def senders(session: Session) -> list[tuple[str, str, datetime | None]]:
    """School code, address and time of every mail that brought a form of a decided school, the newest first."""
    address = Record.body["source"]["sender"].as_string()
    found = sa.select(Record.school_code, address, sa.func.max(Record.received_at)).where(
        Record.school_code.is_not(None), address.is_not(None), address != ""
    )
    rows = session.execute(found.group_by(Record.school_code, address)).all()
    return sorted(((row[0], row[1], row[2]) for row in rows), key=lambda row: str(row[2] or ""), reverse=True)


def _of(cities: Cities) -> list[sa.ColumnElement[bool]]:
    return [Outgoing.city.in_(cities)] if cities else []
