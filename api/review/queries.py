"""Every question that pages, API and export ask the store; SQL of the review lives here only. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from api.queue import filter
from api.queue.facets import NONE, total
from api.queue.filter import Filter as Filter
from api.queue.filter import conditions, ordered
from api.store.tables import Message, PageRow, Record

Body = dict[str, Any]
Cities = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records each choice would leave, the other choices as they are. Facets: by their names."""

    total: int
    facets: dict[str, dict[str, int]]
    findings: dict[str, int]

    @property
    def lanes(self) -> dict[str, int]:
        return self.facets["lane"]

    @property
    def states(self) -> dict[str, int]:
        return self.facets["state"]

    @property
    def forms(self) -> dict[str | None, int]:
        return {None if form == NONE else form: count for form, count in self.facets["form"].items()}

    @property
    def programmes(self) -> dict[str | None, int]:
        return {None if one == NONE else one: count for one, count in self.facets["programme"].items()}


def record_count(session: Session, chosen: Filter) -> int:
    return session.scalar(select(func.count()).select_from(Record).where(*conditions(session, chosen))) or 0


def record_list(session: Session, chosen: Filter, limit: int, offset: int) -> list[Body]:
    """The contract's records of one page of the list."""
    return [record.body for record in record_rows(session, chosen, limit, offset)]


def record_rows(session: Session, chosen: Filter, limit: int, offset: int) -> list[Record]:
    """One page of the list in its order."""
    ids = select(Record.id).where(*conditions(session, chosen)).order_by(*ordered(chosen)).limit(limit).offset(offset)
    places = {id: place for place, id in enumerate(session.scalars(ids))}  # bodies are fetched for these only
    found = session.scalars(select(Record).where(Record.id.in_(list(places))))
    return sorted(found, key=lambda record: places[record.id])


def record_ids(session: Session, chosen: Filter, limit: int) -> list[str]:
    """The first records of the list."""
    found = select(Record.id).where(*conditions(session, chosen)).order_by(*ordered(chosen))
    return list(session.scalars(found.limit(limit)))


def record_bodies(session: Session, chosen: Filter) -> Iterator[Body]:
    """Every record of the filter in the order of arrival, for an export; read in portions."""
    found = select(Record.body).where(*conditions(session, chosen))
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
    counts = filter.facet_counts(session, chosen)
    return Counts(total(counts, chosen.facets()), counts, filter.finding_counts(session, chosen))


def neighbours(session: Session, id: str, chosen: Filter) -> tuple[str | None, str | None]:
    """The records before and after `id` in the filtered list."""
    found = select(Record.id).where(*conditions(session, chosen)).order_by(*ordered(chosen))
    ids = list(session.scalars(found))  # an index holds all that is asked: quicker than a window function
    if id not in ids:
        return (None, None)
    place = ids.index(id)
    return (ids[place - 1] if place else None, ids[place + 1] if place + 1 < len(ids) else None)


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


def school_records(session: Session, code: str, cities: Cities = ()) -> list[Body]:
    """The newest records of a school that was decided on."""
    here = (Record.school_code == code, *_of_cities(cities))
    return list(session.scalars(select(Record.body).where(*here).order_by(*ordered(Filter())).limit(60)))


def message_pages(session: Session, sha256: str) -> list[PageRow]:
    return list(session.scalars(select(PageRow).where(PageRow.message == sha256).order_by(PageRow.place)))


def _of_cities(cities: Cities) -> list[ColumnElement[bool]]:
    return [Record.city.in_(cities)] if cities else []


def _with_records_of(cities: Cities) -> list[ColumnElement[bool]]:
    here = select(Record.id).where(Record.message == Message.sha256, *_of_cities(cities))
    return [here.exists()] if cities else []
