"""Places of a record, what people put there, and that all of it can be taken back."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.review import edits as make
from api.review.edits import Edit, Hand, Value, Wrong, applied, at, heading, put, reversed_edits, told, touch
from corpora.form import load_forms
from tests.api.records import a_reading, a_record

FORM = next(form for form in load_forms() if form.key == "anhui/summary")
HAND = Hand("chu", "2023-03-29T10:00:00+08:00")
SEAL = {"page": 1, "box": [0.2, 0.1, 0.4, 0.3], "kind": "round", "owner": "unknown", "text": None}
SIGNATURE = {"role": "school_leader", "state": "unsure", "page": 1, "box": None, "confidence": 0.5}


def body() -> dict[str, Any]:
    return a_record(seals=[SEAL], signatures=[SIGNATURE])


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [
        ("integer", "八十人", ("八十人", 80, "written")),
        ("date", "2023年3月28日", ("2023年3月28日", "2023-03-28", "written")),
        ("level", "中", ("中", "中级", "written")),
        ("phone", "0551-6268 0000", ("0551-6268 0000", "055162680000", "written")),
        ("integer", "约60", ("约60", None, "written")),
        ("integer", " ＿＿ ", ("", None, "blank")),
        ("text", "", ("", None, "blank")),
    ],
)
def test_a_text_is_typed_by_its_own_field(kind: str, text: str, meant: tuple[Any, ...]) -> None:
    one = make.typed(kind, Value("x", None, text), None, HAND)
    assert (one["text"], one["value"], one["reading"]) == meant


def test_a_correction_keeps_the_place_and_what_the_machine_had_said() -> None:
    (edit,) = make.corrections(body(), FORM, [Value("total", None, "180")], HAND)
    machine = body()["fields"]["total"]
    said = {"origin": "person", "machine": machine, "by": "chu", "at": HAND.at, "confidence": 1.0}
    expected = machine | {"text": "180", "value": 180} | said
    assert edit == Edit("fields.total", machine, expected)
    again = make.corrections(applied(body(), [edit]), FORM, [Value("total", None, None, "unreadable")], HAND)
    assert again[0].after == expected | {"text": "", "value": None, "reading": "unreadable"}


def test_a_field_that_the_form_has_not_is_refused() -> None:
    for value in (Value("phone", None, "1"), Value("total", 1, "1"), Value("headcount", 3, "1")):
        with pytest.raises(Wrong):
            make.corrections(body(), FORM, [value], HAND)


def test_a_new_name_lets_go_of_what_was_chosen_for_the_old_one() -> None:
    chosen = applied(body(), make.choice(body(), "matches.rows.2", {"name": "网店运营推广"}, HAND))
    machine = body()["matches"]["rows"][1]["certificate"]
    assert at(chosen, "matches.rows.2")["reasons"] == ["person"]
    renamed = applied(chosen, make.corrections(chosen, FORM, [Value("certificate", 2, "新媒体运营")], HAND))
    assert at(renamed, "matches.rows.2") == machine


def test_what_is_said_of_a_row_goes_with_it() -> None:
    record = body()
    record["findings"] = [record["findings"][1]]
    record = applied(record, make.settled(record, 0, "已核对", HAND))
    grown = applied(record, make.added(record, FORM, 1, [{"certificate": "传感网应用开发", "level": "高级"}], HAND))
    assert [row["certificate"]["text"] for row in grown["rows"]] == ["传感网应用开发", "传感网应用开发", "网店运营推厂"]
    assert grown["matches"]["rows"] == [{"certificate": None}, *record["matches"]["rows"]]
    assert [one["row"] for one in grown["settlements"]] == [3]
    assert grown["rows"][0]["headcount"]["reading"] == "blank"
    less = applied(grown, make.removed(grown, 2, 2, HAND))
    assert (len(less["rows"]), less["matches"]["rows"], "settlements" in less) == (1, [{"certificate": None}], False)


def test_cells_of_a_spreadsheet_are_pasted_and_rows_beyond_the_end_are_added() -> None:
    (edit,) = make.pasted(body(), FORM, 2, "level", "高级\t90\r\n初级\t八十\r\n", HAND)
    record = applied(body(), [edit])
    cells = [[row[key]["value"] for key in ("certificate", "level", "headcount")] for row in record["rows"]]
    assert (edit.place, cells) == (
        "rows",
        [["传感网应用开发", "中级", 100], ["网店运营推厂", "高级", 90], [None, "初级", 80]],
    )
    with pytest.raises(Wrong):
        make.pasted(body(), FORM, 1, "headcount", "1\t2", HAND)


def test_the_whole_table_holds_its_cells_matches_and_settlements() -> None:
    parts = ["rows.1.level", "matches.rows.2", "settlements.total.mismatch/total//0#1", "rows"]
    assert [touch("rows", part) for part in parts] == [True] * 4
    assert not touch("rows", "fields.total") and not touch("rows.1.level", "rows.11.level")


def test_places_are_named_for_people() -> None:
    places = ["fields.total", "rows.2.headcount", "rows", "matches.school", "matches.rows.2", "seals.1", "signatures.2"]
    assert [heading(one) for one in places] == [
        "合计", "第2行 考核人数", "表格", "匹配的学校", "第2行 匹配的证书", "第1处印章", "第2处签字",
    ]  # fmt: skip
    assert told("fields.date", a_reading("", None, reading="blank")) == "空白"


TEXTS = st.sampled_from(["180", "约60", "", "高级", "安庆职院", "2023年3月1日"])
FIELDS = st.sampled_from(["school", "total", "date"])
COLUMNS = st.sampled_from(["certificate", "level", "headcount"])
STEPS = st.one_of(
    st.tuples(st.just("field"), FIELDS, TEXTS),
    st.tuples(st.just("cell"), COLUMNS, st.integers(1, 3), TEXTS),
    st.tuples(
        st.just("choose"), st.sampled_from(["matches.school", "matches.rows.1", "matches.rows.2"]), st.booleans()
    ),
    st.tuples(st.just("add"), st.integers(1, 3)),
    st.tuples(st.just("remove"), st.integers(1, 3)),
    st.tuples(st.just("paste"), st.integers(1, 3), st.sampled_from(["高级\t1\n中级\t2", "初级"])),
    st.tuples(st.just("seal"), st.sampled_from(["same", "other"])),
    st.tuples(st.just("sign"), st.sampled_from(["signed", "absent"])),
    st.tuples(st.just("settle"), st.integers(0, 1)),
)


def step(record: dict[str, Any], one: Any, hand: Hand) -> tuple[Edit, ...]:
    """What a person does; nothing where it cannot be done."""
    kind, *rest = one
    try:
        if kind == "field":
            return make.corrections(record, FORM, [Value(rest[0], None, rest[1])], hand)
        if kind == "cell":
            return make.corrections(record, FORM, [Value(rest[0], rest[1], rest[2])], hand)
        if kind == "choose":
            return make.choice(record, rest[0], {"name": "某某"} if rest[1] else None, hand)
        if kind == "add":
            return make.added(record, FORM, rest[0], [{"level": "初级"}], hand)
        if kind == "remove":
            return make.removed(record, rest[0], 1, hand)
        if kind == "paste":
            return make.pasted(record, FORM, rest[0], "level", rest[1], hand)
        if kind == "seal":
            return make.mark(record, "seals.1", {"owner": rest[0]}, hand)
        if kind == "sign":
            return make.mark(record, "signatures.1", {"state": rest[0]}, hand)
        return make.settled(record, rest[0], "已核对", hand)
    except Wrong:
        return ()


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=12))
def test_any_sequence_of_edits_taken_back_gives_back_what_was_there(steps: list[Any]) -> None:
    record, trail = body(), []
    for number, one in enumerate(steps):
        edits = step(record, one, Hand("chu", f"2023-03-29T10:{number:02}:00+08:00"))
        trail.append((deepcopy(record), json.loads(json.dumps([[e.place, e.before, e.after] for e in edits]))))
        record = applied(record, edits)
    for before, kept in reversed(trail):
        record = applied(record, reversed_edits([Edit(*one) for one in kept]))
        assert record == before
    assert record == body()


@given(st.sampled_from(["fields.total", "rows.2.level", "matches.school", "matches.rows.1", "seals.1", "rows"]))
def test_what_is_put_is_there(place: str) -> None:
    assert put(body(), place, at(body(), place)) == body()
    with pytest.raises(Wrong):
        at(body(), "rows.9.level")
