"""Which education office is meant: 合肥市教育局, 合肥教体局, 合肥市教育局职成科. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpora.register import Bureau
from matching.names import bare_place, plain

_KINDS = "教育(?:和|与)?体育局|教体局|教育局|教育委员会|教委"
_OFFICE = re.compile(rf"(?P<place>.{{2,16}}?)(?P<kind>教育厅|{_KINDS})(?P<part>.{{0,12}})")
_SCHOOL = re.compile(r"(?:学校|学院|大学|中学|中心|职高|中专|园)$")


def find_bureau(text: str, bureaus: Iterable[Bureau]) -> Bureau | None:
    """The office that `text` names, as the register has it; one that is not registered is named as it is written,
    without a city. None when the text names no office (an office's own school is none)."""
    found = _OFFICE.fullmatch(plain(text))
    if found is None or _SCHOOL.search(found["part"]):
        return None
    known = list(bureaus)
    for place in (found["place"], re.sub(r"^.{2,3}省", "", found["place"])):
        for bureau in known:
            if bare_place(place) == _place(bureau) and ("教育厅" in bureau.name) == (found["kind"] == "教育厅"):
                return bureau
    return Bureau(text.strip(), "")


def bureau_in(text: str, bureaus: Iterable[Bureau]) -> Bureau | None:
    """A registered office that is named somewhere in `text` (报送汇总表-滁州市教体局), not in a school's name."""
    said = plain(text)
    for bureau in bureaus:
        kind = "教育厅" if "教育厅" in bureau.name else _KINDS
        found = re.search(rf"{re.escape(_place(bureau))}[省市县区州]?(?:{kind})(?P<part>.{{0,12}})", said)
        if found and not _SCHOOL.search(found["part"]):
            return bureau
    return None


def _place(bureau: Bureau) -> str:
    found = _OFFICE.fullmatch(plain(bureau.name))
    return bare_place(found["place"]) if found else bureau.name
