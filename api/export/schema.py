"""The record as others see it: the output contract, and the JSON Schema made from it.

`python -m api.export.schema` writes record.schema.json anew; a test holds it current. Every object may carry more keys
than stand here: readers must ignore what they don't know.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PUBLISHED = Path(__file__).with_name("record.schema.json")

Share = Annotated[float, Field(ge=0, le=1)]
PageNumber = Annotated[int, Field(ge=1, description="Place in source.pages, from 1.")]
FractionBox = Annotated[
    tuple[Share, Share, Share, Share],
    Field(description="[x0, y0, x1, y1] in fractions of the page as an ordinary viewer shows it."),
]
FractionQuad = Annotated[
    tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]],
    Field(description="Four corners, clockwise from the top left, in fractions of the page."),
]
Lane = Literal["ready", "ask", "parked"]
State = Literal["received", "review", "accepted", "returned", "rejected", "superseded"]


class Part(BaseModel):
    """More keys may come; what stands here keeps its name and meaning."""

    model_config = ConfigDict(extra="allow")


class SourcePage(Part):
    file_name: str = Field(description="The file as the sender named it.")
    sha256: str = Field(description="Of the file's bytes, in hex.")
    page: PageNumber = Field(description="The page within that file, from 1.")


class Source(Part):
    """The message that the record came in."""

    message_id: str | None = None
    subject: str | None = None
    sender: str | None = None
    received_at: str | None = Field(None, description="ISO 8601 with offset.")
    file_name: str | None = None
    pages: list[SourcePage] = Field(default_factory=list, description="In the record's order, over several files.")
    electronic: list[str] = Field(
        default_factory=list, description="Names of the files that hold the same form as a document, not as a scan."
    )


class Reading(Part):
    """One value with its evidence."""

    text: str = Field(description="What stands on the paper.")
    value: str | int | float | None = Field(
        description="Typed and canonical (2023-03-28, 2023-03, 100, 初级); null when the paper does not say it clearly."
    )
    reading: Literal["written", "blank", "unreadable", "not_found"] = Field(
        description="blank: the place was found and is empty; not_found: we did not find the place."
    )
    confidence: Share
    page: PageNumber | None = None
    box: FractionBox | None = None
    quad: FractionQuad | None = None
    origin: Literal["machine", "person"] = "machine"
    doubt: str = Field("", description="Why the machine is not sure, in Chinese.")
    options: list[str] = Field(default_factory=list, description="Other readings of the text, best first.")
    machine: Any = Field(None, description="After a correction: what the machine had said.")
    by: str | None = Field(None, description="Who corrected it.")
    at: str | None = Field(None, description="When, ISO 8601.")


class Version(Part):
    """What an electronic version (docx, xlsx) of the form says: text, value and reading of each key."""

    fields: dict[str, dict[str, Any]] = Field(default_factory=dict)
    rows: list[dict[str, dict[str, Any]]] = Field(default_factory=list)


class Candidate(Part):
    name: str
    code: str | None = None
    score: float
    reasons: list[Any] = Field(default_factory=list)


class Match(Part):
    """Who or what is meant. `decided` only when the machine would stand for it; otherwise see `candidates`."""

    name: str | None = None
    code: str | None = None
    current_name: str | None = None
    score: float | None = None
    decided: bool
    reasons: list[Any] = Field(default_factory=list, description="Short words; person: somebody chose it.")
    candidates: list[Candidate] = Field(default_factory=list)
    machine: Any = Field(None, description="After a person's choice: what the machine had matched.")
    by: str | None = Field(None, description="Who chose it.")
    at: str | None = Field(None, description="When, ISO 8601.")


class RowMatch(Part):
    certificate: Match | None = None


class Matches(Part):
    school: Match | None = None
    certificate: Match | None = Field(None, description="Where the certificate is a field of the form.")
    rows: list[RowMatch] = Field(default_factory=list, description="In the order of the record's rows.")


class Mark(Part):
    """What a person may have said of a seal or a signature."""

    origin: Literal["machine", "person"] = "machine"
    machine: str | None = Field(None, description="After a correction: the owner or the state that the machine saw.")
    by: str | None = Field(None, description="Who corrected it.")
    at: str | None = Field(None, description="When, ISO 8601.")


class Seal(Mark):
    page: PageNumber
    box: FractionBox
    kind: Literal["round", "oval", "riding", "square"]
    colour: Literal["red", "grey", "black", "blue"]
    text: str | None = Field(None, description="The arched name.")
    lower_text: str | None = Field(None, description="The straight line below.")
    code: str | None = None
    owner: Literal["same", "department", "other", "former", "unknown"]
    slot: Literal["school", "department", "none"]
    confidence: Share


class Signature(Mark):
    """Every role that the form asks for is listed, also when it is absent."""

    role: str
    state: Literal["signed", "absent", "typed", "chop", "unsure"]
    page: PageNumber | None = None
    box: FractionBox | None = None
    confidence: Share | None = None


class DigitalSignature(Part):
    """A digital signature of one of the record's PDF files, as far as its bytes prove it."""

    file_name: str
    signer: str = Field(description="By its certificate; empty when that cannot be read.")
    signed_at: str | None = Field(None, description="As the signer says it, ISO 8601.")
    intact: bool | None = Field(None, description="Whether the signed bytes are as they were; null: unknown algorithm.")
    covers_file: bool = Field(description="Whether it covers all bytes of the file.")
    altered: bool = Field(description="Whether more than further signatures and filled fields was added after it.")
    trusted: bool | None = Field(None, description="null: no root is configured that could vouch for the signer.")


class Settled(Part):
    """A person's word on a finding: it asks no more, while what it is about is unchanged."""

    by: str
    at: str = Field(description="ISO 8601.")
    reason: str


class Offer(Part):
    field: str
    row: int | None = Field(None, ge=1, description="From 1.")
    text: str = Field(description="Read so, that place would mend what was found.")


class Decided(Part):
    """One decision of the review chain. level: the one that decided; null where there are no levels."""

    action: Literal["accept", "back", "return", "reject", "reopen"]
    level: str | None = None
    by: str
    at: str = Field(description="ISO 8601.")
    reason: str = ""
    behalf: str | None = Field(None, description="Whose task it was, when it had been handed over.")


class Edited(Part):
    by: str
    at: str = Field(description="ISO 8601.")


class Finding(Part):
    code: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$")
    severity: Literal["error", "warning", "info"]
    field: str | None = None
    row: int | None = Field(None, ge=1, description="From 1.")
    message: str = Field(description="In Chinese: what to do.")
    origin: Literal["across"] | None = Field(None, description="across: found by comparing several records.")
    related: list[str] = Field(default_factory=list, description="The records that it was compared with, by id.")
    settled: Settled | None = None
    offers: list[Offer] = Field(default_factory=list, description="Other readings of a figure that would mend it.")


class Export(Part):
    """The record left in a file: a fact about it, not a state."""

    at: str = Field(description="ISO 8601 with offset.")
    file_name: str = Field(description="Empty: standard output.")
    format: Literal["jsonl", "csv", "xlsx"]
    by: str = Field(description="Who exported it; empty when nobody was signed in.")


class Record(Part):
    """One form found in a message; form null: pages that no form claims, or a message without any form."""

    format: Literal[1] = Field(1, alias="schema", description="The version of this contract.")
    id: str = Field(description="Stable: from the message's hash and the first page's.")
    state: State
    level: str | None = Field(None, description="The review level reached, where the programme has a chain.")
    lane: Lane
    source: Source
    programme: str | None = None
    form: str | None = None
    city: str | None = Field(None, description="Of the school, else of the office that sent it.")
    school_kind: str | None = Field(None, description="Of the decided school, as programmes rule by it.")
    due: date | None = Field(None, description="The last day of the round that it belongs to, where one is ruled.")
    fields: dict[str, Reading] = Field(default_factory=dict)
    rows: list[dict[str, Reading]] = Field(default_factory=list, description="Data rows only, in order.")
    rows_by: Edited | None = Field(None, description="Who last added or removed rows.")
    versions: list[Version] = Field(default_factory=list, description="Electronic versions that came with the scan.")
    matches: Matches = Matches(school=None, certificate=None)
    seals: list[Seal] = Field(default_factory=list)
    signatures: list[Signature] = Field(default_factory=list)
    digital_signatures: list[DigitalSignature] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    reviews: list[Decided] = Field(default_factory=list, description="What was decided, the first one first.")
    exports: list[Export] = Field(default_factory=list, description="Told by the API only, the first time first.")


def record_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one record."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Record.model_json_schema(by_alias=True, mode="validation"),
        "title": "Yinjian record",
    }


def published_text() -> str:
    """The text that record.schema.json must hold."""
    return json.dumps(record_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PUBLISHED.write_text(published_text(), "utf-8")
