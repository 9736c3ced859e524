"""What is said of one form of a mail: the subject, the sender, the programme and the registers, put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from api.judging import Judging
from api.store import work
from api.store.engine import Store
from corpora.register import Certificate, Entry, School
from extractors.extraction import Extraction, Reading
from extractors.fieldtypes import parse
from ingest.document import Document, Mail, Page

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
