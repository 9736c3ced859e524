"""A form as data: its titles, where each value stands, its table, its marks and its own rules.

One YAML file a form, `corpora/forms/<province>/<form>.yaml`; `corpora/README.md` walks through it.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpora.mistakes import problems

FORMS = Path(__file__).parent / "forms"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldSpec(_Strict):
    """One value of a form.

    type:     a key of `extractors.fieldtypes.FIELD_TYPES`.
    labels:   what is printed before it, all variants known; spaces, width and punctuation do not matter.
    part:     which entity to take where name and phone share one blank.
    alone:    a date that stands without a label, at the foot of the form.
    where:    where to look for it without a label, in this order (free text): in the title, in the lines around it,
              at the foot.
    missing:  the code that a blank raises (`field.missing` unless the contract has one of its own).
    """

    type: str
    labels: tuple[str, ...] = ()
    required: bool = True
    part: Literal["person", "phone"] | None = None
    alone: bool = False
    where: tuple[Literal["title", "opening", "foot"], ...] = ()
    missing: str = "field.missing"
    invalid: str = "field.invalid"


class ColumnSpec(_Strict):
    """One column of a form's table: the variants of its heading; several headings may stand above one another.

    inside:  the column in whose brackets the value stands where it has no column of its own (光伏电站运维（中级）).
    pending: words that say that there is no value yet (成绩未出); they ask nothing.
    """

    type: str
    labels: tuple[str, ...]
    required: bool = True
    inside: str | None = None
    pending: tuple[str, ...] = ()
    missing: str = "field.missing"
    invalid: str = "field.invalid"


class TotalSpec(_Strict):
    """The line that sums a column: what it is called, the column summed and the field that takes the written total
    (None where the record has none: the line is then no data row, and that is all)."""

    labels: tuple[str, ...]
    column: str
    field: str | None = None


class TableSpec(_Strict):
    """A form's table.

    key:     the column that makes a row a data row: a row where it and every other filled-in column is blank is empty.
    heading: a label in the first column that names rows whose columns have no headings (列在一个格子旁).
    sample:  texts that mark the template's sample row.
    one_row: the form has a single data row.
    """

    columns: dict[str, ColumnSpec]
    key: str
    heading: tuple[str, ...] = ()
    total: TotalSpec | None = None
    sample: tuple[str, ...] = ()
    one_row: bool = False


class SignatureSpec(_Strict):
    """A role that signs: the label variants printed before its slot and how many sign there."""

    labels: tuple[str, ...]
    count: int = 1
    optional: bool = False


class SealSpec(_Strict):
    """Where the seal is due: the slot's name in the record and the labels printed at it."""

    slot: str
    labels: tuple[str, ...] = ()


class SumCheck(_Strict):
    rule: Literal["sum"]
    field: str
    column: str
    code: str = "total.mismatch"


class HigherCheck(_Strict):
    rule: Literal["higher"]
    column: str
    than: str
    code: str


class AtMostCheck(_Strict):
    rule: Literal["at_most"]
    column: str
    bound: str
    code: str


class RatioCheck(_Strict):
    """`column` is `part` of `whole`, in per cent, right to the digits written."""

    rule: Literal["ratio"]
    column: str
    part: str
    whole: str
    code: str = "rate.mismatch"


class RangeCheck(_Strict):
    """`column` is at most `most`; more is a question, with the remarks that the row carries as its reason."""

    rule: Literal["range"]
    column: str
    most: float
    code: str


class YearCheck(_Strict):
    rule: Literal["year"]
    field: str
    code: str = "date.year"


class DistinctCheck(_Strict):
    rule: Literal["distinct"]
    columns: tuple[str, ...]
    code: str = "row.duplicate"


class AgeCheck(_Strict):
    """At most `years` full years between birth month and date (a field or a column)."""

    rule: Literal["age"]
    birth: str
    date: str
    years: int
    code: str = "expert.age"


class TitleCheck(_Strict):
    """The value (of a field or a column) contains one of `any_of` and none of `none_of`."""

    rule: Literal["contains"]
    value: str
    any_of: tuple[str, ...]
    none_of: tuple[str, ...] = ()
    code: str


Check = Annotated[
    SumCheck | HigherCheck | AtMostCheck | RatioCheck | RangeCheck | YearCheck | DistinctCheck | AgeCheck | TitleCheck,
    Field(discriminator="rule"),
]


class FormSpec(_Strict):
    """One form. `stops` are labels that hold no value of ours but end one; `notes` begin printed explanations.

    sentence: printed text with blanks, each named by its field in braces.
    around:   a free text, known by its title alone: the words that may stand beside the title in its heading, next to
              a school's name and a year. Nothing else may, or the line is a sentence that mentions the title.
    """

    key: str
    name: str
    titles: tuple[str, ...]
    fields: dict[str, FieldSpec]
    sentence: str | None = None
    table: TableSpec | None = None
    signatures: dict[str, SignatureSpec] = {}
    seal: SealSpec | None = None
    around: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> FormSpec:
        columns = self.table.columns if self.table else {}
        known = {*self.fields, *columns}
        for check in self.checks:
            for name in check.model_dump(exclude={"rule", "code", "years", "any_of", "none_of", "most"}).values():
                for one in name if isinstance(name, tuple) else (name,):
                    if one not in known:
                        raise ValueError(f"checks: {one!r} is no field or column of this form; known: {sorted(known)}")
        for name, column in columns.items():
            if column.inside is not None and column.inside not in columns:
                raise ValueError(f"table.columns.{name}.inside: {column.inside!r} is no column of this form")
        total = self.table.total if self.table else None
        if total and total.field is not None and total.field not in self.fields:
            raise ValueError(f"table.total.field: {total.field!r} is no field of this form")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """Every text that is printed on the form and is no value."""
        own = [label for f in self.fields.values() for label in f.labels]
        marks = [label for s in self.signatures.values() for label in s.labels]
        seal = list(self.seal.labels) if self.seal else []
        total = list(self.table.total.labels) if self.table and self.table.total else []
        return tuple(dict.fromkeys([*own, *marks, *seal, *total, *self.stops, *self.notes]))


class FormError(ValueError):
    """A form's YAML cannot be used. The message names file, key and what to change."""


def descriptions(folder: Path) -> list[Path]:
    """The YAML files below `folder` that describe something: not those in `samples/`, which are expected values."""
    return sorted(path for path in folder.rglob("*.yaml") if path.parent.name != "samples")


def read_form(path: Path) -> FormSpec:
    """Raises FormError when the file is no YAML or breaks the model above."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as error:
        raise FormError(f"{path.name}: not YAML in UTF-8: {error}") from error
    try:
        return FormSpec.model_validate(data)
    except ValidationError as error:
        raise FormError(f"{path.name}: {problems(error, sys.modules[__name__])}") from error


@cache
def load_forms(folder: Path = FORMS) -> tuple[FormSpec, ...]:
    """All forms below `folder`, by key."""
    return tuple(sorted((read_form(path) for path in descriptions(folder)), key=lambda form: form.key))
