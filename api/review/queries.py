"""Every question that pages, API and export ask the store; SQL of the review lives here only. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.store.tables import Message, PageRow, Record

Body = dict[str, Any]
Cities = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records; None asks nothing. `q`: words, each of which stands in school, certificates, rows or source.

    cities: the only ones whose records may be seen; empty: all, and those of no city.
    """

    form: str | None = None
    lane: str | None = None
    state: str | None = None
    programme: str | None = None
    q: str | None = None
    cities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records each choice of a filter would leave, the other filters as they are."""

    lanes: dict[str, int]
    states: dict[str, int]
    forms: dict[str | None, int]
    programmes: dict[str | None, int]


def record_count(session: Session, chosen: Filter) -> int:
    return session.scalar(select(func.count()).select_from(Record).where(*_conditions(chosen))) or 0


def record_list(session: Session, chosen: Filter, limit: int, offset: int) -> list[Body]:
    """The contract's records, the newest first."""
    found = _newest_first(select(Record.body).where(*_conditions(chosen)))
    return list(session.scalars(found.limit(limit).offset(offset)))


def record_bodies(session: Session, chosen: Filter) -> Iterator[Body]:
    """Every record of the filter in the order of arrival, for an export; read in portions."""
    found = select(Record.body).where(*_conditions(chosen))
    yield from session.scalars(
        found.order_by(Record.received_at, Record.message, Record.place).execution_options(yield_per=200)
    )


def record_body(session: Session, id: str, cities: Cities = ()) -> Body | None:
    """None also when the record is of another city."""
    return session.scalar(select(Record.body).where(Record.id == id, *_of_cities(cities)))


def record(session: Session, id: str, cities: Cities = ()) -> Record | None:
    """None also when the record is of another city."""
    return session.scalar(select(Record).where(Record.id == id, *_of_cities(cities)))


def record_counts(session: Session, chosen: Filter) -> Counts:
    def by(column: InstrumentedAttribute[Any], but: Filter) -> dict[Any, int]:
        rows = session.execute(select(column, func.count()).where(*_conditions(but)).group_by(column).order_by(column))
        return {row[0]: row[1] for row in rows}

    return Counts(
        lanes=by(Record.lane, replace(chosen, lane=None)),
        states=by(Record.state, replace(chosen, state=None)),
        forms=by(Record.form, replace(chosen, form=None)),
        programmes=by(Record.programme, replace(chosen, programme=None)),
    )


def neighbours(session: Session, id: str, chosen: Filter) -> tuple[str | None, str | None]:
    """The records before and after `id` in the filtered list (one window function, whatever the dialect)."""
    order = (Record.received_at.desc().nulls_last(), Record.message, Record.place, Record.id)
    around = (
        select(
            Record.id,
            func.lag(Record.id).over(order_by=order).label("before"),
            func.lead(Record.id).over(order_by=order).label("after"),
        )
        .where(*_conditions(chosen))
        .subquery()
    )
    found = session.execute(select(around.c.before, around.c.after).where(around.c.id == id)).first()
    return (found[0], found[1]) if found else (None, None)


def record_message(session: Session, id: str) -> str | None:
    """The hash of the message that a record came in."""
    return session.scalar(select(Record.message).where(Record.id == id))


def page_rows(session: Session, id: str, cities: Cities = ()) -> list[PageRow | None]:
    """The record's pages in its order; none of a record of another city."""
    opened = record(session, id, cities)
    if opened is None:
        return []
    rows = session.scalars(select(PageRow).where(PageRow.message == opened.message).order_by(PageRow.place.desc()))
    found = {(row.file, row.number): row for row in rows}
    return [found.get((page["sha256"], page["page"])) for page in opened.body["source"]["pages"]]


def page_views(session: Session, id: str, cities: Cities = ()) -> list[str]:
    """Keys of the record's page pictures in the record's order; "" where there is none (office files)."""
    return [row.view if row else "" for row in page_rows(session, id, cities)]


def message_count(session: Session, state: str | None, cities: Cities = ()) -> int:
    found = select(func.count()).select_from(Message).where(*_with_records_of(cities))
    return session.scalar(found.where(Message.state == state) if state else found) or 0


def message_list(session: Session, state: str | None, limit: int, offset: int, cities: Cities = ()) -> list[Message]:
    """The newest first: by receipt, else by when it was taken."""
    found = select(Message).where(*_with_records_of(cities))
    found = found.order_by(func.coalesce(Message.received_at, Message.taken_at).desc(), Message.sha256)
    return list(session.scalars((found.where(Message.state == state) if state else found).limit(limit).offset(offset)))


def message(session: Session, sha256: str, cities: Cities = ()) -> Message | None:
    """None also when no record of the message is of these cities."""
    return session.scalar(select(Message).where(Message.sha256 == sha256, *_with_records_of(cities)))


def message_states(session: Session, cities: Cities = ()) -> dict[str, int]:
    counted = select(Message.state, func.count()).where(*_with_records_of(cities))
    rows = session.execute(counted.group_by(Message.state).order_by(Message.state))
    return {row[0]: row[1] for row in rows}


def message_records(session: Session, messages: list[str], cities: Cities = ()) -> dict[str, list[Body]]:
    """The records of each message, in their order; only those of these cities."""
    found: dict[str, list[Body]] = {sha256: [] for sha256 in messages}
    here = (Record.message.in_(messages), *_of_cities(cities))
    rows = session.execute(select(Record.message, Record.body).where(*here).order_by(Record.message, Record.place))
    for sha256, body in rows:
        found[sha256].append(body)
    return found


def message_pages(session: Session, sha256: str) -> list[PageRow]:
    return list(session.scalars(select(PageRow).where(PageRow.message == sha256).order_by(PageRow.place)))


def _newest_first(found: Select[Any]) -> Select[Any]:
    return found.order_by(Record.received_at.desc().nulls_last(), Record.message, Record.place, Record.id)


def _conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    asked = _of_cities(chosen.cities)
    if chosen.form is not None:
        asked.append(Record.form.is_(None) if chosen.form in ("", "none") else Record.form == chosen.form)
    if chosen.lane:
        asked.append(Record.lane == chosen.lane)
    if chosen.state:
        asked.append(Record.state == chosen.state)
    if chosen.programme:
        asked.append(Record.programme == chosen.programme)
    return asked + [_holds(word) for word in (chosen.q or "").split()]


def _of_cities(cities: Cities) -> list[ColumnElement[bool]]:
    return [Record.city.in_(cities)] if cities else []


def _with_records_of(cities: Cities) -> list[ColumnElement[bool]]:
    here = select(Record.id).where(Record.message == Message.sha256, *_of_cities(cities))
    return [here.exists()] if cities else []


def _holds(word: str) -> ColumnElement[bool]:
    return or_(Record.id.startswith(word, autoescape=True), Record.search.contains(word.lower(), autoescape=True))
