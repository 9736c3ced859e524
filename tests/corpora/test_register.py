"""Registers are bundled, and an office lays its own over them."""

import pytest

from corpora.confusables import load_confusables
from corpora.register import (
    KINDS,
    Alias,
    BadRow,
    Bureau,
    Certificate,
    FormerName,
    Group,
    Registers,
    School,
    load_registers,
    merge,
    read_register,
)

SECONDARY = "code,name,kind,province,city\nsec-1,安徽化工学校,secondary,安徽省,合肥市\n"
CHEMISTRY = School("sec-1", "安徽化工学校", "secondary", "安徽省", "合肥市")


def test_the_bundled_registers_hold_schools_with_their_former_names_and_certificates() -> None:
    registers = load_registers()
    by_code = {school.code: school for school in registers.schools}

    assert len(by_code) == len(registers.schools) > 3000
    assert len({entry.name for entry in registers.certificates}) == len(registers.certificates) == 374
    assert by_code["4134013616"].former == (FormerName("安徽农业大学经济技术学院", "2017-05-31", "2021"),)
    assert Certificate("传感网应用开发", "2", "北京新大陆时代教育科技有限公司", ("中级",)) in registers.certificates


def test_a_school_that_is_gone_still_has_a_province() -> None:
    assert all(school.province for school in load_registers().schools)


@pytest.mark.parametrize(
    ("year", "name"),
    [(2020, "蚌埠学堂"), (2021, "蚌埠学堂"), (2022, "蚌埠学院"), (2025, "蚌埠学院"), (2026, "蚌埠大学")],
)
def test_a_name_is_former_only_when_the_next_was_seen_before_the_year(year: int, name: str) -> None:
    former = (FormerName("蚌埠学堂", "2017", "2021"), FormerName("蚌埠学院", "2021", "2025-06-20"))
    assert School("1", "蚌埠大学", former=former).name_in(year) == name


def test_a_name_without_a_known_end_is_not_former() -> None:
    assert not FormerName("苏州市职业大学", "2025-06-20", "").is_former_in(2030)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_an_office_file_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert read_register("schools", SECONDARY.encode(encoding)) == ((CHEMISTRY,), ())


def test_chinese_headings_and_kinds_are_understood() -> None:
    data = "学校名称,学校代码,类别,省份,城市\r\n安徽化工学校,sec-1,中职,安徽省,合肥市\r\n\r\n".encode("gbk")
    assert read_register("schools", data) == ((CHEMISTRY,), ())


def test_bad_rows_are_listed_with_their_lines_and_nothing_is_half_imported() -> None:
    rows = ["code,name,kind", "1,甲学校,secondary", ",乙学校,secondary", "3,丙学校,庙", "1,丁学校,", "5,戊,,,多"]
    assert read_register("schools", "\n".join(rows).encode()) == (
        (),
        (
            BadRow(3, "没有填写：code"),
            BadRow(4, f"类别“庙”不认识，可写：{'、'.join(kind for kind in KINDS if kind)}"),
            BadRow(5, "与前面的行重复：1"),
            BadRow(6, "有 5 个单元格，表头只有 3 列"),
        ),
    )  # fmt: skip


def test_a_level_that_does_not_exist_is_refused() -> None:
    data = "name,levels\n老年照护,初级/特级\n".encode()
    assert read_register("certificates", data) == ((), (BadRow(2, "等级“特级”不认识，可写：初级/中级/高级"),))


def test_certificates_and_aliases_are_read() -> None:
    assert read_register("certificates", "name,levels\n老年照护,初级、中级\n".encode())[0] == (
        Certificate("老年照护", levels=("初级", "中级")),
    )
    assert read_register("aliases", "kind,alias,target\n证书,BIM,建筑信息模型（BIM）\n".encode())[0] == (
        Alias("certificate", "BIM", "建筑信息模型（BIM）"),
    )


def test_education_offices_are_read_and_laid_over_the_bundled_ones() -> None:
    bureaus = load_registers().bureaus
    cities = {one.city for one in bureaus if one.province == "安徽省" and one.city}
    assert len(cities) == 16
    assert Bureau("广德市教育体育局", "安徽省", "宣城市") in bureaus  # 省直管县（市）
    entries, bad = read_register("bureaus", "单位名称,省份,地市\n怀远县教育局,安徽省,蚌埠市\n".encode())
    assert (entries, bad) == ((Bureau("怀远县教育局", "安徽省", "蚌埠市"),), ())
    assert merge(Registers(bureaus=bureaus), entries).bureaus == (*bureaus, *entries)


def test_groups_are_read_with_their_certificates() -> None:
    data = "省,序号,协作组名称,组长单位,证书\n江苏省,1,旅游类协作组,某某学院,导游、研学旅行\n".encode()
    assert read_register("groups", data)[0] == (Group("1", "旅游类协作组", "某某学院", "江苏省", ("导游", "研学旅行")),)


def test_honours_of_a_school_and_the_least_takers_of_a_certificate() -> None:
    schools = "学校代码,学校名称,称号\n1,某某学院,双高/双优\n".encode()
    assert read_register("schools", schools)[0] == (School("1", "某某学院", honours=("双高", "双优")),)
    certificates = "证书名称,最低人数\n老年照护,30\n物流管理,\n".encode()
    assert read_register("certificates", certificates)[0] == (
        Certificate("老年照护", minimum=30),
        Certificate("物流管理"),
    )
    wrong = read_register("certificates", "证书名称,最低人数\n老年照护,三十\n".encode())
    assert wrong == ((), (BadRow(2, "最低人数“三十”不是正整数"),))


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00\x01", "一,二\n甲,乙\n".encode(), b'code,name\n"1,x\n'])
def test_a_file_that_is_no_such_register_is_refused_with_a_reason(data: bytes) -> None:
    entries, bad = read_register("schools", data)
    assert (entries, bad[0].line, bool(bad[0].reason)) == ((), 1, True)


def test_an_entry_with_a_known_code_replaces_and_keeps_the_former_names() -> None:
    former = (FormerName("安徽省化工学校", "2017", "2020"),)
    bundled = Registers(schools=(School("sec-1", "化工学校", former=former), School("sec-2", "农业学校")))
    merged = merge(bundled, [CHEMISTRY, School("sec-3", "林业学校")])

    assert merged.schools == (
        School("sec-1", "安徽化工学校", "secondary", "安徽省", "合肥市", former=former),
        School("sec-2", "农业学校"),
        School("sec-3", "林业学校"),
    )


def test_confusables_pair_look_alikes_and_never_numerals() -> None:
    confusables = load_confusables()
    assert frozenset("技枝") in confusables.look
    assert frozenset("理里") in confusables.sound
    assert "照护" in confusables.words
    assert not any(pair <= set("一二三四五六七八九十") for pair in confusables.look | confusables.sound)
