"""Routes, quotas, least head-counts and groups, by the notices. Each test names its clause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpora.programme import load_programmes
from corpora.register import Group, School, load_registers
from corpora.terms import Cohort
from extractors.extraction import Extraction, Reading
from matching.rules import expert_quota, groups_of, route_findings, small_cohorts

PROGRAMMES = {programme.key: programme for programme in load_programmes()}
ANHUI, YUNNAN = PROGRAMMES["anhui-2023"], PROGRAMMES["yunnan-2023"]
SECONDARY = School("s-1", "合肥工业学校", "secondary", "安徽省", "合肥市")
COLLEGE = School("c-1", "昆明某职业学院", "higher_vocational", "云南省", "昆明市")


def codes(found: tuple[object, ...]) -> list[str]:
    return [getattr(finding, "code", "") for finding in found]


def test_anhui_4_a_secondary_school_mails_its_city() -> None:
    (finding,) = route_findings(ANHUI, "anhui/summary", SECONDARY)
    assert finding.code == "mail.misrouted"
    assert "所在市教育局（合肥市）" in finding.message


def test_anhui_3_2_so_does_one_of_the_provinces_own() -> None:
    school = replace(SECONDARY, authority="安徽省教育厅")
    assert school.standing == "provincial_secondary"
    assert codes(route_findings(ANHUI, "anhui/application", school)) == ["mail.misrouted"]


@pytest.mark.parametrize("kind", ["higher_vocational", "undergraduate", "adult", ""])
def test_anhui_4_other_schools_mail_the_office(kind: str) -> None:
    assert route_findings(ANHUI, "anhui/summary", replace(SECONDARY, kind=kind)) == ()


def test_yunnan_takes_everybodys_mail() -> None:
    assert route_findings(YUNNAN, "yunnan/expert", SECONDARY) == ()


@pytest.mark.parametrize(
    ("honours", "listed", "sheets", "said"),
    [
        ((), ["甲某"], [], []),
        ((), [], [], ["expert.quota"]),
        (("双高",), ["甲某", "乙某"], [], ["expert.quota"]),
        (("双优",), ["甲某"], ["甲某"], ["expert.quota"]),
        (("双高",), ["甲某", "乙某", "丙某"], [], []),
        (("双高",), ["甲某", "乙某"], ["丙某"], []),
        (("双高",), ["甲某", None, None], [], []),  # somebody is named there
    ],
)
def test_yunnan_4_3_1_one_expert_or_three_of_a_school_with_honours(
    honours: tuple[str, ...], listed: list[str | None], sheets: list[str | None], said: list[str]
) -> None:
    school = replace(COLLEGE, honours=honours)
    assert codes(expert_quota(YUNNAN, school, "yunnan/expert-list", listed, sheets)) == said


def test_yunnan_4_3_1_a_single_sheet_is_no_list() -> None:
    assert expert_quota(YUNNAN, replace(COLLEGE, honours=("双高",)), "yunnan/expert", ["甲某"]) == ()


def row(count: int | None) -> dict[str, Reading]:
    return {"headcount": Reading(str(count or ""), count, "written", 1.0)}


def test_anhui_2_a_certificate_has_at_least_its_least_number_of_takers() -> None:
    summary = Extraction("anhui/summary", (0,), rows=(row(12), row(30), row(None), row(5)))
    minimum = {"老年照护": 30, "物流管理": 20}
    found = small_cohorts(ANHUI, summary, None, ["老年照护", "老年照护", "物流管理", "网店运营"], minimum)
    assert [(f.code, f.field, f.row, f.message) for f in found] == [
        ("headcount.minimum", "headcount", 1, "“老年照护”报 12 人，低于开考的最低人数 30 人，请与学校核实。")
    ]


def test_a_programme_may_name_the_least_number_itself_and_one_without_asks_nothing() -> None:
    sheet = Extraction("anhui/application", (0,), fields=row(12))
    strict = ANHUI.model_copy(update={"cohorts": (Cohort(clause="每证不少于 20 人", minimum=20),)})
    assert codes(small_cohorts(strict, sheet, "老年照护", [], {})) == ["headcount.minimum"]
    assert small_cohorts(YUNNAN, sheet, "老年照护", [], {"老年照护": 30}) == ()


@pytest.mark.parametrize(
    ("programme", "kind", "chain"),
    [
        ("anhui-2023", "secondary", ("city", "province")),
        ("anhui-2023", "provincial_secondary", ("city", "province")),
        ("anhui-2023", "higher_vocational", ("province",)),
        ("yunnan-2023", "secondary", ("city", "province")),
        ("yunnan-2023", "undergraduate", ("province",)),
        ("jiangsu-2023-second", "secondary", ("city", "group", "province")),
        ("jiangsu-2023-second", "higher_vocational", ("group", "province")),
        ("jiangsu-2023-second", "undergraduate", ("group", "province")),
        ("shaanxi-2024-second", "secondary", ("city", "province")),
        ("shaanxi-2024-second", "provincial_secondary", ("province",)),
        ("shaanxi-2024-second", "higher_vocational", ("province",)),
    ],
)
def test_anhui_3_yunnan_1_3_jiangsu_3_shaanxi_4_2_who_reviews_whom(
    programme: str, kind: str, chain: tuple[str, ...]
) -> None:
    assert PROGRAMMES[programme].chain(kind) == chain


def test_jiangsu_annex_sixteen_groups_with_their_leads() -> None:
    groups = load_registers().groups
    assert len([one for one in groups if one.province == "江苏省"]) == 16
    (group,) = groups_of(["传感网应用开发", "云计算开发与运维"], groups, "江苏")
    assert (group.number, group.lead_school) == ("10", "南京信息职业技术学院")
    assert groups_of(["老年照护"], groups, "江苏") == ()
    assert groups_of(["甲"], [Group("1", "组", "校", "安徽省", ("甲",))], "江苏") == ()
