"""What happens to one message, from its bytes to its records.

The flow is `document` and `page`. How its steps are run, durably by the engine or one after the other, is the business
of a Run; what they do is below them. Between steps go ids and keys only: the values lie in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar, cast

from sqlalchemy.orm import Session

from api import bench, intake
from api.across import Across
from api.bench import Bench, Side
from api.corrections import with_corrections
from api.errors import ChildDied, StepFailed, TooSlow
from api.record import Judgement, build_record, decided_school, record_id
from api.store import across as across_sql
from api.store import work
from api.store.engine import Store
from api.store.files import Files
from api.store.tables import Message, PageRow, Record
from api.values import as_json, from_json, pack, unpack
from api.worker import Pool
from extractors.extraction import Extraction, Finding, Request
from ingest.attachments import choose_files
from ingest.document import DigitalSignature, Document, File, FileKind, Look, Mail, Page, Trouble
from ingest.pdf_signatures import MARK

P = ParamSpec("P")
R = TypeVar("R")
ROUNDS = 2  # second looks at most
TRIES = 5  # to look again at what people are working on


class Run(Protocol):
    """How the steps of one message are run."""

    def step(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs work that may be tried again; its result is JSON. Raises StepFailed when it cannot be done."""
        ...

    def commit(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs work on a session, in one transaction that takes effect once. Raises StepFailed."""
        ...

    def pages(self, message: str, places: Sequence[int]) -> None:
        """Runs `Pipeline.page` for each place and returns when all are done. Raises StepFailed."""
        ...


class Extract(Protocol):
    """From a document to what its forms say (`extractors.extract`)."""

    def __call__(self, document: Document, looks: tuple[Look, ...]) -> tuple[Extraction, ...]: ...


class Judge(Protocol):
    """From an extraction to a verdict (`matching.verdict`). `received_at` is aware or None."""

    def __call__(
        self, mail: Mail, received_at: datetime | None, document: Document, extraction: Extraction, first: bool
    ) -> Judgement: ...


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What was made of one message: the second looks that were taken, what its forms say, and its records."""

    looks: tuple[Look, ...]
    records: tuple[dict[str, Any], ...]
    extractions: tuple[Extraction, ...] = ()


@dataclass(frozen=True)
class Pipeline:
    """The flow and its steps."""

    store: Store
    files: Files
    pool: Pool[Bench]
    extract: Extract
    judge: Judge
    across: Across = field(default_factory=Across)

    def document(self, run: Run, message: str) -> None:
        """The way of one message. Whatever happens, it ends with at least one record."""
        try:
            run.pages(message, run.step(self.open, message))
            run.commit(self.save, message, run.step(self.conclude, message))
        except StepFailed as failure:
            run.commit(self.park, message, failure.code, str(failure))

    def page(self, run: Run, message: str, place: int) -> None:
        """The way of one page. One that cannot be read is noted, and its neighbours go on."""
        try:
            run.commit(self.save_page, message, place, run.step(self.read, message, place))
        except StepFailed as failure:
            run.commit(self.mark_page, message, place, failure.code, str(failure))

    # --- the steps ---

    def open(self, message: str) -> list[int]:
        """Decodes the message, chooses and renders its files; gives the places of the pages that are to be read."""
        mail = self._mail(message)
        files, troubles = choose_files(mail)
        found = list(mail.troubles + troubles)
        signatures: list[DigitalSignature] = []
        rows: list[dict[str, Any]] = []
        for file in files:
            self.files.put(file.data)
            sides, broken = self.pool.run(bench.render_file, file.sha256, file.name, file.kind)
            found += broken
            rows += [_page_row(message, file.sha256, file.name, file.kind, side) for side in sides]
            signed, invalid = self._verify(file)
            signatures += signed
            found += invalid
        for place, row in enumerate(rows):
            row["place"] = place
        opened = {
            "mail": as_json(Mail, replace(mail, attachments=())),
            "received_at": mail.received_at,
            "troubles": as_json(tuple[Trouble, ...], tuple(found)),
            "digital_signatures": as_json(tuple[DigitalSignature, ...], tuple(signatures)),
        }
        with self.store.session() as session:
            work.save_opened(session, message, opened, rows)
        return [row["place"] for row in rows if row["page"] is None]

    def read(self, message: str, place: int) -> str:
        """Reads one page and gives the key of its Page."""
        with self.store.reading() as session:
            row = work.page(session, message, place)
        side = Side(row.number, row.view, row.dpi, row.characters)
        return self.pool.run(bench.read_page, row.file, row.file_name, cast(FileKind, row.kind), side)

    def save_page(self, session: Session, message: str, place: int, key: str) -> None:
        work.save_page(session, message, place, {"page": key})

    def mark_page(self, session: Session, message: str, place: int, code: str, reason: str) -> None:
        work.save_page(session, message, place, {"trouble_code": code, "trouble": reason})

    def conclude(self, message: str, looks: tuple[Look, ...] = (), extractions: tuple[Extraction, ...] = ()) -> str:
        """Extracts, looks again where the extraction asks for it, and judges; gives the key of the Conclusion.

        extractions: of an earlier time, to be judged as they are. What people corrected is judged as they corrected it.
        """
        with self.store.reading() as session:
            row = work.message(session, message)
            document = document_of(self.files, row, work.pages(session, message))
            before = {record.id: record.body for record in work.records(session, [message])}
        mail = from_json(Mail, row.mail)
        if not extractions:
            extractions, looks = self._look_and_extract(document, looks)
        records: dict[str, dict[str, Any]] = {}
        for identity, extraction in named(message, document, extractions).items():
            extraction = with_corrections(extraction, before.get(identity))
            judged = self.judge(mail, row.received_at, document, extraction, not records)
            records[identity] = build_record(identity, mail, row.received_at, document, extraction, judged)
        return self.files.put(pack(Conclusion, Conclusion(looks, tuple(records.values()), extractions)))

    def save(self, session: Session, message: str, key: str) -> None:
        """Writes the records of a Conclusion, and judges all documents of the schools that it is about again."""
        conclusion = unpack(Conclusion, self.files.get(key))
        rows = [_record_row(message, place, body) for place, body in enumerate(conclusion.records)]
        parked = all(row.lane == "parked" for row in rows)
        touched = across_sql.schools_of(session, [message])
        touched |= {(row.school_code, row.programme) for row in rows if row.school_code and row.programme}
        across_sql.lock(session, touched)  # before a row is: two that wait for one another would never end
        work.save_conclusion(session, message, key, rows, "parked" if parked else "done")
        self.across.judge(session, touched | across_sql.schools_of(session, [message]))

    def park(self, session: Session, message: str, code: str, reason: str) -> None:
        """Ends a message that could not be processed with a record that says why."""
        row = work.message(session, message)
        mail = from_json(Mail, row.mail) if row.mail else _unknown(row.name)
        document = Document((), (Trouble(code, reason, row.name),))
        nothing = Extraction(None, ())
        judged = Judgement("parked", findings=(Finding(code, "error", reason),))
        body = build_record(record_id(message, document, nothing, {}), mail, row.received_at, document, nothing, judged)
        work.save_conclusion(session, message, None, [_record_row(message, 0, body)], "parked")

    def reconsider(self, message: str, start: Literal["recognise", "match"] = "recognise") -> None:
        """Runs the later stages again, from `start`, without OCR where the same looks are asked for.

        What becomes of people's corrections and decisions: `api.corrections`. A message that could not be processed
        is left as it is.
        """
        for _ in range(TRIES):
            with self.store.reading() as session:
                key, versions = work.message(session, message).conclusion, work.versions(session, message)
            if key is None:
                return
            before = unpack(Conclusion, self.files.get(key))
            key = self.conclude(message, before.looks, before.extractions if start == "match" else ())
            with self.store.session() as session:
                if work.versions(session, message) == versions:
                    return self.save(session, message, key)
            # Somebody corrected a record in the meantime: it is to be judged with that.

    # --- their helpers ---

    def _mail(self, message: str) -> Mail:
        with self.store.reading() as session:
            row = work.message(session, message)
        return intake.open_message(row.kind, row.name, self.files.get(message), row.received_at)

    def _verify(self, file: File) -> tuple[tuple[DigitalSignature, ...], tuple[Trouble, ...]]:
        """The digital signatures of a file, and what is to be said against them."""
        if file.kind != "pdf" or MARK not in file.data:
            return (), ()
        try:
            return self.pool.run(bench.verify_file, file.sha256, file.name)
        except (TooSlow, ChildDied):  # its pages may be read nevertheless
            return (), (Trouble("file.signature_invalid", "数字签名未能核验，请打开原件查看。", file.name),)

    def _look_and_extract(
        self, document: Document, looks: tuple[Look, ...]
    ) -> tuple[tuple[Extraction, ...], tuple[Look, ...]]:
        extractions = self.extract(document, looks)
        for _ in range(ROUNDS):
            seen = {(look.page, look.box, look.purpose) for look in looks}
            asked = dict.fromkeys(
                request
                for extraction in extractions
                for request in extraction.requests
                if (request.page, request.box, request.purpose) not in seen
            )
            if not asked:
                break
            looks += self._look(document, list(asked))
            extractions = self.extract(document, looks)
        return extractions, looks

    def _look(self, document: Document, requests: Sequence[Request]) -> tuple[Look, ...]:
        """Answers requests, page by page; those about a page without a picture get an empty answer."""
        looks: list[Look] = []
        for number in sorted({request.page for request in requests}):
            here = tuple(request for request in requests if request.page == number)
            page = document.pages[number - 1]
            if page.picture:
                looks += self.pool.run(bench.take_looks, page.picture, page.imprints, here)
            else:
                looks += [Look(number, request.box, request.purpose, "", 0.0) for request in here]
        return tuple(looks)


def document_of(files: Files, message: Message, rows: Sequence[PageRow]) -> Document:
    """What was read of a message, from the store."""
    pages = tuple(unpack(Page, files.get(row.page)) for row in rows if row.page)
    unread = tuple(Trouble(r.trouble_code, r.trouble or "", r.file_name) for r in rows if r.trouble_code)
    troubles = from_json(tuple[Trouble, ...], message.troubles or [])
    signatures = from_json(tuple[DigitalSignature, ...], message.digital_signatures or [])
    return Document(pages, troubles + unread, signatures)


def named(message: str, document: Document, extractions: Sequence[Extraction]) -> dict[str, Extraction]:
    """The message's forms by the ids of their records, in order; one that says nothing where there is none."""
    found: dict[str, Extraction] = {}
    for extraction in extractions or (Extraction(None, ()),):
        found[record_id(message, document, extraction, found)] = extraction
    return found


def _page_row(message: str, key: str, name: str, kind: str, side: Side) -> dict[str, Any]:
    return {
        "message": message,
        "file": key,
        "file_name": name,
        "kind": kind,
        "number": side.number,
        "view": side.view,
        "dpi": side.dpi,
        "characters": side.characters,
        "page": side.page,
    }


def _record_row(message: str, place: int, body: dict[str, Any]) -> Record:
    now = datetime.now(UTC)
    received = body["source"]["received_at"]
    return Record(
        id=body["id"],
        message=message,
        place=place,
        programme=body["programme"],
        form=body["form"],
        state=body["state"],
        lane=body["lane"],
        school_code=decided_school(body),
        city=body.get("city"),
        received_at=datetime.fromisoformat(received) if received else None,
        created_at=now,
        updated_at=now,
        body=body,
    )


def _unknown(name: str) -> Mail:
    return Mail("", "", "", "", None, "", ())
