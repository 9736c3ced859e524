"""What the JSON API of doubts and aliases is asked and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.learn.aliases import LONGEST
from api.learn.grouped import MOST
from api.review.choices import Kind
from api.review.decision_shapes import Asked, Key, Name, Row, Text, Versioned


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MeantView(_View):
    key: str
    name: str


class PlaceView(_View):
    record: str
    row: int | None
    version: int
    school: str
    page: int | None
    box: tuple[float, float, float, float] | None


class DoubtView(_View):
    """kind: of the register that answers it; null: the text itself is the answer."""

    id: str
    field: str
    kind: Kind | None
    text: str
    records: int
    candidates: list[MeantView]
    places: list[PlaceView]


class Doubts(BaseModel):
    items: list[DoubtView]
    alone: int = Field(description="Doubts that stand in fewer places than asked for.")


class PlaceAsked(Versioned):
    record: Key
    row: Row | None = None


class AnswerAsked(Asked):
    """meant: the text stands on the paper and means `key`; misread: the paper has the name of `key`, or `text`."""

    field: Key
    written: Text
    how: Literal["meant", "misread"] = "meant"
    key: Name = ""
    text: Text = ""
    places: list[PlaceAsked] = Field(min_length=1, max_length=MOST)


class UndoAsked(Asked):
    id: str = Field(max_length=32, pattern=r"^[0-9a-f]*$")


class AnswerShown(BaseModel):
    field: str
    written: str
    how: Literal["meant", "misread"]
    key: str
    name: str


class ItemShown(BaseModel):
    record: str
    row: int | None
    outcome: Literal["applied", "unchanged", "refused", "missing"]
    school: str
    detail: str = Field(description="Why it was refused.")
    number: int | None = Field(description="Of the change in the record's history.")
    back: str | None = Field(description="After an undo: empty, or why it could not be taken back.")


class Applied(BaseModel):
    id: str
    at: datetime
    undone_at: datetime | None
    answer: AnswerShown
    items: list[ItemShown]


class AliasAsked(Asked):
    """programme: the key of the only one that it shall hold in; empty: everywhere."""

    kind: Kind
    alias: str = Field(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]*$")
    target: Name = Field(description="A school's code, a certificate's name.")
    programme: str = Field("", max_length=80, pattern=r"^[^\x00]*$")
    misread: bool = Field(False, description="Nobody writes so; it is how the machine misreads the name.")


class TeachAsked(AliasAsked):
    dry_run: str = Field(max_length=32, description="The key of the dry run that was said yes to.")


class EffectView(_View):
    record: str
    school: str
    form: str | None
    state: str
    row: int | None
    now: str
    then: str


class DryRunView(_View):
    """open: what would be matched otherwise; settled: the same in records that are decided on, which stay."""

    key: str
    against: str = Field(description="Why the alias cannot be; empty when it can.")
    open: list[EffectView]
    settled: list[EffectView]


class AliasShown(BaseModel):
    kind: Kind
    alias: str
    target: str
    name: str
    programme: str
    misread: bool
    by: str | None = Field(description="null: it came with a file.")
    at: datetime


class Aliases(BaseModel):
    items: list[AliasShown]
