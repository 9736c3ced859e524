"""Rows of a form's table: ruled or only aligned, joined, cut, over two pages."""

from __future__ import annotations

from typing import Any

import pytest

from corpora.form import FormSpec, load_forms
from extractors.layout import lay_out
from extractors.tables import Table, read_table
from tests.extractors.pages import Ink, Paper, Words, document
from tests.extractors.sheets import ROWS, SUMMARY_HEAD, lead_school, summary

FORMS = {form.key: form for form in load_forms()}
HEAD = ("序号", "职业技能等级证书", "级别", "拟申报人数")
TWO = [("1", "传感网应用开发", "中级", "100"), ("2", "网店运营推广", "初级", "80")]
LEFTS = (210, 620, 1090, 1350)


def table_of(*papers: Paper, form: FormSpec = FORMS["anhui/summary"]) -> Table | None:
    assert form.table is not None
    pages = document(*papers).pages
    stops = [label for label in form.labels if len(label) > 3]
    return read_table(form.table, [lay_out(page, index) for index, page in enumerate(pages)], stops)


def rows(*papers: Paper, form: FormSpec = FORMS["anhui/summary"]) -> list[tuple[str, ...]]:
    """The texts of all rows in which anything is written."""
    table = table_of(*papers, form=form)
    assert table is not None
    found = [tuple(place.text for place in row.values()) for row in table.rows]
    return [row for row in found if any(row)]


def total(*papers: Paper) -> str | None:
    table = table_of(*papers)
    assert table is not None
    return table.total.text if table.total else None


def ruled(*body: tuple[Words, ...], **options: Any) -> Paper:
    return Paper().table([HEAD, *body], **options)


def test_a_ruled_table_gives_its_rows_and_its_total() -> None:
    assert rows(summary()) == TWO
    assert total(summary()) == "180"


def test_a_page_without_the_heading_has_no_table() -> None:
    assert table_of(Paper().table([("申报院校", "昆明学院"), ("联系人", "李春燕")], widths=(300, 600))) is None


def test_a_cell_that_joins_rows_counts_for_its_first() -> None:
    paper = ruled(("1", "传感网应用开发", "初级", "60"), ("", "", "中级", "40"), spans={(1, 0): (2, 1), (1, 1): (2, 1)})
    assert [row[2:] for row in rows(paper)] == [("初级", "60"), ("中级", "40")]


def test_a_certificate_that_stands_for_several_rows_is_each_rows_own() -> None:
    paper = ruled(("1", "传感网应用开发", "初级", "60"), ("2", "", "中级", "40"), spans={(1, 1): (2, 1)})
    assert rows(paper) == [("1", "传感网应用开发", "初级", "60"), ("2", "传感网应用开发", "中级", "40")]


@pytest.mark.parametrize("spans", [{(3, 0): (1, 3)}, {(3, 0): (1, 2)}, {}], ids=["three", "two", "none"])
def test_the_total_is_told_however_its_label_is_joined(spans: dict[tuple[int, int], tuple[int, int]]) -> None:
    paper = ruled(*TWO, ("合计", "", "", "180"), spans=spans)
    assert (rows(paper), total(paper)) == (TWO, "180")


def test_the_total_may_share_one_cell_with_its_label() -> None:
    paper = ruled(*TWO, ("合计：180", "", "", ""), spans={(3, 0): (1, 4)})
    assert (rows(paper), total(paper)) == (TWO, "180")


def test_a_total_left_blank_is_a_place_without_characters() -> None:
    assert total(ruled(*TWO, ("合计", "", "", ""))) == ""


def test_a_certificate_that_holds_the_word_total_is_a_row() -> None:
    paper = ruled(("1", "企业合计财务处理应用", "中级", "100"), ("合计", "", "", "100"))
    assert (rows(paper), total(paper)) == ([("1", "企业合计财务处理应用", "中级", "100")], "100")


def test_a_stray_rule_down_through_a_column_changes_nothing() -> None:
    paper = ruled(*TWO, ("合计", "", "", "180"))
    assert rows(paper.rule(900, 500, 900, 860)) == TWO


def test_a_stray_rule_across_a_cell_changes_nothing() -> None:
    paper = ruled(*TWO, height=120)
    assert rows(paper.rule(270, 700, 970, 700)) == TWO


@pytest.mark.parametrize("faint", [(0, 2), (1, 2), (2, 2), (1, 1), (2, 0)])
def test_a_border_between_columns_that_was_not_seen_is_told_by_the_heading(faint: tuple[int, int]) -> None:
    assert rows(ruled(*TWO, faint_right=[faint])) == TWO


def test_a_rule_between_two_rows_that_was_not_seen_is_told_by_their_lines() -> None:
    assert rows(ruled(*TWO, faint_below=[(1, c) for c in range(4)])) == TWO


def test_a_wrapped_certificate_is_one_row() -> None:
    paper = ruled(("1", "跨境电商B2B\n数据运营", "中级", "40"), TWO[1], height=120)
    assert rows(paper) == [("1", "跨境电商B2B数据运营", "中级", "40"), TWO[1]]


def test_a_heading_over_two_lines_heads_its_column() -> None:
    assert rows(Paper().table([SUMMARY_HEAD, *ROWS], height=120)) == TWO


def test_a_heading_that_was_not_read_is_told_by_its_place() -> None:
    paper = Paper().table([("序号", "职业技能等级证书", "", "拟申报人数"), *TWO])
    assert rows(paper) == TWO


def test_the_heading_may_stand_over_two_rows_of_cells() -> None:
    head: list[tuple[Words, ...]] = [(*HEAD[:3], "人数"), ("", "", "", "拟申报")]
    paper = Paper().table([*head, *TWO], spans={(0, 0): (2, 1), (0, 1): (2, 1), (0, 2): (2, 1)})
    assert rows(paper) == TWO


def test_a_column_more_than_the_form_has_is_passed_over() -> None:
    body = [("序号", "职业技能等级证书", "级别", "拟申报人数", "对应专业"), (*TWO[0], "物联网"), (*TWO[1], "电商")]
    assert rows(Paper().table(body, widths=(120, 500, 200, 300, 234))) == TWO


def test_columns_in_another_order_are_told_by_their_headings() -> None:
    body = [("序号", "级别", "拟申报人数", "职业技能等级证书"), ("1", "中级", "100", "传感网应用开发")]
    assert rows(Paper().table(body, widths=(120, 200, 300, 734))) == TWO[:1]


def test_a_column_without_a_number_is_no_harm() -> None:
    body = [HEAD[1:], TWO[0][1:]]
    assert rows(Paper().table(body, widths=(734, 300, 320))) == [TWO[0][1:]]


@pytest.mark.parametrize("repeated", [True, False], ids=["heading repeated", "heading once"])
def test_a_table_goes_on_over_the_page(repeated: bool) -> None:
    more: list[tuple[Words, ...]] = [("3", "家务管理", "初级", "20"), ("合计", "", "", "200")]
    second = Paper(number=2).table([HEAD, *more] if repeated else more, top=200)
    assert rows(ruled(*TWO), second) == [*TWO, ("3", "家务管理", "初级", "20")]
    assert total(ruled(*TWO), second) == "200"


def test_a_table_of_another_kind_on_the_next_page_is_not_its_rest() -> None:
    other = Paper(number=2).table([("姓名", "性别", "职称"), ("李春燕", "女", "教授")], widths=(300, 200, 300))
    assert rows(ruled(*TWO, ("合计", "", "", "180")), other) == TWO


# --- without rules -----------------------------------------------------------------------------------------------


def aligned(*body: tuple[Words, ...], step: float = 70, top: float = 600) -> Paper:
    paper = Paper().write_apart(*((h, x - 18 * len(h)) for h, x in zip(HEAD, LEFTS, strict=True)), y=500)
    return paper.columns(body, top=top, step=step, lefts=LEFTS)


def apart(*body: tuple[Words, ...]) -> Paper:
    return Paper().columns([HEAD, *body], top=500, step=70, lefts=LEFTS)


def test_columns_without_rules_are_told_by_their_headings() -> None:
    paper = apart(*TWO, ("合计", "", "", "180"))
    assert (rows(paper), total(paper)) == (TWO, "180")


def test_headings_that_were_read_as_one_line_are_cut_between_them() -> None:
    paper = aligned(*TWO, ("合计", "", "", "180"))
    assert (rows(paper), total(paper)) == (TWO, "180")


def test_a_row_that_was_read_as_one_line_is_cut_between_its_columns() -> None:
    paper = apart().write_apart(("1", 200), ("传感网应用开发", 480), ("中级", 1060), ("100", 1320), y=570)
    paper.write_apart(("2", 200), ("网店运营推广", 480), y=640).write_apart(("初级", 1060), ("80", 1330), y=640)
    assert rows(paper) == TWO


def test_a_table_without_rules_ends_at_the_next_label() -> None:
    paper = apart(*TWO).write("学校联络人员姓名及电话：王小明 13812345678", 150, 780)
    assert rows(paper) == TWO


def test_a_wrapped_cell_without_rules_is_the_rest_of_the_nearest_row() -> None:
    paper = apart(TWO[0]).columns(
        [("", "跨境电商B2B", "", ""), ("2", "", "中级", "40"), ("", "数据运营", "", "")],
        top=690,
        step=26,
        lefts=LEFTS,
    )
    assert rows(paper.columns([("3", *TWO[1][1:])], top=860, step=70, lefts=LEFTS)) == [
        TWO[0],
        ("2", "跨境电商B2B数据运营", "中级", "40"),
        ("3", *TWO[1][1:]),
    ]


def test_an_empty_place_without_rules_stays_empty() -> None:
    assert rows(apart(("1", "传感网应用开发", "", "100"), TWO[1])) == [("1", "传感网应用开发", "", "100"), TWO[1]]


def test_a_table_without_rules_goes_on_over_the_page() -> None:
    second = Paper(number=2).columns([("3", "家务管理", "初级", "20")], top=200, step=70, lefts=LEFTS)
    second.write("合计", 150, 270).write("200", 1320, 270)
    assert rows(apart(*TWO), second) == [*TWO, ("3", "家务管理", "初级", "20")]
    assert total(apart(*TWO), second) == "200"


# --- beside one tall cell -----------------------------------------------------------------------------------------


def certificates(*papers: Paper) -> list[tuple[str, ...]]:
    return rows(*papers, form=FORMS["yunnan/lead-school"])


THREE = [("财务共享服务", "初级", "100"), ("跨境电商B2B数据运营", "中级", "60"), ("智能财税", "高级", "20")]


def test_rows_stand_beside_the_cell_that_names_them() -> None:
    assert certificates(lead_school(THREE)) == THREE


def test_rows_beside_a_cell_may_have_headings_of_their_own() -> None:
    assert certificates(lead_school([("证书名称", "级别", "人数"), *THREE])) == THREE


def test_a_stray_rule_through_the_tall_cell_changes_nothing() -> None:
    assert certificates(lead_school(THREE, faint_below=[])) == THREE
    assert certificates(lead_school(THREE[:2]).rule(150, 950, 450, 950)) == THREE[:2]


def test_an_empty_row_beside_a_cell_holds_nothing() -> None:
    assert certificates(lead_school([*THREE[:1], ("", "", ""), *THREE[1:]])) == THREE


def test_a_character_that_is_unsure_keeps_its_probability() -> None:
    table = table_of(ruled(("1", Ink("家务管理", 0.97, {1: 0.4}), "初级", "20")))
    assert table is not None
    assert [g.score for g in table.rows[0]["certificate"].glyphs] == [0.97, 0.4, 0.97, 0.97]
