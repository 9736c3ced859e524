"""Hands a level's task over to another person for a time, and takes it back."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from api.accounts.actor import Actor, may
from api.audit.log import append
from api.review.refusals import Refused
from api.review.rules import Delegation
from api.store import changes as sql
from api.store.tables import DelegationRow, User

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def delegate(session: Session, actor: Actor, given: Delegation, reason: str = "") -> DelegationRow:
    """In the caller's transaction. Whether both roles fit the level is asked when a record is decided.

    Raises Refused.
    """
    if not may(actor, "decide"):
        raise Refused("您没有审核的权限", 403)
    if not FIRST < given.since < given.until < LAST or given.until <= datetime.now(UTC):
        raise Refused("结束时间应在现在和开始时间之后")
    to = session.get(User, given.to)
    if to is None or to.disabled or to.role == "auditor" or to.name == actor.name:
        raise Refused("请指定另一位可以审核的人员")
    row = DelegationRow(
        level=given.level, by=actor.name, role=actor.role, to=to.name, since=given.since, until=given.until,
        programme=given.programme, record=given.record, reason=reason,
    )  # fmt: skip
    session.add(row)
    session.flush()
    told = {"number": row.number, "level": row.level, "to": row.to, "until": given.until.isoformat()}
    append(session, actor, "delegation.made", record=given.record, detail=told)
    return row


def listed(session: Session, actor: Actor) -> list[DelegationRow]:
    """Those that hold: an administrator sees all, others what they gave and got."""
    return list(sql.delegations(session, datetime.now(UTC), None if may(actor, "admin") else actor.name))


def end(session: Session, actor: Actor, number: int) -> None:
    """By its giver or an administrator. Raises Refused."""
    row = session.get(DelegationRow, number)
    if row is None or row.ended_at is not None or not (row.by == actor.name or may(actor, "admin")):
        raise Refused("没有这项委托", 404)
    row.ended_at = datetime.now(UTC)
    append(session, actor, "delegation.ended", record=row.record, detail={"number": number})
