from typing import Any

import pytest

from api.export.rows import cell, record_lines, table, tables
from corpora.vocabulary import vocabulary
from tests.api.records import a_reading, a_record

WORDS = vocabulary()
EXPERT = a_record(
    form="yunnan/expert", fields={"school": a_reading("昆明学院"), "name": a_reading("李一")}, rows=[], findings=[]
)


def test_a_record_gives_a_line_for_each_data_row_with_its_own_values_repeated() -> None:
    lines = record_lines(a_record(), WORDS)
    wanted = ("#school_code", "school", "total", "#row", "certificate", "level", "headcount", "#certificate")
    assert [[line.get(key) for key in wanted] for line in lines] == [
        [
            "4134010869",
            "安徽职业技术学院",
            1250,
            1,
            "传感网应用开发",
            "中级",
            100,
            "传感网应用开发",
        ],
        ["4134010869", "安徽职业技术学院", 1250, 2, "网店运营推厂", "初级", 80, None],
    ]


def test_a_record_without_rows_gives_one_line() -> None:
    assert [line["name"] for line in record_lines(EXPERT, WORDS)] == ["李一"]


def test_findings_seals_and_signatures_are_told_in_chinese() -> None:
    seal = {"kind": "round", "colour": "red", "text": "某校", "lower_text": "教务处", "owner": "department"}
    record = a_record(seals=[seal], signatures=[{"role": "school_leader", "state": "absent"}])
    line = record_lines(record, WORDS)[0]
    assert [line[key] for key in ("#findings", "#seals", "#signatures", "#lane", "#state", "#received")] == [
        "【须处理】合计：合计写作 1250，各行之和为 180\n"
        "【请核实】第 2 行 职业技能等级证书：“网店运营推厂”没有完全一致的证书，请从候选中确认",
        "红色圆章“某校 教务处”（部门章）",
        "学校负责人：未签字",
        "待核对",
        "待审核",
        "2023-03-28 09:12",
    ]


@pytest.mark.parametrize(
    ("reading", "shown"),
    [
        (a_reading("100", 100), 100),
        (a_reading("约60", None), "约60"),
        (a_reading("", None, reading="blank"), None),
        (a_reading("0", 0), 0),
    ],
)
def test_a_cell_shows_the_value_else_the_paper(reading: dict[str, Any], shown: Any) -> None:
    assert cell(reading) == shown


def test_a_school_that_is_not_decided_has_no_code() -> None:
    undecided = {"school": {"decided": False, "name": "安徽职业技术学院", "code": "4134010869"}}
    line = record_lines(a_record(matches=undecided), WORDS)[0]
    assert [line[key] for key in ("#school", "#school_code", "#school_now")] == [None, None, None]


def test_a_key_that_is_field_and_column_of_one_form_keeps_both() -> None:
    record = a_record(fields={"level": a_reading("高级")}, rows=[{"level": a_reading("初级")}], matches={})
    found = table("", [record], WORDS)
    assert [(c.heading, found.lines[0][c.key]) for c in found.columns if "级别" in c.heading] == [
        ("级别", "高级"),
        ("级别（明细）", "初级"),
    ]


def test_every_kind_of_form_has_its_table_and_unknown_pages_come_last() -> None:
    found = tables([a_record(form=None, fields={}, rows=[]), EXPERT, a_record()], WORDS)
    assert [one.title for one in found] == ["申报学校汇总表", "专家推荐表", "未识别表格"]


def test_columns_of_different_forms_are_united() -> None:
    headings = [column.heading for column in table("", [a_record(), EXPERT], WORDS).columns]
    assert headings == [
        *("记录编号", "表格", "项目", "状态", "分类", "收到时间", "发件人", "邮件主题", "文件名"),
        *("学校（匹配）", "学校标识码", "学校现名", "行"),
        *("学校名称", "序号", "姓名", "职业技能等级证书", "级别", "考核人数（人）", "合计（人）"),
        *("联系人", "联系人电话", "填报日期", "证书（匹配）", "印章", "签字", "问题"),
    ]


def test_evidence_stands_beside_each_value() -> None:
    found = table("", [EXPERT], WORDS, evidence=True)
    assert [(c.heading, found.lines[0][c.key]) for c in found.columns if c.heading.startswith("姓名")] == [
        ("姓名", "李一"),
        ("姓名·原文", "李一"),
        ("姓名·识别情况", "已填写"),
        ("姓名·置信度", 0.98),
        ("姓名·页", 1),
        ("姓名·位置", "0.3000 0.1000 0.6000 0.1300"),
    ]


def test_what_people_said_is_told() -> None:
    settled = {"by": "chu", "at": "2023-03-29T10:00:00+08:00", "reason": "与学校核实"}
    body = a_record(findings=[a_record()["findings"][0] | {"settled": settled}])
    body["fields"]["total"] |= {"origin": "person", "by": "chu", "at": "2023-03-29T10:00:00+08:00"}
    line = record_lines(body, vocabulary(), evidence=True)[0]
    assert (line["total@by"], line["total@at"]) == ("chu", "2023-03-29 10:00")
    assert str(line["#findings"]).endswith("各行之和为 180（已确认：与学校核实）")
    assert "school@by" not in line
