from datetime import datetime
from typing import Any

import pytest

from api.export.rows import record_lines
from api.export.service import filled
from api.export.workbook import LARGEST, BadTemplate, check_template, fill
from corpora.vocabulary import vocabulary
from tests.api.export.workbooks import a_template, opened, saved, the_offices, values, with_part
from tests.api.records import a_reading, a_record

TOLD: dict[str, Any] = {"#day": "2023-04-01", "#by": "李一", "#count": 1}


def lines_of(*records: dict[str, Any]) -> list[Any]:
    return [line for record in records for line in record_lines(record, vocabulary())]


def test_the_named_row_is_repeated_for_each_line_and_the_rest_stays() -> None:
    data, count = filled(the_offices(), [a_record()], "李一")
    assert count == 1
    assert values(data) == [
        ["anhui-2023 申报汇总（1 份）", None, None, None, None, None],
        ["序", "学校", "证书", None, "人数", "一半"],
        [1, "安徽职业技术学院", "传感网应用开发", None, 100, "=E3/2"],
        [2, "安徽职业技术学院", "网店运营推厂", None, 80, "=E4/2"],
        ["合计", None, None, None, "=SUM(E3:E4)", "=E5"],
        ["制表：李一", None, None, None, None, None],
    ]
    assert values(data, "封面") == [["总人数", "=汇总!E5", "不变 {单括号}"]]


def test_each_line_has_the_look_of_the_row_and_the_others_keep_theirs() -> None:
    sheet = opened(filled(the_offices(), [a_record()], "李一")[0])["汇总"]
    looks = [(sheet.cell(row, 2).font.name, sheet.cell(row, 5).number_format) for row in (3, 4)]
    assert looks == [("仿宋", "0"), ("仿宋", "0")]
    assert [sheet.cell(row, 4).border.bottom.style for row in (3, 4, 5)] == ["thin", "thin", None]
    assert sheet["A5"].fill.fgColor.rgb == "FFEEEEEE"
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:F1", "C3:D3", "C4:D4", "A6:F6"}
    assert {row: size.height for row, size in sheet.row_dimensions.items() if size.height} == {3: 30, 4: 30, 6: 44}
    assert sheet.print_area == "'汇总'!$A$1:$F$6"


def test_without_lines_the_row_stays_with_nothing_in_it() -> None:
    data = fill(the_offices(), [], TOLD | {"#count": 0})
    assert values(data)[2:4] == [
        [None, None, None, None, None, "=E3/2"],
        ["合计", None, None, None, "=SUM(E3:E3)", "=E4"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+86 551", "-1", "@SUM(A1)", "＝1", "'x", "_x0041_", "普通", "{{学校名称}}"])
def test_text_stays_text_whatever_it_begins_with(text: str) -> None:
    record = a_record(fields={"name": a_reading(text)}, rows=[])
    sheet = opened(fill(a_template(["{{姓名}}", "姓名：{{name}}"]), lines_of(record), TOLD))["汇总"]
    read = [(str(cell.value).replace("_x005F_", "_"), cell.data_type) for cell in sheet[1]]  # as Excel reads it
    assert read == [(text, "s"), (f"姓名：{text}", "s")]
    assert sheet["A1"].quotePrefix == text.startswith(("=", "+", "-", "@", "＝", "'"))


def test_a_formula_made_of_a_value_and_other_text_is_text() -> None:
    record = a_record(fields={"name": a_reading("1+1")}, rows=[])
    sheet = opened(fill(a_template(["'={{姓名}}", "{{姓名}}"]), lines_of(record), TOLD))["汇总"]
    assert [cell.data_type for cell in sheet[1]] == ["s", "s"]


def test_a_day_is_a_day_where_the_office_formats_it_so() -> None:
    template = opened(a_template(["{{填报日期}}", "{{填报日期}}"]))
    template["汇总"]["A1"].number_format = "yyyy-mm-dd"
    record = a_record(fields={"date": a_reading("2023年3月8日", "2023-03-08")}, rows=[])
    assert values(fill(saved(template), lines_of(record), TOLD)) == [
        [datetime.fromisoformat("2023-03-08"), "2023-03-08"]
    ]


NAMES = "学校名称 school 考核人数 考核人数（人） 考核人数(人) 证书 #id 记录编号 id phone@confidence 联系电话·置信度"


@pytest.mark.parametrize("name", [*NAMES.split(), " 学校 名称 "])
def test_columns_are_named_by_key_or_heading(name: str) -> None:
    assert len(check_template(a_template(["{{" + name + "}}"]))) == 1


def test_a_name_that_no_column_has_is_told_with_its_place_and_the_nearest_one() -> None:
    with pytest.raises(BadTemplate) as refused:
        check_template(a_template(["{{学校名}}", "{{headcuont}}"]))
    assert str(refused.value) == (
        "工作表“汇总”A1：没有“学校名”这一列，是否指“学校名称”？；"
        "工作表“汇总”B1：没有“headcuont”这一列，是否指“考核人数（人）”？"
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"no workbook", "这不是 .xlsx 文件"),
        (b"PK\x03\x04" + bytes(200), "这不是 .xlsx 文件"),
        (bytes(LARGEST + 1), "模板过大"),
        (a_template(["学校"]), "没有占位符"),
        (with_part(a_template(["{{school}}"]), "xl/vbaProject.bin", b"x"), "宏"),
        (with_part(a_template(["{{school}}"]), "xl/externalLinks/externalLink1.xml", b"<a/>"), "链接"),
        (with_part(a_template(["{{school}}"]), "xl/bomb.xml", b"<!DOCTYPE a>"), "正常"),
        (with_part(a_template(["{{school}}"]), "xl/big.xml", bytes(41_000_000)), "过大"),
        (a_template(["{{school}}", '=WEBSERVICE("http://a.test")']), "以外的内容"),
        (a_template(["{{school}}", "=cmd|'/C calc'!A0"]), "以外的内容"),
    ],
)
def test_what_could_do_harm_or_cannot_be_read_is_refused_in_chinese(data: bytes, why: str) -> None:
    with pytest.raises(BadTemplate, match=why):
        check_template(data)
