"""Who is missing: the schools that a programme expects forms of, less those that sent them, day by day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from corpora.programme import Programme
from corpora.register import School
from corpora.terms import Expected
from matching.timing import Stretch, nearest

KINDS = {
    "undergraduate": "本科",
    "higher_vocational": "高职",
    "adult": "成人高校",
    "secondary": "中职",
    "provincial_secondary": "省属中职",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came from a school (returned and replaced ones too: the school did send it)."""

    form: str
    school: str
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Absent:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """The schools of one kind in one city. missing: in the register's order."""

    city: str
    kind: str
    expected: int
    missing: tuple[Absent, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """came: schools whose form came first on that day; missing: those still without it at its end."""

    day: date
    came: int
    missing: int


@dataclass(frozen=True, slots=True)
class Due:
    """One expected form in one round. first, last: its days, None where the notice names none."""

    form: str
    round: str
    first: date | None
    last: date | None
    expected: int
    groups: tuple[Group, ...]
    days: tuple[Day, ...]

    @property
    def missing(self) -> int:
        return sum(len(group.missing) for group in self.groups)


def who_is_missing(
    programme: Programme, schools: Iterable[School], sent: Iterable[Sent], today: date
) -> tuple[Due, ...]:
    """One Due for each form that the programme expects, in its nearest round at `today` (in the programme's zone).

    Expected are the open schools of the province that the register knows, of the kinds that the programme addresses.
    """
    here = [one for one in schools if one.province.startswith(programme.province) and one.status == "open"]
    arrived = list(sent)
    return tuple(
        _due(programme, form, [one for one in here if _addressed(term, one)], arrived, today)
        for term in programme.expected
        for form in term.forms
    )


def _addressed(term: Expected, school: School) -> bool:
    of_kind = not term.kinds or school.standing in term.kinds or school.kind in term.kinds
    return of_kind and (not term.honours or bool(set(term.honours) & set(school.honours)))


def _due(programme: Programme, form: str, schools: Sequence[School], sent: Sequence[Sent], today: date) -> Due:
    windows = {one.code: programme.window(form, one.standing) for one in schools}
    stretches = {code: nearest(window, today) for code, window in windows.items() if window}
    firsts: dict[str, date] = {}
    wanted = {one.code for one in schools}
    for one in (one for one in sent if one.form == form and one.school in wanted):
        day = one.received_at.astimezone(ZoneInfo(programme.timezone)).date() if one.received_at else today
        window = windows[one.school]
        if window is None or nearest(window, day) == stretches[one.school]:
            firsts[one.school] = min(day, firsts.get(one.school, day))
    span = next(iter(stretches.values()), None)
    named = [one for one in stretches.values() if one.first != date.min]
    return Due(
        form,
        span.name if span else "",
        min((one.first for one in named), default=None),
        max((one.last for one in stretches.values()), default=None),
        len(schools),
        _groups(schools, firsts),
        _days(list(stretches.values()), len(schools), firsts, today),
    )


def _groups(schools: Sequence[School], firsts: dict[str, date]) -> tuple[Group, ...]:
    grouped: dict[tuple[str, str], list[School]] = {}
    for school in schools:
        grouped.setdefault((school.city, school.standing), []).append(school)
    return tuple(
        Group(city, kind, len(those), tuple(Absent(one.code, one.name) for one in those if one.code not in firsts))
        for (city, kind), those in sorted(grouped.items())
    )


def _days(stretches: Sequence[Stretch], expected: int, firsts: dict[str, date], today: date) -> tuple[Day, ...]:
    """From the first day of the window (or the first arrival) to today, or to what came last."""
    starts = [one.first for one in stretches if one.first != date.min] + list(firsts.values())
    if not starts:
        return ()
    last = max([min(today, max((one.last for one in stretches), default=today)), *firsts.values()])
    days, missing = [], expected
    for offset in range((last - min(starts)).days + 1):
        day = min(starts) + timedelta(days=offset)
        came = sum(one == day for one in firsts.values())
        missing -= came
        days.append(Day(day, came, missing))
    return tuple(days)
