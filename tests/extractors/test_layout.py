"""How characters on a page stand to one another: rows, tables, cells."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.layout import Grid, Layout, find_grids, lay_out, table_rules, text_of
from ingest.document import Box, Rule
from tests.extractors.pages import Ink, Paper, line

PLACES = st.floats(-50, 2500, allow_nan=False, width=32)
LINES = st.builds(
    lambda text, x, y, size, score: line((Ink(text, score), x), y=y, size=size),
    st.text(alphabet="学校合计年月日：1200 ＿證", max_size=12),
    PLACES,
    PLACES,
    st.floats(0, 200, allow_nan=False),
    st.floats(0, 1, allow_nan=False),
)
RULES = st.one_of(
    st.builds(lambda x0, x1, y: Rule(min(x0, x1), y, max(x0, x1), y), PLACES, PLACES, PLACES),
    st.builds(lambda x, y0, y1: Rule(x, min(y0, y1), x, max(y0, y1)), PLACES, PLACES, PLACES),
)
PAPERS = st.builds(lambda lines, rules: Paper(lines=lines, rules=rules), st.lists(LINES, max_size=20), st.lists(RULES))


def laid_out(paper: Paper) -> Layout:
    return lay_out(paper.page(), 0)


def texts(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    """Rows, columns and text of every cell."""
    return [(c.r0, c.r1, c.c0, c.c1, c.text) for c in grid.cells]


def rows_read(layout: Layout) -> list[list[str]]:
    return [[run.text for run in row] for row in layout.rows]


def test_lines_side_by_side_are_a_row() -> None:
    paper = Paper().write("填表人：", 150, 100).write("联系电话：", 900, 108).write("备注", 150, 200)
    assert rows_read(laid_out(paper)) == [["填表人：", "联系电话："], ["备注"]]


def test_a_tall_stroke_does_not_tie_two_rows_together() -> None:
    paper = Paper().write("第一行", 150, 100).write("第二行", 150, 160).write("签", 700, 90, size=130)
    assert rows_read(laid_out(paper)) == [["第一行", "签"], ["第二行"]]


def test_lines_above_one_another_are_rows_of_their_own_however_tight() -> None:
    paper = Paper().write("第一行", 150, 100).write("第二行", 150, 118)
    assert rows_read(laid_out(paper)) == [["第一行"], ["第二行"]]


def test_a_ruled_table_has_its_cells_in_reading_order() -> None:
    (grid,) = laid_out(Paper().table([("序号", "证书"), ("1", "网店运营")], widths=(200, 400))).grids
    assert texts(grid) == [(0, 0, 0, 0, "序号"), (0, 0, 1, 1, "证书"), (1, 1, 0, 0, "1"), (1, 1, 1, 1, "网店运营")]
    assert grid.box == Box(150, 500, 750, 680)


def test_a_missing_border_joins_cells() -> None:
    paper = Paper().table(
        [("合计", "", "180"), ("备", "注", "无")], widths=(200, 200, 200), spans={(0, 0): (1, 2), (0, 2): (2, 1)}
    )
    (grid,) = laid_out(paper).grids
    assert texts(grid) == [(0, 0, 0, 1, "合计"), (0, 1, 2, 2, "180无"), (1, 1, 0, 0, "备"), (1, 1, 1, 1, "注")]


def test_a_line_read_over_a_border_is_cut_there() -> None:
    paper = Paper().table([("", ""), ("", "")], widths=(200, 400)).write_apart(("1", 240), ("网店运营", 380), y=530)
    (grid,) = laid_out(paper).grids
    assert texts(grid)[:2] == [(0, 0, 0, 0, "1"), (0, 0, 1, 1, "网店运营")]


def test_a_wrapped_cell_is_read_from_line_to_line() -> None:
    (grid,) = laid_out(Paper().table([("跨境电商B2B\n数据运营", "中级")], widths=(400, 200), height=140)).grids
    assert texts(grid) == [(0, 0, 0, 0, "跨境电商B2B数据运营"), (0, 0, 1, 1, "中级")]


def test_two_tables_on_a_page_stay_two() -> None:
    paper = Paper().table([("甲", "乙")], widths=(200, 200)).table([("丙", "丁")], widths=(200, 200), top=900)
    assert [[c.text for c in g.cells] for g in laid_out(paper).grids] == [["甲", "乙"], ["丙", "丁"]]


def test_a_frame_around_text_is_no_table() -> None:
    paper = Paper().table([("同意推荐",)], widths=(800,))
    layout = laid_out(paper)
    assert layout.grids == () and [b.text for b in layout.blocks] == ["同意推荐"]


def test_folds_and_strokes_of_characters_are_no_rules() -> None:
    paper = Paper().write("川川川川川川", 300, 600, size=60)
    border = Rule(150, 500, 800, 500)
    paper.rules = [Rule(0, 1200, 1654, 1200), Rule(800, 0, 800, 2339), Rule(330, 597, 330, 660), border]
    assert table_rules(paper.page()) == [border]


def test_a_border_that_a_line_was_read_over_stays() -> None:
    paper = Paper().table([("", "")], widths=(200, 400)).write_apart(("1", 240), ("网店运营", 380), y=530)
    assert table_rules(paper.page()) == paper.rules


def test_what_shines_through_beside_clear_print_is_left_out() -> None:
    paper = Paper().table([("100", "")], widths=(300, 300)).write(Ink("卧", 0.4), 480, 527)
    (grid,) = laid_out(paper).grids
    assert texts(grid) == [(0, 0, 0, 0, "100"), (0, 0, 1, 1, "卧")]
    paper.write("80", 560, 527)
    (grid,) = laid_out(paper).grids
    assert texts(grid) == [(0, 0, 0, 0, "100"), (0, 0, 1, 1, "80")]


def test_traditional_characters_are_read_as_the_simplified_ones_of_the_forms() -> None:
    layout = laid_out(Paper().write("學校領導簽字", 150, 100))
    assert layout.blocks[0].text == "学校领导签字"


def test_a_space_is_no_evidence() -> None:
    (row,) = laid_out(Paper().write(Ink("李 明", 0.9, {1: 0.2}), 150, 100)).rows
    assert [g.score for g in row[0].glyphs] == [0.9, 1.0, 0.9]


def test_a_line_without_places_for_its_characters_spreads_them_evenly() -> None:
    paper = Paper().write("学校", 100, 100)
    bare = paper.lines[0]
    paper.lines = [type(bare)(bare.text, Box(100, 100, 200, 140), 0.8, (), ())]
    (row,) = laid_out(paper).rows
    assert [(g.char, g.box.x0, g.box.x1, g.score) for g in row[0].glyphs] == [
        ("学", 100, 150, 0.8),
        ("校", 150, 200, 0.8),
    ]


def test_rules_that_do_not_cross_make_no_table() -> None:
    assert find_grids([Rule(0, 100, 500, 100), Rule(0, 200, 500, 200)], 0) == []


@settings(max_examples=150, deadline=None)
@given(PAPERS)
def test_any_lines_and_rules_can_be_laid_out(paper: Paper) -> None:
    layout = laid_out(paper)
    placed = Counter(text_of(g for row in layout.rows for run in row for g in run.glyphs))
    read = Counter("".join(a.text for a in paper.lines).replace("證", "证"))
    assert placed == read  # every character stands in one row


@settings(max_examples=150, deadline=None)
@given(PAPERS)
def test_every_character_lies_in_at_most_one_block(paper: Paper) -> None:
    layout = laid_out(paper)
    in_blocks = Counter(id(g) for block in layout.blocks for g in block.glyphs)
    assert all(count == 1 for count in in_blocks.values())
    for grid in layout.grids:
        covered = [(r, c) for k in grid.cells for r in range(k.r0, k.r1 + 1) for c in range(k.c0, k.c1 + 1)]
        assert {(r, c) for r in range(len(grid.ys) - 1) for c in range(len(grid.xs) - 1)} <= set(covered)
