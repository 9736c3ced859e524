"""How the forms of one programme hang together, as data: the `across` part of a programme's YAML.

Every rule names forms and the keys of their fields or columns; `matching.across` applies them.
"""

from __future__ import annotations

from pydantic import Field

from corpora.terms import Strict


class SetRule(Strict):
    """Each row of `whole` has a `sheet` of its own, and each sheet its row.

    by: what names both (a certificate, a name); or_by: what pairs those that are then still alone (a phone);
    compare: what must be the same in both.
    """

    whole: str
    sheet: str
    by: str
    or_by: str | None = None
    compare: tuple[str, ...]


class BaseRule(Strict):
    """`column` of each row of `form` repeats `of` in the row of `whole` that has the same `by`; else `code`."""

    form: str
    column: str
    whole: str
    of: str
    by: tuple[str, ...]
    code: str


class SeriesRule(Strict):
    """`form` comes again and again, ordered by the date `by`; one a month.

    rising: running totals, never below the report before; steady: the same in every report.
    """

    form: str
    by: str
    rising: tuple[str, ...] = ()
    steady: tuple[str, ...] = ()


class PlatformRule(Strict):
    """The national platform lists the rows of `form`: the same `by`, the same `compare`."""

    form: str
    by: str
    compare: tuple[str, ...]


class Across(Strict):
    """All rules of one programme.

    several_by: forms that a school sends several of, and the keys that tell them apart; those that a rule below names
    (sheets, series, what is compared with a base) need none.
    """

    several_by: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    sets: tuple[SetRule, ...] = ()
    bases: tuple[BaseRule, ...] = ()
    series: tuple[SeriesRule, ...] = ()
    platform: tuple[PlatformRule, ...] = ()


MODELS: tuple[type[Strict], ...] = (Across, SetRule, BaseRule, SeriesRule, PlatformRule)
