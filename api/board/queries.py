"""What the dashboard asks the store."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.board.figures import Decision, Fact
from api.review.rules import ACTIONS
from api.store.tables import Change, FindingRow, Record

Cities = tuple[str, ...]


def facts(session: Session, programme: str | None, cities: Cities) -> list[Fact]:
    """programme: None is all; cities: () is all."""
    decided = (
        sa.select(Change.record, sa.func.max(Change.at).label("at"))
        .where(Change.kind.in_(ACTIONS), Change.undone_by.is_(None))
        .group_by(Change.record)
        .subquery()
    )
    touched = sa.select(Change.record).where(
        Change.kind.not_in((*ACTIONS, "undo", "sample")), Change.undone_by.is_(None)
    )
    found = (
        sa.select(
            Record.form, Record.city, Record.state, Record.lane, Record.received_at, decided.c.at,
            Record.id.in_(touched),
        )
        .outerjoin(decided, decided.c.record == Record.id)
        .where(*_of(programme, cities))
    )  # fmt: skip
    return [
        Fact(form, city, state, lane, received, settled, bool(changed))
        for form, city, state, lane, received, settled, changed in session.execute(found)
    ]


def decisions(session: Session, programme: str | None, cities: Cities) -> list[Decision]:
    found = (
        sa.select(Change.by, Change.at)
        .join(Record, Record.id == Change.record)
        .where(Change.kind.in_(ACTIONS), *_of(programme, cities))
    )
    return [Decision(*row) for row in session.execute(found)]


def commonest(session: Session, programme: str | None, cities: Cities, limit: int) -> list[tuple[str, int]]:
    """In how many records each error or question stands, the commonest first."""
    count = sa.func.count(sa.distinct(FindingRow.record))
    found = (
        sa.select(FindingRow.code, count)
        .join(Record, Record.id == FindingRow.record)
        .where(FindingRow.severity != "info", *_of(programme, cities))
        .group_by(FindingRow.code)
        .order_by(count.desc(), FindingRow.code)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(found)]


def programmes(session: Session, cities: Cities) -> list[str]:
    found = sa.select(Record.programme).where(Record.programme.is_not(None), *_of(None, cities)).distinct()
    return [key for key in session.scalars(found.order_by(Record.programme)) if key]


def _of(programme: str | None, cities: Cities) -> list[sa.ColumnElement[bool]]:
    asked = [Record.programme == programme] if programme else []
    return [*asked, Record.city.in_(cities)] if cities else asked
