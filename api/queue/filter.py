"""Which records, in SQL: the filter of lists, counts and exports, its order, and what is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.queue import facets
from api.queue.facets import FACETS, NONE
from api.record import CHINA
from api.store.tables import FindingRow, Record

Sort = Literal["received", "due", "school"]
Order = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records, and in which order; None asks nothing.

    q: words, each of which stands in what was read. finding: a code that it has.
    cities: those that the asker may see, whatever she asks for; empty: all.
    The others are the facets of `api.queue.facets`; "none" asks for the records that have none.
    today: what age and due are counted from, by default the day of asking in China.
    """

    form: str | None = None
    lane: str | None = None
    state: str | None = None
    programme: str | None = None
    q: str | None = None
    cities: tuple[str, ...] = ()
    level: str | None = None
    city: str | None = None
    kind: str | None = None
    assignee: str | None = None
    age: str | None = None
    due: str | None = None
    finding: str | None = None
    today: date | None = None
    sort: Sort = "received"
    order: Order = "desc"

    def facets(self) -> dict[str, str]:
        """Those that are chosen."""
        asked = {facet: getattr(self, facet) for facet in FACETS}
        return {facet: value or NONE for facet, value in asked.items() if value is not None}

    def day(self) -> date:
        return self.today or datetime.now(CHINA).date()


def conditions(session: Session, chosen: Filter) -> list[sa.ColumnElement[bool]]:
    """What a record must fulfil."""
    values = _values(chosen.day())
    asked = [_is(values[facet], value) for facet, value in chosen.facets().items()]
    return asked + beside_facets(session, chosen) + _has_finding(chosen)


def beside_facets(session: Session, chosen: Filter) -> list[sa.ColumnElement[bool]]:
    """The cities that may be seen, and the words."""
    seen = [Record.city.in_(chosen.cities)] if chosen.cities else []
    sqlite = session.get_bind().dialect.name == "sqlite"
    return seen + [_holds(word.lower(), sqlite) for word in (chosen.q or "").split()]


def ordered(chosen: Filter) -> tuple[sa.ColumnElement[Any], ...]:
    """Of the same day or school the newest first; who has neither comes last either way."""
    column: Any = {"received": Record.received_at, "due": Record.due_on, "school": Record.school_key}[chosen.sort]
    way = column.asc() if chosen.order == "asc" else column.desc()
    newest = () if chosen.sort == "received" else (Record.received_at.desc().nulls_last(),)
    nameless = (Record.school_key == "",) if chosen.sort == "school" else ()
    return (*nameless, way.nulls_last(), *newest, Record.message, Record.place, Record.id)


def facet_counts(session: Session, chosen: Filter) -> dict[str, dict[str, int]]:
    """How many records each value of each facet would leave, the other choices as they are; none is not named."""
    values, wanted = _values(chosen.day()), chosen.facets()
    columns = [sa.func.coalesce(values[facet], NONE).label(f"f_{facet}") for facet in FACETS]
    found = sa.select(*columns).where(*beside_facets(session, chosen), *_has_finding(chosen)).cte("found")

    def counted(facet: str) -> sa.Select[Any]:
        others = [found.c[f"f_{other}"] == value for other, value in wanted.items() if other != facet]
        column = found.c[f"f_{facet}"]
        return sa.select(sa.literal(facet), column, sa.func.count()).where(*others).group_by(column)

    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for facet, value, count in sorted(session.execute(sa.union_all(*(counted(facet) for facet in FACETS))).all()):
        counts[facet][value] = count
    return counts


def finding_counts(session: Session, chosen: Filter) -> dict[str, int]:
    """How many records each code would leave, whichever code is chosen now."""
    beside = conditions(session, replace(chosen, finding=None))
    found = sa.select(FindingRow.code, sa.func.count(FindingRow.record.distinct())).group_by(FindingRow.code)
    if beside:
        found = found.where(FindingRow.record.in_(sa.select(Record.id).where(*beside)))
    return {row[0]: row[1] for row in session.execute(found.order_by(FindingRow.code))}


def _values(today: date) -> dict[str, Any]:
    """The facets as columns; `age` and `due` by the same bounds as in `api.queue.facets`."""
    ages: list[tuple[sa.ColumnElement[bool], str]] = [(Record.received_at.is_(None), NONE)]
    ages += [(Record.received_at >= first, key) for key, first in facets.first_of_ages(today)]
    dues: list[tuple[sa.ColumnElement[bool], str]] = [(Record.due_on.is_(None), NONE)]
    dues += [(Record.due_on <= last, key) for key, last in facets.last_of_dues(today)]
    columns: dict[str, Any] = {facet: getattr(Record, facet) for facet in FACETS if facet not in ("age", "due")}
    return columns | {
        "age": sa.case(*ages, else_=facets.OLD),
        "due": sa.case(*dues, else_=facets.LATER),
    }


def _is(column: Any, value: str) -> sa.ColumnElement[bool]:
    if value == NONE and isinstance(column, sa.Case):
        return column == NONE
    none: sa.ColumnElement[bool] = column.is_(None)
    return none if value == NONE else column == value


def _has_finding(chosen: Filter) -> list[sa.ColumnElement[bool]]:
    if not chosen.finding:
        return []
    return [Record.id.in_(sa.select(FindingRow.record).where(FindingRow.code == chosen.finding))]


def _holds(word: str, sqlite: bool) -> sa.ColumnElement[bool]:
    by_id = Record.id.startswith(word, autoescape=True)
    if sqlite:
        return sa.or_(by_id, Record.id.in_(_in_index(word)))
    return sa.or_(by_id, Record.search.contains(word, autoescape=True))


def _in_index(word: str) -> sa.Select[Any]:
    """The records that hold a word, by FTS5's trigrams; see migration 0007."""
    numbers = sa.table("search_numbers", sa.column("number"), sa.column("record"))
    if len(word) >= 3:
        quoted = '"' + word.replace('"', '""') + '"'
        match = sa.text("SELECT rowid FROM search_index WHERE search_index MATCH :word").bindparams(
            sa.bindparam("word", quoted, unique=True)
        )
        return sa.select(numbers.c.record).where(numbers.c.number.in_(match.columns(sa.column("rowid"))))
    terms = sa.table("search_terms", sa.column("term"), sa.column("doc"))
    begin = sa.select(terms.c.doc).where(terms.c.term >= word, terms.c.term < word + chr(0x10FFFF))
    return sa.select(numbers.c.record).where(numbers.c.number.in_(begin))
