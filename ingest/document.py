"""What was read: the types that `ingest` emits and every later stage sees.

Coordinates. A page has a *view*: the picture as an ordinary viewer shows it (EXIF turn and /Rotate applied), and a
*working picture*: the sheet found, flattened and turned upright. Everything on a Page is in pixels of the working
picture, origin top left, x to the right, y down. `Page.to_view` leads back to fractions of the view, which is what
records and exports show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
Homography = tuple[float, float, float, float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle in pixels of the working picture: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def cx(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        return (self.y0 + self.y1) / 2

    def union(self, other: Box) -> Box:
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def shared_height(self, other: Box) -> float:
        """Pixels of height that both boxes cover (0 when none)."""
        return max(0.0, min(self.y1, other.y1) - max(self.y0, other.y0))

    def shared_width(self, other: Box) -> float:
        """Pixels of width that both boxes cover (0 when none)."""
        return max(0.0, min(self.x1, other.x1) - max(self.x0, other.x0))

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


@dataclass(frozen=True, slots=True)
class Line:
    """One run of text that the reader found.

    chars:      left and right edge in pixels of each character of `text`; len(chars) == len(text).
    scores:     the recogniser's probability, 0..1, of each character; len(scores) == len(text).
    runners_up: per character, the next best characters with their probabilities, best first (may be empty tuples).
    red:        share of the line's ink that is red, 0..1: near 1 for what stands in a seal or a letterhead.
    """

    text: str
    box: Box
    confidence: float
    chars: tuple[tuple[float, float], ...]
    scores: tuple[float, ...]
    runners_up: tuple[tuple[tuple[str, float], ...], ...] = ()
    red: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line of a table, horizontal (y0 == y1) or vertical (x0 == x1), in pixels of the working picture."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        return self.y0 == self.y1


SealShape = Literal["round", "oval", "riding", "square"]
SealColour = Literal["red", "blue", "grey", "black"]
Lattice = tuple[tuple[tuple[str, float], ...], ...]
"""What a recogniser saw, column by column from left to right: the likeliest characters with their natural log
probabilities, best first; the empty string is the blank of CTC."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """A seal's impression as it was found.

    box:     in pixels of the working picture, cut at its edges; ellipse: centre x and y, half axes a >= b, angle of a.
    visible: share of the ring that lies on the page.
    arcs:    lattices of the arched text, each from another place where the circle may be cut open.
    lower:   lattice of the straight text below the star; empty when there is none.
    number:  lattice of the number along the ring, likewise.
    print_:  how the ink took along its ring, 64 hex digits (see ingest.wear); empty when it is not whole.
    """

    box: Box
    ellipse: tuple[float, float, float, float, float]
    shape: SealShape
    colour: SealColour
    confidence: float
    visible: float
    arcs: tuple[Lattice, ...] = ()
    lower: Lattice = ()
    number: Lattice = ()
    print_: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One side of a sheet, read.

    file_name, sha256, number: the file that it came from and its page there, from 1.
    width, height:  of the working picture, in pixels.
    view, picture:  keys of the two pictures in the file store; empty for office files, which have none.
    to_view:        homography, row by row, from working pixels to fractions of the view.
    read_by:        "ocr", "text-layer" (a born-digital PDF that can be trusted) or "office" (docx, xlsx as text).
    """

    file_name: str
    sha256: str
    number: int
    width: int
    height: int
    view: str
    picture: str
    to_view: Homography
    read_by: Literal["ocr", "text-layer", "office"]
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...] = ()
    imprints: tuple[Imprint, ...] = ()

    def view_point(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f, g, h, i = self.to_view
        w = g * x + h * y + i
        return (a * x + b * y + c) / w, (d * x + e * y + f) / w

    def view_quad(self, box: Box) -> Quad:
        """The four corners of `box` (clockwise from its top left) in fractions of the view."""
        return (
            self.view_point(box.x0, box.y0),
            self.view_point(box.x1, box.y0),
            self.view_point(box.x1, box.y1),
            self.view_point(box.x0, box.y1),
        )

    def view_box(self, box: Box) -> tuple[float, float, float, float]:
        """The upright bounds of `box` in fractions of the view, x0, y0, x1, y1, within 0..1."""
        points = self.view_quad(box)
        xs = [min(1.0, max(0.0, x)) for x, _ in points]
        ys = [min(1.0, max(0.0, y)) for _, y in points]
        return round(min(xs), 5), round(min(ys), 5), round(max(xs), 5), round(max(ys), 5)


@dataclass(frozen=True, slots=True)
class Blot:
    """A connected piece of dark ink, in pixels of the working picture, rules and seals taken out.

    area:   pixels of ink; stroke: mean width of its strokes in pixels; uneven: their deviation over their mean.
    dark:   mean darkness against the paper, 0 (paper) to 1 (black); blue: share of its pixels that are blue, 0..1.
    """

    box: Box
    area: int
    stroke: float
    uneven: float
    dark: float
    blue: float


@dataclass(frozen=True, slots=True)
class InkTrace:
    """The ink in one crop: its blots from left to right, the frames of square name seals (名章), and how many pixels
    of red ink belong to no seal."""

    blots: tuple[Blot, ...]
    frames: tuple[Box, ...] = ()
    red: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """An answered second look: what was seen in one crop of one page (see extractors.extraction.Request).

    text, confidence, scores, runners_up answer "line"; ink answers "ink"; lines, in working pixels, answer "text".
    """

    page: int
    box: Box
    purpose: str
    text: str
    confidence: float
    scores: tuple[float, ...] = ()
    runners_up: tuple[tuple[tuple[str, float], ...], ...] = ()
    ink: InkTrace | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a mail or a file could not be used: a code of the contract (`file.*`, `mail.*`); in Chinese, what to do."""

    code: str
    message: str
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class DigitalSignature:
    """A digital signature of a PDF, as far as its bytes prove it.

    signer:      the name in its certificate, "" when that cannot be read; signed_at: as the signer says it, aware.
    intact:      whether the signed bytes are as they were; None when the algorithm is not known (SM2, say).
    covers_file: whether it covers all bytes of the file.
    altered:     whether something was added after it that is more than further signatures, filled fields, timestamps.
    trusted:     whether a configured root vouches for the signer; None when none is configured.
    file_name, sha256: the file that bears it.
    """

    signer: str
    signed_at: datetime | None
    intact: bool | None
    covers_file: bool
    altered: bool
    trusted: bool | None = None
    file_name: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All pages of one message in order, over all its files, the troubles met on the way, its digital signatures."""

    pages: tuple[Page, ...]
    troubles: tuple[Trouble, ...] = ()
    digital_signatures: tuple[DigitalSignature, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail that is a file. `inline` is true for pictures that the HTML body shows (cid:)."""

    file_name: str
    media_type: str
    data: bytes
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """One message, decoded. `received_at` is aware: INTERNALDATE, else the topmost Received, else Date."""

    message_id: str
    subject: str
    sender: str
    sender_name: str
    received_at: datetime | None
    text: str
    attachments: tuple[Attachment, ...]
    auto_reply: bool = False
    in_reply_to: str = ""
    troubles: tuple[Trouble, ...] = ()


FileKind = Literal["pdf", "image", "docx", "xlsx"]


@dataclass(frozen=True, slots=True)
class File:
    """A file chosen for reading: its kind is told by its bytes, never by its name. `sha256` is of `data`, in hex."""

    name: str
    kind: FileKind
    data: bytes
    sha256: str
