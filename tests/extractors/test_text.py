"""Finding a printed label in what the reader saw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.text import Hit, alike, contains_alike, find_label, fold, folded

PAPER = st.text(alphabet="学校名称（公章）：:＿_ 　盖签字年月日123ＡaⅫ㈱½", max_size=40)


def seen(label: str, text: str) -> str | None:
    """The part of the text that the label was found in."""
    hit = find_label(label, text)
    return text[hit.start : hit.end] if hit else None


@pytest.mark.parametrize(
    ("label", "text", "part"),
    [
        ("学校名称（校章）", "学校名称（校章）：安徽大学", "学校名称（校章"),
        ("学校名称（校章）", "学 校 名 称 (校 章) :", "学 校 名 称 (校 章"),
        ("学校名称（校章）", "学校名你（校章）：", "学校名你（校章"),  # misread
        ("累计完成率（%）", "累计完成率(％)", "累计完成率(％"),
        ("备注", "备注：以PDF发送", "备注"),
        ("学校", "学校：安徽大学", "学校"),
        ("学校", "学 校", "学 校"),
        ("学校", "学校安徽大学", None),  # a short label needs its colon,
        ("学校", "我校学校：", None),  # and stands first
        ("联系人", "联系电话：13812345678", None),
        ("职称", "职务/职称：教授", None),
        ("学校领导签字", "学校", None),
        ("学校领导签字", "", None),
        ("：", "学校：", None),  # nothing is left of it
    ],
)
def test_a_label_is_found_as_it_may_be_read(label: str, text: str, part: str | None) -> None:
    assert seen(label, text) == part


def test_a_hit_says_where_the_label_stands_and_how_alike_it_is() -> None:
    assert find_label("学校名称", "  学校名称：安徽大学") == Hit(2, 6, 1.0)
    misread = find_label("学校领导签字", "学校领寻签字：")
    assert misread is not None and (misread.start, misread.end, round(misread.score, 2)) == (0, 6, 0.83)


@given(PAPER, PAPER)
def test_a_label_is_looked_for_in_any_text_without_harm(label: str, text: str) -> None:
    hit = find_label(label, text)
    assert hit is None or (0 <= hit.start < hit.end <= len(text) and 0 < hit.score <= 1)


@given(st.text(alphabet="学校领导签字联系电话", min_size=4, max_size=8), PAPER, PAPER)
def test_a_label_of_four_characters_is_found_wherever_it_stands(label: str, before: str, behind: str) -> None:
    hit = find_label(label, before + label + behind)
    assert hit is not None and hit.score == 1.0


@given(st.text())
def test_folding_keeps_the_place_of_every_character(text: str) -> None:
    plain, places = folded(text)
    assert len(plain) == len(places) and all(0 <= place < max(1, len(text)) for place in places)
    assert list(places) == sorted(places)


def test_folding_forgets_spaces_punctuation_width_and_case() -> None:
    assert fold("　学校（ＡＢ）：＿＿ 1+X ") == "学校ab1+x"


def test_likeness_is_of_whole_texts_or_of_a_part() -> None:
    assert alike("申报表", "申 报 表：") == 1.0
    assert alike("申报表", "") == 0.0
    assert contains_alike("学校领导签字", "单位公章学校领导签字年月日") == 1.0
    assert contains_alike("学校领导签字", "学校") == 0.0  # too little to tell
