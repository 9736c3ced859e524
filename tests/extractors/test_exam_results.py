"""The table of takers and passes that colleges show (试点考证参考情况), with the oddities of a true one."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.form import load_forms
from extractors.checks import check
from extractors.extract import extract
from extractors.extraction import Extraction
from tests.extractors.pages import Paper, document

HEAD = ("序号", "试点证书", "试点\n人数", "已参考人数", "参考率", "通过人数", "通过率", "试点分校")
NETWORK = "网络与通信学院"
ROWS = (
    ("1", "光伏电站运维（中级）", "80", "80", "100%", "42", "52.5%", "电子信息学院"),
    ("2", "传感网应用开发（中级）", "70", "104（含补考）", "149%", "18（部分成绩未出）", "60%（对应批次）", NETWORK),
    ("3", "云计算平台运维与开发（初级）", "30", "30", "100%", "19", "63%", ""),
    ("4", "5G基站建设与维护（初级）", "30", "30", "100%", "成绩未出", "", ""),
    ("5", "网络系统建设与运维（初级）", "30", "30", "100%", "0", "0%", ""),
    ("6", "大数据平台运维（初级）", "160", "126", "79%", "96", "76.2%", "人工智能学院"),
)  # fmt: skip
WIDTHS = (80, 560, 110, 300, 130, 380, 330, 300)
FORM = next(form for form in load_forms() if form.key == "exam-results")


def results(rows: Sequence[Sequence[str]] = ROWS, *heads: str) -> Extraction:
    paper = Paper(width=2400, height=1700)
    for n, head in enumerate(heads or ("试点考证参考情况", "南京信息职业技术学院")):
        paper.head(head, y=100 + 90 * n)
    paper.table([HEAD, *rows], top=400, left=80, widths=WIDTHS, spans={(2, 7): (4, 1)})
    (found,) = extract(document(paper), load_forms())
    return found


def findings(extraction: Extraction) -> list[tuple[str, str, int | None]]:
    return [(one.code, one.severity, one.row) for one in check(extraction, FORM, 2020)]


def test_every_cell_is_read_and_the_level_stands_in_the_certificates_brackets() -> None:
    found = results()
    assert (found.form, found.fields["school"].value) == ("exam-results", "南京信息职业技术学院")
    assert [tuple(row[key].value for key in FORM.table.columns) for row in found.rows if FORM.table] == [
        ("光伏电站运维（中级）", "中级", 80, 80, 100.0, 42, 52.5, "电子信息学院"),
        ("传感网应用开发（中级）", "中级", 70, 104, 149.0, 18, 60.0, "网络与通信学院"),
        ("云计算平台运维与开发（初级）", "初级", 30, 30, 100.0, 19, 63.0, "网络与通信学院"),
        ("5G基站建设与维护（初级）", "初级", 30, 30, 100.0, None, None, "网络与通信学院"),
        ("网络系统建设与运维（初级）", "初级", 30, 30, 100.0, 0, 0.0, "网络与通信学院"),
        ("大数据平台运维（初级）", "初级", 160, 126, 79.0, 96, 76.2, "人工智能学院"),
    ]
    assert found.rows[1]["examined"].text == "104（含补考）"


def test_149_per_cent_is_a_question_with_its_reason_and_no_error() -> None:
    found = [one for one in check(results(), FORM, 2020) if one.code == "rate.over"]
    assert [(one.severity, one.row) for one in found] == [("warning", 2)]
    assert "149" in found[0].message
    assert "含补考" in found[0].message


def test_a_rate_of_another_whole_is_asked_about_and_results_that_are_not_out_are_not() -> None:
    assert findings(results()) == [("rate.mismatch", "warning", 2), ("rate.over", "warning", 2)]


def test_a_rate_that_is_plainly_wrong_is_an_error() -> None:
    wrong = (*ROWS[:5], ("6", "大数据平台运维（初级）", "160", "126", "97%", "130", "103%", "人工智能学院"))
    assert [one for one in findings(results(wrong)) if one[2] == 6] == [
        ("rate.mismatch", "error", 6),
        ("progress.order", "error", 6),
        ("rate.over", "warning", 6),
    ]


def test_two_levels_in_the_brackets_are_none() -> None:
    rows = (("9", "工业机器人操作与运维（初/中级）", "160", "160", "100%", "成绩未出", "", "智能制造学院"), *ROWS[1:])
    assert ("level.invalid", "error", 1) in findings(results(rows))


def test_a_line_of_totals_is_no_data() -> None:
    rows = (*ROWS, ("合计", "", "400", "400", "100%", "175", "", ""))
    assert len(results(rows).rows) == 6


def test_the_school_may_stand_in_the_title() -> None:
    found = results(ROWS, "南京信息职业技术学院2020年试点考证参考情况")
    assert found.fields["school"].value == "南京信息职业技术学院"
