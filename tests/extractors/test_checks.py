"""What the form's own rules say of its values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.form import FormSpec, load_forms
from extractors.checks import check
from extractors.extraction import NOT_FOUND, Extraction, Finding, Reading, ReadingState, Signature
from extractors.fieldtypes import parse

FORMS = {form.key: form for form in load_forms()}
SUMMARY, INCREASE, PROGRESS = FORMS["anhui/summary"], FORMS["anhui/increase"], FORMS["anhui/progress"]
EXPERT, LIST = FORMS["yunnan/expert"], FORMS["yunnan/expert-list"]


def reading(kind: str, text: str) -> Reading:
    """Surely read; an empty text is a blank."""
    typed = parse(kind, text)
    return Reading(text, typed.value, "written" if text and typed.problem != "blank" else "blank", 0.99, 1)


def filled(form: FormSpec, fields: dict[str, str], *rows: tuple[str, ...]) -> Extraction:
    """A form with these texts; fields that are not named are blank, the rows are in the order of the columns."""
    columns = form.table.columns if form.table else {}
    return Extraction(
        form.key,
        (0,),
        {name: reading(spec.type, fields.get(name, "")) for name, spec in form.fields.items()},
        tuple(
            {name: reading(spec.type, text) for (name, spec), text in zip(columns.items(), row, strict=True)}
            for row in rows
        ),
    )


FOOT = {"contact_name": "王小明", "contact_phone": "13812345678", "date": "2023年3月28日"}
SUM = {"school": "安徽城市管理职业学院", "total": "180", **FOOT}
ROWS = (("1", "传感网应用开发", "中级", "100"), ("2", "网店运营推广", "初级", "80"))


def codes(form: FormSpec, extraction: Extraction, year: int | None = 2023) -> list[tuple[str, str | None, int | None]]:
    return [(f.code, f.field, f.row) for f in check(extraction, form, year)]


def summary(*rows: tuple[str, ...], **fields: str) -> list[tuple[str, str | None, int | None]]:
    return codes(SUMMARY, filled(SUMMARY, SUM | fields, *(rows or ROWS)))


def progress(*values: str, **fields: str) -> list[tuple[str, str | None, int | None]]:
    good = {"school": "安徽大学", "filler_phone": "13812345678", "date": "2023年6月30日"}
    return codes(PROGRESS, filled(PROGRESS, good | fields, values))


def test_a_form_that_is_filled_in_well_has_nothing_said_of_it() -> None:
    assert summary() == []
    assert progress("500", "20", "30", "400", "80%", "380", "4.47", "1.2") == []


def test_a_finding_says_in_chinese_where_and_what_to_do() -> None:
    assert check(filled(SUMMARY, SUM | {"total": "200"}, *ROWS), SUMMARY, 2023)[0] == Finding(
        "total.mismatch", "error", "合计写作 200，各行之和为 180，请核对。", "total"
    )


# --- single values ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("school", "field.missing"),
        ("contact_name", "field.missing"),
        ("contact_phone", "field.missing"),
        ("total", "total.missing"),
        ("date", "date.missing"),
    ],
)
def test_a_blank_has_the_code_that_its_form_declares(field: str, code: str) -> None:
    assert summary(**{field: ""}) == [(code, field, None)]


def test_a_blank_in_a_row_says_which() -> None:
    assert summary(ROWS[0], ("2", "", "", ""), total="100") == [
        ("field.missing", "certificate", 2),
        ("level.invalid", "level", 2),
        ("headcount.invalid", "headcount", 2),
    ]


def test_a_value_of_no_type_is_invalid() -> None:
    assert summary(date="2023年3月 日") == [("date.missing", "date", None)]
    assert summary(contact_phone="1381234567") == [("phone.invalid", "contact_phone", None)]
    assert summary(("1", "家务管理", "初/中级", "180")) == [("level.invalid", "level", 1)]
    assert summary(("1", "家务管理", "初级", "约60")) == [("headcount.invalid", "headcount", 1)]


def one_changed(**changes: Any) -> list[tuple[str, str, str | None]]:
    """Code, severity and field of what is said when the reading of the school is changed."""
    extraction = filled(SUMMARY, SUM, *ROWS)
    school = replace(extraction.fields["school"], **changes)
    changed = replace(extraction, fields=extraction.fields | {"school": school})
    return [(f.code, f.severity, f.field) for f in check(changed, SUMMARY, 2023)]


@pytest.mark.parametrize("state", ["not_found", "unreadable"])
def test_what_we_did_not_read_is_our_doubt_and_not_the_schools_fault(state: ReadingState) -> None:
    assert one_changed(reading=state) == [("field.unsure", "warning", "school")]


def test_what_was_read_unsurely_is_asked() -> None:
    assert one_changed(doubt="字迹不够清楚") == [("field.unsure", "warning", "school")]


def test_what_we_may_have_misread_is_no_mistake_of_the_schools() -> None:
    extraction = filled(SUMMARY, SUM | {"contact_phone": "1381234567"}, *ROWS)
    phone = replace(extraction.fields["contact_phone"], doubt="字迹不够清楚")
    changed = replace(extraction, fields=extraction.fields | {"contact_phone": phone})
    assert codes(SUMMARY, changed) == [("field.unsure", "contact_phone", None)]


def test_what_is_not_required_may_be_missing() -> None:
    assert summary(("", "家务管理", "初级", "180")) == []


def test_a_blank_form_is_one_finding() -> None:
    assert codes(SUMMARY, filled(SUMMARY, {})) == [("form.blank", None, None)]


def test_a_form_of_which_little_was_found_is_not_called_blank() -> None:
    nothing = Extraction(SUMMARY.key, (0,), dict.fromkeys(SUMMARY.fields, NOT_FOUND))
    assert codes(SUMMARY, nothing) == [
        *(("field.unsure", name, None) for name in SUMMARY.fields),
        ("field.unsure", "certificate", None),
    ]


def test_a_filled_form_without_rows_is_asked_about() -> None:
    assert codes(SUMMARY, filled(SUMMARY, SUM)) == [("field.unsure", "certificate", None)]


def test_what_extraction_found_is_said_first() -> None:
    sample = Finding("form.sample_row", "warning", "……")
    assert check(replace(filled(SUMMARY, SUM, *ROWS), findings=(sample,)), SUMMARY, 2023) == (sample,)
    assert check(replace(filled(SUMMARY, {}), findings=(sample,)), SUMMARY, 2023)[0] == sample


# --- rules ------------------------------------------------------------------------------------------------------


def test_a_sum_is_judged_only_when_every_row_was_read() -> None:
    assert summary(total="200") == [("total.mismatch", "total", None)]
    assert summary(ROWS[0], ("2", "网店运营推广", "初级", "约80"), total="200") == [
        ("headcount.invalid", "headcount", 2)
    ]


def test_the_same_certificate_and_level_twice_is_said_of_the_second() -> None:
    assert summary(ROWS[0], ROWS[1], ("3", *ROWS[0][1:]), total="280") == [("row.duplicate", "certificate", 3)]
    assert summary(ROWS[0], ("2", "传感网应用开发", "高级", "80")) == []


def test_the_year_on_the_paper_is_the_programmes() -> None:
    assert summary(date="2022年3月28日") == [("date.year", "date", None)]
    assert codes(SUMMARY, filled(SUMMARY, SUM | {"date": "2022年3月28日"}, *ROWS), year=None) == []


@pytest.mark.parametrize(("before", "after", "said"), [("100", "160", 0), ("100", "100", 1), ("100", "80", 1)])
def test_an_increase_is_higher(before: str, after: str, said: int) -> None:
    extraction = filled(INCREASE, {"school": "安徽大学", **FOOT}, ("1", "家务管理", "初级", before, after))
    assert codes(INCREASE, extraction) == [("increase.not_higher", "revised_headcount", 1)] * said


@pytest.mark.parametrize(
    ("assessed", "target", "written", "right"),
    [
        ("400", "500", "80", True),
        ("400", "500", "80.0%", True),
        ("1812", "12500", "14", True),  # 14.496 cut off
        ("1812", "12500", "14.5", True),  # rounded
        ("1812", "12500", "14.49", True),  # cut off
        ("1812", "12500", "14.7", False),
        ("1812", "12500", "16", False),
        ("400", "500", "0.8", False),
        ("400", "0", "80", True),  # no quotient
    ],
)
def test_a_rate_is_its_quotient_to_the_digits_written(assessed: str, target: str, written: str, right: bool) -> None:
    said = progress(target, "1", "1", assessed, written, "1", "0", "0")
    assert said == ([] if right else [("rate.mismatch", "completion_rate", 1)])


def test_a_part_is_at_most_its_whole() -> None:
    assert progress("500", "20", "30", "400", "80", "401", "4.47", "1.2") == [("progress.order", "total_certified", 1)]
    assert progress("500", "20", "401", "400", "80", "400", "4.47", "1.2") == [("progress.order", "month_assessed", 1)]


EXPERT_FIELDS = {
    "name": "李春燕", "gender": "女", "birth_month": "1970.05", "ethnicity": "汉族", "political_status": "群众",
    "education": "硕士", "school": "昆明学院", "position": "主任", "professional_title": "教授", "field": "财会",
    "phone": "13987654321", "email": "li@school.test", "date": "2023年4月10日",
}  # fmt: skip


@pytest.mark.parametrize(
    ("birth", "date", "said"),
    [
        ("1957.04", "2023年4月10日", 1),
        ("1957.05", "2023年4月10日", 0),  # 65, and 66 next month
        ("1956.01", "", 1),  # even at the beginning of the year
        ("1957.06", "", 0),  # without a day nobody is called too old by months
    ],
)
def test_an_expert_is_at_most_65_on_the_papers_date(birth: str, date: str, said: int) -> None:
    extraction = filled(EXPERT, EXPERT_FIELDS | {"birth_month": birth, "date": date})
    found = [code for code in codes(EXPERT, extraction) if code[0] == "expert.age"]
    assert found == [("expert.age", "birth_month", None)] * said


def test_experts_in_a_list_are_judged_row_by_row() -> None:
    fields = {"school": "昆明学院", "contact_name": "李春燕", "contact_phone": "13987654321", "date": "2023年4月10日"}
    rows = (
        ("1", "李春燕", "女", "1970.05", "教授", "财会", "13987654321"),
        ("2", "段云", "男", "1950.01", "讲师", "物流", "13987654322"),
    )
    assert codes(LIST, filled(LIST, fields, *rows)) == [
        ("expert.title", "professional_title", 2),
        ("expert.age", "birth_month", 2),
    ]


@pytest.mark.parametrize("title", ["教授", "副教授", "研究员", "高级工程师", "高级讲师", "正高级教师"])
def test_a_title_of_the_rank_that_is_asked_for_is_enough(title: str) -> None:
    assert codes(EXPERT, filled(EXPERT, EXPERT_FIELDS | {"professional_title": title})) == []


@pytest.mark.parametrize("title", ["讲师", "工程师", "助理研究员", "中级"])
def test_a_lower_title_is_said(title: str) -> None:
    extraction = filled(EXPERT, EXPERT_FIELDS | {"professional_title": title})
    assert codes(EXPERT, extraction) == [("expert.title", "professional_title", None)]


VALUES = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, width=32), st.text(max_size=12))
STATES: list[ReadingState] = ["written", "blank", "unreadable", "not_found"]
READINGS = st.builds(Reading, st.text(max_size=12), VALUES, st.sampled_from(STATES), st.floats(0, 1))


@given(st.data(), st.sampled_from(sorted(FORMS)), st.integers(0, 3), st.sampled_from([None, 2023]))
def test_any_readings_can_be_checked(data: st.DataObject, key: str, rows: int, year: int | None) -> None:
    form = FORMS[key]
    columns = form.table.columns if form.table else {}
    extraction = Extraction(
        key,
        (0,),
        {name: data.draw(READINGS) for name in form.fields},
        tuple({name: data.draw(READINGS) for name in columns} for _ in range(rows if columns else 0)),
    )
    findings = check(extraction, form, year)
    assert all(finding.message and finding.severity in ("error", "warning", "info") for finding in findings)


def test_a_table_without_the_forms_foot_lacks_a_page() -> None:
    cut = filled(SUMMARY, SUM, *ROWS)
    cut = replace(
        cut,
        fields=cut.fields | {"date": NOT_FOUND, "total": NOT_FOUND},
        signatures=(Signature("school_leader", "unsure"),),
    )
    assert codes(SUMMARY, cut) == [("form.page_missing", None, None)]
    signed = replace(cut, signatures=(Signature("school_leader", "signed", 1, (0.1, 0.8, 0.2, 0.9)),))
    assert ("form.page_missing", None, None) not in codes(SUMMARY, signed)


def test_numbers_that_jump_from_one_page_to_the_next_lack_a_page() -> None:
    jumping = filled(SUMMARY, SUM, ROWS[0], ("21", *ROWS[1][1:]))
    first, second = jumping.rows
    over = replace(jumping, rows=(first, {name: replace(one, page=2) for name, one in second.items()}))
    assert codes(SUMMARY, over) == [("form.page_missing", None, None)]
    assert codes(SUMMARY, jumping) == []  # a jump within a page is the school's own counting


def test_a_sum_that_rests_on_a_doubtful_figure_is_a_question_about_that_figure() -> None:
    sheet = filled(SUMMARY, SUM | {"total": "210"}, *ROWS)
    assert codes(SUMMARY, sheet) == [("total.mismatch", "total", None)]
    first, second = sheet.rows
    second = second | {"headcount": replace(second["headcount"], doubt="两次读数不同，请对照图片核对")}
    asked = codes(SUMMARY, replace(sheet, rows=(first, second)))
    assert asked == [("field.unsure", "headcount", 2), ("field.unsure", "headcount", 2)]
