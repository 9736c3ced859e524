"""Progress: what each may hear, how often the store is asked, and that a stream ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.queue.progress import Progress, Watch
from api.store.tables import Record
from tests.api.records import MORNING, Shelf, a_message, a_record


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    for id, city in (("a", "合肥市"), ("b", "芜湖市"), ("c", None)):
        made.keep(a_message(id), a_record(id=id * 20))
        with made.store.session() as session:
            session.get_one(Record, id * 20).city = city
    with made.store.session() as session:
        session.add(a_message("waiting", state="received"))
    yield made
    made.store.close()


def test_who_sees_one_city_hears_of_its_records_only(shelf: Shelf) -> None:
    watch, at = Watch(shelf.store), MORNING.isoformat()
    assert asyncio.run(watch.now(())) == Progress(waiting=1, records=3, changed=at)
    assert asyncio.run(watch.now(("合肥市",))) == Progress(waiting=None, records=1, changed=at)
    assert asyncio.run(watch.now(("昆明市",))) == Progress(waiting=None, records=0, changed=None)


def test_many_watchers_ask_the_store_once(shelf: Shelf) -> None:
    asked = []
    sa.event.listen(shelf.store.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))

    async def watchers() -> None:
        watch = Watch(shelf.store, pause=60)
        await asyncio.gather(*(watch.now(()) for _ in range(50)))

    asyncio.run(watchers())
    assert len([one for one in asked if "FROM records" in one]) == 1
