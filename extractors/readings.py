"""From a place to a Reading: the text as written, its typed value, its evidence, and whether to trust it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.extraction import NOT_FOUND, Reading, Request
from extractors.fieldtypes import parse
from extractors.layout import bounds
from extractors.locators import Place
from ingest.document import Box, Document, Look

SURE = 0.75  # probability of its worst character above which a reading is taken as it is
WEAK = 0.90  # probability of its worst character below which a second look is worth its time
LIKELY = 0.02  # probability of a runner-up character from which it is another reading of a figure
MOST_OPTIONS = 4
FIGURES = frozenset({"integer", "decimal", "percent", "phone", "date", "month", "number", "level"})


class Looks:
    """Answered second looks, found by page and box."""

    def __init__(self, looks: Iterable[Look]):
        self._by_place = {(look.page, _key(look.box)): look for look in looks}

    def at(self, page: int, box: Box) -> Look | None:
        return self._by_place.get((page, _key(box)))


def _key(box: Box) -> tuple[int, int, int, int]:
    return round(box.x0), round(box.y0), round(box.x1), round(box.y1)


def reading_of(
    kind: str, place: Place | None, document: Document, pages: tuple[int, ...], looks: Looks
) -> tuple[Reading, Request | None]:
    """The reading at a place, and the second look that would settle it, unless it was taken already.

    pages: the record's pages as indices into the document.
    """
    if place is None:
        return NOT_FOUND, None
    typed = parse(kind, place.text)
    worst = min((g.score for g in place.glyphs), default=0.0)
    by_eye = document.pages[place.page].read_by == "ocr"
    region = _region(place) if kind != "date" or typed.value is not None else _widened(_region(place))
    unclear = not place.glyphs or worst < WEAK or (kind in FIGURES and typed.value is None)
    if not (by_eye and unclear):
        return _written(kind, place, place.text, worst, document, pages, options=_runners_up(kind, place)), None
    look = looks.at(place.page + 1, region)
    if look is None:
        first = _written(kind, place, place.text, worst, document, pages, options=_runners_up(kind, place))
        return first, Request(place.page + 1, region, "line")
    return _settled(kind, place, worst, look, document, pages), None


def _region(place: Place) -> Box:
    """What a second look sees: the value with a margin, or the whole room where nothing was read."""
    if not place.glyphs:
        box = place.room
        return Box(box.x0, box.y0, box.x1, box.y1)
    box = bounds(g.box for g in place.glyphs)
    margin = 0.12 * box.height
    return Box(box.x0 - margin, box.y0 - margin / 2, box.x1 + margin, box.y1 + margin / 2)


def _widened(box: Box) -> Box:
    """Room for the whole of a date of which a part was read."""
    return Box(max(0.0, box.x0 - 2 * box.height), box.y0, box.x1 + 8 * box.height, box.y1)


def _settled(kind: str, place: Place, worst: float, look: Look, document: Document, pages: tuple[int, ...]) -> Reading:
    """The better of both looks: what parses before what does not, then the surer one; the other stays as an option."""
    again = min(look.scores, default=0.0)
    first, second = parse(kind, place.text), parse(kind, look.text)
    better = (second.value is not None, again) > (first.value is not None, worst) if look.text else False
    if better and (place.glyphs or again >= SURE):
        return _written(kind, place, look.text, again, document, pages, options=(place.text, *_second(kind, look)))
    return _written(kind, place, place.text, worst, document, pages, options=(look.text, *_runners_up(kind, place)))


def _runners_up(kind: str, place: Place) -> tuple[str, ...]:
    return _variants(kind, place.text, [glyph.runners_up for glyph in place.glyphs])


def _second(kind: str, look: Look) -> tuple[str, ...]:
    return _variants(kind, look.text, look.runners_up)


def _variants(kind: str, text: str, runners_up: Sequence[Sequence[tuple[str, float]]]) -> tuple[str, ...]:
    """Other readings of a figure that mean something: one character changed for a likely runner-up, likeliest first."""
    if kind not in FIGURES:
        return ()
    changed = [
        (probability, f"{text[:at]}{char}{text[at + 1 :]}")
        for at, others in enumerate(runners_up[: len(text)])
        for char, probability in others
        if probability >= LIKELY
    ]
    meant = parse(kind, text).value
    told = [one for _, one in sorted(changed, reverse=True) if parse(kind, one).value not in (None, meant)]
    return tuple(dict.fromkeys(told))[:MOST_OPTIONS]


def _written(
    kind: str,
    place: Place,
    text: str,
    worst: float,
    document: Document,
    pages: tuple[int, ...],
    options: Sequence[str] = (),
) -> Reading:
    page = document.pages[place.page]
    box = bounds(g.box for g in place.glyphs) if place.glyphs else place.room
    typed = parse(kind, text)
    state = "written" if text and typed.problem != "blank" else "blank"
    doubt = ""
    if state == "written" and worst < SURE:
        doubt = "字迹不够清楚，请对照图片核对"
    return Reading(
        text=text,
        value=typed.value,
        reading=state,  # type: ignore[arg-type]
        confidence=round(worst, 3),
        page=pages.index(place.page) + 1,
        box=page.view_box(box),
        quad=page.view_quad(box),
        doubt=doubt,
        options=tuple(dict.fromkeys(option for option in options if option and option != text)),
    )
