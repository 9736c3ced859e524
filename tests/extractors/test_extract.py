"""From pages to forms with their values, rows and what they ask."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from corpora.form import load_forms
from extractors.extract import extract
from extractors.extraction import NOT_FOUND, Extraction, Finding, Request
from ingest.document import Look
from tests.extractors.pages import Ink, Paper, Words, document
from tests.extractors.sheets import (
    ROWS,
    SCHOOL,
    application,
    expert_list,
    increase,
    lead_school,
    progress,
    rows_told,
    summary,
    told,
)
from tests.extractors.test_layout import PAPERS

SUMMARY = {
    "school": SCHOOL,
    "total": 180,
    "contact_name": "王小明",
    "contact_phone": "13812345678",
    "date": "2023-03-28",
}
SUMMARY_ROWS = [(1, "传感网应用开发", "中级", 100), (2, "网店运营推广", "初级", 80)]
APPLICATION = {
    "school": SCHOOL,
    "certificate": "传感网应用开发",
    "level": "中级",
    "headcount": 100,
    "date": "2023-03-28",
}


def one(*papers: Paper, looks: tuple[Look, ...] = ()) -> Extraction:
    (extraction,) = extract(document(*papers), load_forms(), looks)
    return extraction


def states(extraction: Extraction) -> dict[str, str]:
    return {name: reading.reading for name, reading in extraction.fields.items()}


def lines_wanted(extraction: Extraction) -> tuple[Request, ...]:
    """The looks that it wants at its values; those at its signatures: `test_signatures`."""
    return tuple(request for request in extraction.requests if request.purpose == "line")


def test_a_summary_says_its_fields_and_rows() -> None:
    extraction = one(summary())
    assert (extraction.form, extraction.pages) == ("anhui/summary", (0,))
    assert told(extraction) == SUMMARY
    assert rows_told(extraction) == SUMMARY_ROWS
    assert (extraction.findings, lines_wanted(extraction)) == ((), ())


def test_an_application_says_what_stands_in_its_sentence() -> None:
    assert told(one(application())) == APPLICATION


def test_an_application_may_be_a_table_with_labels() -> None:
    paper = Paper().head("安徽省1+X职业技能等级证书申报表")
    body = [
        ("学校", SCHOOL, "", ""),
        ("证书名称", "传感网应用开发", "", ""),
        ("级别", "中级", "考核人数", "100"),
        ("证书专业负责人\n签字", "", "", ""),
        ("校内三名副高以上职\n称论证专家签字", "", "", ""),
        ("学校主管部门负\n责人签字（盖章）", "2023年3月28日", "", ""),
    ]
    spans = {(r, 1): (1, 3) for r in (0, 1, 3, 4, 5)}
    assert told(one(paper.table(body, widths=(400, 350, 300, 300), height=120, spans=spans))) == APPLICATION


def test_an_increase_says_both_numbers_of_each_row() -> None:
    extraction = one(increase([("1", "传感网应用开发", "中级", "100", "160"), ("2", "家务管理", "初级", "20", "60")]))
    assert told(extraction) == {
        "school": SCHOOL,
        "contact_name": "王小明",
        "contact_phone": "13812345678",
        "date": "2023-05-08",
    }
    assert rows_told(extraction) == [(1, "传感网应用开发", "中级", 100, 160), (2, "家务管理", "初级", 20, 60)]


def test_a_progress_report_has_one_row() -> None:
    extraction = one(progress(("500", "20", "30", "400", "80%", "380", "4.47", "1.2")))
    assert told(extraction) == {"school": SCHOOL, "filler_phone": "13812345678", "date": "2023-06-30"}
    assert rows_told(extraction) == [(500, 20, 30, 400, 80.0, 380, 4.47, 1.2)]


def test_a_lead_school_says_who_and_which_certificates() -> None:
    extraction = one(lead_school([("财务共享服务", "初级", "100"), ("智能财税", "高级", "20")]))
    assert told(extraction) == {
        "school": "昆明冶金高等专科学校",
        "major_category": "财经商贸大类",
        "school_kind": "高职专科",
        "contact_name": "李春燕",
        "contact_title": "副教授",
        "contact_phone": "13987654321",
        "email": "li@school.test",
        "date": "2023-04-10",
    }
    assert rows_told(extraction) == [("财务共享服务", "初级", 100), ("智能财税", "高级", 20)]


def test_a_list_of_experts_says_each() -> None:
    extraction = one(
        expert_list(
            [
                ("1", "李春燕", "女", "1970.05", "教授", "财务会计", "13987654321"),
                ("2", "段 云", "男", "1968年3月", "副教授", "物流管理", "0871-65432101"),
            ]
        )
    )
    assert told(extraction) == {
        "school": "昆明学院",
        "contact_name": "李春燕",
        "contact_phone": "13987654321",
        "date": "2023-04-10",
    }
    assert rows_told(extraction) == [
        (1, "李春燕", "女", "1970-05", "教授", "财务会计", "13987654321"),
        (2, "段云", "男", "1968-03", "副教授", "物流管理", "087165432101"),
    ]


def test_the_evidence_is_the_values_own_place() -> None:
    reading = one(summary()).fields["school"]
    assert (reading.page, reading.text, reading.confidence) == (1, SCHOOL, 0.99)
    assert reading.box == (
        round(480 / 1654, 5),
        round(377 / 2339, 5),
        round((480 + 36 * len(SCHOOL)) / 1654, 5),
        round(419 / 2339, 5),
    )


def test_traditional_characters_make_no_difference() -> None:
    paper = Paper().head("安徽省1+X職業技能等級證書申報學校匯總表")
    paper.write("學校名稱（校章）：安徽城市管理職業學院", 150, 380)
    paper.table([("序號", "職業技能等級證書", "級別", "擬申報人數"), *ROWS, ("合計", "", "", "180")])
    paper.write("學校聯絡人員姓名及電話：王小明 13812345678", 150, 950).write("學校領導簽字：", 150, 1040)
    extraction = one(paper.write("2023年3月28日", 1100, 1130))
    assert (told(extraction), rows_told(extraction)) == (SUMMARY, SUMMARY_ROWS)


# --- rows ---------------------------------------------------------------------------------------------------------


def test_the_templates_sample_row_is_no_data_and_is_said() -> None:
    extraction = one(summary([("1", "****", "初级", "100"), ("2", *ROWS[1][1:])], total="80"))
    assert rows_told(extraction) == [(2, "网店运营推广", "初级", 80)]
    assert extraction.findings == (Finding("form.sample_row", "warning", "模板中的示例行没有删除，请确认后忽略该行。"),)


def test_rows_with_nothing_but_their_number_are_no_data() -> None:
    extraction = one(summary([*ROWS, ("3", "", "", ""), ("4", "", "", ""), ("", "", "", "")]))
    assert (told(extraction), rows_told(extraction)) == (SUMMARY, SUMMARY_ROWS)


def test_a_row_that_lacks_its_certificate_is_data_all_the_same() -> None:
    extraction = one(summary([*ROWS, ("3", "", "中级", "20")]))
    assert rows_told(extraction)[2] == (3, None, "中级", 20)
    assert extraction.rows[2]["certificate"].reading == "blank"


def test_a_table_over_two_pages_is_one() -> None:
    first = summary().page()
    rest = Paper(number=2).table([("3", "家务管理", "初级", "20"), ("合计", "", "", "200")], top=200)
    rest.write("学校领导签字：", 150, 600).write("2023年4月1日", 1100, 700)
    upper = Paper(lines=[line for line in first.lines if line.box.y0 < 760], rules=list(first.rules[:0]))
    upper.table([("",) * 4] * 3)
    extraction = one(upper, rest)
    assert rows_told(extraction) == [*SUMMARY_ROWS, (3, "家务管理", "初级", 20)]
    assert (extraction.fields["total"].value, extraction.fields["total"].page) == (200, 2)
    assert (extraction.fields["date"].value, extraction.rows[2]["level"].page) == ("2023-04-01", 2)


def test_a_table_that_was_not_found_leaves_no_rows() -> None:
    paper = summary()
    paper.rules = []
    paper.lines = [line for line in paper.lines if not 495 <= line.box.y0 < 860]
    extraction = one(paper)
    assert (extraction.rows, extraction.fields["total"]) == ((), NOT_FOUND)


# --- the sentence ----------------------------------------------------------------------------------------------


def test_blank_blanks_are_blank() -> None:
    extraction = one(application(certificate="＿＿＿＿＿", level="＿＿＿", headcount="＿＿", date="年　月　日"))
    assert states(extraction) == {
        "school": "written",
        "certificate": "blank",
        "level": "blank",
        "headcount": "blank",
        "date": "blank",
    }
    wanted = [request.box for request in lines_wanted(extraction)]
    assert all(box.height < 60 and box.width < 1200 for box in wanted)  # a look at a blank, not at a page


def test_a_long_certificate_breaks_the_sentence_elsewhere() -> None:
    paper = application()
    paper.lines = [line for line in paper.lines if not 470 < line.box.y0 < 560]
    paper.write("拟申报教育部智能网联汽车检测与运维系统应用开发及", 220, 480)
    paper.write("数据分析职业技能等级证书，级别：高级，考核人数一百二十", 150, 550).write("人。", 150, 590)
    assert told(one(paper)) == APPLICATION | {
        "certificate": "智能网联汽车检测与运维系统应用开发及数据分析",
        "level": "高级",
        "headcount": 120,
    }


@pytest.mark.parametrize(
    ("written", "value"), [("八十", 80), ("80.0", 80), ("约60", None), ("60-80", None), ("8O", None)]
)
def test_a_number_in_the_sentence_is_plain_or_it_is_none(written: str, value: int | None) -> None:
    reading = one(application(headcount=written)).fields["headcount"]
    assert (reading.text, reading.value, reading.reading) == (written, value, "written")


# --- dates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "value", "state"),
    [
        ("2023年3月28日", "2023-03-28", "written"),
        ("2023 年 3 月 28 日", "2023-03-28", "written"),
        ("二〇二三年三月二十八日", "2023-03-28", "written"),
        ("2023.3.28", "2023-03-28", "written"),
        ("年　　月　　日", None, "blank"),
        ("2023年　月　日", None, "written"),
        ("2023年3月　日", None, "written"),
        ("", None, "not_found"),
    ],
)
def test_the_date_stands_by_itself_at_the_foot(date: str, value: str | None, state: str) -> None:
    reading = one(summary(date=date)).fields["date"]
    assert (reading.value, reading.reading) == (value, state)


def test_a_date_in_the_notes_is_not_the_forms() -> None:
    paper = summary(date="")
    paper.write("本表自2023年1月1日起使用。", 150, 1300)
    assert one(paper).fields["date"] == NOT_FOUND


def test_a_birth_month_is_not_the_forms_date() -> None:
    paper = Paper().head("“1+X”证书制度试点工作专家组专家推荐表")
    body: list[tuple[Words, ...]] = [
        ("姓名", "李春燕", "性别", "女"),
        ("出生年月", "1970年5月6日", "民族", "汉族"),
        ("所在学校", "昆明学院", "职务", "系主任"),
        ("职称", "教授", "专业领域", "财务会计"),
        ("联系方式", "13987654321", "电子邮箱", "li@school.test"),
    ]
    paper.table(body, widths=(250, 450, 250, 400)).write("主要工作经历：任教二十年。", 150, 1000)
    extraction = one(paper.write("学校负责人（签字）：", 150, 1100))
    assert extraction.fields["birth_month"].value == "1970-05"
    assert extraction.fields["date"] == NOT_FOUND


# --- name and telephone in one blank --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "contact",
    ["王小明 13812345678", "王小明13812345678", "王小明/138 1234 5678", "13812345678（王小明）", "王小明，13812345678"],
)
def test_a_name_and_a_telephone_share_one_blank(contact: str) -> None:
    extraction = one(summary(contact=contact))
    assert told(extraction) == SUMMARY


def test_a_telephone_badly_read_is_written_not_blank() -> None:
    extraction = one(summary(contact="王小明、138123|4567)"))
    assert extraction.fields["contact_name"].value == "王小明"
    phone = extraction.fields["contact_phone"]
    assert (phone.text, phone.reading) == ("138123|4567", "written")


def test_a_blank_contact_is_two_blanks() -> None:
    extraction = one(summary(contact="＿＿＿＿"))
    assert (states(extraction)["contact_name"], states(extraction)["contact_phone"]) == ("blank", "blank")


def test_a_telephone_may_stand_on_the_line_below() -> None:
    paper = summary(contact="王小明")
    foot = next(line for line in paper.lines if line.text.startswith("学校领导"))
    paper.write("13812345678", 600, foot.box.y0 - 42)
    assert told(one(paper)) == SUMMARY


# --- several, none, second looks --------------------------------------------------------------------------------------


def test_a_blank_form_has_blank_fields_and_no_rows() -> None:
    extraction = one(summary([("1", "", "", ""), ("2", "", "", "")], school="", total="", contact="", date="年 月 日"))
    assert set(states(extraction).values()) == {"blank"}
    assert extraction.rows == ()


def test_pages_of_no_form_are_told_without_values() -> None:
    paper = Paper().write("关于召开年终总结会议的通知，请各部门准时参加。", 150, 300)
    assert extract(document(paper), load_forms()) == (Extraction(None, (0,)),)
    assert extract(document(), load_forms()) == ()


def test_every_form_of_a_message_is_told_in_order() -> None:
    papers = (summary(), application(paper=Paper(file_name="b.pdf")), application(paper=Paper(file_name="c.pdf")))
    found = extract(document(*papers), load_forms())
    assert [(x.form, x.pages, x.fields["school"].page) for x in found] == [
        ("anhui/summary", (0,), 1),
        ("anhui/application", (1,), 1),
        ("anhui/application", (2,), 1),
    ]


def answered(paper: Paper, sees: str) -> Extraction:
    """After a second look at everything asked for, which sees the same everywhere."""
    scores = (0.99,) * len(sees)
    return one(paper, looks=tuple(Look(r.page, r.box, r.purpose, sees, 0.99, scores) for r in one(paper).requests))


def test_a_doubtful_cell_is_looked_at_again_and_the_better_look_wins() -> None:
    rows: list[tuple[Words, ...]] = [("1", "家务管理", "初级", Ink("8O", 0.9, {1: 0.4}))]
    paper = summary(rows, total="80")
    assert len(lines_wanted(one(paper))) == 1
    extraction = answered(paper, "80")
    assert (rows_told(extraction), lines_wanted(extraction)) == ([(1, "家务管理", "初级", 80)], ())


def test_no_look_is_asked_for_twice() -> None:
    paper = summary([("1", Ink("家务管理", 0.5), "", "x")], school="", total="", contact="", date="")
    assert one(paper).requests
    assert answered(paper, "").requests == ()


@settings(max_examples=100, deadline=None)
@given(PAPERS, PAPERS)
def test_any_page_can_be_extracted(first: Paper, second: Paper) -> None:
    for paper in (first, second):
        paper.head("安徽省1+X职业技能等级证书申报学校汇总表")
    for extraction in extract(document(first, second), load_forms()):
        assert all(reading.box is None or max(reading.box) <= 1 for reading in extraction.fields.values())


@settings(max_examples=60, deadline=None)
@given(PAPERS)
def test_a_form_with_anything_scattered_over_it_can_be_extracted(noise: Paper) -> None:
    paper = summary()
    paper.lines += noise.lines
    paper.rules += noise.rules
    assert extract(document(paper), load_forms())
