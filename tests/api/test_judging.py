"""What is said of one form of a mail: the subject, the sender, the programme and the registers, put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from api.judging import Judging
from api.record import Judgement
from api.store import work
from api.store.engine import Store
from corpora.register import Certificate, Entry, School
from extractors.extraction import Extraction, Finding, Reading
from extractors.fieldtypes import parse
from ingest.document import Document, Mail, Page, Trouble

CHINA = timezone(timedelta(hours=8))
IN_TIME = datetime(2023, 3, 28, 9, tzinfo=CHINA)
SECONDARY = School("s-1", "安徽化工学校", "secondary", "安徽省", "合肥市")
PAGE = Page("a.pdf", "0" * 64, 1, 1000, 1400, "", "", (1, 0, 0, 0, 1, 0, 0, 0, 1), "office", ())
ENTRIES: tuple[tuple[str, str, Entry], ...] = (
    ("schools", "s-1", SECONDARY),
    ("certificates", "传感网应用开发", Certificate("传感网应用开发", minimum=30)),
)


@pytest.fixture(scope="module")
def judging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judging]:
    folder: Path = tmp_path_factory.mktemp("store")
    store = Store(f"sqlite:///{folder}/a.sqlite")
    with store.session() as session:
        rows = [{"kind": kind, "key": key, "body": asdict(one), "imported_at": IN_TIME} for kind, key, one in ENTRIES]
        work.save_register(session, rows)
    yield Judging(store)
    store.close()


def reading(kind: str, text: str) -> Reading:
    return Reading(text, parse(kind, text).value, "written", 0.99, 1, (0.1, 0.1, 0.2, 0.2))


def sheet(school: str, headcount: str = "100") -> Extraction:
    """附件1 of a school, filled in as it should be."""
    fields = {
        "school": reading("organisation", school),
        "certificate": reading("text", "传感网应用开发"),
        "level": reading("level", "中级"),
        "headcount": reading("integer", headcount),
        "date": reading("date", "2023年3月28日"),
    }
    return Extraction("anhui/application", (0,), fields)


def mail(subject: str, sender_name: str = "") -> Mail:
    return Mail("<1@school.test>", subject, "a@school.test", sender_name, IN_TIME, "", ())


def codes(judging: Judging, mail: Mail, sheet: Extraction, at: datetime | None = IN_TIME) -> list[str]:
    judged = judging(mail, at, Document((PAGE,)), sheet, True)
    return [one.code for one in judged.findings if not one.code.startswith(("marks.", "seal.", "signature."))]


def test_a_school_that_mails_as_it_should_is_asked_nothing(judging: Judging) -> None:
    assert codes(judging, mail("安徽医学高等专科学校+2023年证书申报"), sheet("安徽医学高等专科学校")) == []


def test_a_secondary_school_mails_its_city(judging: Judging) -> None:
    assert codes(judging, mail("安徽化工学校+2023年证书申报"), sheet("安徽化工学校")) == ["mail.misrouted"]


@pytest.mark.parametrize(
    ("subject", "sender"),
    [
        ("合肥市教育局+2023年证书申报", ""),
        ("合肥教育局2023年证书申报", ""),
        ("安徽化工学校+2023年证书申报", "合肥市教育局职成科"),
        ("肥西县教育局+2023年证书申报", ""),
    ],
)
def test_a_bureau_sends_for_its_schools(judging: Judging, subject: str, sender: str) -> None:
    assert codes(judging, mail(subject, sender), sheet("安徽化工学校")) == []


def test_another_school_in_the_subject_is_a_conflict(judging: Judging) -> None:
    said = codes(judging, mail("安徽医学高等专科学校+2023年证书申报"), sheet("安徽化工学校"))
    assert said == ["school.conflict"]


def test_late_is_judged_by_the_time_of_receipt(judging: Judging) -> None:
    subject, form = mail("安徽医学高等专科学校+2023年证书申报"), sheet("安徽医学高等专科学校")
    assert codes(judging, subject, form, datetime(2023, 4, 4, tzinfo=CHINA)) == ["mail.late"]
    assert codes(judging, subject, form, datetime(2023, 3, 1, tzinfo=CHINA)) == ["mail.early"]


def test_a_loose_file_was_sent_by_nobody_at_no_time(judging: Judging) -> None:
    loose = Mail("", "", "", "", None, "", ())
    assert codes(judging, loose, sheet("安徽化工学校"), datetime(2024, 1, 1, tzinfo=CHINA)) == []


def test_too_few_takers_for_an_examination(judging: Judging) -> None:
    said = codes(judging, mail("安徽医学高等专科学校+2023年证书申报"), sheet("安徽医学高等专科学校", "12"))
    assert said == ["headcount.minimum"]


SCHOOL = "安徽医学高等专科学校"
GOOD = mail(f"{SCHOOL}+2023年证书申报")


def judged(judging: Judging, mail: Mail = GOOD, first: bool = True, **document: Any) -> Judgement:
    said = {"pages": (PAGE,)} | document
    return judging(mail, IN_TIME, Document(**said), sheet(SCHOOL), first)


def test_a_judgement_names_the_programme_and_what_was_matched(judging: Judging) -> None:
    one = judged(judging)
    school, certificate = one.matches["school"], one.matches["certificate"]
    assert one.programme == "anhui-2023"
    assert (school["name"], school["decided"], school["score"], school["reasons"]) == (
        *(SCHOOL, True, 1.0),
        ["exact", "subject"],
    )
    assert school["code"] and school["current_name"] and "candidates" not in school
    assert certificate == {"name": "传感网应用开发", "score": 1.0, "reasons": ["exact"], "decided": True}
    assert one.matches["rows"] == []


def test_what_is_not_decided_lists_its_candidates(judging: Judging) -> None:
    one = judging(GOOD, IN_TIME, Document((PAGE,)), sheet("某某某学校"), True)
    assert one.matches["school"]["decided"] is False
    assert isinstance(one.matches["school"]["candidates"], list)


def test_a_form_that_asks_for_marks_is_not_ready_while_they_are_unread(judging: Judging) -> None:
    one = judged(judging)
    assert (one.lane, "marks.unread" in [f.code for f in one.findings]) == ("ask", True)


def test_what_is_to_be_said_of_the_mail_is_said_of_its_first_record_only(judging: Judging) -> None:
    trouble = Trouble("file.encrypted", "请重新发送没有密码的文件。", "b.pdf")
    first = [f for f in judged(judging, troubles=(trouble,)).findings if f.code == "file.encrypted"]
    assert first == [Finding("file.encrypted", "error", "b.pdf：请重新发送没有密码的文件。")]
    second = judged(judging, mail("扫描_1234"), first=False, troubles=(trouble,))
    assert not [f for f in second.findings if f.code.startswith(("file.", "mail."))]


def test_a_subject_that_says_nothing_is_said(judging: Judging) -> None:
    assert "mail.subject" in [f.code for f in judged(judging, mail("扫描_1234")).findings]


def test_a_message_without_pages_is_parked(judging: Judging) -> None:
    nothing = judging(GOOD, IN_TIME, Document(()), Extraction(None, ()), True)
    assert (nothing.lane, [f.code for f in nothing.findings]) == ("parked", [])


def test_pages_of_no_known_form_are_asked_about(judging: Judging) -> None:
    unknown = judging(GOOD, IN_TIME, Document((PAGE,)), Extraction(None, (0,)), True)
    assert (unknown.lane, [f.code for f in unknown.findings]) == ("ask", ["form.unknown"])
