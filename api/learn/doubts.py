"""The same question in many records: same field, same written text, same candidates. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, cast

from api.corrections import Body, asks, by_person, chosen
from api.review.view import school_name
from corpora.form import FormSpec
from matching.names import plain

Kind = Literal["school", "certificate"]
KINDS = ("school", "certificate")
TEXTS = ("text", "organisation", "school")
"""Types of fields and columns whose text means the same wherever it is written."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What may be meant. key: a school's code or a certificate's name; in other fields the text itself."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands. row: from 1, None for a field; box: x0, y0, x1, y1 in fractions of the page."""

    record: str
    row: int | None
    version: int
    school: str
    page: int | None
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question at one place. text: as it was read."""

    field: str
    text: str
    candidates: tuple[Meant, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question and all its places, in the order of the records. text: as it was read most often."""

    id: str
    field: str
    text: str
    candidates: tuple[Meant, ...]
    places: tuple[Place, ...]

    @property
    def kind(self) -> Kind | None:
        """Of the register that answers it; None: the text itself is the answer."""
        return cast(Kind, self.field) if self.field in KINDS else None

    @property
    def records(self) -> int:
        return len({place.record for place in self.places})


def texts_of(form: FormSpec | None) -> frozenset[str]:
    """The fields and columns of a form that hold plain text."""
    if form is None:
        return frozenset()
    specs: dict[str, Any] = {**form.fields, **(form.table.columns if form.table else {})}
    return frozenset(key for key, spec in specs.items() if spec.type in TEXTS)


def asked(body: Body, version: int, texts: Collection[str]) -> Iterator[Asked]:
    """What a record asks about its schools, its certificates and its other `texts`; nothing that a person settled."""
    still = {(one["field"], one["row"]) for one in body["findings"] if asks(one)}
    for field, row, one, match in _values(body):
        if one["reading"] != "written" or not plain(one["text"]) or (field not in KINDS and field not in texts):
            continue
        if field in KINDS and match is not None:
            doubtful = not chosen(match) and (not match.get("decided") or (field, row) in still)
            candidates = _candidates(field, match)
        else:
            doubtful = field not in KINDS and not by_person(one) and (field, row) in still
            candidates = tuple(Meant(text, text) for text in one.get("options") or ())
        if doubtful:
            box = tuple(one["box"]) if one.get("box") else None
            place = Place(body["id"], row, version, school_name(body), one.get("page"), cast(Any, box))
            yield Asked(field, one["text"], candidates, place)


def grouped(questions: Iterable[Asked]) -> list[Doubt]:
    """The same questions together, what stands in most places first."""
    together: dict[tuple[str, str, tuple[str, ...]], list[Asked]] = {}
    for one in questions:
        keys = tuple(sorted({candidate.key for candidate in one.candidates}))
        together.setdefault((one.field, plain(one.text), keys), []).append(one)
    found = [_doubt(key, same) for key, same in together.items()]
    return sorted(found, key=lambda one: (-len(one.places), one.field, one.text, one.id))


def _doubt(key: tuple[str, str, tuple[str, ...]], same: list[Asked]) -> Doubt:
    ((text, _),) = Counter(one.text for one in same).most_common(1)
    id = sha256("\n".join((key[0], key[1], *key[2])).encode()).hexdigest()[:16]
    return Doubt(id, key[0], text, same[0].candidates, tuple(one.place for one in same))


def stands(body: Body, field: str, row: int | None, written: str) -> bool:
    """Whether that text still stands at a place."""
    found = (one for key, at, one, _ in _values(body) if (key, at) == (field, row))
    return any(plain(one["text"]) == plain(written) for one in found)


def _values(body: Body) -> Iterator[tuple[str, int | None, Body, Body | None]]:
    """Every value: its field, its row, what was read, who is meant."""
    matches = body["matches"]
    for key, one in body["fields"].items():
        yield key, None, one, matches.get(key) if key in KINDS else None
    listed = matches.get("rows") or []
    for number, row in enumerate(body["rows"], 1):
        match = listed[number - 1].get("certificate") if number <= len(listed) else None
        for key, one in row.items():
            yield key, number, one, match if key == "certificate" else None


def _candidates(field: str, match: Mapping[str, Any]) -> tuple[Meant, ...]:
    listed = match.get("candidates") or ([match] if match.get("decided") else [])
    keyed = [(one.get("code") if field == "school" else one.get("name"), one.get("name")) for one in listed]
    return tuple(Meant(key, name) for key, name in dict.fromkeys(keyed) if key and name)
