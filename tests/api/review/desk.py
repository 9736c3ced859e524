"""A review desk on a store of its own: made-up forms as the pipeline saves them, and people at work on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from api.accounts.actor import Actor
from api.across import Across
from api.judging import Judging
from api.pipeline import Pipeline
from api.review.again import Again
from api.review.decisions import Decisions, Outcome
from api.store import work
from api.store.engine import Store
from api.store.files import Files
from api.store.tables import Message, PageRow, Record, User
from api.values import as_json, pack
from corpora.register import School
from extractors.extraction import Extraction, Reading, Signature
from extractors.fieldtypes import parse
from ingest.document import Document, Look, Mail, Page

CHINA = timezone(timedelta(hours=8))
IN_TIME = datetime(2023, 3, 28, 9, tzinfo=CHINA)
SCHOOL, COLLEGE = "安徽化工学校", "安徽医学高等专科学校"
CLERK, REVIEWER = Actor("chu", "初晴", "clerk"), Actor("fu", "傅明", "reviewer")
APPROVER, ADMIN = Actor("zhong", "钟声", "approver"), Actor("guan", "管理员", "administrator")
AUDITOR = Actor("shen", "沈计", "auditor")
PEOPLE = (CLERK, REVIEWER, APPROVER, ADMIN, AUDITOR)
SECONDARY = School("s-1", SCHOOL, "secondary", "安徽省", "合肥市")
ENTRIES = [{"kind": "schools", "key": "s-1", "body": asdict(SECONDARY), "imported_at": IN_TIME}]
ROWS = (("传感网应用开发", "中级", "100"), ("Web前端开发", "初级", "80"))


def reading(kind: str, text: str, **changed: Any) -> Reading:
    told: dict[str, Any] = {"reading": "written" if text else "blank", "confidence": 0.99, "page": 1}
    return Reading(text, parse(kind, text).value, **(told | {"box": (0.1, 0.1, 0.2, 0.2)} | changed))


def summary(
    school: str = COLLEGE, total: str = "180", rows: Sequence[tuple[str, str, str]] = ROWS, **fields: Reading
) -> Extraction:
    """附件2, filled in as it should be."""
    values = {
        "school": reading("organisation", school),
        "total": reading("integer", total),
        "contact_name": reading("person", "王小明"),
        "contact_phone": reading("phone", "0551-62680000"),
        "date": reading("date", "2023年3月28日"),
    }
    lines = tuple(
        {
            "number": reading("number", str(number)),
            "certificate": reading("text", certificate),
            "level": reading("level", level),
            "headcount": reading("integer", headcount),
        }
        for number, (certificate, level, headcount) in enumerate(rows, 1)
    )
    signed = (Signature("school_leader", "signed", 1, (0.6, 0.8, 0.7, 0.84), 0.97),)
    return Extraction("anhui/summary", (0,), values | fields, lines, signatures=signed)


def decisions_on(store: Store, files: Files, judging: Judging | None = None) -> Decisions:
    judging = judging or Judging(store)
    return Decisions(store, Again(files, judging), Across(judging.school))


class Desk:
    """judging: of a register; made anew for each store, since it reads that store's imports."""

    def __init__(self, folder: Path, url: str = "", registers: Judging | None = None):
        self.store = Store(url or f"sqlite:///{folder / 'desk.sqlite'}")
        self.files = Files(str(folder / "files"))
        with self.store.session() as session:
            work.save_register(session, ENTRIES)
        self.judging = Judging(self.store)
        if registers is not None:  # a second's work that need not be done for each test
            self.judging._indices = registers._made()
        self.extractions: dict[str, Extraction] = {}
        self.decisions = decisions_on(self.store, self.files, self.judging)
        across, no_pool = Across(self.judging.school), cast(Any, None)
        self.pipeline = Pipeline(self.store, self.files, no_pool, self._extract, self.judging, across)

    def take(self, extraction: Extraction, name: str = "1", received_at: datetime = IN_TIME) -> str:
        """A mail with one page of a document, as far as the pipeline brings it; gives the record's id."""
        file = sha256(f"page {name}".encode()).hexdigest()
        subject = f"{extraction.fields['school'].text}+2023年证书申报"
        number = f"<{sha256(name.encode()).hexdigest()}@school.test>"
        head = ("From: a@school.test", "To: office@office.test", f"Subject: {subject}", f"Message-ID: {number}")
        message = self.files.put("\r\n".join((*head, "", "")).encode())
        mail = Mail(number, subject, "a@school.test", "", received_at, "", ())
        page = Page("a.docx", file, 1, 1000, 1400, "", "", (1, 0, 0, 0, 1, 0, 0, 0, 1), "office", ())
        with self.store.session() as session:
            session.add(
                Message(sha256=message, kind="mail", name="", taken_at=IN_TIME, received_at=received_at,
                        state="received", mail=as_json(Mail, mail), troubles=[], digital_signatures=[])
            )  # fmt: skip
            session.flush()
            session.add(
                PageRow(message=message, place=0, file=file, file_name="a.docx", kind="docx", number=1, view="",
                        dpi=0, page=self.files.put(pack(Page, page)))
            )  # fmt: skip
        self.extractions[file] = extraction
        key = self.pipeline.conclude(message)
        with self.store.session() as session:
            self.pipeline.save(session, message, key)
        with self.store.reading() as session:
            return str(session.scalar(sa.select(Record.id).where(Record.message == message)))

    def _extract(self, document: Document, looks: tuple[Look, ...]) -> tuple[Extraction, ...]:
        return tuple(self.extractions[page.sha256] for page in document.pages[:1])

    def reprocess(self, id: str) -> None:
        self.pipeline.reconsider(self.row(id).message)

    def row(self, id: str) -> Record:
        with self.store.reading() as session:
            found = work.record(session, id)
            assert found is not None
            return found

    def body(self, id: str) -> dict[str, Any]:
        return self.row(id).body

    def codes(self, id: str) -> list[str]:
        """What still asks."""
        return [one["code"] for one in self.body(id)["findings"] if one["severity"] != "info" and "settled" not in one]

    def place(self, id: str, code: str) -> int:
        return [one["code"] for one in self.body(id)["findings"]].index(code)

    def do(self, what: str, actor: Actor, id: str, *asked: Any) -> Outcome:
        """A method of Decisions, on the version that is there now."""
        outcome: Outcome = getattr(self.decisions, what)(actor, id, *asked, self.row(id).version)
        return outcome

    def hire(self, *actors: Actor) -> None:
        with self.store.session() as session:
            for one in actors:
                session.add(
                    User(name=one.name, shown=one.shown, role=one.role, cities=list(one.cities), password=None,
                         must_change=False, disabled=False, created_at=IN_TIME, changed_at=IN_TIME)
                )  # fmt: skip

    def close(self) -> None:
        self.store.close()
