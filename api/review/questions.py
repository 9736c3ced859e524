"""What a record asks of a person, in the order in which it is walked through. Pure.

A question gathers what is said of one place: the value, its findings, the candidates and the readings that may be
picked. Findings without a place are questions of their own. Settled questions keep their place, so that nothing moves
under the reader's hands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.review.view import SEVERITIES, Item, RecordView
from api.review.witnesses import Choice, choice
from corpora.vocabulary import Vocabulary

ASKING = ("error", "warning")
READINGS = ("field.unsure",)
"""What a person answers by saying that the value is as it stands."""
NAMES = ("misspelt", "short_name", "former_name", "campus", "ambiguous", "unmatched", "conflict")
"""What a person answers by choosing who is meant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding. place: in the record's list, from 0; name: what tells it from the others.

    answer: how it was settled, empty while it is open.
    """

    place: int
    name: str
    code: str
    title: str
    severity: str
    message: str
    answer: str
    offers: tuple[tuple[int, str], ...]
    """What may be taken in its place: number of the offer from 0, and in words."""

    @property
    def told(self) -> dict[str, object]:
        """How scripts name it."""
        return {"place": self.place, "name": self.name}


@dataclass(frozen=True, slots=True)
class Ink:
    """A seal or a signature that a finding is about. number: in the record's list, from 1; said: its owner or state."""

    kind: str
    number: int
    said: str
    page: int | None
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Question:
    """One place that asks. place: the mark of the value, row or section that it is about.

    enter: what Enter does when nothing was changed: "confirm" the reading, "choose" the entry that the machine decided
    on, go to the candidates to "pick" one, or give a "reason" for leaving it.
    """

    id: str
    place: str
    heading: str
    severity: str
    field: str | None
    row: int | None
    item: Item | None
    asked: tuple[Asked, ...]
    choice: Choice | None
    inks: tuple[Ink, ...]
    is_open: bool
    enter: str


def questions(
    record: Mapping[str, Any], view: RecordView, words: Vocabulary, keep: Collection[str] = ()
) -> tuple[Question, ...]:
    """The places with findings that ask, or with values that the machine doubts: fields, rows, then all else.

    keep: marks of values that are listed though nothing is asked of them any more.
    """
    groups = _by_place(record.get("findings") or [], view)
    for item, row in _items(view):
        if (item.doubt and not item.origin) or item.id in keep:
            groups.setdefault((item.key, row), [])
    made = [_question(record, place, found, view, words) for place, found in groups.items()]
    return tuple(sorted(made, key=lambda one: _order(one, view)))


def notes(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The findings that ask nothing."""
    return [finding for finding in record.get("findings") or [] if finding["severity"] not in ASKING]


def choices(record: Mapping[str, Any], words: Vocabulary) -> dict[tuple[str, int | None], Choice]:
    """By field and row, every school and certificate that a person may choose."""
    matches, fields = record.get("matches") or {}, record.get("fields") or {}
    found: dict[tuple[str, int | None], Choice] = {}
    for kind in ("school", "certificate"):
        if matches.get(kind) or kind in fields:
            found[kind, None] = choice(kind, None, matches.get(kind), _written(fields, kind), words)
    for number, (row, match) in enumerate(zip(record.get("rows") or [], matches.get("rows") or [], strict=False), 1):
        if match and "certificate" in row:
            written = _written(row, "certificate")
            found["certificate", number] = choice("certificate", number, match.get("certificate"), written, words)
    return found


Place = tuple[str | None, int | None]


def _by_place(
    findings: Sequence[Mapping[str, Any]], view: RecordView
) -> dict[Place | int, list[tuple[int, Mapping[str, Any]]]]:
    """The findings that ask, by the value that they are about; those without one by their own number."""
    known = {(item.key, row) for item, row in _items(view)}
    groups: dict[Place | int, list[tuple[int, Mapping[str, Any]]]] = {}
    for number, finding in enumerate(findings):
        if finding["severity"] in ASKING:
            place = (finding.get("field"), finding.get("row"))
            groups.setdefault(place if place in known else number, []).append((number, finding))
    return groups


def _question(
    record: Mapping[str, Any],
    place: Place | int,
    found: list[tuple[int, Mapping[str, Any]]],
    view: RecordView,
    words: Vocabulary,
) -> Question:
    field, row = place if isinstance(place, tuple) else (found[0][1].get("field"), found[0][1].get("row"))
    item = _item(view, field, row) if isinstance(place, tuple) else None
    asked = tuple(_asked(number, finding, words) for number, finding in found)
    still = [one for one in asked if not one.answer]
    inks = () if item else _inks(record, field)
    mark = item.id if item else _mark(field, row, inks, view)
    picked = choices(record, words).get((field or "", row)) if item else None
    return Question(
        id=f"q-{item.id}" if item else _id(asked[0], record),
        place=mark,
        heading=_heading(field, row, item, asked, words),
        severity=next((s for s in SEVERITIES if any(one.severity == s for one in still)), ""),
        field=field,
        row=row,
        item=item,
        asked=asked,
        choice=picked,
        inks=inks,
        is_open=bool(still) or bool(not asked and item and item.doubt and not item.origin),
        enter=_enter(still, picked),
    )


def _id(one: Asked, record: Mapping[str, Any]) -> str:
    """It stays the same when other findings come and go."""
    alike = [number for number, finding in enumerate(record["findings"]) if finding["code"] == one.code]
    return f"q-{one.code.replace('.', '-')}-{alike.index(one.place)}"


def _asked(number: int, finding: Mapping[str, Any], words: Vocabulary) -> Asked:
    settled = finding.get("settled") or {}
    offers = tuple((place, _offered(offer, finding, words)) for place, offer in enumerate(finding.get("offers") or []))
    return Asked(
        place=number,
        name=f"{finding['code']}/{finding.get('field') or ''}/{finding.get('row') or ''}/{finding['message']}",
        code=finding["code"],
        title=words.codes.get(finding["code"], finding["code"]),
        severity=finding["severity"],
        message=finding["message"],
        answer=(settled.get("reason") or "已确认") if settled else "",
        offers=offers,
    )


def _offered(offer: Mapping[str, Any], finding: Mapping[str, Any], words: Vocabulary) -> str:
    where = words.field(offer["field"]).heading
    if offer.get("row") and offer.get("row") != finding.get("row"):
        where = f"第 {offer['row']} 行{where}"
    return f"{where}读作 {offer['text']}"


def _enter(still: list[Asked], picked: Choice | None) -> str:
    codes = [one.code for one in still]
    if all(code in READINGS for code in codes):
        return "confirm"
    if picked and picked.options and all(code in READINGS or code.rpartition(".")[2] in NAMES for code in codes):
        return "choose" if picked.decided else "pick"
    return "reason"


def _heading(field: str | None, row: int | None, item: Item | None, asked: Iterable[Asked], words: Vocabulary) -> str:
    if item:
        return f"第 {row} 行 {words.field(item.key).heading}" if row else item.heading
    if row:
        return f"第 {row} 行"
    if field in words.roles:
        return f"{words.roles[field]}签字"
    return next((one.title for one in asked), "")


def _inks(record: Mapping[str, Any], field: str | None) -> tuple[Ink, ...]:
    """The seals, for a finding of the seal; the signatures of a role, for a finding of that role."""
    seals = record.get("seals") or [] if field == "seal" else []
    found = [Ink("seal", n, one["owner"], one["page"], _box(one)) for n, one in enumerate(seals, 1)]
    for number, one in enumerate(record.get("signatures") or [], 1):
        if one["role"] == field:
            found.append(Ink("signature", number, one["state"], one.get("page"), _box(one)))
    return tuple(found)


def _box(one: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    box = one.get("box")
    return (box[0], box[1], box[2], box[3]) if box and one.get("page") else None


def _mark(field: str | None, row: int | None, inks: tuple[Ink, ...], view: RecordView) -> str:
    if row and row <= len(view.rows):
        return f"r{row}"
    if inks:
        return f"{'s' if inks[0].kind == 'seal' else 'g'}{inks[0].number}"
    return "marks" if field == "seal" else ""


def _items(view: RecordView) -> list[tuple[Item, int | None]]:
    lines = [(item, row) for row, line in enumerate(view.rows, 1) for item in line.values()]
    return [*((item, None) for item in view.items), *lines]


def _item(view: RecordView, field: str | None, row: int | None) -> Item | None:
    return next((item for item, at in _items(view) if item.key == field and at == row), None)


def _order(one: Question, view: RecordView) -> tuple[int, int, int]:
    places = [item.id for item, _ in _items(view)]
    if one.item is None:
        return (1 if one.row else 2, one.row or 0, one.asked[0].place)
    return (1 if one.row else 0, one.row or 0, places.index(one.item.id))


def _written(readings: Mapping[str, Any], key: str) -> str:
    return (readings.get(key) or {}).get("text") or ""
