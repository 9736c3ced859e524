"""What findings across documents are made of: the documents of one school in one programme, and what was said."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from extractors.extraction import Finding, ReadingState, Severity, Value

State = Literal["received", "review", "accepted", "returned", "rejected", "superseded"]
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a document. name: who is meant where the cell names a certificate and the match is decided."""

    text: str
    value: Value
    reading: ReadingState = "written"
    doubtful: bool = False
    name: str | None = None

    @property
    def said(self) -> Value:
        """What two documents can be compared by; None when the paper does not say it, or we could not read it."""
        if self.name:
            return self.name
        if self.reading != "written":
            return None
        return plain(self.value) if isinstance(self.value, str) else self.value

    @property
    def key(self) -> Value:
        """What the cell names; its bare text where the value is not clear."""
        return self.said if self.said is not None else plain(self.text) or None

    @property
    def shown(self) -> str:
        return str(self.value) if self.value is not None else self.text or "空白"


NOTHING = Cell("", None, "not_found")
Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Content:
    """What a form says, as fields and data rows."""

    fields: Cells
    rows: tuple[Cells, ...] = ()

    def find(self, key: str) -> tuple[int | None, Cell]:
        """The cell of a form that has one: among its fields, else in its only row; with the row's number."""
        if key in self.fields:
            return None, self.fields[key]
        if len(self.rows) == 1 and key in self.rows[0]:
            return 1, self.rows[0][key]
        return None, NOTHING


@dataclass(frozen=True, slots=True)
class Impression:
    """A seal that was pressed (never a riding one). print: its perceptual hash, in hex, empty when there is none.

    owner: as the contract writes it. code: the number below. diameter: in millimetres, None when unknown.
    """

    owner: str = "unknown"
    print: str = ""
    code: str = ""
    diameter: float | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A role: how many signed in ink, and how many may have."""

    role: str
    signed: int
    unsure: int = 0


@dataclass(frozen=True, slots=True)
class Filed:
    """One record of the school.

    message:  the mail that it came in; place: its place there. pages: hashes that name its pages' bytes.
    round:    the programme's round that the receipt belongs to; empty where there is only one.
    attached: electronic versions that came with this scan; electronic: it is one itself, without a scan.
    ours:     False for a record of the same mails whose school is not decided: it may be the school's, so that
              nothing is said to be missing while it waits, and nothing is said of it.
    """

    id: str
    message: str
    place: int
    received_at: datetime | None
    form: str
    state: State
    content: Content
    round: str = ""
    pages: tuple[str, ...] = ()
    seals: tuple[Impression, ...] = ()
    signatures: tuple[Signed, ...] = ()
    attached: tuple[Content, ...] = ()
    electronic: bool = False
    ours: bool = True

    @property
    def order(self) -> tuple[bool, float, str, int, str]:
        """By receipt; what has none comes last, and what came at once stands in a fixed order."""
        stamp = self.received_at.timestamp() if self.received_at else 0.0
        return self.received_at is None, stamp, self.message, self.place, self.id

    @property
    def when(self) -> str:
        """For people: 2023-03-28 09:12 收到."""
        if self.received_at is None:
            return "收到时间不详"
        return f"{self.received_at.astimezone(CHINA):%Y-%m-%d %H:%M} 收到"


@dataclass(frozen=True, slots=True)
class PlatformRow:
    """One row of the national platform's list, as imported."""

    certificate: str
    level: str
    headcount: int


@dataclass(frozen=True, slots=True)
class Said:
    """A finding of one record that other records (`related`, by id) are the reason of."""

    record: str
    finding: Finding
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be said of all records, in a fixed order, and which of them a later version replaces."""

    said: tuple[Said, ...] = ()
    superseded: frozenset[str] = field(default_factory=frozenset)


def say(
    code: str,
    severity: Severity,
    message: str,
    about: Filed,
    *related: Filed,
    key: str | None = None,
    row: int | None = None,
) -> Said:
    return Said(about.id, Finding(code, severity, message, key, row), tuple(one.id for one in related))


def plain(text: str) -> str:
    """Without what two writers, or two scans, may put differently: spaces and width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def differ(one: Cell, other: Cell) -> bool:
    """Whether both papers say something, and not the same. What we could not read differs from nothing."""
    if one.reading in ("not_found", "unreadable") or other.reading in ("not_found", "unreadable"):
        return False
    return one.key != other.key
