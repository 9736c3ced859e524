"""Until when a form is taken, and how that is told to a school. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpora.programme import Programme
from corpora.replies import Times
from matching.timing import Stretch, nearest, stretches


@dataclass(frozen=True, slots=True)
class Deadline:
    """days: from today to the last day, below 0 when it has passed. next: the round to come, once it has."""

    round: str
    last: date
    days: int
    next: Stretch | None = None

    def told(self, words: Times) -> str:
        """A sentence or two, of which none hides that it is over."""
        slots = {"round": name_of(self.round), "last": chinese_day(self.last), "days": abs(self.days)}
        if self.days > 0:
            return words.ahead.format(**slots)
        if self.days == 0:
            return words.today.format(**slots)
        said = words.passed.format(**slots)
        if self.next:
            first, last = chinese_day(self.next.first), chinese_day(self.next.last)
            said += words.next.format(round=name_of(self.next.name), first=first, last=last)
        return said


def deadline(programme: Programme, form: str | None, kind: str | None, sent: date, today: date) -> Deadline | None:
    """Of the round that a form was sent for; None when the notice rules no time for it from this kind of sender."""
    window = programme.window(form, kind)
    if window is None:
        return None
    own = nearest(window, sent)
    left = (own.last - today).days
    later = sorted((one for one in stretches(window) if one.first > own.first and one.last >= today), key=_last)
    return Deadline(own.name, own.last, left, later[0] if left < 0 and later else None)


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def name_of(round: str) -> str:
    return round.replace(" ", "")


def _last(one: Stretch) -> date:
    return one.last
