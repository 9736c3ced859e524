"""The figures of the dashboard: what came and what was settled, by day, city and form, and how fast. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import median
from zoneinfo import ZoneInfo

SETTLED = frozenset({"accepted", "returned", "rejected"})
SITTING = timedelta(minutes=15)  # a longer gap between two decisions of one person is a break
DAILY = 62  # days up to which a chart has a bar a day; beyond, a bar a week
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Fact:
    """One record. settled_at: when it was last decided, None while it is open; touched: whether a person corrected,
    chose or confirmed anything in it; lane, state: as in the contract."""

    form: str | None
    city: str | None
    state: str
    lane: str
    received_at: datetime | None
    settled_at: datetime | None = None
    touched: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody's decision on a record."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A day, or a week from its Monday, in Chinese time. open: whether a window of the programme lies in it."""

    first: date
    received: int
    settled: int
    open: bool


@dataclass(frozen=True, slots=True)
class Row:
    """The records of one city, or form (key None: not known)."""

    key: str | None
    received: int
    review: int
    accepted: int
    returned: int
    rejected: int
    superseded: int


@dataclass(frozen=True, slots=True)
class Figures:
    """straight: share of the accepted records in which no person changed or confirmed anything, None before one was
    accepted. minutes: the median time from one decision of a person to her next, breaks left out; None when unknown.
    """

    total: Row
    ready: int
    periods: tuple[Period, ...]
    weekly: bool
    cities: tuple[Row, ...]
    forms: tuple[Row, ...]
    straight: float | None
    minutes: float | None
    measured: int


def figures(facts: Sequence[Fact], decisions: Iterable[Decision], windows: Iterable[tuple[date, date]]) -> Figures:
    """windows: first and last days (both in time) of the programme's windows."""
    accepted = [one for one in facts if one.state == "accepted"]
    times = _times(decisions)
    periods, weekly = _periods(facts, tuple(windows))
    return Figures(
        _row(None, facts),
        sum(one.lane == "ready" and one.state == "review" for one in facts),
        periods,
        weekly,
        _rows(facts, [one.city for one in facts]),
        _rows(facts, [one.form for one in facts]),
        sum(not one.touched for one in accepted) / len(accepted) if accepted else None,
        round(median(times), 1) if times else None,
        len(times),
    )


def _row(key: str | None, facts: Sequence[Fact]) -> Row:
    states = Counter("review" if one.state == "received" else one.state for one in facts)
    named = ("review", "accepted", "returned", "rejected", "superseded")
    return Row(key, len(facts), *(states[state] for state in named))


def _rows(facts: Sequence[Fact], keys: Sequence[str | None]) -> tuple[Row, ...]:
    """The largest first; what is not known last."""
    grouped: dict[str | None, list[Fact]] = {}
    for key, fact in zip(keys, facts, strict=True):
        grouped.setdefault(key, []).append(fact)
    order = sorted(grouped, key=lambda key: (key is None, -len(grouped[key]), key or ""))
    return tuple(_row(key, grouped[key]) for key in order)


def _times(decisions: Iterable[Decision]) -> list[float]:
    """Minutes from one decision of a person to her next one, those within one sitting."""
    ordered = sorted(decisions, key=lambda one: (one.by, one.at))
    times = []
    for _, own in groupby(ordered, key=lambda one: one.by):
        before: datetime | None = None
        for one in own:
            if before is not None and one.at - before <= SITTING:
                times.append((one.at - before).total_seconds() / 60)
            before = one.at
    return times


def _periods(facts: Sequence[Fact], windows: Sequence[tuple[date, date]]) -> tuple[tuple[Period, ...], bool]:
    came = [one.received_at.astimezone(CHINA).date() for one in facts if one.received_at]
    done = [one.settled_at.astimezone(CHINA).date() for one in facts if one.settled_at and one.state in SETTLED]
    if not came and not done:
        return (), False
    first, last = min(came + done), max(came + done)
    weekly = (last - first).days >= DAILY
    step = 7 if weekly else 1
    start = first - timedelta(days=first.weekday()) if weekly else first
    received, settled = (Counter((day - start).days // step for day in days) for days in (came, done))
    periods = []
    for number in range((last - start).days // step + 1):
        day = start + timedelta(days=number * step)
        end = day + timedelta(days=step - 1)
        is_open = any(begin <= end and day <= until for begin, until in windows)
        periods.append(Period(day, received[number], settled[number], is_open))
    return tuple(periods), weekly
