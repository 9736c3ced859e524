"""Files named by their content, and rows that survive being written twice; on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from api.export.service import export_records
from api.review.queries import Filter
from api.store import work
from api.store.engine import Store, migrate, open_engine
from api.store.exports import exports_of
from api.store.files import Files
from api.store.tables import Json, Record, Table, UtcTime
from api.store.work import Progress

NOW = datetime(2023, 3, 28, 1, 12, tzinfo=UTC)
THEIRS = ("dbos", "search_", "records_by_text")
"""Tables of the engine, and of the search by substring that each database does in its own way."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/a.sqlite"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store(url)
    yield store
    store.close()


def add(store: Store, message: str) -> bool:
    with store.session() as session:
        return work.add_message(session, message, kind="mail", name="", taken_at=NOW, received_at=None)


def record(identity: str, message: str, *codes: str, state: str = "review") -> Record:
    findings = [{"code": c, "severity": "error", "field": None, "row": None, "message": "……"} for c in codes]
    body: dict[str, Any] = {"id": identity, "state": state, "level": None, "lane": "ask", "findings": findings}
    body |= {"form": None, "fields": {}, "rows": [], "matches": {"school": None, "certificate": None, "rows": []}}
    body |= {"seals": [], "signatures": []}
    return Record(
        id=identity, message=message, place=0, programme=None, form=None, state=state, lane="ask", school_code=None,
        received_at=NOW, created_at=NOW, updated_at=NOW, body=body,
    )  # fmt: skip


def test_bytes_come_back_under_the_hash_of_their_content(tmp_path: Path) -> None:
    files = Files(str(tmp_path))
    key = files.put(b"paper")
    assert (key, files.get(key), files.put(b"paper")) == (key, b"paper", key)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [key]


def test_what_is_no_key_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Files(str(tmp_path)).get("../../etc/passwd")


def test_files_may_lie_on_any_store_that_fsspec_knows() -> None:
    files = Files("memory://yinjian")
    assert files.get(files.put(b"paper")) == b"paper"


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        ours = [d for d in compare_metadata(context, Table.metadata) if not any(one in str(d) for one in THEIRS)]
    assert ours == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_new_store_is_opened_by_several_processes_at_once(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/a.sqlite" if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    command = [sys.executable, "-c", f"from api.store.engine import Store; Store({url!r})"]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert add(Store(url), "a" * 64)


def test_a_message_is_new_once(store: Store) -> None:
    assert [add(store, "a" * 64), add(store, "a" * 64)] == [True, False]


def test_times_come_back_aware(store: Store) -> None:
    add(store, "a" * 64)
    with store.reading() as session:
        assert work.message(session, "a" * 64).taken_at == NOW


def test_a_conclusion_replaces_the_machines_earlier_one(store: Store) -> None:
    message = "a" * 64
    add(store, message)
    with store.session() as session:
        work.save_conclusion(
            session, message, None, [record("r1", message, "date.missing"), record("r2", message)], "done"
        )
    with store.session() as session:
        work.save_conclusion(session, message, None, [record("r1", message, "date.year", "phone.invalid")], "done")
    with store.reading() as session:
        kept = [(r.id, [f["code"] for f in r.body["findings"]]) for r in work.records(session, [message])]
        assert kept == [("r1", ["date.year", "phone.invalid"])]
        assert work.progress(session, [message]) == Progress(1, 1, 0, 0)


def test_what_a_person_decided_outlives_a_new_conclusion(store: Store) -> None:
    message = "a" * 64
    add(store, message)
    with store.session() as session:
        work.save_conclusion(session, message, None, [record("r1", message, state="accepted")], "done")
    with store.session() as session:
        work.save_conclusion(session, message, None, [record("r1", message), record("r2", message)], "done")
    with store.session() as session:
        work.save_conclusion(session, message, None, [], "done")
    with store.reading() as session:
        assert [(r.id, r.state, r.body["state"]) for r in work.records(session, [message])] == [
            ("r1", "accepted", "accepted")
        ]


def test_what_could_not_be_written_is_not_noted_as_exported(store: Store) -> None:
    add(store, "a" * 64)
    with store.session() as session:
        work.save_conclusion(session, "a" * 64, None, [record("r1", "a" * 64)], "done")
    with pytest.raises(OSError), store.session() as session:
        export_records(session, Filter(), "jsonl", Path("/nowhere/a.jsonl"))
    with store.reading() as session:
        assert exports_of(session, "r1") == []


def test_records_of_an_older_store_can_be_searched(url: str) -> None:
    engine = open_engine(url)
    migrate(engine, "0003")
    _write_old(engine, "messages", sha256="a" * 64, kind="mail", name="", taken_at=NOW, state="done")
    old = record("r1", "a" * 64)
    body = old.body | {"fields": {"school": {"text": "某某学院 ABC"}}, "rows": [{"certificate": {"text": "网店"}}]}
    kept = {"id": "r1", "message": "a" * 64, "place": 0, "state": "review", "lane": "ask", "body": body}
    _write_old(engine, "records", **kept, created_at=NOW, updated_at=NOW)
    migrate(engine)
    with Session(engine) as session:
        assert [r.search for r in work.records(session)] == ["某某学院 abc\n网店"]
    engine.dispose()


def _write_old(engine: sa.Engine, table: str, **values: Any) -> None:
    """A row in a table as it was at an earlier revision: with those columns only that are given."""
    types: dict[str, Any] = {"body": Json, "taken_at": UtcTime(), "created_at": UtcTime(), "updated_at": UtcTime()}
    old = sa.table(table, *(sa.column(name, types.get(name)) for name in values))
    with engine.begin() as connection:
        connection.execute(sa.insert(old).values(**values))
