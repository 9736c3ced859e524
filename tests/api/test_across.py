"""Findings across documents in the store: whatever the order of taking, the same; people's decisions stay."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.store import across as sql
from api.store import work
from api.store.engine import Store
from api.store.tables import FindingRow
from matching.across.filed import Filed
from tests.api.bundles import judge, kept, messages_of, save
from tests.matching.bundles import (
    A_SCHOOL,
    ANHUI,
    Bundle,
    a_report,
    a_sheet,
    a_summary,
    all_bundles,
    an_increase,
)

ROWS = [("甲类运维", "中级", 50), ("乙类开发", "初级", 80), ("丙类推广", "高级", 60)]
CHANGED = [*ROWS[:2], ("丙类推广", "高级", 90)]
YEAR = (
    a_summary("first", ROWS, message="mail 1"),
    a_sheet("sheet 1", ROWS[0], message="mail 1", place=1),
    a_sheet("sheet 2", ROWS[1], message="mail 1", place=2),
    a_summary("second", CHANGED, 3),
    a_summary("again", CHANGED, 4),
    an_increase("increase", [("丙类推广", "高级", 60, 95)]),
    a_report("may", 5, {"target": 220, "total_assessed": 30}),
    a_report("june", 6, {"target": 230, "total_assessed": 20}),
)
SCHOOL = (A_SCHOOL.code, ANHUI.key)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/a.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    store = Store(url)
    yield store
    store.close()


def codes(store: Store, record: str) -> list[str]:
    return [code for code, *_ in kept(store)[record][2]]


def test_a_years_documents_are_judged_together(store: Store) -> None:
    for batch in messages_of(YEAR):
        save(store, batch)
    outcome = {record: (*told[:2], [code for code, *_ in told[2]]) for record, told in kept(store).items()}
    assert outcome == {
        "first": ("superseded", "ready", []),
        "sheet 1": ("review", "ready", []),
        "sheet 2": ("review", "ready", []),
        "second": ("review", "ask", ["mail.supersedes", "set.missing"]),
        "again": ("review", "ask", ["mail.duplicate"]),
        "increase": ("review", "ask", ["increase.base"]),
        "may": ("review", "ready", []),
        "june": ("review", "ask", ["progress.falls", "progress.target"]),
    }  # fmt: skip


def test_a_finding_is_a_row_too(store: Store) -> None:
    for batch in messages_of(YEAR):
        save(store, batch)
    with store.reading() as session:
        rows = [(row.place, row.code) for row in session.query(FindingRow).filter_by(record="june")]
    assert sorted(rows) == [(0, "progress.falls"), (1, "progress.target")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(messages_of(YEAR)), twice=st.booleans())
def test_the_order_of_taking_changes_nothing(order: list[tuple[Filed, ...]], twice: bool) -> None:
    with TemporaryDirectory() as here, TemporaryDirectory() as there:
        stores = [Store(f"sqlite:///{folder}/a.sqlite") for folder in (here, there)]
        for store, batches in zip(stores, (messages_of(YEAR), order), strict=True):
            for batch in batches:
                save(store, batch)
        if twice:  # a message that is processed again changes nothing either
            save(stores[1], order[0])
        outcomes = [kept(store) for store in stores]
        for store in stores:
            store.close()
    assert outcomes[0] == outcomes[1]


# What this builder of records leaves out: rounds, electronic versions, prints, the platform's list.
TOLD = [
    bundle
    for bundle in {bundle.name: bundle for bundle in all_bundles()}.values()
    if not (bundle.platform or bundle.specimens or "bureau" in bundle.name)
    and not any(one.round or one.attached or any(seal.print for seal in one.seals) for one in bundle.documents)
    and ("list", "expert.quota") not in bundle.expected
]


@pytest.mark.parametrize("bundle", TOLD[::2], ids=lambda bundle: bundle.name)
def test_the_store_says_what_the_core_says(bundle: Bundle, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/a.sqlite")
    for batch in reversed(messages_of(bundle.documents)):
        save(store, batch, bundle.programme)
    found = {(record, code) for record, (_, _, findings) in kept(store).items() for code, *_ in findings}
    assert found == set(bundle.expected)
    assert {record for record, (state, *_) in kept(store).items() if state == "superseded"} == bundle.superseded


def test_judging_again_writes_nothing(store: Store) -> None:
    for batch in messages_of(YEAR):
        save(store, batch)
    with store.reading() as session:
        before = {one.id: one.updated_at for one in work.records(session)}
    with store.session() as session:
        judge(session, {SCHOOL})
    with store.reading() as session:
        assert {one.id: one.updated_at for one in work.records(session)} == before


@pytest.mark.parametrize("state", ["accepted", "returned", "rejected"])
def test_what_a_person_decided_is_not_changed(store: Store, state: str) -> None:
    save(store, [replace(a_summary("first", ROWS), state=state)])  # type: ignore[arg-type]
    save(store, [a_summary("second", CHANGED, 3)])
    assert kept(store)["first"][0] == state


def test_a_replaced_record_comes_back_when_its_successor_is_anothers(store: Store) -> None:
    first, second = a_summary("first", ROWS), a_summary("second", CHANGED, 3)
    save(store, [first])
    save(store, [second])
    assert kept(store)["first"][0] == "superseded"
    save(store, [replace(second, ours=False)])  # looked at again, its school is not decided any more
    assert (kept(store)["first"][0], codes(store, "second")) == ("review", [])


def test_nothing_is_missing_while_a_sheet_of_the_mail_has_no_school(store: Store) -> None:
    documents = [a_summary("summary", ROWS[:2]), a_sheet("sheet 1", ROWS[0]), a_sheet("sheet 2", ROWS[1], ours=False)]
    save(store, [replace(one, message="mail", place=n) for n, one in enumerate(documents)])
    assert codes(store, "summary") == []


def test_specimens_are_kept_of_the_first_accepted_record(store: Store) -> None:
    accepted = replace(a_summary("first", ROWS), state="accepted")
    save(store, [accepted, a_report("may", 5, {}, message="mail of first", place=1)])
    with store.session() as session:
        counts = [sql.keep_specimens(session, one, one.created_at) for one in work.records(session) for _ in range(2)]
    with store.reading() as session:
        assert (counts, [one.body["owner"] for one in sql.specimens(session, A_SCHOOL.code)]) == (
            [1, 0, 0, 0],
            ["same"],
        )


def test_messages_saved_at_once_are_judged_as_one_after_the_other(store: Store) -> None:
    batches = messages_of(YEAR)
    with ThreadPoolExecutor(len(batches)) as pool:
        for done in [pool.submit(save, store, batch) for batch in batches]:
            done.result()
    at_once = kept(store)
    with store.session() as session:
        judge(session, {SCHOOL})
    assert kept(store) == at_once
    assert at_once["first"][0] == "superseded"
