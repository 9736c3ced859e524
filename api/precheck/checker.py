"""Checks one file in a child process: in a folder that goes with it, one file at a time, within a time limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, cast

from api.across import Across
from api.bench import Bench
from api.direct import Direct
from api.house import extract_forms, paddle_reader
from api.intake import Item as Incoming
from api.intake import take
from api.judging import Judging
from api.outbox.draft import Item, items
from api.pipeline import Extract, Judge, Pipeline
from api.precheck.limits import Limiter
from api.review.refusals import Refused
from api.review.view import school_name
from api.settings import Settings
from api.store import work
from api.store.engine import Store
from api.store.files import Files
from api.worker import Pool
from corpora.programme import load_programmes
from corpora.replies import replies
from corpora.vocabulary import vocabulary
from ingest.ocr import Reader

MOST_WAITING = 5
TASKS = 30
"""A child is replaced after so many files: the OCR's memory grows."""
OURS = ("field.unsure", "marks.unread")


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to mend. picture: its circled crop, JPEG, empty where there is none."""

    item: Item
    picture: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """One form found in the file. unsure: what we could not read surely, which is no mistake. values: heading, text."""

    title: str
    known: bool
    school: str
    told: tuple[Told, ...]
    unsure: tuple[str, ...]
    values: tuple[tuple[str, str], ...]


class Desk:
    """What a child works with: the registers of the main store, and the reader once the first page comes."""

    def __init__(self, store_url: str, make_reader: Callable[[], Reader], extract: Extract, judge: Judge | None):
        self._store_url, self._make_reader = store_url, make_reader
        self.extract, self._judge = extract, judge

    @cached_property
    def reader(self) -> Reader:
        return self._make_reader()

    @cached_property
    def judging(self) -> Judging:
        return Judging(Store(self._store_url))

    @property
    def judge(self) -> Judge:
        return self._judge or self.judging


class _Here:
    """In place of a pool: this process is the child already."""

    def __init__(self, bench: Bench):
        self._bench = bench

    def run(self, task: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return task(self._bench, *args, **kwargs)


def check_file(desk: Desk, folder: str, name: str, data: bytes) -> tuple[Checked, ...]:
    """The forms of one file. folder: an empty one, where everything is put that is made on the way."""
    store, files = Store(f"sqlite:///{Path(folder) / 'check.sqlite'}"), Files(str(Path(folder) / "files"))
    try:
        here = cast("Pool[Bench]", _Here(Bench(files.url, lambda: desk.reader)))
        across = Across(desk.judging.school)
        pipeline = Pipeline(store, files, here, desk.extract, desk.judge, across)
        message = take(store, files, Incoming("file", data, name), datetime.now(UTC)).message
        Direct(pipeline).process(message)
        with store.reading() as session:
            views = {(row.file, row.number): row.view for row in work.pages(session, message)}
            return tuple(_checked(row.body, views, files) for row in work.records(session, [message]))
    finally:
        store.close()


def _checked(body: dict[str, Any], views: dict[tuple[str, int], str], files: Files) -> Checked:
    words = vocabulary()
    programme = next((one for one in load_programmes() if one.key == body["programme"]), None)
    found = items(body, programme, body.get("school_kind"), replies(), words)
    pages = [views.get((one["sha256"], one["page"]), "") for one in body["source"]["pages"]]
    readings = [(None, body["fields"]), *enumerate(body["rows"], 1)]
    return Checked(
        title=words.form_title(body["form"]),
        known=bool(body["form"]),
        school=school_name(body),
        told=tuple(Told(one, _picture(one, pages, files)) for one in found),
        unsure=tuple(one["message"] for one in body["findings"] if one["code"] in OURS),
        values=tuple(
            (f"第 {row} 行{words.field(key).heading}" if row else words.field(key).heading, _shown(reading))
            for row, values in readings
            for key, reading in values.items()
        ),
    )


def _shown(reading: dict[str, Any]) -> str:
    return reading["text"] or vocabulary().readings.get(reading["reading"], "")


def _picture(item: Item, pages: list[str], files: Files) -> bytes:
    from api.outbox.replies import cut

    if item.spot is None or item.spot.page > len(pages) or not pages[item.spot.page - 1]:
        return b""
    return cut(files, pages[item.spot.page - 1], item.spot)


class Precheck:
    """One file at a time; a few may wait. most_bytes: of a file."""

    def __init__(self, pool: Pool[Desk], most_bytes: int, limiter: Limiter):
        self._pool, self.most_bytes, self._limiter = pool, most_bytes, limiter
        self._lock, self.waiting = Lock(), 0

    def admit(self, address: str) -> None:
        """Before a file is taken in. Raises Refused with 429 or 503."""
        if self.waiting >= MOST_WAITING:
            raise Refused("现在排队检查的文件较多，请几分钟后再试", 503)
        if seconds := self._limiter.wait(address):
            raise Refused(f"检查次数过多，请 {-(-seconds // 60)} 分钟后再试", 429)

    def check(self, name: str, data: bytes) -> tuple[Checked, ...]:
        """Waits for its turn. Raises what the pool raises: TooSlow, ChildDied."""
        with self._lock:
            if self.waiting >= MOST_WAITING:
                raise Refused("现在排队检查的文件较多，请几分钟后再试", 503)
            self.waiting += 1
        try:
            # The folder is ours, so that it goes also when the child had to be ended.
            with TemporaryDirectory(prefix="yinjian-check-", ignore_cleanup_errors=True) as folder:
                return self._pool.run(check_file, folder, name, data)
        finally:
            with self._lock:
                self.waiting -= 1


@contextmanager
def open_precheck(
    settings: Settings,
    make_reader: Callable[[], Reader] | None = None,
    extract: Extract = extract_forms,
    judge: Judge | None = None,
) -> Iterator[Precheck | None]:
    """None while it is not switched on. make_reader, extract and judge: as of `api.house.open_house`, importable."""
    if not settings.precheck:
        yield None
        return
    reader = make_reader or partial(paddle_reader, settings.models, settings.ocr_limit, settings.ocr_threads)
    start = partial(Desk, settings.store_url, reader, extract, judge)
    pool: Pool[Desk] = Pool(start, size=1, tasks=TASKS, seconds=settings.precheck_seconds)
    try:
        yield Precheck(pool, settings.precheck_bytes, Limiter(settings.precheck_per_hour))
    finally:
        pool.close()
