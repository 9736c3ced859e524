"""Names are freed of what does not belong to them, and taken apart."""

import pytest

from matching.names import (
    Parts,
    bare_place,
    bracket_sides,
    certificate_stem,
    plain,
    shortens,
    take_apart,
    without_campus,
)

PLACES = {"安徽", "合肥", "昆明", "马鞍山", "丽江"}


def test_width_case_spaces_and_punctuation_do_not_count() -> None:
    assert plain("下一代 互联网（ＩＰｖ６）、搭建") == "下一代互联网ipv6搭建"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("安徽国际商务职业学院", Parts(("安徽",), "国际商务", "职业学院", 6)),
        ("民办合肥经济技术职业学院", Parts(("合肥",), "经济技术", "职业学院", 8)),
        ("昆明市官渡区职业高级中学", Parts(("昆明", "官渡"), "", "职业高级中学", 6)),
        ("合肥幼儿师范高等专科学校", Parts(("合肥",), "幼儿", "师范高等专科学校", 4)),
    ],
)
def test_a_school_name_is_place_core_and_kind(name: str, parts: Parts) -> None:
    assert take_apart(name, PLACES) == parts


@pytest.mark.parametrize(
    ("text", "name"),
    [("丽江文旅学院", "丽江文化旅游学院"), ("皖国商职院", "安徽国际商务职业学院"), ("马职院", "马鞍山职业技术学院")],
)
def test_each_part_is_shortened_in_its_own_way(text: str, name: str) -> None:
    assert shortens(text, take_apart(name, PLACES))


@pytest.mark.parametrize(
    ("text", "name"),
    [("合肥职业学院", "合肥经济技术职业学院"), ("安徽务学院", "安徽国际商务职业学院"), ("学院", "安徽学院")],
)
def test_what_sets_a_school_apart_may_not_be_dropped(text: str, name: str) -> None:
    assert shortens(text, take_apart(name, PLACES)) is None


@pytest.mark.parametrize(
    ("place", "bare"),
    [("安徽省", "安徽"), ("广西壮族自治区", "广西"), ("内蒙古自治区", "内蒙古"), ("西双版纳傣族自治州", "西双版纳")],
)
def test_places_lose_their_rank(place: str, bare: str) -> None:
    assert bare_place(place) == bare


def test_a_campus_is_set_aside() -> None:
    assert without_campus("阜阳职业技术学院（西校区）") == ("阜阳职业技术学院", "西校区")
    assert without_campus("阜阳职业技术学院") == ("阜阳职业技术学院", "")


def test_a_level_stands_before_or_after_the_suffix() -> None:
    assert certificate_stem("1+X网店运营推广（中级）职业技能等级证书") == ("网店运营推广", "中级")
    assert certificate_stem("网店运营推广职业技能等级证书（高级）") == ("网店运营推广", "高级")
    assert certificate_stem("大数据应用开发（Java）") == ("大数据应用开发(java)", "")


def test_what_a_bracket_says_twice_is_a_side_of_its_name() -> None:
    assert bracket_sides("建筑信息模型（BIM）") == ("建筑信息模型", "bim")
    assert bracket_sides("财务共享服务（中级）") == ()
