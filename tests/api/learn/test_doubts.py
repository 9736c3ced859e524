"""The same question in many records is one doubt."""

from __future__ import annotations

from typing import Any

from api.learn.doubts import Asked, Doubt, Meant, Place, asked, grouped, stands
from tests.api.records import a_reading, a_record

MEANT = (Meant("网店运营推广", "网店运营推广"), Meant("新媒体运营", "新媒体运营"))
BOX = (0.2, 0.34, 0.5, 0.34 + 0.02)


def a_place(record: str, row: int | None = 2) -> Place:
    return Place(record, row, 1, "安徽职业技术学院", 1, BOX)


def of(body: dict[str, Any], *texts: str) -> list[Asked]:
    return list(asked(body, 1, texts))


def test_what_is_undecided_is_asked_with_its_candidates() -> None:
    assert of(a_record(id="a")) == [Asked("certificate", "网店运营推厂", MEANT, a_place("a"))]


def test_what_a_person_chose_is_asked_no_more() -> None:
    body = a_record()
    body["matches"]["rows"][1]["certificate"] = {"name": "网店运营推广", "decided": True, "reasons": ["person"]}
    assert of(body) == []


def test_what_was_decided_with_a_warning_is_asked_until_that_is_settled() -> None:
    body = a_record(id="a")
    found = {"name": "网店运营推广", "decided": True, "score": 0.9, "reasons": ["misspelt"]}
    body["matches"]["rows"][1]["certificate"] = found
    assert of(body) == [Asked("certificate", "网店运营推厂", MEANT[:1], a_place("a"))]
    body["findings"][1]["settled"] = {"by": "li", "at": "", "reason": "已核对"}
    assert of(body) == []


def test_other_texts_are_asked_where_a_finding_asks() -> None:
    finding = {"code": "field.unsure", "severity": "warning", "field": "major", "row": None, "message": "……"}
    major = a_reading("电子商努", options=["电子商务"], box=list(BOX))
    body = a_record(id="a", rows=[], findings=[finding], fields={"major": major, "title": a_reading("副教受")})
    assert of(body, "major", "title") == [
        Asked("major", "电子商努", (Meant("电子商务", "电子商务"),), a_place("a", row=None))
    ]
    assert of(body, "title") == []


def test_blanks_ask_nothing_here() -> None:
    body = a_record()
    body["rows"][1]["certificate"] = a_reading("", None, reading="blank")
    assert of(body) == []


def test_same_field_same_text_and_same_candidates_are_one_doubt_and_the_largest_comes_first() -> None:
    few = MEANT[:1]
    questions = [
        Asked("certificate", "网店运营推厂", few, a_place("z")),
        Asked("certificate", "网店 运营推厂", MEANT, a_place("a")),
        Asked("certificate", "网店运营推厂", tuple(reversed(MEANT)), a_place("b")),
        Asked("certificate", "网店运营推厂", MEANT, a_place("b", 3)),
    ]
    largest, smallest = grouped(questions)
    places = (a_place("a"), a_place("b"), a_place("b", 3))
    assert largest == Doubt(largest.id, "certificate", "网店运营推厂", MEANT, places)
    assert (largest.kind, largest.records) == ("certificate", 2)
    assert smallest == Doubt(smallest.id, "certificate", "网店运营推厂", few, (a_place("z"),))
    assert largest.id != smallest.id


def test_a_text_stands_however_it_is_spaced() -> None:
    assert stands(a_record(), "certificate", 2, "网店运营 推厂")
    assert not stands(a_record(), "certificate", 1, "网店运营推厂")
    assert not stands(a_record(), "certificate", 9, "网店运营推厂")
