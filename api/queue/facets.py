"""What the queue is filtered by, and what each other choice would give. Pure.

A facet has one value in every record, as text; `NONE` where there is none. Days are those of Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Mapping
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


def total(counts: Mapping[str, Mapping[str, int]], chosen: Mapping[str, str]) -> int:
    """How many records fit all choices, by the counts of any facet."""
    counted, value = counts[FACETS[0]], chosen.get(FACETS[0])
    return counted.get(value, 0) if value else sum(counted.values())


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
