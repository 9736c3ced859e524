"""Where a value stands: behind its label, in the blank of a sentence, a date by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.layout import Block, Glyphs, Layout, lay_out, text_of
from extractors.locators import behind, blanks, find_labels, lone_dates, trimmed
from ingest.document import Box
from tests.extractors.pages import Paper, line

SENTENCE = "拟申报教育部{certificate}职业技能等级证书，级别：{level}，考核人数{headcount}人。"
LABELS = ("学校名称（校章）", "填表人", "联系电话", "电子邮箱", "姓名", "职务/职称", "填报时间")


def glyphs_of(text: str) -> Glyphs:
    return lay_out(Paper(lines=[line((text, 100.0), y=100.0)]).page(), 0).blocks[0].glyphs


def value(paper: Paper, label: str) -> str | None:
    """What stands behind the first such label on the paper; None when the label is not there."""
    layout = lay_out(paper.page(), 0)
    hits = find_labels(layout.blocks, LABELS)
    hit = next((h for h in hits if h.label == label), None)
    return behind(hit, hits, layout).text if hit else None


def test_a_value_stands_behind_its_label_in_the_same_line() -> None:
    assert value(Paper().write("学校名称（校章）：昆明学院", 150, 100), "学校名称（校章）") == "昆明学院"


def test_a_value_ends_where_the_next_label_begins() -> None:
    paper = Paper().write("填表人：李春燕　联系电话：13987654321", 150, 100)
    assert (value(paper, "填表人"), value(paper, "联系电话")) == ("李春燕", "13987654321")


def test_a_value_may_be_a_line_of_its_own_beside_the_label() -> None:
    paper = Paper().write("填表人：", 150, 100).write("李春燕", 700, 112)
    assert value(paper, "填表人") == "李春燕"


def test_a_blank_is_blank_though_another_label_stands_beside_it() -> None:
    paper = Paper().write("填表人：", 150, 100).write("联系电话：13987654321", 900, 100)
    assert (value(paper, "填表人"), value(paper, "联系电话")) == ("", "13987654321")


def test_underlines_are_no_value() -> None:
    assert value(Paper().write("填表人：＿＿＿＿ 联系电话：____13987654321__", 150, 100), "填表人") == ""
    assert value(Paper().write("联系电话：____13987654321__", 150, 100), "联系电话") == "13987654321"


def test_a_hint_about_the_seal_behind_the_label_is_no_value() -> None:
    assert value(Paper().write("学校名称（加盖公章）：昆明学院", 150, 100), "学校名称（校章）") == "昆明学院"


def test_a_value_stands_in_the_cell_to_the_right() -> None:
    paper = Paper().table([("姓 名", "李春燕", "联系电话", "")], widths=(200, 300, 200, 300))
    assert (value(paper, "姓名"), value(paper, "联系电话")) == ("李春燕", "")


def test_a_cell_that_holds_another_label_is_no_value() -> None:
    paper = Paper().table([("姓名", "联系电话", "13987654321")], widths=(200, 300, 400))
    assert (value(paper, "姓名"), value(paper, "联系电话")) == ("", "13987654321")


def test_a_label_may_be_broken_over_two_lines_in_its_cell() -> None:
    paper = Paper().table([("职务/\n职称", "副教授")], widths=(200, 300), height=140)
    assert value(paper, "职务/职称") == "副教授"


def test_a_value_may_be_wrapped_in_its_cell() -> None:
    paper = Paper().table([("电子邮箱", "lichunyan.kunming\n@school.test")], widths=(200, 400), height=140)
    assert value(paper, "电子邮箱") == "lichunyan.kunming@school.test"


def test_a_value_cell_cut_by_a_stray_rule_is_read_whole() -> None:
    paper = Paper().table([("姓名", "欧阳春燕", "联系电话", "13987654321")], widths=(200, 400, 200, 400))
    assert value(paper.rule(545, 500, 545, 590), "姓名") == "欧阳春燕"


def test_the_room_of_a_blank_reaches_to_the_next_label() -> None:
    layout = lay_out(Paper().write("填表人：         联系电话：", 150, 100).page(), 0)
    hits = find_labels(layout.blocks, LABELS)
    places = [behind(hit, hits, layout) for hit in hits]
    assert [(p.text, p.room.x0, p.room.x1) for p in places] == [("", 258, 456), ("", 600, 1654 * 0.95)]


def test_of_labels_that_overlap_the_longer_one_counts() -> None:
    layout = lay_out(Paper().write("学校联络人员姓名及电话：王小明", 150, 100).page(), 0)
    hits = find_labels(layout.blocks, ["联络人员", "学校联络人员姓名及电话", "姓名及电话"])
    assert [hit.label for hit in hits] == ["学校联络人员姓名及电话"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("：＿昆明学院。", "昆明学院"),
        ("（昆明学院", "昆明学院"),
        ("昆明学院）", "昆明学院"),
        ("建筑信息模型（BIM）", "建筑信息模型（BIM）"),
        ("（）", "（）"),
        ("____", ""),
        ("", ""),
    ],
)
def test_what_stands_around_a_value_is_trimmed(text: str, left: str) -> None:
    assert text_of(trimmed(glyphs_of(text))) == left if text else trimmed(()) == ()


@given(st.text(alphabet="（）()：_ 昆明1", min_size=1, max_size=12))
def test_trimming_twice_changes_nothing_more(text: str) -> None:
    once = trimmed(glyphs_of(text))
    assert trimmed(once) == once and text_of(once) in text


# --- dates by themselves ------------------------------------------------------------------------------------------


def dates(*lines: str) -> list[str]:
    paper = Paper()
    for n, text in enumerate(lines):
        paper.write(text, 150, 100 + 80 * n)
    return [place.text for place in lone_dates(lay_out(paper.page(), 0), set())]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023年3月28日", "2023年3月28日"),
        ("2023 年 3 月 28 日", "2023 年 3 月 28 日"),
        ("二〇二三年三月二十八日", "二〇二三年三月二十八日"),
        ("二○二三年三月二十八日", "二○二三年三月二十八日"),
        ("2023.3.28", "2023.3.28"),
        ("2023-03-28", "2023-03-28"),
        ("2023/3/28", "2023/3/28"),
        ("年　月　日", "年　月　日"),
        ("2023年　月　日", "2023年　月　日"),
        ("2023年3月　日", "2023年3月　日"),
        ("年　日", "年　日"),
        ("学校（盖章）2023年3月28日", "2023年3月28日"),
        ("2023年3月28曰", "2023年3月28曰"),
        ("2023年9月27务科", "2023年9月27"),  # the last word lies under a hand
        ("自2020年1月1日起试点，2023年3月28日", "2023年3月28日"),
    ],
)
def test_a_date_by_itself_is_found_written_or_blank(text: str, date: str) -> None:
    assert dates(text) == [date]


def test_the_date_at_the_foot_of_a_cell_is_its_last_row() -> None:
    for last in ("2023年3月28日", "年　月　日", "月 日", "2023年3月"):
        paper = Paper().table(
            [("推荐单位意见", f"2020年1月1日起任教\n同意推荐\n{last}")], widths=(300, 700), height=200
        )
        assert [place.text for place in lone_dates(lay_out(paper.page(), 0), set())] == [last]


def test_a_date_may_be_wrapped_in_its_cell() -> None:
    paper = Paper().table([("填报时间", "2023年3月\n28日")], widths=(300, 300), height=140)
    assert [place.text for place in lone_dates(lay_out(paper.page(), 0), set())] == ["2023年3月28日"]


@pytest.mark.parametrize(
    "text", ["学校领导签字：", "2023年度申报", "出生年月", "每月月底前报送", "第28日", "13812345678"]
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert dates(text) == []


def test_dates_come_from_top_to_bottom_without_those_skipped() -> None:
    layout = lay_out(Paper().write("2023年3月1日", 150, 100).write("2023年3月2日", 150, 300).page(), 0)
    assert [p.text for p in lone_dates(layout, set())] == ["2023年3月1日", "2023年3月2日"]
    assert [p.text for p in lone_dates(layout, {0})] == ["2023年3月2日"]


# --- the blanks of a sentence ------------------------------------------------------------------------------------


def filled(text: str) -> dict[str, str | None]:
    found = blanks(SENTENCE, glyphs_of(text))
    return {name: place.text if place else None for name, place in found.items()}


def test_what_is_written_into_a_sentence_is_told_from_its_print() -> None:
    assert filled("拟申报教育部传感网应用开发职业技能等级证书，级别：中级，考核人数100人。") == {
        "certificate": "传感网应用开发",
        "level": "中级",
        "headcount": "100",
    }


def test_blanks_left_empty_are_empty() -> None:
    assert filled("拟申报教育部＿＿＿＿职业技能等级证书，级别：＿＿，考核人数＿＿人。") == {
        "certificate": "",
        "level": "",
        "headcount": "",
    }


def test_the_room_of_a_blank_lies_between_the_print_around_it() -> None:
    level = blanks(SENTENCE, glyphs_of("拟申报教育部网店运营推广职业技能等级证书级别       考核人数100人。"))["level"]
    assert level is not None
    assert (level.text, level.room) == ("", Box(100 + 22 * 36, 97, 100 + 22 * 36 + 7 * 18, 139))


def test_a_blank_that_goes_on_in_the_next_line_has_room_behind_its_print() -> None:
    upper, lower = (
        line(("拟申报教育部", 100.0), y=100.0),
        line(("职业技能等级证书，级别：中级，考核人数9人", 100.0), y=200.0),
    )
    blocks = lay_out(Paper(lines=[upper, lower]).page(), 0).blocks
    certificate = blanks(SENTENCE, tuple(g for b in blocks for g in b.glyphs))["certificate"]
    assert certificate is not None
    assert (certificate.text, certificate.room) == ("", Box(316, 97, 316 + 8 * 42, 139))


def test_print_that_was_misread_still_parts_the_blanks() -> None:
    assert filled("拟申报教盲部传感网应用开发职业技熊等级证书级别中级考核人教100人") == {
        "certificate": "传感网应用开发",
        "level": "中级",
        "headcount": "100",
    }


def test_a_blank_whose_print_is_lost_is_not_told() -> None:
    assert filled("拟申报教育部传感网应用开发职业技能等级证书，中级，考核人数100人。") == {
        "certificate": "传感网应用开发",
        "level": None,
        "headcount": "100",
    }


def test_without_its_first_words_nothing_is_told() -> None:
    assert filled("证书名称：传感网应用开发") == {}


@given(st.text(alphabet="拟申报教育部职业技能等级证书级别：，考核人数1。中", max_size=60))
def test_blanks_are_told_of_any_text_in_its_order(text: str) -> None:
    found = [place for place in blanks(SENTENCE, glyphs_of(text) if text else ()).values() if place]
    assert all(place.text in text for place in found)
    assert [p.glyphs[0].box.x0 for p in found if p.glyphs] == sorted(p.glyphs[0].box.x0 for p in found if p.glyphs)


def test_a_block_of_text_knows_its_page() -> None:
    layout: Layout = lay_out(Paper().write("填表人：", 150, 100).page(), 3)
    block: Block = layout.blocks[0]
    assert (block.page, block.box, {g.page for g in block.glyphs}) == (3, Box(147, 97, 297, 139), {3})
