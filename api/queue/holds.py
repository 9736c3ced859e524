"""The soft lock: who opens a record to work on it holds it for some minutes, longer with each sign of life.

Another one is told who holds it, and may look or, knowingly, take it over; the first is told with her next sign of
life. The commit is left to the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.audit.log import append
from api.store.tables import Hold

LASTS = timedelta(seconds=150)
BEAT = 20
"""Seconds between two signs of life: some may be lost on the way."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a record in hand. mine: whether that is who asks."""

    by: str
    shown: str
    since: datetime
    until: datetime
    mine: bool


def holder(session: Session, record: str, now: datetime | None = None) -> Hold | None:
    """Who holds a record at this moment."""
    found = session.get(Hold, record, populate_existing=True)
    return found if found and found.until > (now or datetime.now(UTC)) else None


def held_by_others(session: Session, records: list[str], actor: Actor, now: datetime | None = None) -> dict[str, str]:
    """Which of these records somebody else holds, with her name for people."""
    now = now or datetime.now(UTC)
    found = sa.select(Hold.record, Hold.shown).where(Hold.record.in_(records), Hold.until > now, Hold.by != actor.name)
    return {row[0]: row[1] for row in session.execute(found)}


def hold(session: Session, actor: Actor, record: str, now: datetime | None = None, *, take_over: bool = False) -> Held:
    """Takes a record in hand, or says once more that one has it. Whoever holds it keeps it, unless it is taken over."""
    now = now or datetime.now(UTC)
    before = holder(session, record, now)
    mine = before is not None and before.by == actor.name
    values = {"by": actor.name, "shown": actor.shown, "since": before.since if before and mine else now}
    values["until"] = now + LASTS
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    free = sa.true() if take_over else sa.or_(Hold.by == actor.name, Hold.until <= now)
    statement = dialect.insert(Hold).values(record=record, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["record"], set_=values, where=free))
    if before and not mine and take_over:
        append(session, actor, "record.taken_over", record=record, detail={"from": before.by})
    after = session.get_one(Hold, record, populate_existing=True)
    return Held(after.by, after.shown, after.since, after.until, after.by == actor.name)


def release(session: Session, actor: Actor, record: str) -> None:
    """Puts a record down, if it is in one's own hand."""
    session.execute(sa.delete(Hold).where(Hold.record == record, Hold.by == actor.name))
