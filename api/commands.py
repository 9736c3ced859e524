"""What the commands do: one function for each, without a word about terminals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from sqlalchemy.orm import Session

from api.direct import Direct
from api.errors import NotFound, WrongCall
from api.house import House, open_house
from api.intake import Item, Taken, find_items, take
from api.settings import Settings
from api.store import work
from api.store.tables import Record
from api.store.work import Progress
from corpora.programme import Programme

Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What an `ingest` or a `poll` came to.

    new, known: messages taken now, and before. finished: messages that an earlier process had left unfinished.
    records: how many by form (None: no known form) and lane. findings: how many by code, errors and warnings only.
    """

    new: int
    known: int
    finished: int
    records: dict[tuple[str | None, str], int]
    findings: dict[str, int]


def ingest(house: House, paths: Sequence[Path], tell: Tell = lambda progress: None) -> Summary:
    """Takes all messages under the paths and processes them, and those that an earlier process left unfinished.

    Raises WrongCall before anything is taken when a path is not there.
    """
    return _take_and_process(
        house, lambda: (_take(house, item) for item in find_items(paths, house.settings.data)), tell
    )


def poll(house: House, tell: Tell = lambda progress: None) -> tuple[Summary, list[str]]:
    """Takes what is new in the mailboxes and processes it; gives also what went wrong with one, in Chinese."""
    from api.poller import fetch_all

    troubles: list[str] = []
    return _take_and_process(house, lambda: fetch_all(house, troubles.append), tell), troubles


def _take_and_process(house: House, source: Callable[[], Iterable[Taken]], tell: Tell) -> Summary:
    with house.store.reading() as session:
        left = work.unfinished(session)
    taken: list[Taken] = []
    with house.engine() as engine:
        engine.send(left)
        for one in source():
            taken.append(one)
            if one.new:
                engine.send([one.message])
        waiting = list(dict.fromkeys(left + [one.message for one in taken if one.new]))
        engine.wait(waiting, tell)
    return _summary(house, taken, waiting, len(left))


def _take(house: House, item: Item) -> Taken:
    return take(house.store, house.files, item, datetime.now(UTC))


def _summary(house: House, taken: Sequence[Taken], processed: Sequence[str], left: int) -> Summary:
    records: Counter[tuple[str | None, str]] = Counter()
    findings: Counter[str] = Counter()
    with house.store.reading() as session:
        for start in range(0, len(processed), 500):
            for record in work.records(session, processed[start : start + 500]):
                records[record.form, record.lane] += 1
                findings.update(f["code"] for f in record.body["findings"] if f["severity"] != "info")
    new = sum(one.new for one in taken)
    return Summary(new, len(taken) - new, left, dict(records), dict(findings.most_common()))


def check(settings: Settings, path: Path, picture: Path | None = None, **parts: Any) -> list[dict[str, Any]]:
    """The records of one file (or mail); nothing is stored.

    picture: where a PNG of the pages with what was found on them is written. parts: as of `open_house`. Raises
    WrongCall, also where the picture cannot be written.
    """
    if picture is not None and not picture.resolve().parent.is_dir():
        raise WrongCall(f"没有这个文件夹：{picture.parent}")
    if not path.is_file():
        raise WrongCall(f"没有这个文件：{path.name}")
    with TemporaryDirectory(prefix="yinjian-") as folder:
        # The readers are the same, the store is one of its own that goes when the check is done.
        own = settings.model_copy(update={"data": Path(folder), "database_url": "", "files_url": "", "ocr_workers": 1})
        with open_house(own, **parts) as house:
            messages = [_take(house, item).message for item in find_items([path])]
            for message in messages:
                Direct(house.pipeline).process(message)
            with house.store.reading() as session:
                found = work.records(session, messages)
                if picture is not None:
                    picture.write_bytes(_drawn(house, session, found))
                return [record.body for record in found]


def _drawn(house: House, session: Session, records: list[Record]) -> bytes:
    """The records' pages with what was found on them; pages without a picture (office files) are left out."""
    from api.drawing import draw, frames
    from corpora.vocabulary import vocabulary
    from ingest.sheets import decode_picture

    pages = []
    for record in records:
        found = list(frames(record.body, vocabulary()))
        views = {(row.file, row.number): row.view for row in work.pages(session, record.message)}
        for number, source in enumerate(record.body["source"]["pages"], 1):
            if view := views.get((source["sha256"], source["page"])):
                own = [frame for frame in found if frame.page == number]
                pages.append((decode_picture(house.files.get(view)), own))
    return draw(pages)


def reprocess(
    house: House, tell: Tell = lambda progress: None, start: Literal["recognise", "match"] = "recognise"
) -> int:
    """Runs the stages from `start` again over all messages, without OCR; says how many there were."""
    with house.store.reading() as session:
        messages = work.all_messages(session)
    for number, message in enumerate(messages, start=1):
        house.pipeline.reconsider(message, start)
        tell(Progress(len(messages), number, 0, 0))
    return len(messages)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one value came about. crop: a JPEG of the place that it was read from, empty when there is none."""

    reading: dict[str, Any]
    match: dict[str, Any] | None
    findings: tuple[dict[str, Any], ...]
    rule: tuple[str, ...]
    crop: bytes


def explain(house: House, record_id: str, name: str) -> Explanation:
    """`name` is a field, or `column.row` with the row from 1 (`headcount.2`). Raises NotFound, naming what there is."""
    from api.explain import crop_of, reading_of, rule_of

    with house.store.reading() as session:
        record = work.record(session, record_id)
        if record is None:
            raise NotFound(f"没有编号为 {record_id} 的记录")
        body = record.body
        place = reading_of(body, name)
        pages = work.pages(session, record.message)
    return Explanation(
        place.reading,
        place.match,
        tuple(f for f in body["findings"] if f["field"] == place.key and f["row"] in (None, place.row)),
        rule_of(body["form"], place.key),
        crop_of(house.files, pages, body, place.reading),
    )


def check_programmes(folder: Path | None = None, forms: Path | None = None) -> tuple[list[Programme], list[str]]:
    """The programmes whose files are right, and what is wrong with the others, with file, key and what to change.

    folder, forms: where programmes and forms lie, None for the project's own. Raises WrongCall for no such folder.
    """
    from corpora.form import FORMS, FormError, read_form
    from corpora.programme import PROGRAMMES, ProgrammeError, check_forms, read_programme
    from extractors.fieldtypes import unknown_types

    problems: list[str] = []
    known: list[str] = []
    for path in _yaml(forms or FORMS):
        try:
            form = read_form(path)
            known.append(form.key)
            problems += [f"{path.name}: {problem}" for problem in unknown_types(form)]
        except FormError as error:
            problems.append(str(error))
    programmes: list[Programme] = []
    for path in _yaml(folder or PROGRAMMES):
        try:
            programme = read_programme(path)
        except ProgrammeError as error:
            problems.append(str(error))
            continue
        wrong = [f"{path.name}: {problem}" for problem in check_forms(programme, known)]
        if any(programme.key == one.key for one in programmes):
            wrong.append(f"{path.name}: key: {programme.key} is used by another file; give one of them another key")
        problems += wrong
        programmes += [] if wrong else [programme]
    return programmes, problems


def _yaml(folder: Path) -> list[Path]:
    from corpora.form import descriptions

    if not folder.is_dir():
        raise WrongCall(f"没有这个文件夹：{folder.name}")
    return descriptions(folder)


def import_register(house: House, kind: str, path: Path, dry_run: bool = False) -> tuple[int, list[tuple[int, str]]]:
    """Adds or replaces entries of a register; gives how many, and the bad rows (line, reason) because of which
    nothing was imported. Raises WrongCall for an unknown kind or a missing file."""
    from corpora.register import TABLES, entry_key, read_register

    if kind not in TABLES:
        raise WrongCall(f"没有“{kind}”这种名录，可用：{'、'.join(TABLES)}")
    if not path.is_file():
        raise WrongCall(f"没有这个文件：{path.name}")
    entries, bad = read_register(kind, path.read_bytes())
    if entries and not dry_run:
        now = datetime.now(UTC)
        rows = [{"kind": kind, "key": entry_key(e), "body": asdict(e), "imported_at": now} for e in entries]
        with house.store.session() as session:
            work.save_register(session, rows)
    return len(entries), [(row.line, row.reason) for row in bad]


def import_platform(house: House, path: Path, programme: str | None = None) -> tuple[str, int, list[tuple[int, str]]]:
    """Takes the national platform's list in place of the earlier one, and holds it against the stamped summaries.

    programme: its key; None where only one programme is held against such a list. Gives that key, how many rows, and
    the bad ones (line, reason) because of which nothing was imported. Raises WrongCall, NotFound.
    """
    from api.across import Across
    from api.board.service import find_programme
    from api.judging import Judging
    from api.platform import platform_entries, read_platform
    from api.store import across as sql
    from corpora.programme import load_programmes

    if not path.is_file():
        raise WrongCall(f"没有这个文件：{path.name}")
    keys = [one.key for one in load_programmes() if one.across.platform]
    if programme is None and len(keys) != 1:
        raise WrongCall(f"请用 --programme 指明项目：{'、'.join(keys)}")
    chosen, judging = find_programme(programme or keys[0]), Judging(house.store)
    listed, bad = read_platform(path.read_bytes(), chosen, judging.known(chosen))
    if listed:
        with house.store.session() as session:
            sql.save_platform(session, chosen.key, platform_entries(chosen, listed, datetime.now(UTC)))
            Across(judging.school).judge(session, sql.all_schools(session, chosen.key))
    return chosen.key, len(listed), [(row.line, row.reason) for row in bad]
