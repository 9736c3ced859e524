"""What a notice rules, as data: windows, routes, reviews, quotas. Each term quotes its clause.

Kinds of senders are those of the register (`corpora.register.School.kind`); `provincial_secondary` is a secondary
school whose authority is the province's (省属中专), `bureau` an education office. without `kinds` is for all of them.
"""

from __future__ import annotations

import calendar
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["undergraduate", "higher_vocational", "adult", "secondary", "provincial_secondary", "bureau"]
Level = Literal["school", "city", "group", "province"]


class Strict(BaseModel):
    """The base of everything that YAML is read into: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Round(Strict):
    """One stretch of days, both counted in. first: None when the notice names a last day only."""

    name: str = ""
    first: date | None = None
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Round:
        if self.first and self.first > self.last:
            raise ValueError(f"first {self.first} is after last {self.last}; exchange them")
        return self


class Months(Strict):
    """A report that is due each of these months, until a day of it."""

    year: int
    months: tuple[int, ...] = Field(min_length=1)
    day: int = Field(ge=1, le=31)

    @model_validator(mode="after")
    def _exist(self) -> Months:
        for month in self.months:
            if not 1 <= month <= 12 or self.day > calendar.monthrange(self.year, month)[1]:
                raise ValueError(f"there is no day {self.day} in month {month} of {self.year}")
        return self


class Term(Strict):
    """clause: the notice's own words. kinds: whom it is for; forms: keys of the forms it is about; empty is all."""

    clause: str = Field(min_length=1)
    kinds: tuple[Kind, ...] = ()
    forms: tuple[str, ...] = ()

    def covers(self, form: str | None, kind: str | None) -> bool:
        """Whether it is about this form from this kind of sender. An unknown kind is covered by terms for all only."""
        return (not self.forms or form in self.forms) and (not self.kinds or kind in self.kinds)


class Window(Term):
    """When mail is taken: rounds of days, or months."""

    rounds: tuple[Round, ...] = ()
    monthly: Months | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Window:
        if bool(self.rounds) == bool(self.monthly):
            raise ValueError("name either rounds or monthly")
        return self


class Route(Term):
    """Who mails another office than this one. to: that office's level."""

    to: Level


class Review(Term):
    """Who reviews, first to last, and (where the notice says so) when each level does."""

    levels: tuple[Level, ...] = Field(min_length=1)
    rounds: dict[Level, tuple[Round, ...]] = {}


class Quota(Term):
    """How many a school must name at least. rows: the form whose rows name them, sheets: the form that is one of them.

    honours: of the register; the quota is for schools that have one of them. The highest quota that fits holds.
    """

    rows: str
    sheets: str
    least: int = Field(ge=1)
    honours: tuple[str, ...] = ()


class Cohort(Term):
    """Certificates have a least number of takers: `minimum` where the notice names it, else the register's own."""

    minimum: int | None = None


class Expected(Term):
    """Forms that every such school sends. honours: of the register; empty is every school of the kinds."""

    honours: tuple[str, ...] = ()
