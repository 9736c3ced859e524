"""Whether a form came in time, by the window that the programme sets for it. Pure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from corpora.programme import Programme
from corpora.terms import Window
from extractors.extraction import Finding


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of one round, both counted in. until: the last day that belongs to no later round."""

    name: str
    first: date
    last: date
    until: date


def timing_findings(
    programme: Programme, form: str | None, kind: str | None, received_at: datetime | None
) -> tuple[Finding, ...]:
    """`mail.early` or `mail.late` by the nearest round, or nothing: in time, no window, or no time known.

    kind: of the sender (corpora.terms.Kind), None when it is not known. The day is that of the programme's time zone;
    a last day counts as in time, and a day as far from both rounds as late for the first.
    """
    window = programme.window(form, kind)
    if window is None or received_at is None:
        return ()
    day = received_at.astimezone(ZoneInfo(programme.timezone)).date()
    stretch = nearest(window, day)
    taken = f"{stretch.name}受理时间为 {_days(stretch)}"
    if day < stretch.first:
        message = f"{day} 收到，{taken}，早了 {(stretch.first - day).days} 天，请决定是否受理。"
        return (Finding("mail.early", "warning", message),)
    if day > stretch.last:
        message = f"{day} 收到，{taken}，迟了 {(day - stretch.last).days} 天，请决定是否受理。"
        return (Finding("mail.late", "warning", message),)
    return ()


def nearest(window: Window, day: date) -> Stretch:
    """The round that a day is judged by; of two as near, the earlier."""
    return min(stretches(window), key=lambda one: (_distance(day, one), one.first))


def stretches(window: Window) -> list[Stretch]:
    """A month's report belongs to its month to the end: on the 28th it is late, not early for the next."""
    if window.monthly is None:
        return [Stretch(one.name, one.first or date.min, one.last, one.last) for one in window.rounds]
    due = window.monthly
    return [
        Stretch(
            f"{month} 月",
            date(due.year, month, 1),
            date(due.year, month, due.day),
            date(due.year, month, calendar.monthrange(due.year, month)[1]),
        )
        for month in due.months
    ]


def _distance(day: date, stretch: Stretch) -> int:
    return max((stretch.first - day).days, (day - stretch.until).days, 0)


def _days(stretch: Stretch) -> str:
    return f"{stretch.last} 以前" if stretch.first == date.min else f"{stretch.first} 至 {stretch.last}"
