"""Schools and certificates of the registers, for people who choose another than was matched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from api.judging import Judging
from corpora.programme import load_programmes
from corpora.register import School
from matching.names import plain

Kind = Literal["school", "certificate"]
MOST = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """key: the school's code or the certificate's name. name: in the programme's year; current_name: as of today."""

    key: str
    name: str
    current_name: str
    city: str = ""


def search(judging: Judging, kind: Kind, words: str, programme: str | None = None) -> list[Choice]:
    """Those whose name (a former one, too) holds the words, the shortest first; where none does, those like them."""
    said, known, year = plain(words), judging.known(None), _year(programme)
    if not said:
        return []
    if kind == "school":
        held = sorted((one for one in known.schools.names if said in one.plain), key=lambda one: len(one.plain))
        schools = [one.school for one in held] or [name.school for name, _ in known.schools.near(said)]
        return [_school(one, year) for one in {one.code: one for one in schools}.values()][:MOST]
    listed = sorted((one for one in known.certificates.names if said in one.plain), key=lambda one: len(one.plain))
    found = listed or [name for name, _ in known.certificates.near(said)]
    names = dict.fromkeys(one.certificate.name for one in found)
    return [Choice(name, name, name) for name in names][:MOST]


def chosen(judging: Judging, kind: Kind, key: str, programme: str | None) -> dict[str, Any] | None:
    """What a record keeps of a choice; None when the register has none such."""
    if kind == "school":
        school = judging.school(key)
        one = _school(school, _year(programme)) if school else None
        return {"code": one.key, "name": one.name, "current_name": one.current_name} if one else None
    names = judging.known(None).certificates.names
    return {"name": key} if any(one.certificate.name == key for one in names) else None


def _school(school: School, year: int) -> Choice:
    return Choice(school.code, school.name_in(year), school.name, school.city)


def _year(programme: str | None) -> int:
    return next((one.year for one in load_programmes() if one.key == programme), 9999)
