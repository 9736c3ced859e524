"""What a form says: the types that `extractors` emits.

Every `page` counts from 1 in the record's own list of pages; every `box` is in fractions of that page's view.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ingest.document import Box, Quad

Value = str | int | float | None
ReadingState = Literal["written", "blank", "unreadable", "not_found"]
Severity = Literal["error", "warning", "info"]
Fractions = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Reading:
    """One value with its evidence.

    text:   what stands on the paper; value: typed and canonical, None when the paper does not say it clearly.
    doubt:  why the machine is not sure, in Chinese, or empty when it is.
    options: other readings of the text, best first (runner-up characters, second looks).
    scores: probability of each character of the text; empty where it was not read from a picture.
    may_be: characters of the text, each with one that the reader took it for too: (as read, as it may be).
    """

    text: str
    value: Value
    reading: ReadingState
    confidence: float
    page: int | None = None
    box: Fractions | None = None
    quad: Quad | None = None
    doubt: str = ""
    options: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()
    may_be: frozenset[tuple[str, str]] = frozenset()


NOT_FOUND = Reading("", None, "not_found", 0.0)


@dataclass(frozen=True, slots=True)
class Offer:
    """`text` read in that field or column, and row from 1."""

    field: str
    row: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person decides. Codes and severities: the contract. `message` is Chinese and says what to do.

    offers: other readings of single figures, any of which would mend it.
    """

    code: str
    severity: Severity
    message: str
    field: str | None = None
    row: int | None = None
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A second look that the core asks the shell for: page (from 1 in the Document), box in working pixels, purpose.

    Purposes: "line" reads the crop as one line at higher resolution; "text" reads all lines in it again, finer than the
    whole page was read; "ink" traces what is drawn in it.
    """

    page: int
    box: Box
    purpose: str


SignatureState = Literal["signed", "absent", "typed", "chop", "unsure"]


@dataclass(frozen=True, slots=True)
class Signature:
    """One slot where somebody signs, as the contract says.

    box: around the ink, or the empty slot; None when it was not found.
    repeats: the role whose signature stands here again, as far as we can see; else empty.
    """

    role: str
    state: SignatureState
    page: int | None = None
    box: Fractions | None = None
    confidence: float = 0.0
    repeats: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person said is meant, which no rule doubts any more.

    school: its code; certificate: its name, where it is a field; rows: names of the rows' certificates, by row from 1.
    seals: owners, each by the seal's page and box.
    """

    school: str | None = None
    certificate: str | None = None
    rows: tuple[tuple[int, str], ...] = ()
    seals: tuple[tuple[int, Fractions, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """One form found in a Document (or, with form None, pages that no form claims).

    pages:    indices into Document.pages, from 0, in the record's order.
    rows:     data rows in order; each maps the column's key to its Reading.
    chosen:   what a person decided on, when the form is judged again.
    attached: pages, as indices too, of the same form's electronic version (docx, xlsx) in the same message.
    versions: what those electronic versions say: fields and rows of each.
    """

    form: str | None
    pages: tuple[int, ...]
    fields: dict[str, Reading] = field(default_factory=dict)
    rows: tuple[dict[str, Reading], ...] = ()
    findings: tuple[Finding, ...] = ()
    requests: tuple[Request, ...] = ()
    signatures: tuple[Signature, ...] = ()
    attached: tuple[int, ...] = ()
    versions: tuple[tuple[dict[str, Reading], tuple[dict[str, Reading], ...]], ...] = ()
    chosen: Chosen = Chosen()
