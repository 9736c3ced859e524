"""People, telephones, dates, organisations and counts are found in running text, and contact lines are split."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.entities import find_entities, split_contact
from tests.extractors.contact_lines import read, texts

KINDS = ("person", "phone", "date", "organisation", "count")
Found = tuple[str, str, str | int | None, int]


def compare(marked: str) -> tuple[set[Found], set[Found]]:
    """What stands in a marked text, and what is found in it."""
    text, truths = read(marked)
    wanted = {(t.kind, t.text, t.value, t.start) for t in truths}
    return wanted, {(e.kind, e.text, e.value, e.start) for e in find_entities(text)}


def table(hits: Counter[str], missed: Counter[str], false: Counter[str]) -> tuple[str, dict[str, float]]:
    """Precision, recall and F1 by kind, as a table to print, and the F1."""
    lines, f1 = ["", f"{'kind':14}{'there':>7}{'found':>7}{'precision':>11}{'recall':>9}{'F1':>8}"], {}
    for kind in KINDS:
        h, m, f = hits[kind], missed[kind], false[kind]
        precision, recall, f1[kind] = h / max(1, h + f), h / max(1, h + m), 2 * h / max(1, 2 * h + m + f)
        lines.append(f"{kind:14}{h + m:7}{h + f:7}{precision:11.4f}{recall:9.4f}{f1[kind]:8.4f}")
    return "\n".join(lines), f1


def test_two_hundred_contact_lines_and_mail_bodies() -> None:
    """An entity counts as found only with its exact words, place and value."""
    hits, missed, false = Counter[str](), Counter[str](), Counter[str]()
    wrong = []
    for marked in texts():
        wanted, found = compare(marked)
        hits.update(kind for kind, *_ in wanted & found)
        missed.update(kind for kind, *_ in wanted - found)
        false.update(kind for kind, *_ in found - wanted)
        if wanted != found:
            missing, extra = sorted(map(str, wanted - found)), sorted(map(str, found - wanted))
            wrong.append("\n   ".join([repr(read(marked)[0]), f"missed {missing}", f"false {extra}"]))
    shown, f1 = table(hits, missed, false)
    print(shown)  # noqa: T201 - the table that the project's note quotes (pytest -s)
    assert len(texts()) == 200
    assert all(score >= 0.97 for score in f1.values()), "\n".join([shown, *wrong])


@pytest.mark.parametrize(
    ("line", "person", "phone"),
    [
        ("学校联络人员姓名及电话：胡明祥 13906955033", "胡明祥", "13906955033"),
        ("胡明祥13906955033", "胡明祥", "13906955033"),
        ("13906955033胡明祥", "胡明祥", "13906955033"),
        ("：甄嬛嬛/0551-62345678", "甄嬛嬛", "055162345678"),
        ("学校联络人员姓名及电话：明明祥 13906955033", "明明祥", "13906955033"),
        ("龘鑫 138123456", "龘鑫", "138123456"),
        ("罗 桂洋 13812345678", "罗桂洋", "13812345678"),
        ("韦 英 刚 13812345678", "韦英刚", "13812345678"),
        ("张三 李四 13812345678", "张三", "13812345678"),
        ("联系人：教务处 胡明祥 0551-6234567", "胡明祥", "05516234567"),
        ("胡明祥（教务处长）13906955033", "胡明祥", "13906955033"),
        ("阿依古丽·买买提 13812345678", "阿依古丽·买买提", "13812345678"),
        ("联系人：刘老师 18687813905　王老师18687813795", "刘老师", "18687813905"),
        ("联系人：王芳 139O6955033", "王芳", None),
        ("胡明祥", "胡明祥", None),
        ("13906955033", None, "13906955033"),
        ("学校联络人员姓名及电话：", None, None),
        ("学校联络人员姓名及电话： 0553-652828", None, "0553652828"),
        ("", None, None),
    ],
)
def test_a_contact_line_is_split_into_name_and_telephone(line: str, person: str | None, phone: str | None) -> None:
    name, number = split_contact(line)
    assert (name and name.value, number and number.value) == (person, phone)


def test_a_telephone_with_a_letter_in_it_is_shown_but_has_no_value() -> None:
    _, number = split_contact("联系人：王芳 139O6955033")
    assert number is not None
    assert (number.text, number.value) == ("139O6955033", None)


def test_ordinary_sentences_hold_no_entity() -> None:
    text = "马上提交方案，高级证书安排在下旬，金融专业、石油化工专业暂不参加，第三批通过率20%，费用4.47万元，共3年。"
    assert find_entities(text) == ()


SCRIBBLE = "王李张老师明13906955033-（）()：、 \n学院职业大学教务处联系人电话2023年月日八十人约@.a"


@given(st.text(max_size=60) | st.text(alphabet=SCRIBBLE, max_size=60))
def test_entities_lie_in_their_text_in_order_and_apart(text: str) -> None:
    entities = find_entities(text)
    assert all(e.text == text[e.start : e.end] for e in entities)
    assert all(a.end <= b.start for a, b in pairwise(entities))
    split_contact(text)
