"""Education offices, as subjects and senders write them."""

from __future__ import annotations

import pytest

from corpora.register import Bureau, load_registers
from matching.bureaus import bureau_in, find_bureau

BUREAUS = load_registers().bureaus


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("合肥市教育局", "合肥市"),
        ("合肥教育局", "合肥市"),
        ("合肥市教体局", "合肥市"),
        ("安徽省合肥市教育局", "合肥市"),
        ("合肥市教育局职成科", "合肥市"),
        ("马鞍山市教育局", "马鞍山市"),
        ("西双版纳州教育体育局", "西双版纳州"),
        ("昆明市教育体育局", "昆明市"),
        ("府谷县教育和体育局", "榆林市"),
        ("杨凌示范区教育局", "杨凌示范区"),
    ],
)
def test_a_bureau_is_found_however_it_is_written(text: str, city: str) -> None:
    found = find_bureau(text, BUREAUS)
    assert found is not None
    assert found.city == city


def test_a_bureau_that_is_not_registered_is_still_no_school() -> None:
    assert find_bureau("颍上县教育局", BUREAUS) == Bureau("颍上县教育局", "")


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("关于报送中职学校2023年证书申报汇总表的函-滁州市教育体育局", "滁州市"),
        ("报送合肥市教育局2023年证书申报", "合肥市"),
        ("转发：安徽化工学校+2023年证书申报（合肥市教体局转）", "合肥市"),
    ],
)
def test_a_bureau_is_found_wherever_a_subject_names_it(text: str, city: str) -> None:
    found = bureau_in(text, BUREAUS)
    assert found is not None
    assert found.city == city


@pytest.mark.parametrize("text", ["安徽职业技术学院+2023年证书申报", "合肥市教育局第二幼儿园", "", "教育局"])
def test_a_subject_without_a_registered_bureau_names_none(text: str) -> None:
    assert bureau_in(text, BUREAUS) is None


@pytest.mark.parametrize("text", ["", "合肥工业学校", "安徽职业技术学院", "某市教育局第二幼儿园", "教育学院", "王老师"])
def test_a_school_or_a_person_is_no_bureau(text: str) -> None:
    assert find_bureau(text, BUREAUS) is None
