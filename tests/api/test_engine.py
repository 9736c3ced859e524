"""Every message that was stored is processed once: with neighbours that fail, with processes that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from api import commands
from api.engine import take_over
from api.house import House
from api.intake import find_items, take
from api.presence import Presence, Slot
from api.store import work
from api.store.tables import Message, PageRow, Record, Worker
from tests.api.builders import house, jpeg, mail
from tests.api.doubles import DyingReader, SlowReader

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgresql_url"))


def inbox(folder: Path, count: int) -> Path:
    """So many pages, each a loose file, and a mail without any."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.jpg").write_bytes(jpeg(shade=100 + number))
    (folder / "empty.eml").write_bytes(mail())
    return folder


def outcome(opened: House) -> tuple[list[str], list[int], list[str]]:
    """Each message's state and number of records, and the lanes of all records."""
    with opened.store.reading() as session:
        messages = session.execute(sa.select(Message.sha256, Message.state).order_by(Message.sha256)).all()
        records = [len(work.records(session, [sha256])) for sha256, _ in messages]
        lanes = sorted(session.scalars(sa.select(Record.lane)))
    return [state for _, state in messages], records, lanes


def test_every_message_ends_with_its_records(tmp_path: Path, database_url: str) -> None:
    with house(tmp_path / "data", database_url=database_url) as opened:
        summary = commands.ingest(opened, [inbox(tmp_path / "in", 3)])
        assert (summary.new, summary.known, summary.finished) == (4, 0, 0)
        assert summary.records == {(None, "ask"): 3, (None, "parked"): 1}
        assert outcome(opened)[1] == [1, 1, 1, 1]


def test_taking_the_same_again_changes_nothing(tmp_path: Path) -> None:
    folder = inbox(tmp_path / "in", 2)
    with house(tmp_path / "data") as opened:
        commands.ingest(opened, [folder])
        before = outcome(opened)
        again = commands.ingest(opened, [folder])
        assert (again.new, again.known, again.records) == (0, 3, {})
        assert outcome(opened) == before


def test_a_page_that_kills_its_reader_leaves_its_neighbours_alone(tmp_path: Path) -> None:
    folder = inbox(tmp_path / "in", 2)
    (folder / "wide.jpg").write_bytes(jpeg(width=500, height=200))
    with house(tmp_path / "data", DyingReader) as opened:
        commands.ingest(opened, [folder])
        assert outcome(opened)[2] == ["ask", "ask", "parked", "parked"]
        with opened.store.reading() as session:
            codes = list(session.scalars(sa.select(PageRow.trouble_code).where(PageRow.page.is_(None))))
        assert codes == ["file.unreadable"]


def test_looking_again_is_not_needed_when_a_message_is_reconsidered(tmp_path: Path) -> None:
    folder = inbox(tmp_path / "in", 1)
    with house(tmp_path / "data") as opened:
        commands.ingest(opened, [folder])
        before = outcome(opened)
    with house(tmp_path / "data", reader=_no_reader) as opened:
        assert commands.reprocess(opened) == 2
        assert outcome(opened) == before


def _no_reader() -> SlowReader:
    raise RuntimeError("nothing is to be read again")


def run_ingest(data: Path, folder: Path, notes: Path, database_url: str) -> subprocess.Popen[bytes]:
    """An `ingest` in a process of its own, with the slow reader."""
    program = (
        "import sys; from functools import partial; from pathlib import Path\n"
        "from api import commands; from tests.api.builders import house; from tests.api.doubles import SlowReader\n"
        "if __name__ == '__main__':\n"
        "    data, folder, notes, url = sys.argv[1:]\n"
        "    with house(Path(data), partial(SlowReader, 0.3, Path(notes)), database_url=url) as opened:\n"
        "        commands.ingest(opened, [Path(folder)])\n"
    )
    script = data.parent / "run_ingest.py"
    script.write_text(program)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, script, data, folder, notes, database_url], env=environment)


def until(notes: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    """Waits until so many pages were read."""
    while len(list(notes.iterdir())) < count and process.poll() is None:
        time.sleep(0.05)


def test_a_killed_ingest_is_finished_by_the_next(tmp_path: Path, database_url: str) -> None:
    folder, notes = inbox(tmp_path / "in", 8), tmp_path / "notes"
    notes.mkdir()
    for enough in (2, 5):
        process = run_ingest(tmp_path / "data", folder, notes, database_url)
        until(notes, enough, process)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    process = run_ingest(tmp_path / "data", folder, notes, database_url)
    assert process.wait(600) == 0
    with house(tmp_path / "data", database_url=database_url) as opened:
        states, records, lanes = outcome(opened)
    assert sorted(states) == ["done"] * 8 + ["parked"]
    assert records == [1] * 9
    assert lanes == ["ask"] * 8 + ["parked"]


def test_two_at_a_time_on_one_store_take_everything_once(tmp_path: Path, database_url: str) -> None:
    folder, notes = inbox(tmp_path / "in", 6), tmp_path / "notes"
    notes.mkdir()
    processes = [run_ingest(tmp_path / "data", folder, notes, database_url) for _ in range(2)]
    assert [process.wait(600) for process in processes] == [0, 0]
    assert len(list(notes.iterdir())) == 6
    with house(tmp_path / "data", database_url=database_url) as opened:
        assert outcome(opened)[1] == [1] * 7


@pytest.mark.slow
def test_one_more_worker_shares_the_work(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url, notes = str(request.getfixturevalue("postgresql_url")), tmp_path / "notes"
    notes.mkdir()
    with house(tmp_path / "data", database_url=url) as opened:
        items = list(find_items([inbox(tmp_path / "in", 6)]))
        messages = [take(opened.store, opened.files, item, datetime.now(UTC)).message for item in items]
        workers = [run_worker(tmp_path / f"{n}.py", tmp_path / "data", notes, url) for n in range(2)]
        tries = 3000
        while outcome(opened)[0].count("received") and (tries := tries - 1):
            time.sleep(0.1)
        for worker in workers:
            worker.send_signal(signal.SIGINT)
        assert [worker.wait(600) for worker in workers] == [0, 0]
        assert (len(messages), outcome(opened)[1], len(list(notes.iterdir()))) == (7, [1] * 7, 6)


def run_worker(script: Path, data: Path, notes: Path, database_url: str) -> subprocess.Popen[bytes]:
    """A `work` in a process of its own, with the slow reader; it ends by SIGINT."""
    script.write_text(
        "import sys; from contextlib import suppress; from functools import partial; from pathlib import Path\n"
        "from api.server import work_only; from tests.api.builders import house\n"
        "from tests.api.doubles import SlowReader\n"
        "if __name__ == '__main__':\n"
        "    data, notes, url = sys.argv[1:]\n"
        "    with house(Path(data), partial(SlowReader, 0.3, Path(notes)), database_url=url) as opened:\n"
        "        with suppress(KeyboardInterrupt):\n"
        "            work_only(opened)\n"
    )
    return subprocess.Popen(
        [sys.executable, script, data, notes, database_url], env=os.environ | {"PYTHONPATH": str(ROOT)}
    )


def test_the_lowest_free_name_is_taken(tmp_path: Path) -> None:
    first, second = Slot(tmp_path), Slot(tmp_path)
    assert [s.executor.rpartition(":")[2] for s in (first, second)] == ["0", "1"]
    first.close()
    assert Slot(tmp_path).executor == first.executor


def _silent(opened: House, executor: str) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with opened.store.session() as session:
        session.merge(Worker(executor=executor, beat_at=long_ago))


def _workflows(opened: House, change: str = "") -> set[tuple[str, str]]:
    """Status and executor of all workflows, as DBOS keeps them; `change` is done to them before."""
    table = "dbos.workflow_status" if opened.store.engine.dialect.name == "postgresql" else "workflow_status"
    with opened.store.session() as session:
        if change:
            session.execute(sa.text(f"UPDATE {table} SET {change}"))
        return {(row[0], row[1]) for row in session.execute(sa.text(f"SELECT status, executor_id FROM {table}"))}


def test_the_work_of_a_silent_process_is_taken_over(tmp_path: Path, database_url: str) -> None:
    """The contract with DBOS: `_recover_pending_workflows` puts a dead executor's workflows back into their queue."""
    with house(tmp_path / "data", database_url=database_url, beat_seconds=3600.0) as opened:
        commands.ingest(opened, [inbox(tmp_path / "in", 1)])
        before = _workflows(opened)
        with opened.engine():
            _silent(opened, "elsewhere:0")
            _workflows(opened, change="status = 'PENDING', executor_id = 'elsewhere:0'")
            presence = Presence(opened.store, "here:9", seconds=60)
            assert take_over(presence) == ["elsewhere:0"]
            assert take_over(presence) == []
            tries = 200
            while _workflows(opened) != before and (tries := tries - 1):
                time.sleep(0.1)
        assert _workflows(opened) == before


def test_who_was_silent_itself_lets_the_others_speak_first(tmp_path: Path) -> None:
    with house(tmp_path / "data") as opened:
        presence = Presence(opened.store, "here:0", seconds=0.05)
        assert presence.beat()
        time.sleep(0.3)
        assert [presence.beat(), presence.beat()] == [False, True]
