"""From a place to a Reading: the text as written, its typed value, its evidence, and whether to trust it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.extraction import NOT_FOUND, Reading, Request, Value
from extractors.fieldtypes import parse
from extractors.layout import bounds
from extractors.locators import Place
from extractors.sights import CLEAR, SURE, Sight, agree, first_sight, may_be, merged, second_sight
from extractors.text import fold
from ingest.document import Box, Document, InkTrace, Look, Page

ACCEPTED = 0.92  # probability of its worst character from which a value may stand unasked: most wrong ones have less
WEAK = 0.92  # probability of its worst character below which a second look is worth its time
LIKELY = 0.02  # probability of a runner-up character from which it is another reading of a figure
MOST_OPTIONS = 4  # by runners-up, of one look
SEEN = 0.40  # below which a second look saw nothing: a stain, a rule, what shines through
UNITS = 38  # heights of a line in the short side of a page
STROKE, WRITING = 0.3, 0.1  # heights of a line, and their square: from which unread ink is writing
FIGURES = frozenset({"integer", "decimal", "percent", "phone", "date", "month", "number", "level"})
CLOSED = frozenset({"level", "gender"})  # one of few words: hardly misread into another
UNCLEAR = "字迹不够清楚，请对照图片核对"
ALONE = "只读到一个字，请对照图片核对"
DIFFERENT = "两次读数不同，请对照图片核对"


class Looks:
    """Answered second looks, found by page, box and purpose."""

    def __init__(self, looks: Iterable[Look]):
        self._by_place = {(look.page, _key(look.box), look.purpose): look for look in looks}

    def at(self, page: int, box: Box, purpose: str = "line") -> Look | None:
        return self._by_place.get((page, _key(box), purpose))


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
    first = first_sight(place.glyphs)
    value = parse(kind, first.text).value
    by_eye = document.pages[place.page].read_by == "ocr"
    region = _region(place) if kind != "date" or value is not None else _widened(_region(place))
    unclear = not place.glyphs or first.worst < WEAK or (kind in FIGURES and value is None)
    look = looks.at(place.page + 1, region)
    if not (by_eye and unclear) or look is None:
        request = Request(place.page + 1, region, "line") if by_eye and unclear else None
        return _written(kind, place, first, document, pages, options=_variants(kind, first)), request
    second = second_sight(look, kind, alone=not place.glyphs)
    best = _settled(kind, first, second)
    doubt = DIFFERENT if _differ(first, second) else ""
    options = [first.text, second.text, *_variants(kind, first), *_variants(kind, second)]
    return _written(kind, place, best, document, pages, doubt, options, sights=(first, second)), None


def unless_inked(
    reading: Reading, kind: str, place: Place, document: Document, looks: Looks
) -> tuple[Reading, Request | None]:
    """A blank is one only where no ink stands that was not read, 28 between a printed 月 and 日; else it is unreadable,
    and a date of which only a part was read is in doubt.

    Gives the look that would tell, unless it was taken already.
    """
    page = document.pages[place.page]
    part = kind == "date" and reading.reading == "written" and reading.value is None and not reading.doubt
    if not (reading.reading == "blank" or part) or not page.picture:
        return reading, None
    region = _between(place) if kind == "date" else _region(place)
    look = looks.at(place.page + 1, region, "ink")
    if look is None or look.ink is None:
        return reading, None if look else Request(place.page + 1, region, "ink")
    if _unread(look.ink, region, page) < WRITING * (min(page.width, page.height) / UNITS) ** 2:
        return reading, None
    return replace(reading, doubt=UNCLEAR) if part else replace(reading, reading="unreadable"), None


def _between(place: Place) -> Box:
    """Where the figures of a date stand: before 年 and up to 日; the whole room where nothing was read."""
    box = _region(place)
    if not place.glyphs:
        return box
    right = box.x1 if place.glyphs[-1].char in "日号" else box.x1 + 3 * box.height
    return Box(max(0.0, box.x0 - 3 * box.height), box.y0, right, box.y1)


def _unread(ink: InkTrace, region: Box, page: Page) -> int:
    """Pixels of strokes in a region that are no characters that were read, and no edge of the sheet."""
    stroke = STROKE * min(page.width, page.height) / UNITS
    read = [Box(x0, line.box.y0, x1, line.box.y1) for line in page.lines for x0, x1 in line.chars]
    return sum(
        blot.area
        for blot in ink.blots
        if max(blot.box.width, blot.box.height) >= stroke
        and region.holds(blot.box.cx, blot.box.cy)
        and blot.box.x0 > 1
        and blot.box.x1 < page.width - 1
        and not any(box.holds(blot.box.cx, blot.box.cy) for box in read)
    )


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


def _settled(kind: str, first: Sight, second: Sight) -> Sight:
    """What both looks make together: what parses before what does not, then the clear one, else the surer of each."""
    if not first.text:
        believed = second.worst >= SURE or (second.worst >= SEEN and len(fold(second.text)) >= 2)
        return second if believed else first
    if not second.text:
        return first
    better = max(first, second, key=lambda s: (parse(kind, s.text).value is not None, s.worst))
    if agree(first, second) or better.worst >= CLEAR or _parses(kind, first) != _parses(kind, second):
        return better
    both = merged(first, second)
    return both if _parses(kind, both) or not _parses(kind, better) else better


def _parses(kind: str, sight: Sight) -> bool:
    return parse(kind, sight.text).value is not None


def _differ(first: Sight, second: Sight) -> bool:
    """True when two looks saw different things and neither is clear: then the machine would not stand for either."""
    seen = bool(first.text) and second.worst >= SEEN
    return seen and not agree(first, second) and max(first.worst, second.worst) < CLEAR


def _variants(kind: str, sight: Sight) -> list[str]:
    """Other readings of a figure that mean something: one character changed for a likely runner-up, likeliest first."""
    if kind not in FIGURES:
        return []
    text = sight.text
    changed = [
        (probability, f"{text[:at]}{char}{text[at + 1 :]}")
        for at, others in enumerate(sight.runners_up)
        for char, probability in others
        if probability >= LIKELY
    ]
    meant = parse(kind, text).value
    told = [one for _, one in sorted(changed, reverse=True) if parse(kind, one).value not in (None, meant)]
    return list(dict.fromkeys(told))[:MOST_OPTIONS]


def _doubt(kind: str, sight: Sight, value: Value) -> str:
    if kind == "person" and isinstance(value, str) and len(value) == 1:
        return ALONE  # nobody is called so: the rest of the name was not seen
    if kind in FIGURES and value is None:  # before the school is told so, what makes no value must be read clearly
        return UNCLEAR if sight.worst < CLEAR else ""
    return UNCLEAR if sight.worst < (SURE if kind in CLOSED else ACCEPTED) else ""


def _written(
    kind: str,
    place: Place,
    sight: Sight,
    document: Document,
    pages: tuple[int, ...],
    doubt: str = "",
    options: Sequence[str] = (),
    sights: Sequence[Sight] = (),
) -> Reading:
    page = document.pages[place.page]
    box = bounds(g.box for g in place.glyphs) if place.glyphs else place.room
    typed = parse(kind, sight.text)
    written = bool(sight.text) and typed.problem != "blank"
    return Reading(
        text=sight.text,
        value=typed.value,
        reading="written" if written else "blank",
        confidence=round(sight.worst, 3),
        page=pages.index(place.page) + 1,
        box=page.view_box(box),
        quad=page.view_quad(box),
        doubt=(doubt or _doubt(kind, sight, typed.value)) if written else "",
        options=tuple(dict.fromkeys(option for option in options if option and option != sight.text)),
        scores=sight.scores if len(sight.scores) == len(sight.text) else (),
        may_be=frozenset() if kind in FIGURES else may_be(sight, sights or (sight,)),
    )
