"""Whatever is done to the audit log behind its back is found, and where; on the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from api.accounts.actor import MACHINE, Actor
from api.audit.chain import START, Entry, entry_hash
from api.audit.log import append
from api.audit.service import Asked, entries, entry_count, verify_store
from api.audit.verify import Fault, Head, Kept, verify
from api.store.engine import Store

LI = Actor("li", "李", "clerk", token="")
KEY = b"a key of the tests"
COLUMNS = ("number", "at", "by", "event", "record", "detail", "hash", "seal")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/a.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    store = Store(url)
    store.seal_by(KEY)
    yield store
    store.close()


def write(store: Store, count: int) -> None:
    with store.session() as session:
        for number in range(1, count + 1):
            append(session, LI, "record.corrected", record=f"r{number}", detail={"fields": ["school"], "n": number})


def tamper(store: Store, *statements: str) -> None:
    """As somebody does who may do everything in the database, and first takes its guard away."""
    drop = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete"
    if store.engine.dialect.name == "postgresql":
        drop = "DROP TRIGGER audit_no_change ON audit; DROP TRIGGER audit_no_truncate ON audit"
    with store.engine.begin() as connection:
        for statement in (*drop.split("; "), *statements):
            connection.exec_driver_sql(statement)


def found(store: Store) -> Fault | None:
    return verify_store(store).fault


def test_a_log_that_nobody_touched_is_sound(store: Store) -> None:
    assert found(store) is None
    write(store, 5)
    assert (found(store), verify_store(store).count) == (None, 5)


@pytest.mark.parametrize("statement", ["UPDATE audit SET by = 'wang'", "DELETE FROM audit WHERE number = 2"])
def test_the_database_lets_nobody_change_the_log(store: Store, statement: str) -> None:
    write(store, 3)
    quoted = statement.replace(" by ", ' "by" ')
    with pytest.raises(DBAPIError, match="append-only"), store.session() as session:
        session.execute(sa.text(quoted))
    assert found(store) is None


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["UPDATE audit SET event = 'record.accepted' WHERE number = 2"], (2, "changed", "第 2 条的内容被改。")),
        (["UPDATE audit SET hash = seal WHERE number = 2"], (2, "changed", "第 2 条的哈希被改，内容与后文相符。")),
        (["UPDATE audit SET hash = seal WHERE number = 4"], (4, "changed", "第 4 条的哈希被改，内容与后文相符。")),
        (["DELETE FROM audit WHERE number = 1"], (1, "missing", "第 1 条缺失（其后是第 2 条）。")),
        (["DELETE FROM audit WHERE number = 2"], (2, "missing", "第 2 条缺失（其后是第 3 条）。")),
        (["DELETE FROM audit WHERE number > 2"], (3, "truncated", "末尾缺少 2 条（第 3 至 4 条）。")),
        (["DELETE FROM audit"], (1, "truncated", "末尾缺少 4 条（第 1 至 4 条）。")),
        (
            ["DELETE FROM audit WHERE number > 2", "UPDATE audit_head SET number = 2"],
            (2, "end", "链尾的记录被改，末尾可能被截去。"),
        ),
        (
            ["DELETE FROM audit", f"UPDATE audit_head SET number = 0, hash = '{START}'"],
            (0, "end", "链尾的记录被改，末尾可能被截去。"),
        ),
        (
            [f"UPDATE audit SET number = {a} WHERE number = {b}" for a, b in ((9, 2), (2, 3), (3, 9))],
            (2, "reordered", "第 2 条与第 3 条换了次序。"),
        ),
        (
            [f"UPDATE audit SET number = {a} WHERE number = {b}" for a, b in ((9, 1), (1, 3), (3, 9))],
            (1, "reordered", "第 1 条与第 3 条换了次序。"),
        ),
        (["UPDATE audit SET number = 7 WHERE number = 2"], (2, "reordered", "第 2 条被改成了第 7 条。")),
        (
            [
                "UPDATE audit SET number = 5 WHERE number = 4",
                "UPDATE audit SET number = 4 WHERE number = 3",
                """INSERT INTO audit SELECT 3, at, "by", event, record, detail, hash, '' FROM audit WHERE number = 1""",
            ],
            (3, "inserted", "第 3 条是插入的，原来的成了第 4 条。"),
        ),
        (
            ["""INSERT INTO audit SELECT 0, at, "by", event, record, detail, hash, seal FROM audit WHERE number = 1"""],
            (1, "inserted", "第 1 条之前被插入了一条（编号 0）。"),
        ),
        (
            ["""INSERT INTO audit SELECT 5, at, "by", event, record, detail, hash, seal FROM audit WHERE number = 1"""],
            (5, "inserted", "第 5 条是在末尾添加的。"),
        ),
        (["DELETE FROM audit_head"], (4, "end", "链尾的记录不见了，无法判断末尾是否被截去。")),
    ],
)
def test_what_was_done_to_the_log_is_told(store: Store, statements: list[str], fault: tuple[int, str, str]) -> None:
    write(store, 4)
    tamper(store, *statements)
    assert found(store) == Fault(*fault)  # type: ignore[arg-type]


def test_what_is_no_text_any_more_is_found(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/a.sqlite")
    write(store, 4)
    tamper(store, "UPDATE audit SET event = CAST(x'ff' AS TEXT) WHERE number = 3")
    assert found(store) == Fault(3, "changed", "第 3 条的内容被改。")
    store.close()


def test_a_chain_that_was_written_anew_without_the_key_is_found_at_its_first_entry(store: Store) -> None:
    write(store, 4)
    with store.reading() as session:
        rows = list(reversed(entries(session, Asked(), 9, 0)))
    previous, statements = rows[0].hash, []
    for row in rows[1:]:
        by = "wang" if row.number == 2 else row.by
        previous = entry_hash(previous, Entry(row.number, row.at, by, row.event, row.record, row.detail))
        statements.append(f"""UPDATE audit SET "by" = '{by}', hash = '{previous}' WHERE number = {row.number}""")
    tamper(store, *statements, f"UPDATE audit_head SET hash = '{previous}'")
    assert found(store) == Fault(2, "changed", "第 2 条的签名不对：签名被改，或从这一条起被人重写。")


def test_an_old_copy_of_the_whole_database_is_found_by_what_was_noted(store: Store) -> None:
    write(store, 2)
    noted = verify_store(store)
    write(store, 1)
    assert verify_store(store, (2, noted.hash)).fault is None
    assert verify_store(store, (3, noted.hash)).fault is not None
    assert verify_store(store, (4, noted.hash)).fault is not None


def test_entries_of_many_at_once_are_numbered_without_a_gap(store: Store) -> None:
    def work(name: str) -> None:
        for _ in range(15):
            with store.session() as session:
                append(session, Actor(name, name, "clerk"), "export", detail={"count": 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, "abcd"))
    assert (found(store), verify_store(store).count) == (None, 60)


def test_what_was_undone_leaves_no_entry(store: Store) -> None:
    write(store, 1)
    with pytest.raises(ZeroDivisionError), store.session() as session:
        append(session, LI, "export")
        raise ZeroDivisionError
    write(store, 1)
    assert (found(store), verify_store(store).count) == (None, 2)


def test_the_log_can_be_asked(store: Store) -> None:
    write(store, 2)
    with store.session() as session:
        append(session, MACHINE, "record.accepted", record="r1")
        append(session, MACHINE, "sign_in.refused")
    asked = {
        Asked(): 4,
        Asked(by="li"): 2,
        Asked(event="record"): 3,
        Asked(event="record.accepted"): 1,
        Asked(event="recor"): 0,
        Asked(record="r1"): 2,
        Asked(since="2000"): 4,
        Asked(until="2000"): 0,
    }
    with store.reading() as session:
        assert {one: entry_count(session, one) for one in asked} == asked
        assert [row.event for row in entries(session, Asked(), 2, 0)] == ["sign_in.refused", "record.accepted"]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Kept], Head]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('chain')}/a.sqlite")
    store.seal_by(KEY)
    write(store, 6)
    with store.reading() as session:
        rows = list(reversed(entries(session, Asked(), 9, 0)))
        head = Head(*session.execute(sa.text("SELECT number, hash, seal FROM audit_head")).one())
    store.close()
    kept = [Kept(Entry(r.number, r.at, r.by, r.event, r.record, r.detail), r.hash, r.seal) for r in rows]
    return kept, head


values = st.one_of(st.text(max_size=40), st.integers(-3, 12), st.none(), st.binary(max_size=4), st.floats())


@given(data=st.data())
@pytest.mark.parametrize("key", [KEY, b""], ids=["with the key", "without"])
def test_any_change_of_any_column_of_any_entry_is_found_where_it_is(
    key: bytes, chain: tuple[list[Kept], Head], data: st.DataObject
) -> None:
    kept, head = chain
    place = data.draw(st.integers(0, 5))
    column = data.draw(st.sampled_from(COLUMNS if key else COLUMNS[:-1]))
    row = {name: getattr(kept[place].entry, name) for name in Entry.__dataclass_fields__}
    row |= {"hash": kept[place].hash, "seal": kept[place].seal}
    old = row[column]
    one_character = st.integers(0, max(0, len(str(old)) - 1)).map(
        lambda n: str(old)[:n] + ("0" if str(old)[n : n + 1] != "0" else "1") + str(old)[n + 1 :]
    )
    new = data.draw(st.one_of(values, one_character).filter(lambda value: type(value) is not type(old) or value != old))
    taken = {one.entry.number for one in kept}
    if column == "number" and new in taken:  # the key of the table: another row would have to go
        return
    row[column] = new
    changed = Kept(Entry(**{name: row[name] for name in Entry.__dataclass_fields__}), row["hash"], row["seal"])
    rows = sorted([*kept[:place], changed, *kept[place + 1 :]], key=_as_a_database)

    def read(after: int | None) -> list[Kept]:
        return [one for one in rows if after is None or _as_a_database(one) > (0, float(after), "")]

    fault = verify(read, lambda: head, key).fault
    assert fault is not None
    # An entry whose number became smaller than all stands before the first; else it is missed at its place.
    assert fault.number == place + 1 or (column == "number" and fault.kind == "inserted" and fault.number <= place + 1)


def _as_a_database(kept: Kept) -> tuple[int, float, str]:
    """Numbers first, as SQLite puts what is in a column of the wrong type."""
    number = kept.entry.number
    if isinstance(number, int | float):
        return (0, float(number) if number == number else -1e9, "")
    return (-1, 0, "") if number is None else (1, 0, str(number))
