"""The filter in SQL gives what it means, and every count is what its choice would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.queue.facets import FACETS
from api.queue.filter import Filter
from api.review import queries
from api.store.engine import Store
from tests.api.queue.stores import CODES, TODAY, Row, fill, filters, rows


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("queue")
    url = f"sqlite:///{folder / 'q.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("queue_url")
    opened = Store(url)
    yield opened
    opened.close()


@given(made=rows, chosen=filters)
@settings(max_examples=80)
def test_a_list_holds_what_fits_and_nothing_else(store: Store, made: list[Row], chosen: Filter) -> None:
    kept = fill(store, made)
    with store.reading() as session:
        found = [body["id"] for body in queries.record_list(session, chosen, 100, 0)]
        assert sorted(found) == [row.id for row in kept if row.fits(chosen)]
        assert queries.record_count(session, chosen) == len(found)


@given(made=rows, chosen=filters)
@settings(max_examples=60)
def test_each_count_is_what_its_choice_would_give(store: Store, made: list[Row], chosen: Filter) -> None:
    kept = fill(store, made)

    def left(**choice: str | None) -> int:
        return sum(row.fits(replace(chosen, **choice)) for row in kept)  # type: ignore[arg-type]

    with store.reading() as session:
        counts = queries.record_counts(session, chosen)
    assert counts.total == left()
    for facet in FACETS:
        asked = {value: left(**{facet: value}) for value in {row.value(facet) for row in kept}}
        assert counts.facets[facet] == {value: count for value, count in asked.items() if count}
    asked = {code: left(finding=code) for code in CODES}
    assert counts.findings == {code: count for code, count in asked.items() if count}


@given(made=rows, chosen=filters, size=st.integers(1, 5))
@settings(max_examples=40)
def test_pages_and_neighbours_follow_one_order(store: Store, made: list[Row], chosen: Filter, size: int) -> None:
    fill(store, made)
    with store.reading() as session:
        whole = [body["id"] for body in queries.record_list(session, chosen, 100, 0)]
        pages = [queries.record_list(session, chosen, size, at) for at in range(0, len(whole), size)]
        assert [body["id"] for page in pages for body in page] == whole
        around = [queries.neighbours(session, id, chosen) for id in whole]
        assert around == list(zip([None, *whole], [*whole[1:], None], strict=False))[: len(whole)]


def test_what_is_due_first_comes_first(store: Store) -> None:
    days = [None, 3, -1, 0]
    plain = Row("ask", "review", None, None, None, None, None, None, None, None)
    made = [replace(plain, due_on=None if day is None else TODAY.replace(day=10 + day)) for day in days]
    fill(store, made)
    with store.reading() as session:
        first = [body["id"][-1] for body in queries.record_list(session, Filter(sort="due", order="asc"), 9, 0)]
        last = [body["id"][-1] for body in queries.record_list(session, Filter(sort="due", order="desc"), 9, 0)]
    assert (first, last) == (["2", "3", "1", "0"], ["1", "3", "2", "0"])
