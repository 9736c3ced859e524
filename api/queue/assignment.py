"""Whose task a record is: take the next, give, put back. The commit is left to the caller."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.audit.log import append
from api.queue.filter import Filter, conditions, ordered
from api.store.tables import Hold, Record, User


def assign(session: Session, actor: Actor, record: str, to: str | None) -> bool:
    """Makes a record somebody's task, nobody's when `to` is None; False when it was so already."""
    here = (Record.id == record, Record.assignee.is_distinct_from(to))
    if not _changed(session, sa.update(Record).where(*here).values(assignee=to)):
        return False
    append(session, actor, "record.assigned", record=record, detail={"to": to})
    return True


def take_next(session: Session, actor: Actor, chosen: Filter) -> str | None:
    """The first open record of the filter, by due day, that is nobody's and in nobody's hand: now it is the actor's.

    Ready records are for acceptance in bulk, so that they come last. None when nothing is left.
    """
    wanted = replace(chosen, state="review", assignee="none", sort="due", order="asc")
    held = sa.select(Hold.record).where(Hold.until > datetime.now(UTC), Hold.by != actor.name)
    found = sa.select(Record.id).where(*conditions(session, wanted), Record.id.not_in(held))
    found = found.order_by(Record.lane == "ready", *ordered(wanted)).limit(1)
    while record := session.scalar(found):
        here = (Record.id == record, Record.assignee.is_(None))  # another may have taken it in the meantime
        if _changed(session, sa.update(Record).where(*here).values(assignee=actor.name)):
            append(session, actor, "record.assigned", record=record, detail={"to": actor.name})
            return record
    return None


def people(session: Session) -> dict[str, str]:
    """Who may have tasks: login names with the names for people."""
    found = sa.select(User.name, User.shown).where(User.disabled.is_(False), User.role != "auditor")
    return {row[0]: row[1] for row in session.execute(found.order_by(User.name))}


def _changed(session: Session, update: sa.Update) -> bool:
    return bool(session.scalars(update.returning(Record.id).execution_options(synchronize_session=False)).all())
