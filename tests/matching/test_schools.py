"""Which school is meant: decided when sure, asked otherwise, never forced onto a neighbour."""

import pytest

from matching.candidate import UNMATCHED, Candidate, Match
from matching.index import SchoolIndex
from matching.match import match_school


def codes(match: Match) -> tuple[str, ...]:
    return tuple(finding.code for finding in match.findings)


def in_anhui(index: SchoolIndex, text: str, *others: tuple[str, str]) -> Match:
    return match_school(text, index, year=2023, province="安徽省", others=others)


def test_the_name_in_the_register_is_decided_without_a_word(schools: SchoolIndex) -> None:
    best = Candidate("4134012816", "安徽交通职业技术学院", "安徽交通职业技术学院", 1.0, ("exact",))
    assert in_anhui(schools, "安徽交通职业技术学院") == Match(True, best, (best,))


def test_a_name_that_was_changed_after_the_year_is_the_name_in_force(schools: SchoolIndex) -> None:
    best = Candidate("4134010869", "安徽职业技术学院", "安徽职业技术大学", 1.0, ("exact",))
    assert in_anhui(schools, "安徽职业技术学院") == Match(True, best, (best,))


@pytest.mark.parametrize(
    ("text", "name", "finding"),
    [
        (" 安徽交通职业技术学院 （盖章）", "安徽交通职业技术学院", ()),
        ("安徽交通职业技术学院教务处", "安徽交通职业技术学院", ()),
        ("中国石油大学(华东)", "中国石油大学（华东）", ()),
        ("安庆职院", "安庆职业技术学院", ("school.short_name",)),
        ("安徽交通职院", "安徽交通职业技术学院", ("school.short_name",)),
        ("合肥幼专", "合肥幼儿师范高等专科学校", ("school.short_name",)),
        ("安徽医专", "安徽医学高等专科学校", ("school.short_name",)),
        ("芜职院", "芜湖职业技术学院", ("school.short_name",)),
        ("皖北卫职", "皖北卫生职业学院", ("school.short_name",)),
        ("安徽中医药高等专科学校（南校区）", "安徽中医药高等专科学校", ("school.campus",)),
        ("淮南职业技术学院老校区", "淮南职业技术学院", ("school.campus",)),
        ("安徽农业大学经济技术学院", "合肥经济学院", ("school.former_name",)),
        ("河海大学文天学院", "皖江工学院", ("school.former_name",)),
        ("黄山职业枝术学院", "黄山职业技术学院", ("school.misspelt",)),
        ("怀远县职业教肓中心", "怀远县职业教育中心", ("school.misspelt",)),
        ("安微职业技术学院", "安徽职业技术学院", ("school.misspelt",)),
        ("准北职业技术学院", "淮北职业技术学院", ("school.misspelt",)),
        ("皖北卫主职亚学院滨湖校区", "皖北卫生职业学院", ("school.campus", "school.misspelt")),
    ],
)
def test_a_name_written_otherwise_is_decided_and_said(
    schools: SchoolIndex, text: str, name: str, finding: tuple[str, ...]
) -> None:
    match = in_anhui(schools, text)
    assert (match.decided, match.best and match.best.name, codes(match)) == (True, name, finding)


@pytest.mark.parametrize(
    "text",
    [
        "安职院",  # 安徽, 安庆
        "国际商务学院",  # without its place it may be anybody's
        "化工学校",
        "马院",  # 马鞍山学院, or its 职业技术学院
        "合肥幼儿爷范高蓉专种学校",  # a quarter of it is misread
        "职业技术学院",
        "学院",
        "安徽公安大学",
        "安徽商务职业学院",
        "蚌埠医院",
        "合肥化工学校",
        "霍邱县职业学校",
        "定远县职业教育中心",
        "安茂职业技术学院",
        "合肥市教育局",
        "abc",
    ],
)
def test_what_may_be_several_or_none_is_asked(schools: SchoolIndex, text: str) -> None:
    match = in_anhui(schools, text)
    assert not match.decided
    assert codes(match) in {("school.unmatched",), ("school.ambiguous",)}


def test_an_ambiguous_short_name_lists_the_schools_it_may_mean(schools: SchoolIndex) -> None:
    match = in_anhui(schools, "安职院")
    assert {one.name for one in match.candidates} >= {"安徽职业技术学院", "安庆职业技术学院"}
    assert codes(match) == ("school.ambiguous",)
    assert match.findings[0].field == "school"
    assert "安庆职业技术学院" in match.findings[0].message


def test_two_real_schools_that_look_alike_are_never_confused(schools: SchoolIndex) -> None:
    for name in ("无锡职业技术学院", "无锡商业职业技术学院"):
        match = match_school(name, schools, year=2023, province="江苏省")
        assert (match.decided, match.best and match.best.name) == (True, name)


def test_a_short_name_is_not_sought_in_other_provinces(schools: SchoolIndex) -> None:
    assert not match_school("安庆职院", schools, year=2023, province="云南省").decided


@pytest.mark.parametrize("text", ["", "  ", "＿＿＿"])
def test_a_blank_is_no_question_of_matching(schools: SchoolIndex, text: str) -> None:
    assert in_anhui(schools, text) == UNMATCHED


def test_a_blank_is_never_decided_by_the_subject_alone(schools: SchoolIndex) -> None:
    match = in_anhui(schools, "", ("subject", "安庆职院"))
    best = Candidate("4134013345", "安庆职业技术学院", "安庆职业技术学院", 0.9, ("subject",))
    assert match == Match(False, best, (best,))


def test_a_subject_that_agrees_is_a_reason(schools: SchoolIndex) -> None:
    match = in_anhui(schools, "安庆职业技术学院", ("subject", "安庆职院"))
    assert match.best and match.best.reasons == ("exact", "subject")


def test_a_subject_settles_what_the_text_leaves_open(schools: SchoolIndex) -> None:
    for text in ("安职院", "安徽机利水电职业技术学院", "安徽交通职业学院"):
        assert not in_anhui(schools, text).decided
    assert in_anhui(schools, "安职院", ("subject", "安庆职业技术学院")).decided
    assert in_anhui(schools, "安徽机利水电职业技术学院", ("subject", "安徽水利水电职业技术学院")).decided
    assert in_anhui(schools, "安徽交通职业学院", ("subject", "安徽交通职业技术学院")).decided


def test_two_witnesses_name_the_school_where_the_text_is_like_none(schools: SchoolIndex) -> None:
    both = ("subject", "安徽三联学院"), ("seal", "安徽三联学院")
    match = in_anhui(schools, "三联学", *both)
    assert (match.decided, match.best and match.best.name) == (True, "安徽三联学院")
    assert [(one.code, one.severity) for one in match.findings] == [("school.short_name", "warning")]
    assert not in_anhui(schools, "三联学", both[0]).decided
    assert not in_anhui(schools, "淮北职业技术学完", *both).decided


def test_witnesses_that_disagree_do_not_put_another_school_first(schools: SchoolIndex) -> None:
    match = in_anhui(schools, "化工学校", ("seal", "合肥城市学院"), ("seal", "安徽化工学校"))
    assert (match.decided, match.best and match.best.name) == (False, "安徽化工学校")


def test_a_subject_cannot_turn_another_name_into_its_school(schools: SchoolIndex) -> None:
    match = in_anhui(schools, "合肥化工学校", ("subject", "安徽化工学校"))
    assert not match.decided
    assert match.best and match.best.reasons[-1] == "subject"


def test_a_subject_that_names_another_school_is_a_conflict(schools: SchoolIndex) -> None:
    match = in_anhui(schools, "安庆职业技术学院", ("subject", "安徽三联学院"))
    assert (match.decided, codes(match)) == (False, ("school.conflict",))
    assert [one.name for one in match.candidates] == ["安庆职业技术学院", "安徽三联学院"]


def test_a_subject_that_names_no_school_says_nothing(schools: SchoolIndex) -> None:
    assert in_anhui(schools, "安庆职业技术学院", ("subject", "扫描_1234")) == in_anhui(schools, "安庆职业技术学院")
