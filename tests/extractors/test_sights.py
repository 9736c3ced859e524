"""Two looks at one place made one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.sights import Sight, agree, merged, second_sight
from ingest.document import Box, Look


def sight(text: str, *scores: float, each: float = 0.9) -> Sight:
    return Sight(text, scores or (each,) * len(text))


def look(text: str, confidence: float = 0.9, scores: tuple[float, ...] = ()) -> Look:
    return Look(1, Box(0, 0, 10, 10), "line", text, confidence, scores)


SIGHTS = st.text(alphabet="安徽省学院12/ （BIM", max_size=12).flatmap(
    lambda text: st.tuples(*[st.floats(0, 1)] * len(text)).map(lambda scores: Sight(text, scores))
)


def test_each_character_is_the_surer_one_of_both() -> None:
    both = merged(sight("云南开放六学", each=0.6), sight("云南开放大字", 0.5, 0.5, 0.9, 0.9, 0.9, 0.3))
    assert (both.text, both.scores) == ("云南开放大学", (0.6, 0.6, 0.9, 0.9, 0.9, 0.6))


def test_each_character_keeps_its_runners_up() -> None:
    one = Sight("46", (0.5, 0.9), ((("1", 0.3),), ()))
    assert merged(one, sight("16", 0.4, 0.95)).runners_up == ((("1", 0.3),), ())


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        (sight("we前端开发", each=0.6), sight("Web前端开", each=0.8), "Web前端开发"),  # the crop cut the last one off
        (sight("蚌埠二商学院", each=0.7), sight("埠工商学院", each=0.9), "蚌埠工商学院"),
        (sight("46", 0.52, 0.9), sight("6", each=0.92), "46"),
        (sight("阜阳范大学", each=0.7), sight("阜阳师范大学", each=0.9), "阜阳师范大学"),
        (sight("商务职职业", 0.9, 0.9, 0.5, 0.5, 0.9), sight("商务职业", each=0.9), "商务职业"),
        (sight("100"), sight("100"), "100"),
    ],
)
def test_what_one_look_lost_the_other_gives(first: Sight, second: Sight, whole: str) -> None:
    assert merged(first, second).text == whole


@given(SIGHTS, SIGHTS)
def test_merging_makes_nothing_surer_than_it_was_seen(first: Sight, second: Sight) -> None:
    both = merged(first, second)
    assert len(both.scores) == len(both.text)
    assert all(score in (*first.scores, *second.scores) for score in both.scores)


@given(SIGHTS)
def test_a_look_merged_with_itself_or_nothing_stays(one: Sight) -> None:
    for both in (merged(one, one), merged(one, Sight("", ()))):
        assert (both.text, both.scores) == (one.text, one.scores)


def test_spaces_and_width_make_no_difference() -> None:
    assert agree(sight("建筑信息模型（BIM）"), sight("建筑信息模型 (BIM)"))
    assert not agree(sight("8.0"), sight("80"))


def test_a_second_look_is_cleared_of_what_is_not_the_value() -> None:
    assert second_sight(look("时间：2023年10月18日"), "date", alone=False).text == "2023年10月18日"
    assert second_sight(look("）淮南職業技術學院＿"), "organisation", alone=True).text == "淮南职业技术学院"
    assert second_sight(look("", 0.0), "text", alone=True) == Sight("", ())


def test_a_look_at_a_whole_blank_gives_each_value_its_part() -> None:
    whole = look("王小明 13812345678", scores=(0.9, 0.8, 0.7, 0.1, *[0.95] * 11))
    assert second_sight(whole, "person", alone=True) == sight("王小明", 0.9, 0.8, 0.7)
    assert second_sight(whole, "phone", alone=True) == sight("13812345678", each=0.95)
    assert second_sight(look("玉/13812345678"), "person", alone=True).text == "玉"


def test_a_look_without_scores_for_its_characters_has_its_own_for_each() -> None:
    assert second_sight(look("八十 人", 0.7, (0.9,)), "integer", alone=False) == sight("八十 人", 0.7, 0.7, 1.0, 0.7)
