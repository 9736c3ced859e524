"""What people change of a record, place by place, and how that is taken back. Pure.

A place is written as a path: `fields.total`, `rows.2.headcount`, `matches.school`, `matches.rows.2`, `seals.1`,
`signatures.2` (all counted from 1), `settlements.<finding>`, and `rows` for the whole table with what hangs on it.
An Edit keeps what stood there before and after, so that it can be undone. The body is then to be judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

from api.corrections import asks, by_person, chosen, finding_keys, settlement, settlement_key
from corpora.form import FormSpec
from corpora.vocabulary import vocabulary
from extractors.fieldtypes import parse

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    place: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, and when (ISO 8601)."""

    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Value:
    """One value as a person gives it. row: from 1, None for a field; text None: the place is blank or unreadable."""

    field: str
    row: int | None
    text: str | None
    reading: Literal["blank", "unreadable"] = "blank"


class Wrong(ValueError):
    """What was asked cannot be done; the message is for the person who asked."""


# --- places -----------------------------------------------------------------------------------------------------------


def at(body: Body, place: str) -> Any:
    """What stands at a place; None where nothing does. Raises Wrong for a place that the record has not."""
    kind, *rest = place.split(".", 1)
    if place == "rows":
        of_rows = [one for one in body.get("settlements") or [] if one["row"] is not None]
        told = {"rows": body["rows"], "rows_by": body.get("rows_by"), "settlements": of_rows}
        return told | {"matches": body["matches"].get("rows") or []}
    if kind == "fields":
        return body["fields"].get(rest[0])
    if kind == "settlements":
        return next((one for one in body.get("settlements") or [] if settlement_key(one) == rest[0]), None)
    if kind == "matches" and not rest[0].startswith("rows."):
        return body["matches"].get(rest[0])
    number, _, key = rest[0].removeprefix("rows.").partition(".")
    listed = (body["matches"].get("rows") or []) if kind == "matches" else body[kind]
    if not 1 <= int(number) <= len(listed):
        raise Wrong("没有这一行" if kind in ("rows", "matches") else "没有这一处")
    one = listed[int(number) - 1]
    return one.get("certificate") if kind == "matches" else one.get(key) if kind == "rows" else one


def put(body: Body, place: str, value: Any) -> Body:
    """The body with `value` at a place, and what was there gone. Raises Wrong as `at` does."""
    at(body, place)
    kind, *rest = place.split(".", 1)
    if place == "rows":
        others = [one for one in body.get("settlements") or [] if one["row"] is None]
        table = {"rows": value["rows"], "matches": body["matches"] | {"rows": value["matches"]}}
        said = sorted(others + value["settlements"], key=settlement_key)
        return _without_empty(body | table | {"rows_by": value["rows_by"], "settlements": said})
    if kind == "fields":
        return body | {"fields": _with(body["fields"], rest[0], value)}
    if kind == "settlements":
        kept = [one for one in body.get("settlements") or [] if settlement_key(one) != rest[0]]
        kept = sorted(kept + ([value] if value else []), key=settlement_key)
        return _without_empty(body | {"settlements": kept})
    if kind == "matches" and not rest[0].startswith("rows."):
        return body | {"matches": body["matches"] | {rest[0]: value}}
    number, _, key = rest[0].removeprefix("rows.").partition(".")
    if kind == "matches":
        rows = _in_place(body["matches"]["rows"], number, {"certificate": value})
        return body | {"matches": body["matches"] | {"rows": rows}}
    if kind == "rows":
        held = body["rows"][int(number) - 1]
        return body | {"rows": _in_place(body["rows"], number, _with(held, key, value))}
    return body | {kind: _in_place(body[kind], number, value)}


def _in_place(listed: Sequence[Body], number: str, value: Body) -> list[Body]:
    return [value if n == int(number) else one for n, one in enumerate(listed, 1)]


def _with(held: Mapping[str, Any], key: str, value: Any) -> Body:
    return dict(held) | {key: value} if value is not None else {name: one for name, one in held.items() if name != key}


def _without_empty(body: Body) -> Body:
    """Without the keys that only people's work puts there, when none is left of it."""
    return {key: value for key, value in body.items() if value or key not in ("rows_by", "settlements")}


def touch(one: str, other: str) -> bool:
    """Whether two places are one, or one holds the other. The whole table holds its cells, matches and settlements."""
    if one == other:
        return True
    whole, part = (one, other) if one == "rows" else (other, one)
    return whole == "rows" and part.startswith(("rows.", "matches.rows.", "settlements."))


def applied(body: Body, edits: Iterable[Edit]) -> Body:
    return reduce(lambda made, edit: put(made, edit.place, edit.after), edits, body)


def reversed_edits(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that take these back."""
    return tuple(Edit(one.place, one.after, one.before) for one in reversed(edits))


# --- values -----------------------------------------------------------------------------------------------------------


def corrections(body: Body, form: FormSpec | None, values: Sequence[Value], hand: Hand) -> tuple[Edit, ...]:
    """Values in place of what was read there, typed by the form. A new name lets go of what was chosen for the old one.

    Raises Wrong for a field that the form has not.
    """
    edits: list[Edit] = []
    for one in {(one.field, one.row): one for one in values}.values():
        kind = kind_of(form, one.field, one.row)
        place = f"rows.{one.row}.{one.field}" if one.row else f"fields.{one.field}"
        before = at(body, place)
        edits.append(Edit(place, before, typed(kind, one, before, hand)))
        match = f"matches.rows.{one.row}" if one.row else f"matches.{one.field}"
        if one.field in ("school", "certificate") and chosen(held := _match_at(body, match)):
            edits.append(Edit(match, held, held.get("machine")))
    return tuple(edits)


def _match_at(body: Body, place: str) -> Any:
    try:
        return at(body, place)
    except Wrong:  # rows whose certificates are not matched
        return None


def kind_of(form: FormSpec | None, field: str, row: int | None) -> str:
    """The type of a field or column. Raises Wrong when the form has none such."""
    specs: Mapping[str, Any] = {}
    if form is not None:
        specs = (form.table.columns if form.table else {}) if row else form.fields
    if field not in specs:
        raise Wrong(f"这份材料没有“{vocabulary().field(field).heading}”这一项")
    return str(specs[field].type)


def typed(kind: str, value: Value, before: Body | None, hand: Hand) -> Body:
    """The reading that a person gives, where something was read before (None: nothing)."""
    meant = parse(kind, value.text) if value.text is not None else None
    written = meant is not None and meant.problem != "blank"
    machine = before.get("machine") if before and by_person(before) else before
    place: Body = {key: before[key] for key in ("page", "box", "quad") if key in before} if before else {}
    return {
        "text": value.text if written else "",
        "value": meant.value if meant and written else None,
        "reading": "written" if written else "blank" if value.text is not None else value.reading,
        "confidence": 1.0,
        "page": None,
        "box": None,
        **place,
        "origin": "person",
        "machine": machine,
        "by": hand.by,
        "at": hand.at,
    }


# --- matches and marks ------------------------------------------------------------------------------------------------


def choice(body: Body, place: str, found: Body | None, hand: Hand) -> tuple[Edit, ...]:
    """Who or what is meant, chosen by a person; None gives the question back to the machine."""
    before = at(body, place)
    machine = before.get("machine") if chosen(before) else before
    said = {"score": 1.0, "decided": True, "reasons": ["person"], "by": hand.by, "at": hand.at, "machine": machine}
    return (Edit(place, before, found | said if found else machine),)


def mark(body: Body, place: str, said: Mapping[str, str], hand: Hand) -> tuple[Edit, ...]:
    """A seal's owner, a signature's state, as a person sees it. said: one key."""
    before = at(body, place)
    ((key, _),) = said.items()
    machine = before.get("machine") if by_person(before) else before[key]
    after = before | said | {"origin": "person", "machine": machine, "by": hand.by, "at": hand.at}
    return (Edit(place, before, after),)


# --- rows -------------------------------------------------------------------------------------------------------------

Row = Mapping[str, str]


def added(body: Body, form: FormSpec | None, before: int, rows: Sequence[Row], hand: Hand) -> tuple[Edit, ...]:
    """Rows put before row `before` (from 1; one more than there are: at the end). Raises Wrong."""
    held = body["rows"]
    if not 1 <= before <= len(held) + 1:
        raise Wrong("没有这一行")
    made = [_new_row(form, row, hand) for row in rows]
    grown = [*held[: before - 1], *made, *held[before - 1 :]]
    return (_table(body, grown, lambda n: n if n < before else n + len(made), hand),)


def removed(body: Body, first: int, count: int, hand: Hand) -> tuple[Edit, ...]:
    """Raises Wrong when there are not so many rows."""
    held, last = body["rows"], first + count - 1
    if not (first >= 1 and count >= 1 and last <= len(held)):
        raise Wrong("没有这一行")
    left = [*held[: first - 1], *held[last:]]
    return (_table(body, left, lambda n: n if n < first else n - count if n > last else None, hand),)


def pasted(body: Body, form: FormSpec | None, first: int, column: str, text: str, hand: Hand) -> tuple[Edit, ...]:
    """Cells of a spreadsheet (tabs and line ends) over the table from a cell on; rows beyond its end are added.

    Columns count in the vocabulary's order, as the page shows them. Raises Wrong.
    """
    columns = columns_of(form)
    if column not in columns or not 1 <= first <= len(body["rows"]) + 1:
        raise Wrong("没有这一格")
    keys = columns[columns.index(column) :]
    lines = [line.split("\t") for line in text.replace("\r\n", "\n").strip("\n").split("\n")]
    if max(len(cells) for cells in lines) > len(keys):
        raise Wrong("粘贴的列数超出了表格")
    rows = [dict(zip(keys, cells, strict=False)) for cells in lines]
    over = rows[: len(body["rows"]) - first + 1]
    values = [Value(key, n, text) for n, row in enumerate(over, first) for key, text in row.items()]
    edits = corrections(body, form, values, hand)
    if len(over) == len(rows):
        return edits
    # One edit of the whole table: the cells and the rows beyond it are undone together.
    (grown,) = added(applied(body, edits), form, len(body["rows"]) + 1, rows[len(over) :], hand)
    return (Edit("rows", at(body, "rows"), grown.after),)


def columns_of(form: FormSpec | None) -> list[str]:
    """The columns of the form's table in the order that pages show them."""
    return vocabulary().in_order(set(form.table.columns)) if form and form.table else []


def _new_row(form: FormSpec | None, row: Row, hand: Hand) -> Body:
    columns = columns_of(form)
    if not columns:
        raise Wrong("这份材料没有表格")
    if unknown := set(row) - set(columns):
        raise Wrong(f"表格没有“{vocabulary().field(min(unknown)).heading}”这一列")
    return {key: typed(kind_of(form, key, 1), Value(key, 1, row.get(key, "")), None, hand) for key in columns}


def _table(body: Body, rows: list[Body], moved: Callable[[int], int | None], hand: Hand) -> Edit:
    """moved: where a row goes, None: away. What was said of a row goes with it."""
    before = at(body, "rows")
    matches: list[Body] = [{"certificate": None} for _ in rows] if before["matches"] else []
    for number, match in enumerate(before["matches"], 1):
        if (place := moved(number)) is not None:
            matches[place - 1] = match
    settled = [one | {"row": place} for one in before["settlements"] if (place := moved(one["row"])) is not None]
    by = {"by": hand.by, "at": hand.at}
    return Edit("rows", before, {"rows": rows, "rows_by": by, "matches": matches, "settlements": settled})


# --- findings ---------------------------------------------------------------------------------------------------------


def settled(body: Body, place: int, reason: str, hand: Hand) -> tuple[Edit, ...]:
    """A finding (from 0) confirmed with a reason. Raises Wrong when there is none, or when it asks nothing."""
    finding = _finding(body, place)
    if not asks(finding):
        raise Wrong("这一条提示不需要处理" if finding["severity"] == "info" else "这个问题已经处理")
    said = settlement(body, place, by=hand.by, at=hand.at, reason=reason)
    where = f"settlements.{finding_keys(body)[place]}"
    return (Edit(where, at(body, where), said),)


def offered(body: Body, form: FormSpec | None, place: int, number: int, hand: Hand) -> tuple[Edit, ...]:
    """The correction that a finding offers. Raises Wrong when it offers none such."""
    offers = _finding(body, place).get("offers") or []
    if not 0 <= number < len(offers):
        raise Wrong("没有这个建议")
    one = offers[number]
    return corrections(body, form, [Value(one["field"], one["row"], one["text"])], hand)


def _finding(body: Body, place: int) -> Body:
    if not 0 <= place < len(body["findings"]):
        raise Wrong("没有这个问题")
    finding: Body = body["findings"][place]
    return finding


def heading(place: str) -> str:
    """A place in words: 第2行 考核人数."""
    words = vocabulary()
    kind, *rest = place.split(".")
    if kind == "fields":
        return words.field(rest[0]).heading
    if kind == "rows":
        return f"第{rest[0]}行 {words.field(rest[1]).heading}" if rest else "表格"
    if kind == "matches":
        return {"school": "匹配的学校", "certificate": "匹配的证书"}.get(rest[0]) or f"第{rest[1]}行 匹配的证书"
    if kind == "settlements":
        return words.codes.get(".".join(rest).split("/")[0], "问题")
    return f"第{rest[0]}处{'印章' if kind == 'seals' else '签字'}"


def told(place: str, held: Any) -> str:
    """What stood at a place, as a short text for people."""
    words = vocabulary()
    if held is None:
        return ""
    if place == "rows":
        return f"{len(held['rows'])} 行"
    if place.startswith("seals"):
        return words.seal_owners.get(str(held["owner"]), "")
    if place.startswith("signatures"):
        return words.signature_states.get(str(held["state"]), "")
    if place.startswith("settlements"):
        return str(held["reason"])
    if place.startswith("matches"):
        return str(held.get("name") or "") if held.get("decided") else "未确定"
    return str(held["text"]) if held["reading"] == "written" else words.readings[held["reading"]]
