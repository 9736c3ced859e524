"""A broken sum or rate is offered the one other reading that mends it; nothing is mended by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpora.form import FormSpec, load_forms
from extractors.checks import check
from extractors.extract import extract
from extractors.extraction import Extraction, Reading
from extractors.fieldtypes import parse
from extractors.repairs import with_options
from tests.extractors.pages import Ink, Words, document
from tests.extractors.sheets import summary

FORMS = {form.key: form for form in load_forms()}
SUMMARY, PROGRESS = FORMS["anhui/summary"], FORMS["anhui/progress"]


def reading(text: str, *options: str, confidence: float = 0.99, kind: str = "integer") -> Reading:
    return Reading(text, parse(kind, text).value, "written", confidence, options=options)


def summed(total: Reading, *counts: Reading) -> Extraction:
    sure = {"certificate": reading("网店运营推广", kind="text"), "level": reading("中级", kind="level")}
    rows = tuple({"number": reading(str(n)), **sure, "headcount": count} for n, count in enumerate(counts, 1))
    fields = {name: reading("甲", kind="text") for name in SUMMARY.fields} | {"total": total}
    return Extraction(SUMMARY.key, (0,), fields, rows)


def message(extraction: Extraction, form: FormSpec = SUMMARY, code: str = "total.mismatch") -> str:
    return next(one.message for one in check(extraction, form, None) if one.code == code)


def options(extraction: Extraction, form: FormSpec = SUMMARY) -> tuple[tuple[str, ...], ...]:
    offered = with_options(extraction, form)
    return (offered.fields["total"].options, *(row["headcount"].options for row in offered.rows))


def test_another_reading_that_makes_the_sum_agree_is_offered_and_comes_first() -> None:
    broken = summed(reading("250"), reading("100"), reading("120", "128", "150"))
    assert message(broken) == (
        "合计写作 250，各行之和为 220，请核对。若第2行“考核人数”读作“150”则相符，请先对照图片核对。"
    )
    assert options(broken) == ((), (), ("150", "128"))


def test_the_total_itself_may_be_what_was_misread() -> None:
    broken = summed(reading("260", "280"), reading("100"), reading("180"))
    assert "若“合计”读作“280”则相符" in message(broken)


def test_one_figure_of_a_number_that_was_hardly_read_is_offered() -> None:
    broken = summed(reading("180"), reading("100"), reading("30", confidence=0.6))
    assert "若第2行“考核人数”读作“80”则相符" in message(broken)
    assert options(broken) == ((), (), ("80",))


def test_what_was_read_surely_is_the_schools_own_mistake() -> None:
    broken = summed(reading("180"), reading("100"), reading("30"))
    assert message(broken) == "合计写作 180，各行之和为 130，请核对。"
    assert options(broken) == ((), (), ())


def test_a_number_that_means_nothing_is_offered_what_the_sum_needs() -> None:
    broken = summed(reading("180"), reading("1O0", "100", "160"), reading("80"))
    assert options(broken) == ((), ("100", "160"), ())


def test_likelier_readings_come_first_and_no_more_than_three() -> None:
    broken = summed(reading("200"), *(reading("30", "20", confidence=0.5) for _ in range(7)))
    assert message(broken).count("读作") == 3
    two = summed(reading("180", confidence=0.7), reading("100"), reading("90", "80"))
    assert "若第2行“考核人数”读作“80”，或“合计”读作“190”则相符" in message(two)


def test_a_sum_that_agrees_is_left_alone() -> None:
    fine = summed(reading("180"), reading("100", "160"), reading("80", "30", confidence=0.5))
    assert with_options(fine, SUMMARY) == fine


def test_two_unread_numbers_are_not_guessed() -> None:
    broken = summed(reading("180"), reading("1O0", "100"), reading("8O", "80"))
    assert options(broken) == ((), ("100",), ("80",))


@pytest.mark.parametrize(
    ("rate", "assessed", "said"),
    [
        (reading("60.0", "80.0", kind="percent"), reading("80"), "若第1行“考核完成率”读作“80.0”则相符"),
        (reading("80.0", kind="percent"), reading("60", confidence=0.7), "若第1行“累计考核人数”读作“80”则相符"),
    ],
)
def test_a_rate_is_offered_a_repair_too(rate: Reading, assessed: Reading, said: str) -> None:
    fields = {name: reading("甲", kind="text") for name in PROGRESS.fields}
    row = {"target": reading("100"), "month_enrolled": reading("9"), "month_assessed": reading("9")}
    row |= {"total_assessed": assessed, "completion_rate": rate, "total_certified": reading("9")}
    row |= {"fees_paid": reading("1"), "fees_unpaid": reading("0")}
    report = Extraction(PROGRESS.key, (0,), fields, (row,))
    assert said in message(report, PROGRESS, "rate.mismatch")
    assert with_options(report, PROGRESS).rows[0]["target"] == row["target"]


def written(count: Words) -> Extraction:
    rows: tuple[tuple[Words, ...], ...] = (("1", "传感网应用开发", "中级", "100"), ("2", "网店运营推广", "初级", count))
    (found,) = extract(document(summary(rows, total="180")), [SUMMARY])
    return found


def test_the_readers_runners_up_become_options() -> None:
    doubtful = Ink("30", doubts={0: 0.91}, runners_up={0: (("8", 0.07), ("B", 0.05), ("9", 0.01))})
    found = written(doubtful)
    assert (found.rows[1]["headcount"].value, found.rows[1]["headcount"].options) == (30, ("80",))
    asked = [(one.field, one.row) for one in check(found, SUMMARY, None) if "读作“80”则相符" in one.message]
    assert asked == [("headcount", 2)]
    assert replace(written("80").rows[1]["headcount"], box=None, quad=None).options == ()
