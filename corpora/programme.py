"""Programmes as data: one notice of one province and year, `corpora/programmes/<key>.yaml`."""

from __future__ import annotations

import sys
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from corpora import across, terms
from corpora.across import Across
from corpora.mistakes import meant, problems
from corpora.terms import Cohort, Expected, Level, Quota, Review, Route, Strict, Term, Window

PROGRAMMES = Path(__file__).with_name("programmes")

SubjectPart = Literal["school", "year", "kind", "major_category", "expert"]


class SubjectConvention(Strict):
    """How the subject of one kind of mail is to be written.

    pattern: as the notice words it, for people to read. parts: what it is made of, in that order.
    kinds: the words that tell the kind; separators and spaces inside them do not matter.
    forms: keys of the forms that such a mail brings.
    """

    key: str
    pattern: str
    parts: tuple[SubjectPart, ...]
    kinds: tuple[str, ...] = Field(min_length=1)
    forms: tuple[str, ...] = ()


class Subjects(Strict):
    """placeholders: words of the patterns that say nothing when they are sent as they are.
    noise: words around the parts that say nothing either. major_categories: names that end in 大类.
    """

    conventions: tuple[SubjectConvention, ...] = ()
    placeholders: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    major_categories: tuple[str, ...] = ()


class Programme(Strict):
    """One notice.

    year: the one its titles and subjects carry; mailboxes: addresses that its mail goes to; forms: those that come by
    mail, keys of `corpora/forms`. Of windows, routes, reviews and quotas the first that covers a form and a kind of
    school holds; where none does, nothing is ruled. across: how its forms hang together.
    """

    key: str
    name: str
    province: str
    year: int = Field(ge=2019, le=2100)
    timezone: str = "Asia/Shanghai"
    mailboxes: tuple[str, ...] = ()
    forms: tuple[str, ...] = Field(min_length=1)
    subjects: Subjects = Subjects()
    windows: tuple[Window, ...] = ()
    routes: tuple[Route, ...] = ()
    reviews: tuple[Review, ...] = ()
    quotas: tuple[Quota, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    expected: tuple[Expected, ...] = ()
    across: Across = Across()

    @field_validator("timezone")
    @classmethod
    def _exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no such time zone: {name}; China is Asia/Shanghai") from error
        return name

    @model_validator(mode="after")
    def _asks_for_its_own_forms(self) -> Programme:
        named = [("subjects.conventions", one.forms) for one in self.subjects.conventions]
        named += [(part, term.forms) for part in TERMS for term in getattr(self, part)]
        named += [("quotas", (quota.rows, quota.sheets)) for quota in self.quotas]
        for part, forms in named:
            for form in forms:
                if form not in self.forms:
                    raise ValueError(f"{part}: {form} is not in this programme's forms{meant(form, self.forms)}")
        return self

    def window(self, form: str | None, kind: str | None) -> Window | None:
        """When this form is taken from this kind of sender; None when nothing is ruled."""
        return next((one for one in self.windows if one.covers(form, kind)), None)

    def route(self, form: str | None, kind: str | None) -> Route | None:
        """Where this kind of sender is to mail instead, None when here."""
        return next((one for one in self.routes if one.covers(form, kind)), None)

    def chain(self, kind: str | None) -> tuple[Level, ...]:
        """Who reviews what this kind of sender sent, first to last; empty when nothing is ruled."""
        return next((one.levels for one in self.reviews if one.covers(None, kind)), ())

    def terms(self) -> tuple[tuple[str, Term], ...]:
        """Everything that it rules, each with the key that it stands under."""
        return tuple((part, term) for part in TERMS for term in getattr(self, part))


TERMS = ("windows", "routes", "reviews", "quotas", "cohorts", "expected")


class ProgrammeError(ValueError):
    """A programme's YAML cannot be used. The message names the file, the key and what to change."""


@cache
def load_programmes(folder: Path = PROGRAMMES) -> tuple[Programme, ...]:
    """All programmes in `folder`, by key. Raises ProgrammeError."""
    programmes = tuple(sorted((read_programme(path) for path in folder.glob("*.yaml")), key=lambda one: one.key))
    keys = [programme.key for programme in programmes]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ProgrammeError(f"{folder.name}: key {twice[0]} is used by two files; give one of them another key")
    return programmes


def read_programme(path: Path) -> Programme:
    """Raises ProgrammeError when the file is no YAML or does not fit the model above."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as error:
        raise ProgrammeError(f"{path.name}: not YAML in UTF-8: {error}") from error
    try:
        return Programme.model_validate(data)
    except ValidationError as error:
        raise ProgrammeError(f"{path.name}: {problems(error, sys.modules[__name__], terms, across)}") from error


def check_forms(programme: Programme, known: Collection[str]) -> tuple[str, ...]:
    """What is wrong with its forms, those that exist being `known`; nothing when all do."""
    unknown = [form for form in programme.forms if form not in known]
    return tuple(f"forms: there is no form {form}{meant(form, known)}" for form in unknown)
