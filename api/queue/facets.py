"""What the queue is filtered by, and what each other choice would give. Pure.

A facet has one value in every record, as text; `NONE` where there is none. Days are those of Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.record import CHINA
from corpora.programme import Programme
from matching.timing import nearest

NONE = "none"
FACETS = ("lane", "state", "level", "programme", "city", "kind", "form", "assignee", "age", "due")

AGES = (("day", 0), ("days", 3), ("week", 7), ("month", 30))
"""How long ago a record came: the bucket's key, and how many days ago at most; older than all is OLD."""
OLD = "older"

DUES = (("over", -1), ("day", 0), ("days", 3), ("week", 7))
"""When it is due: the bucket's key, and in how many days at most; later than all is LATER."""
LATER = "later"

Cube = Iterable[tuple[Sequence[str], int]]
"""Values in the order of FACETS, and how many records have just these."""


def tally(cube: Cube, chosen: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """For each facet how many records each of its values would leave, the other choices as they are.

    chosen: the facets that are chosen, with their values. A value that would leave none is not named.
    """
    wanted = [(place, chosen[facet]) for place, facet in enumerate(FACETS) if chosen.get(facet)]
    counts: list[dict[str, int]] = [{} for _ in FACETS]
    for values, count in cube:
        against = [place for place, value in wanted if values[place] != value]
        if len(against) > 1:
            continue
        for place in against or range(len(FACETS)):  # one choice is against it: only another there would give it
            counts[place][values[place]] = counts[place].get(values[place], 0) + count
    return {facet: dict(sorted(counts[place].items())) for place, facet in enumerate(FACETS)}


def total(cube: Cube, chosen: Mapping[str, str]) -> int:
    """How many records fit all choices."""
    wanted = [(place, chosen[facet]) for place, facet in enumerate(FACETS) if chosen.get(facet)]
    return sum(count for values, count in cube if all(values[place] == value for place, value in wanted))


def age(received_at: datetime | None, today: date) -> str:
    """The bucket of AGES."""
    if received_at is None:
        return NONE
    days = (today - received_at.astimezone(CHINA).date()).days
    return next((key for key, most in AGES if days <= most), OLD)


def due(due_on: date | None, today: date) -> str:
    """The bucket of DUES."""
    if due_on is None:
        return NONE
    days = (due_on - today).days
    return next((key for key, most in DUES if days <= most), LATER)


def midnight(day: date) -> datetime:
    """When a day begins in China."""
    return datetime.combine(day, time(), CHINA)


def first_of_ages(today: date) -> list[tuple[str, datetime]]:
    """The same buckets as moments: what came at or after one belongs to its bucket, or to one before it."""
    return [(key, midnight(today - timedelta(days=most))) for key, most in AGES]


def last_of_dues(today: date) -> list[tuple[str, date]]:
    """The same buckets as days: what is due on or before one belongs to its bucket, or to one before it."""
    return [(key, today + timedelta(days=most)) for key, most in DUES]


def due_on(
    programme: Programme | None, form: str | None, kind: str | None, received_at: datetime | None
) -> date | None:
    """The last day of the round that a record belongs to; None where none is ruled, or the receipt is unknown.

    kind: of the school (corpora.register.School.standing), None when it is not known.
    """
    window = programme.window(form, kind) if programme and form else None
    if programme is None or window is None or received_at is None:
        return None
    return nearest(window, received_at.astimezone(ZoneInfo(programme.timezone)).date()).last
