"""Which certificate is meant; the register is incomplete, so neighbours are never taken for it."""

import pytest

from corpora.confusables import Confusables
from corpora.register import Alias, Registers, merge
from matching.candidate import UNMATCHED, Candidate, Match
from matching.index import CertificateIndex
from matching.match import match_certificate


def codes(match: Match) -> tuple[str, ...]:
    return tuple(finding.code for finding in match.findings)


def test_the_name_in_the_register_is_decided_without_a_word(certificates: CertificateIndex) -> None:
    best = Candidate("网店运营推广", "网店运营推广", "网店运营推广", 1.0, ("exact",))
    assert match_certificate("网店运营推广", certificates, level="中级") == Match(True, best, (best,))


@pytest.mark.parametrize(
    ("text", "name", "finding"),
    [
        ("WEB前端开发", "Web前端开发", ()),
        ("下一代互联网(IPV6)搭建与运维", "下一代互联网（IPv6）搭建与运维", ()),
        ("1+X网店运营推广职业技能等级证书", "网店运营推广", ()),
        ("网店运营推广（中级）", "网店运营推广", ()),
        ("网店运营推广中级", "网店运营推广", ()),
        ("研学旅行策划与管理1+X证书", "研学旅行策划与管理", ()),
        ("界面设计证书", "界面设计", ()),
        ("建筑信息模型", "建筑信息模型（BIM）", ("certificate.short_name",)),
        ("1+X BIM", "建筑信息模型（BIM）", ("certificate.short_name",)),
        ("云计算平台运维", "云计算平台运维与开发", ("certificate.short_name",)),
        ("家务官理", "家务管理", ("certificate.misspelt",)),
        ("特殊焊接枝术", "特殊焊接技术", ("certificate.misspelt",)),
        ("餐管理运行", "餐饮管理运行", ("certificate.misspelt",)),
        ("光伏电站维", "光伏电站运维", ("certificate.misspelt",)),
        ("失智老年照护", "失智老年人照护", ("certificate.misspelt",)),
        ("建筑信息模（BIM）", "建筑信息模型（BIM）", ("certificate.misspelt",)),
        ("电子商务数据析", "电子商务数据分析", ("certificate.misspelt",)),
    ],
)
def test_a_name_written_otherwise_is_decided_and_said(
    certificates: CertificateIndex, text: str, name: str, finding: tuple[str, ...]
) -> None:
    match = match_certificate(text, certificates, level=None)
    assert (match.decided, match.best and match.best.name, codes(match)) == (True, name, finding)


@pytest.mark.parametrize(
    "text",
    [
        "网店运营",
        "财务共享服务（大数据）",
        "大数据分析",
        "集成电路设计",
        "变电三次安装",
        "跨境电商B2A数据运营",
        "4G基站建设与维护",
        "水处理",
        "家庭农场生产经营",
        "人工智能应用开发",
        "婴幼儿照护",
        "机器人",
        "烹饪",
    ],
)
def test_another_name_is_not_forced_onto_a_neighbour(certificates: CertificateIndex, text: str) -> None:
    match = match_certificate(text, certificates, level=None)
    assert not match.decided
    assert codes(match) in {("certificate.unmatched",), ("certificate.ambiguous",)}


def test_siblings_that_differ_in_one_character_stay_apart(certificates: CertificateIndex) -> None:
    for name in ("变电一次安装", "变电二次安装", "跨境电商B2B数据运营", "跨境电商B2C数据运营"):
        match = match_certificate(name, certificates, level=None)
        assert (match.decided, match.best and match.best.name) == (True, name)


def test_a_level_in_brackets_must_be_the_level_of_the_row(certificates: CertificateIndex) -> None:
    assert codes(match_certificate("老年照护（初级）", certificates, level="初级")) == ()
    assert codes(match_certificate("老年照护（初级）", certificates, level="中级")) == ("certificate.level",)
    assert codes(match_certificate("老年照护（初级）", certificates, level=None)) == ()


def test_a_blank_is_no_question_of_matching(certificates: CertificateIndex) -> None:
    assert match_certificate(" ", certificates, level="初级") == UNMATCHED


def test_an_alias_of_the_office_is_a_short_name(registers: Registers, confusables: Confusables) -> None:
    index = CertificateIndex(merge(registers, [Alias("certificate", "财税", "智能财税")]), confusables)
    match = match_certificate("财税", index, level=None)
    assert (match.decided, match.best and match.best.name, codes(match)) == (
        True,
        "智能财税",
        ("certificate.short_name",),
    )
