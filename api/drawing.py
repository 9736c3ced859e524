"""A picture of what was found: every page with its values, seals and slots for signatures framed and named.

The door to Pillow's drawing. Boxes and quads are fractions of the page's view, as in the record.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from corpora.vocabulary import Vocabulary

WIDTH = 1240  # pixels to which every page is scaled: A4 at 150 dpi
CROP_WIDTH = 900  # pixels that a circled crop is wide at most
FONTS = ("NotoSansCJK-Regular.ttc", "uming.ttc", "simsun.ttc", "msyh.ttc")
COLOURS = {"value": "#1f5fbf", "doubt": "#c05a00", "seal": "#b3141c", "signature": "#17733a", "missing": "#b3141c"}

Picture = Any  # numpy, shape (height, width, 3), uint8, RGB


@dataclass(frozen=True, slots=True)
class Frame:
    """What is framed on one page. points: corners in fractions of the page; kind: a key of COLOURS."""

    page: int
    points: tuple[tuple[float, float], ...]
    label: str
    kind: str


def frames(record: Mapping[str, Any], words: Vocabulary) -> Iterator[Frame]:
    """The frames of one record, pages from 1 in its own list. Pure."""
    asked = {(f["field"], f["row"]) for f in record["findings"] if f["severity"] != "info"}
    places: list[tuple[str, int | None, Any]] = [(key, None, one) for key, one in record["fields"].items()]
    places += [(key, n, one) for n, row in enumerate(record["rows"], 1) for key, one in row.items()]
    for key, row, one in places:
        if one.get("page") and one.get("box"):
            shown = one["value"] if one["value"] is not None else words.readings.get(one["reading"], one["text"])
            label = f"{words.field(key).short or words.field(key).heading} {shown}" if row is None else str(shown)
            doubt = (key, row) in asked or one["reading"] == "unreadable"
            yield Frame(one["page"], _corners(one), label, "doubt" if doubt else "value")
    for seal in record["seals"]:
        said = [words.seal_kinds.get(seal["kind"], ""), seal["text"] or "文字未辨认", seal["lower_text"] or ""]
        said.append(words.seal_owners.get(seal["owner"], ""))
        yield Frame(seal["page"], _corners(seal), " ".join(part for part in said if part), "seal")
    for one in record["signatures"]:
        if one.get("page") and one.get("box"):
            state = words.signature_states.get(one["state"], one["state"])
            kind = "signature" if one["state"] in ("signed", "chop") else "missing"
            yield Frame(one["page"], _corners(one), f"{words.roles.get(one['role'], one['role'])}：{state}", kind)


def draw(pages: Sequence[tuple[Picture, Sequence[Frame]]]) -> bytes:
    """The pages below one another with their frames, as PNG."""
    drawn = [_page(picture, found) for picture, found in pages]
    whole = Image.new("RGB", (WIDTH, sum(page.height for page in drawn) or 1), "white")
    top = 0
    for page in drawn:
        whole.paste(page, (0, top))
        top += page.height
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()


def _page(picture: Picture, found: Sequence[Frame]) -> Image.Image:
    page = Image.fromarray(picture).convert("RGB")
    page = page.resize((WIDTH, max(1, round(page.height * WIDTH / page.width))), Image.Resampling.LANCZOS)
    pen, font = ImageDraw.Draw(page, "RGBA"), _font(15)
    placed = [[(x * page.width, y * page.height) for x, y in frame.points] for frame in found]
    taken = [(*map(min, zip(*one, strict=True)), *map(max, zip(*one, strict=True))) for one in placed]
    for frame, corners in zip(found, placed, strict=True):
        colour = COLOURS[frame.kind]
        pen.polygon(corners, outline=colour, width=3 if frame.kind == "seal" else 2)
        _name(pen, font, frame.label, colour, corners, taken, page.size)
    return page


def _name(
    pen: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    label: str,
    colour: str,
    corners: Sequence[tuple[float, float]],
    taken: list[tuple[float, float, float, float]],
    size: tuple[int, int],
) -> None:
    """Writes the label above, at the right, below or at the left of its frame: where no other frame or label stands."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    x0, y0, x1, y1 = pen.textbbox((0, 0), label, font=font)
    width, height = x1 - x0 + 6, y1 - y0 + 6
    left, right, top, bottom = min(xs) - 2, max(xs) + 2, min(ys) - 2, max(ys) + 2
    tries = [(left, top - height), (right, top), (left, bottom), (left - width, top), (right, top)]
    for x, y in tries:
        x, y = min(max(0.0, x), size[0] - width), min(max(0.0, y), size[1] - height)
        box = x, y, x + width, y + height
        if not any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in taken):
            break
    taken.append(box)
    pen.rectangle(box, fill="#ffffffd9")
    pen.text((box[0] + 3 - x0, box[1] + 3 - y0), label, fill=colour, font=font)


def _corners(one: Mapping[str, Any]) -> tuple[tuple[float, float], ...]:
    if one.get("quad"):
        return tuple((x, y) for x, y in one["quad"])
    x0, y0, x1, y1 = one["box"]
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font with Chinese characters; the set-up installs the first."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def circled(picture: Picture, box: Sequence[float]) -> bytes:
    """A JPEG of the part of a page around a box (fractions), which is circled: what a school is shown."""
    page = Image.fromarray(picture).convert("RGB")
    width, height = page.size
    left, top, right, bottom = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    beside, above = max(0.2 * width, right - left), max(0.05 * height, 1.5 * (bottom - top))
    part = (max(0, left - beside), max(0, top - above), min(width, right + beside), min(height, bottom + above))
    cut = page.crop(tuple(round(side) for side in part))  # type: ignore[arg-type]
    scale = min(1.0, CROP_WIDTH / cut.width)
    cut = cut.resize((max(1, round(cut.width * scale)), max(1, round(cut.height * scale))), Image.Resampling.LANCZOS)
    pad = 0.012 * width
    tall = max(pad, 0.6 * (bottom - top))  # an ellipse leaves the corners of its box outside
    ring = (left - pad - part[0], top - tall - part[1], right + pad - part[0], bottom + tall - part[1])
    ImageDraw.Draw(cut).ellipse([side * scale for side in ring], outline=COLOURS["missing"], width=3)
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=82)
    return out.getvalue()
