"""What is said to a school about each kind of finding, as data: replies.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

REPLIES = Path(__file__).with_name("replies.yaml")

Ruling = Literal["windows", "routes", "quotas", "cohorts"]


class _Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Saying(_Texts):
    """One kind of finding. The slots of the texts stand at the top of the file.

    clause: under which key of the programme the notice's own words are. doubt: it may be our mistake as well, so that
    nobody is told unless a person says so.
    """

    what: str = "{said}"
    todo: str
    clause: Ruling | None = None
    doubt: bool = False


class Times(_Texts):
    """How the time left is told. next: the round to come, after `passed`. no_window: where the notice rules none."""

    ahead: str
    today: str
    passed: str
    next: str
    no_window: str


class Phrases(_Texts):
    """What stands around the items."""

    intro: str
    intro_no_mail: str
    nothing: str
    what: str
    todo: str
    clause: str
    clause_again: str
    times: Times
    closing: str
    thanks: str
    unsigned: str


class Reminder(_Texts):
    """A mail to who is missing. pattern: what is put in where the notice rules how subjects are written."""

    subject: str
    body: str
    pattern: str
    times: Times


class Replies(_Texts):
    """codes: by code of a finding. not_for_schools: those that a school cannot mend, with the reason."""

    phrases: Phrases
    reminder: Reminder
    codes: dict[str, Saying]
    not_for_schools: dict[str, str]


@cache
def replies() -> Replies:
    """The texts that the package carries. Raises pydantic.ValidationError when the file is not as it should be."""
    return Replies.model_validate(yaml.safe_load(REPLIES.read_text("utf-8")))
