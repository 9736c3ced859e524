"""Programmes as data: one notice of one province and year, `corpora/programmes/<key>.yaml`."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

PROGRAMMES = Path(__file__).with_name("programmes")

SubjectPart = Literal["school", "year", "kind", "major_category", "expert"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SubjectConvention(_Strict):
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


class Subjects(_Strict):
    """placeholders: words of the patterns that say nothing when they are sent as they are.
    noise: words around the parts that say nothing either. major_categories: names that end in 大类.
    """

    conventions: tuple[SubjectConvention, ...] = Field(min_length=1)
    placeholders: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    major_categories: tuple[str, ...] = ()


class Programme(_Strict):
    """One notice. year: the one its titles and subjects carry; mailboxes: addresses that its mail goes to."""

    key: str
    name: str
    province: str
    year: int = Field(ge=2019, le=2100)
    timezone: str = "Asia/Shanghai"
    mailboxes: tuple[str, ...] = ()
    forms: tuple[str, ...] = Field(min_length=1)
    subjects: Subjects

    @field_validator("timezone")
    @classmethod
    def _exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no such time zone: {name}; China is Asia/Shanghai") from error
        return name


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
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ProgrammeError(f"{path.name}: not YAML in UTF-8: {error}") from error
    try:
        return Programme.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(_problem(dict(one)) for one in error.errors())
        raise ProgrammeError(f"{path.name}: {problems}") from error


def _problem(error: dict[str, Any]) -> str:
    where = ".".join(map(str, error["loc"])) or "file"
    message = str(error["msg"])
    if error["type"] == "extra_forbidden":
        message = "unknown key"
        close = difflib.get_close_matches(str(error["loc"][-1]), _keys(), n=1)
        message += f"; did you mean {close[0]}?" if close else f"; known keys: {', '.join(_keys())}"
    elif error["type"] == "literal_error":
        close = difflib.get_close_matches(str(error["input"]), get_args(SubjectPart), n=1)
        message += f"; did you mean {close[0]}?" if close else ""
    return f"{where}: {message}"


def _keys() -> list[str]:
    models: tuple[type[BaseModel], ...] = (Programme, Subjects, SubjectConvention)
    return [name for model in models for name in model.model_fields]
