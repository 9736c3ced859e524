import pytest

from corpora.form import load_forms
from corpora.vocabulary import FieldWords, vocabulary


def test_every_key_of_every_form_has_a_heading() -> None:
    columns = [key for form in load_forms() if form.table for key in form.table.columns]
    assert {*columns, *(key for form in load_forms() for key in form.fields)} - vocabulary().fields.keys() == set()


def test_every_role_that_a_form_asks_for_has_a_name() -> None:
    assert {role for form in load_forms() for role in form.signatures} - vocabulary().roles.keys() == set()


def test_every_code_that_a_form_raises_has_a_title() -> None:
    codes = {check.code for form in load_forms() for check in form.checks}
    codes |= {
        code for form in load_forms() for field in form.fields.values() for code in (field.missing, field.invalid)
    }
    assert codes - vocabulary().codes.keys() == set()


def test_no_two_fields_share_a_heading() -> None:
    headings = [field.heading for field in vocabulary().fields.values()]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize(
    ("form", "title"),
    [("anhui/summary", "申报学校汇总表"), (None, "未识别表格"), ("somewhere/else", "somewhere/else")],
)
def test_a_form_is_called_by_its_name_and_a_strange_one_by_its_key(form: str | None, title: str) -> None:
    assert vocabulary().form_title(form) == title


def test_a_key_that_nobody_listed_is_its_own_heading_and_comes_last() -> None:
    words = vocabulary()
    assert words.field("batch") == FieldWords(heading="batch")
    assert words.in_order({"batch", "date", "school"}) == ["school", "date", "batch"]


def test_a_heading_carries_its_unit() -> None:
    assert [vocabulary().field(key).full for key in ("headcount", "fees_paid", "level")] == [
        "考核人数（人）",
        "已付考核费（万元）",
        "级别",
    ]
