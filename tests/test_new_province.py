"""A sixth province, made up: its form and its programme as corpora/README.md shows them, and not a line of code."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import corpora
from api.commands import check_programmes
from corpora.confusables import load_confusables
from corpora.form import FormSpec, load_forms
from corpora.programme import Programme, load_programmes
from corpora.register import Certificate, Registers, School
from extractors.extract import extract
from extractors.fieldtypes import FIELD_TYPES
from extractors.subject import parse_subject, subject_findings
from matching.index import CertificateIndex, SchoolIndex
from matching.programme import choose_programme
from matching.rules import route_findings, small_cohorts
from matching.timing import timing_findings
from matching.verdict import Known, judge
from tests.extractors.pages import Paper, document

PAGES = [Path(corpora.__file__).with_name(name) for name in ("README.md", "README.zh-CN.md")]
SCHOOLS = (
    School("h-1", "湖滨水利职业学院", "higher_vocational", "湖滨省", "东湾市"),
    School("h-2", "东湾市船舶工业学校", "secondary", "湖滨省", "东湾市"),
)
REGISTERS = Registers(schools=SCHOOLS, certificates=(Certificate("传感网应用开发"), Certificate("网店运营推广")))
APRIL = datetime(2025, 4, 10, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def province(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[FormSpec, Programme]:
    """What the page says, laid in a folder of its own."""
    for block in re.findall(r"```yaml\n(.*?)```", request.param.read_text("utf-8"), re.DOTALL):
        path = tmp_path / re.match(r"# (\S+)\n", block)[1]  # type: ignore[index]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")
    (form,), (programme,) = load_forms(tmp_path / "corpora/forms"), load_programmes(tmp_path / "corpora/programmes")
    assert check_programmes(tmp_path / "corpora/programmes", tmp_path / "corpora/forms") == ([programme], [])
    return form, programme


def plan(school: str, total: str = "180", count: str = "80") -> Paper:
    paper = Paper()
    paper.head("2025年湖滨省X证书考核计划表")
    paper.write_apart(("填报院校（盖章）：", 150), (school, 480), y=380)
    head = ("序号", "证书名称", "等级", "计划人数")
    rows = (("1", "传感网应用开发", "中级", "100"), ("2", "网店运营推广", "初级", count))
    paper.table([head, *rows, ("合计", "", "", total)], spans={(3, 0): (1, 3)})
    paper.write("联系人及电话：王小明 13812345678", 150, 950)
    paper.write("分管领导签字：", 150, 1040)
    return paper.write("2025年4月8日", 1100, 1130)


def known(programme: Programme) -> Known:
    confusables = load_confusables()
    indices = SchoolIndex(REGISTERS, confusables), CertificateIndex(REGISTERS, confusables)
    return Known(*indices, programme.year, programme.province)


def test_its_form_is_read_and_its_names_are_matched(province: tuple[FormSpec, Programme]) -> None:
    form, programme = province
    (found,) = extract(document(plan("湖滨水利职业学院")), [*load_forms(), form])
    assert found.form == "hubin/plan"
    assert {name: one.value for name, one in found.fields.items()} == {
        "school": "湖滨水利职业学院",
        "contact_name": "王小明",
        "contact_phone": "13812345678",
        "total": 180,
        "date": "2025-04-08",
    }
    assert [[row[key].value for key in ("certificate", "level", "headcount")] for row in found.rows] == [
        ["传感网应用开发", "中级", 100],
        ["网店运营推广", "初级", 80],
    ]
    verdict = judge(found, form, known(programme))
    assert verdict.school is not None
    assert verdict.school.decided
    assert [row.decided for row in verdict.rows] == [True, True]


def test_its_own_rules_are_kept(province: tuple[FormSpec, Programme]) -> None:
    form, programme = province
    (found,) = extract(document(plan("湖滨水利职业学院", total="190", count="10")), [form])
    assert "total.mismatch" in [one.code for one in judge(found, form, known(programme)).findings]
    small = small_cohorts(programme, found, None, ["传感网应用开发", "网店运营推广"], {})
    assert [(one.code, one.row) for one in small] == [("headcount.minimum", 2)]


def test_its_programme_is_chosen_and_its_notice_kept(province: tuple[FormSpec, Programme]) -> None:
    form, programme = province
    programmes = (*load_programmes(), programme)
    subject = parse_subject("湖滨水利职业学院+2025年考核计划", programmes)
    assert (subject.programme, subject.convention, subject.school) == ("hubin-2025", "plan", "湖滨水利职业学院")
    assert subject_findings(subject, programme.year) == ()
    assert choose_programme(form.key, subject, APRIL, programmes) == programme
    college, school = SCHOOLS
    late = datetime(2025, 4, 21, tzinfo=APRIL.tzinfo)
    assert timing_findings(programme, form.key, college.standing, APRIL) == ()
    assert [one.code for one in timing_findings(programme, form.key, college.standing, late)] == ["mail.late"]
    assert route_findings(programme, form.key, college) == ()
    assert [one.code for one in route_findings(programme, form.key, school)] == ["mail.misrouted"]
    assert (programme.chain("secondary"), programme.chain("undergraduate")) == (("city", "province"), ("province",))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_page_names_every_type_rule_and_key(page: Path) -> None:
    from corpora import form, programme, terms
    from corpora.mistakes import keys_of
    from extractors.checks import RULES

    text = page.read_text("utf-8")
    words = {*FIELD_TYPES, *RULES, *keys_of(form, programme, terms)} - {"code", "field"}
    assert sorted(word for word in words if not re.search(rf"(?<![A-Za-z_]){word}(?![A-Za-z_])", text)) == []
