"""Random records for the tests of the queue, and what a filter means, said plainly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from api.queue import facets
from api.queue.facets import FACETS, NONE
from api.queue.filter import Filter
from api.record import CHINA
from api.store.engine import Store
from api.store.tables import FindingRow, Message, Record
from tests.api.records import MORNING, a_message, a_reading, a_record

TODAY = date(2023, 4, 1)
CITIES = (None, "合肥市", "芜湖市")
CODES = ("date.missing", "mail.late", "seal.missing")
WORDS = ("昆明", "昆明学院", "学院", "院", "明学", "a", "ab", "abc", "100%", '"', "约60", "昆 学", "没有", "x_y", "'")


@dataclass(frozen=True)
class Row:
    """One record: its facets, its codes, and what stands on the paper."""

    lane: str
    state: str
    level: str | None
    programme: str | None
    city: str | None
    kind: str | None
    form: str | None
    assignee: str | None
    received_at: datetime | None
    due_on: date | None
    codes: tuple[str, ...] = ()
    text: str = ""
    id: str = field(default="", compare=False)

    def value(self, facet: str) -> str:
        if facet == "age":
            return facets.age(self.received_at, TODAY)
        if facet == "due":
            return facets.due(self.due_on, TODAY)
        value: str | None = getattr(self, facet)
        return value or NONE

    def fits(self, chosen: Filter) -> bool:
        """What `api.queue.filter` says in SQL."""
        facets_fit = all(self.value(facet) == value for facet, value in chosen.facets().items())
        seen = not chosen.cities or self.city in chosen.cities
        has_code = not chosen.finding or chosen.finding in self.codes
        return facets_fit and seen and has_code and all(word.lower() in self.text for word in (chosen.q or "").split())


rows = st.lists(
    st.builds(
        Row,
        lane=st.sampled_from(("ready", "ask", "parked")),
        state=st.sampled_from(("review", "accepted")),
        level=st.sampled_from((None, "city")),
        programme=st.sampled_from((None, "anhui-2023")),
        city=st.sampled_from(CITIES),
        kind=st.sampled_from((None, "secondary", "undergraduate")),
        form=st.sampled_from((None, "anhui/summary")),
        assignee=st.sampled_from((None, "li", "wang")),
        received_at=st.none()
        | st.integers(-50, 3000).map(lambda hours: datetime(2023, 4, 1, tzinfo=CHINA) - timedelta(hours=hours)),
        due_on=st.none() | st.integers(-9, 12).map(lambda days: TODAY + timedelta(days=days)),
        codes=st.lists(st.sampled_from(CODES), max_size=3).map(tuple),
        text=st.text("昆明学院约a bcx_y'\"100%6", max_size=8).map(str.strip),
    ),
    max_size=12,
)

values: dict[str, st.SearchStrategy[str | None]] = {
    "lane": st.sampled_from((None, "ready", "ask")),
    "state": st.sampled_from((None, "review")),
    "level": st.sampled_from((None, "city", NONE)),
    "programme": st.sampled_from((None, "anhui-2023", NONE)),
    "city": st.sampled_from((None, "合肥市", NONE)),
    "kind": st.sampled_from((None, "secondary", NONE)),
    "form": st.sampled_from((None, "anhui/summary", NONE)),
    "assignee": st.sampled_from((None, "li", NONE)),
    "age": st.sampled_from((None, NONE, facets.OLD, *(key for key, _ in facets.AGES))),
    "due": st.sampled_from((None, NONE, facets.LATER, *(key for key, _ in facets.DUES))),
}
few = st.sets(st.sampled_from(FACETS), max_size=3)
filters = few.flatmap(
    lambda asked: st.builds(
        Filter,
        today=st.just(TODAY),
        q=st.none() | st.sampled_from(WORDS),
        cities=st.sampled_from(((), ("合肥市",), ("合肥市", "芜湖市"))),
        finding=st.none() | st.sampled_from(CODES),
        sort=st.sampled_from(("received", "due", "school")),
        order=st.sampled_from(("asc", "desc")),
        **{facet: values[facet] for facet in asked},
    )
)


def fill(store: Store, made: list[Row]) -> list[Row]:
    """These records only; given back with their ids."""
    with store.session() as session:
        for table in (FindingRow, Record, Message):
            session.execute(sa.delete(table))
        session.add(a_message("1"))
        session.flush()
        kept = [Row(**{**vars(row), "id": f"{place:020}"}) for place, row in enumerate(made)]
        for place, row in enumerate(kept):
            session.add(_record(row, place))
        session.flush()
        for row in kept:
            for place, code in enumerate(row.codes):
                session.add(FindingRow(record=row.id, place=place, code=code, severity="error", message=""))
    return kept


def _record(row: Row, place: int) -> Record:
    told: dict[str, Any] = {key: getattr(row, key) for key in ("lane", "state", "level", "programme", "form")}
    nothing: dict[str, Any] = {"rows": [], "findings": [], "seals": [], "signatures": []}
    nothing |= {"fields": {"school": a_reading(row.text)}, "source": {"pages": []}}
    told |= {"school_kind": row.kind, "due": row.due_on.isoformat() if row.due_on else None}
    body = a_record(id=row.id, matches={"school": None, "certificate": None, "rows": []}, **told, **nothing)
    columns = {key: getattr(row, key) for key in ("lane", "state", "programme", "form", "city", "assignee")}
    columns |= {key: getattr(row, key) for key in ("received_at",)}
    return Record(
        id=row.id,
        message=a_message("1").sha256,
        place=place,
        created_at=MORNING,
        updated_at=MORNING,
        body=body,
        **columns,
    )
