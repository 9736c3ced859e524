"""What the notices rule within one form. Each test names its clause."""

from __future__ import annotations

import pytest

from corpora.form import FormSpec, load_forms
from extractors.checks import check
from extractors.extract import extract
from extractors.extraction import Extraction, Reading
from extractors.fieldtypes import parse
from tests.extractors.pages import Paper, document
from tests.extractors.sheets import increase, progress, summary

FORMS = {form.key: form for form in load_forms()}


def codes(paper: Paper, year: int = 2023) -> list[str]:
    (found,) = extract(document(paper), list(FORMS.values()))
    assert found.form is not None
    return [finding.code for finding in check(found, FORMS[found.form], year)]


def test_anhui_annex_2_the_total_is_the_sum_and_no_certificate_stands_twice() -> None:
    assert codes(summary()) == []
    assert codes(summary(total="190")) == ["total.mismatch"]
    twice = (("1", "网店运营推广", "初级", "100"), ("2", "网店运营推广", "初级", "80"))
    assert codes(summary(twice)) == ["row.duplicate"]


def test_anhui_5_numbers_are_only_raised() -> None:
    rows = (("1", "网店运营推广", "初级", "80", "120"), ("2", "传感网应用开发", "中级", "100", "60"))
    assert codes(increase(rows)) == ["increase.not_higher"]
    assert codes(increase((("1", "网店运营推广", "初级", "80", "80"),))) == ["increase.not_higher"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("500", "60", "50", "300", "60.0", "280", "12.5", "3.0"), []),
        (("500", "60", "50", "300", "62.0", "280", "12.5", "3.0"), ["rate.mismatch"]),
        (("500", "60", "50", "300", "60.0", "310", "12.5", "3.0"), ["progress.order"]),
        (("500", "60", "350", "300", "60.0", "280", "12.5", "3.0"), ["progress.order"]),
    ],
)
def test_anhui_annex_4_the_rate_is_the_assessed_of_the_target(values: tuple[str, ...], said: list[str]) -> None:
    assert codes(progress(values)) == said


def test_anhui_titles_a_form_of_another_year_is_a_question() -> None:
    assert codes(summary(date="2022年3月28日")) == ["date.year"]


def expert(born: str, title: str, day: str = "2023年3月20日") -> list[str]:
    form = FORMS["yunnan/expert"]
    filled = {"birth_month": born, "professional_title": title, "date": day, "phone": "13812345678", "gender": "男"}
    filled |= {"email": "a@school.test"}
    fields = {name: _reading(spec.type, filled.get(name, "某某")) for name, spec in form.fields.items()}
    return [finding.code for finding in check(Extraction(form.key, (0,), fields), form, 2023)]


def _reading(kind: str, text: str) -> Reading:
    return Reading(text, parse(kind, text).value, "written", 0.99)


@pytest.mark.parametrize(
    ("born", "said"), [("1958年4月", []), ("1958年3月", []), ("1957年4月", []), ("1957年3月", ["expert.age"])]
)
def test_yunnan_4_2_5_an_expert_is_at_most_65(born: str, said: list[str]) -> None:
    assert expert(born, "教授") == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("教授", []),
        ("副教授", []),
        ("高级工程师", []),
        ("高级讲师", []),
        ("研究员", []),
        ("讲师", ["expert.title"]),
        ("助理研究员", ["expert.title"]),
        ("工程师", ["expert.title"]),
        ("助教", ["expert.title"]),
    ],
)
def test_yunnan_4_2_3_an_expert_is_an_associate_professor_or_higher(title: str, said: list[str]) -> None:
    assert expert("1970年3月", title) == said


SIGNED: dict[str, tuple[dict[str, int], str | None]] = {
    "anhui/application": ({"programme_lead": 1, "expert": 3, "department_head": 1}, "department"),
    "anhui/summary": ({"school_leader": 1}, "school"),
    "anhui/increase": ({"school_leader": 1}, "school"),
    "anhui/progress": ({"filler": 1, "school_leader": 1}, "school"),
    "yunnan/lead-school": ({"school_leader": 1}, "school"),
    "yunnan/expert": ({"self": 1, "school_leader": 1}, "school"),
    "yunnan/expert-list": ({"school_leader": 1}, "school"),
    "yunnan/work-summary": ({}, None),
    "shaanxi/work-plan": ({}, "school"),
    "exam-results": ({}, None),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.key)
def test_anhui_4_yunnan_3_2_4_3_shaanxi_4_4_who_signs_and_where_the_seal_is_due(form: FormSpec) -> None:
    roles = {role: spec.count for role, spec in form.signatures.items()}
    assert (roles, form.seal.slot if form.seal else None) == SIGNED[form.key]
