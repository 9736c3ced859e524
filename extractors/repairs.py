"""Where a sum or a rate does not agree: the one figure whose other reading would make it agree. Pure.

Nothing is repaired: a repair is offered to the person who decides. Only what was doubtful on the paper is offered:
another reading that the recogniser had, or one figure of a number that it was not sure of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from corpora.form import FormSpec
from corpora.vocabulary import vocabulary
from extractors.extraction import Extraction, Finding, Offer, Reading
from extractors.fieldtypes import parse
from extractors.readings import WEAK

MOST = 3  # offers for one finding

Figures = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class Place:
    """One figure of a rule: its field or column, its row from 1 (None for a field), its type and its reading."""

    field: str
    row: int | None
    kind: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Repair:
    """`text` read in that place makes the rule hold. likelihood: 0..1, to order offers by; it is no probability."""

    field: str
    row: int | None
    text: str
    likelihood: float


@dataclass(frozen=True, slots=True)
class Broken:
    """One application of a rule: the figures that it ties together, and whether they agree. row: None for the sum."""

    row: int | None
    places: tuple[Place, ...]
    agree: Callable[[Figures], bool]


def repairs(broken: Broken) -> tuple[Repair, ...]:
    """Single other readings that make the figures agree, likeliest first; none when they agree or two are unread."""
    values = [_figure(place.reading.value) for place in broken.places]
    if values.count(None) > 1 or (None not in values and broken.agree(values)):
        return ()
    found = []
    for at, place in enumerate(broken.places):
        if None in values and values[at] is not None:
            continue  # the unread one comes first
        for text, likelihood in _other_readings(place):
            others = [*values[:at], _figure(parse(place.kind, text).value), *values[at + 1 :]]
            if others[at] is not None and broken.agree(others):
                found.append(Repair(place.field, place.row, text, likelihood))
    return tuple(sorted(found, key=lambda one: -one.likelihood)[:MOST])


def _other_readings(place: Place) -> Iterator[tuple[str, float]]:
    """What else the text may be: what the recogniser had in mind, then one figure changed where it was not sure."""
    reading = place.reading
    for rank, option in enumerate(reading.options):
        yield option, 1.0 - 0.05 * rank
    if reading.reading != "written" or reading.confidence >= WEAK:
        return
    for at, char in enumerate(reading.text):
        for figure in "0123456789":
            changed = f"{reading.text[:at]}{figure}{reading.text[at + 1 :]}"
            if figure != char and (char.isdigit() or reading.value is None) and changed not in reading.options:
                yield changed, 0.6 * (1.0 - reading.confidence)


def _figure(value: object) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, (int, float)) else None


# --- which figures a rule ties together -------------------------------------------------------------------------------


def _sums(rule: Any, extraction: Extraction, form: FormSpec) -> list[Broken]:
    assert form.table is not None
    kind = form.table.columns[rule.column].type
    total = Place(rule.field, None, form.fields[rule.field].type, extraction.fields[rule.field])
    parts = [Place(rule.column, n, kind, row[rule.column]) for n, row in enumerate(extraction.rows, 1)]
    return [Broken(None, (total, *parts), lambda figures: figures[0] == sum(f for f in figures[1:] if f is not None))]


def _ratios(rule: Any, extraction: Extraction, form: FormSpec) -> list[Broken]:
    assert form.table is not None
    columns = form.table.columns
    keys = (rule.column, rule.part, rule.whole)
    return [
        Broken(n, tuple(Place(key, n, columns[key].type, row[key]) for key in keys), _is_ratio)
        for n, row in enumerate(extraction.rows, 1)
    ]


def _is_ratio(figures: Figures) -> bool:
    rate, part, whole = figures
    if rate is None or part is None or not whole:
        return False
    exponent = rate.normalize().as_tuple().exponent
    return abs(rate - part / whole * 100) <= Decimal(1).scaleb(min(0, exponent if isinstance(exponent, int) else 0))


TIES: Mapping[str, Callable[[Any, Extraction, FormSpec], list[Broken]]] = {"sum": _sums, "ratio": _ratios}


# --- what is made of them ---------------------------------------------------------------------------------------------


def with_offer(finding: Finding, rule: Any, extraction: Extraction, form: FormSpec) -> Finding:
    """The finding, its message ending with what may have been misread."""
    tie = TIES.get(rule.rule)
    broken = next((one for one in tie(rule, extraction, form) if one.row == finding.row), None) if tie else None
    offers = repairs(broken) if broken else ()
    if not offers:
        return finding
    said = "，或".join(f"{_where(one)}读作“{one.text}”" for one in offers)
    message = f"{finding.message}若{said}则相符，请先对照图片核对。"
    return replace(finding, message=message, offers=tuple(Offer(one.field, one.row, one.text) for one in offers))


def _where(repair: Repair) -> str:
    name = vocabulary().field(repair.field).heading
    return f"第{repair.row}行“{name}”" if repair.row else f"“{name}”"


def with_options(extraction: Extraction, form: FormSpec) -> Extraction:
    """The extraction, each reading that a repair is for having it first among its options."""
    fields, rows = dict(extraction.fields), [dict(row) for row in extraction.rows]
    for rule in form.checks:
        for broken in TIES[rule.rule](rule, extraction, form) if rule.rule in TIES else ():
            for repair in reversed(repairs(broken)):
                home = rows[repair.row - 1] if repair.row else fields
                held = home[repair.field]
                options = (repair.text, *(text for text in held.options if text != repair.text))
                home[repair.field] = replace(held, options=options)
    return replace(extraction, fields=fields, rows=tuple(rows))
