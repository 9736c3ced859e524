"""What the JSON API of decisions is asked and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.export.schema import Record
from api.review.choices import Kind
from api.review.rules import Action

PLAIN = r"^[^\x00]*$"
"""No store keeps a NUL."""
Text = Annotated[str, Field(max_length=2000, pattern=PLAIN)]
Reason = Annotated[str, Field(max_length=1000, pattern=PLAIN)]
Key = Annotated[str, Field(max_length=40, pattern=PLAIN)]
Name = Annotated[str, Field(max_length=200, pattern=PLAIN)]
Row = Annotated[int, Field(ge=1, le=10_000, description="From 1.")]
Owner = Literal["same", "department", "other", "former", "unknown"]
SignatureState = Literal["signed", "absent", "typed", "chop", "unsure"]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Versioned(Asked):
    version: int = Field(ge=0, le=2**31 - 1, description="Of the record, as it was seen.")


class ValueAsked(Asked):
    """Either `text` (empty: nothing is written there) or what else is true of the place."""

    field: Key
    row: Row | None = None
    text: Text | None = None
    reading: Literal["blank", "unreadable"] = "blank"


class ValuesAsked(Versioned):
    changes: list[ValueAsked] = Field(min_length=1, max_length=500)


class MatchAsked(Versioned):
    kind: Kind
    row: Row | None = None
    key: Name | None = Field(description="A school's code, a certificate's name; null: the machine's word holds again.")


class RowsAsked(Versioned):
    """add: `rows` before row `at`; remove: `count` rows from `at`; paste: `text` from row `at` and `column` on."""

    action: Literal["add", "remove", "paste"]
    at: Row
    rows: list[dict[Key, Text]] = Field([{}], min_length=1, max_length=500)
    count: int = Field(1, ge=1, le=500)
    column: Key = ""
    text: str = Field("", max_length=100_000, pattern=PLAIN, description="Cells of a spreadsheet: tabs, line ends.")


class MarkAsked(Versioned):
    """The owner of a seal or the state of a signature; `seal` and `signature` count in the record's list from 1."""

    seal: Row | None = None
    owner: Owner | None = None
    signature: Row | None = None
    state: SignatureState | None = None


class SettleAsked(Versioned):
    reason: Reason


class OfferAsked(Versioned):
    choice: int = Field(0, ge=0, le=100)


class DecisionAsked(Versioned):
    action: Action
    reason: Reason = Field("", description="Needed for all but accept.")


class UndoAsked(Versioned):
    number: Row | None = Field(None, description="Of the change; null: the last one.")


class DelegationAsked(Asked):
    level: Literal["school", "city", "group", "province"] | None = Field(description="null: where there are no levels.")
    to: Name = Field(description="The other person's login name.")
    until: AwareDatetime
    since: AwareDatetime | None = None
    programme: Name | None = None
    reason: Reason = ""


class EditShown(BaseModel):
    place: str
    heading: str
    before: str
    after: str


class ChangeShown(BaseModel):
    number: int
    at: datetime
    by: str
    shown: str
    kind: str
    reason: str
    undoes: int | None
    undone_by: int | None
    can_undo: bool = False
    sentence: str
    edits: list[EditShown]


class Changed(BaseModel):
    record: Record = Field(description="With its `version`.")
    change: ChangeShown | None = Field(description="null: nothing was to be changed.")


class History(BaseModel):
    version: int
    items: list[ChangeShown]


class ChoiceShown(BaseModel):
    key: str
    name: str
    current_name: str
    city: str


class Choices(BaseModel):
    items: list[ChoiceShown]


class DelegationShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    level: str | None
    by: str
    to: str
    since: datetime
    until: datetime
    programme: str | None
    record: str | None
    reason: str


class Delegations(BaseModel):
    items: list[DelegationShown]


class TaskShown(BaseModel):
    """Which level is to decide, and what the asker may do: null, or why not."""

    level: str | None = Field(description="null: there are no levels, or nothing is to be decided.")
    number: int = Field(description="Of the level, from 1.")
    of: int
    actions: dict[str, str | None]


class OpenRecord(Record):
    version: int
    task: TaskShown


class Told(BaseModel):
    detail: str


class ConflictTold(Told):
    version: int
    changes: list[ChangeShown]
