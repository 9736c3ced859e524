"""Whose ink is it: blots of a slot put together to names, and each told as a hand or as print. Pure.

Print is even: its characters are as high, as dark and as thick as the label beside them and stand on one line. A hand
is larger, blue, uneven, slanting or runs together. That the recogniser read a name proves nothing: it reads hands, too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.layout import Glyph, Layout, bounds, text_of
from extractors.locators import DATE, FIGURES
from extractors.slots import Slot
from ingest.document import Blot, Box, InkTrace

GAP = 0.62  # line heights between two names, at least; characters of one name stand closer
DUST = 0.09  # square line heights of ink below which a group is no name
DAY = re.compile(r"\d{1,2}\s*月\s*\d{0,2}\s*[日目曰]")
MARKED = re.compile(
    r"[（(]?\s*(单位|学校|部门)?(盖章|公章|签章|校章|签字|签名)\s*[)）:：]*|备注|联系电话|填报时间|年\s*月\s*日"
)


@dataclass(frozen=True, slots=True)
class Group:
    """Blots that stand together: a name, or a part of one."""

    blots: tuple[Blot, ...]

    @property
    def box(self) -> Box:
        return bounds(blot.box for blot in self.blots)

    @property
    def area(self) -> int:
        return sum(blot.area for blot in self.blots)


def groups_of(trace: InkTrace, region: Box, layout: Layout, slot: Slot, taken: Iterable[Box] = ()) -> tuple[Group, ...]:
    """The ink of a region as groups from left to right, without specks, neighbours and the print of the form.

    taken: boxes of signatures that were found elsewhere and reach in.
    """
    unit = slot.line_height
    print_, others = list(_form_print(layout, unit)), list(taken)
    own = [
        blot
        for blot in trace.blots
        if region.holds(blot.box.cx, blot.box.cy)
        and max(blot.box.width, blot.box.height) > 0.15 * unit
        and not _is_rule(blot.box, unit)
        and not any(_within(blot.box, box, unit) for box in print_)
        and not any(_framed(blot.box, frame) for frame in (*trace.frames, *others))
    ]
    groups: list[list[Blot]] = []
    for blot in own:
        if groups and blot.box.x0 - max(b.box.x1 for b in groups[-1]) < GAP * unit:
            groups[-1].append(blot)
        else:
            groups.append([blot])
    found = (Group(tuple(group)) for group in groups)
    return tuple(g for g in found if _is_writing(g, unit))


def _is_writing(group: Group, unit: float) -> bool:
    box = group.box
    return group.area > DUST * unit * unit and box.width > 0.5 * unit and box.height > 0.45 * unit


def _is_rule(box: Box, unit: float) -> bool:
    """What is left of a rule that was not quite straight."""
    return min(box.width, box.height) < 0.3 * unit and max(box.width, box.height) > 2.2 * unit


def _framed(box: Box, frame: Box) -> bool:
    return frame.x0 - 3 <= box.cx <= frame.x1 + 3 and frame.y0 - 3 <= box.cy <= frame.y1 + 3


def _within(box: Box, print_: Box, unit: float) -> bool:
    return print_.holds(box.cx, box.cy) and box.height < 1.25 * unit


def _form_print(layout: Layout, unit: float) -> Iterable[Box]:
    """Dates and words that the form prints beside its slots. Of a date without a year the year was not read."""
    for block in layout.blocks:
        for pattern, unread in ((DATE, 0.0), (FIGURES, 0.0), (DAY, 4.5), (MARKED, 0.3)):
            for found in pattern.finditer(block.text):
                glyphs = block.glyphs[found.start() : found.end()]
                if text_of(glyphs).strip():
                    box = bounds(g.box for g in glyphs)
                    yield Box(
                        box.x0 - (unread + 0.2) * unit, box.y0 - 0.15 * unit, box.x1 + 0.2 * unit, box.y1 + 0.15 * unit
                    )


# --- hand or print ---


@dataclass(frozen=True, slots=True)
class Print:
    """What the form's own print looks like: stroke width in pixels and darkness, 0..1."""

    stroke: float
    dark: float


def print_of(label: InkTrace, unit: float) -> Print | None:
    """Measured on a label; None when hardly any of its ink was found."""
    blots = [blot for blot in label.blots if 0.3 * unit < blot.box.height < 1.3 * unit]
    if len(blots) < 3:
        return None
    return Print(median(b.stroke for b in blots), median(b.dark for b in blots))


def likeness(group: Group, own: Print, read: float, unit: float) -> float:
    """How much a group looks like print, 0..1; 0 when its height, colour or darkness rules it out.

    read: the recogniser's mean probability of the characters that it found there.
    """
    weight = group.area
    stroke = sum(b.stroke * b.area for b in group.blots) / weight / max(own.stroke, 0.1)
    paler = abs(sum(b.dark * b.area for b in group.blots) / weight - own.dark)
    blue = sum(b.blue * b.area for b in group.blots) / weight
    height = _fade(group.box.height / unit, 0.95, 1.2)
    depth, colour = _fade(paler, 0.07, 0.15), _fade(blue, 0.05, 0.3)
    if not (height and depth and colour):
        return 0.0
    width = _fade(abs(stroke - 1.1), 0.25, 0.6)
    return (height + depth + colour + width + _fade(1.0 - read, 0.1, 0.4)) / 5


def _fade(value: float, full: float, none: float) -> float:
    """1 up to `full`, 0 from `none` on, straight between."""
    return min(1.0, max(0.0, (none - value) / (none - full)))


def read_there(group: Group, layout: Layout) -> list[Glyph]:
    """The characters that the reader found in a group."""
    box = group.box
    return [
        glyph
        for row in layout.rows
        for run in row
        for glyph in run.glyphs
        if not glyph.char.isspace()
        and box.x0 <= glyph.box.cx <= box.x1
        and glyph.box.shared_height(box) > 0.5 * box.height
    ]


# --- names ---

WIDE, WIDEST = 4.4, 5.2  # line heights: as wide as a name is written, and wider than one is


def names_of(groups: Sequence[Group], most: int, unit: float) -> tuple[Group, ...]:
    """Groups put together to names, of which `most` are expected: loose strokes join their neighbour, names that run
    together are parted at their widest gaps."""
    names = list(groups)
    while len(names) > 1:
        gaps = [_gap(a, b) for a, b in pairwise(names)]
        nearest = min(range(len(gaps)), key=gaps.__getitem__)
        a, b = names[nearest], names[nearest + 1]
        loose = len(names) > most or min(_width(a), _width(b)) < 0.8 * unit
        fits = loose or b.box.x1 - a.box.x0 < WIDE * unit
        if gaps[nearest] > (1.3 if loose else 0.9) * unit or not fits:
            break
        names[nearest : nearest + 2] = [Group((*names[nearest].blots, *names[nearest + 1].blots))]
    while 0 < len(names) < most:
        widest = max(range(len(names)), key=lambda n: _width(names[n]))
        others = [_width(name) for n, name in enumerate(names) if n != widest]
        much = _width(names[widest]) > WIDEST * unit
        more = bool(others) and _width(names[widest]) > max(WIDE * unit, 1.7 * max(others))
        parts = _parted(names[widest]) if much or more else None
        if parts is None or (not much and _gap(*parts) < 0.2 * unit):
            break
        names[widest : widest + 1] = parts
    return tuple(names)


def _gap(left: Group, right: Group) -> float:
    return right.box.x0 - left.box.x1


def _width(group: Group) -> float:
    return group.box.width


def _parted(group: Group) -> tuple[Group, Group] | None:
    """Cut at the widest gap in the middle half of a group, of equal ones at the middlemost."""
    blots = sorted(group.blots, key=lambda b: b.box.x0)
    box, best, at = group.box, -math.inf, 0
    for n in range(1, len(blots)):
        reach = max(b.box.x1 for b in blots[:n])
        off = abs((reach + blots[n].box.x0) / 2 - box.cx)
        worth = blots[n].box.x0 - reach - 0.15 * off
        if off < 0.25 * box.width and worth > best:
            best, at = worth, n
    return (Group(tuple(blots[:at])), Group(tuple(blots[at:]))) if at else None


def without_rows_of_print(names: Sequence[Group], own: Print | None, unit: float) -> tuple[Group, ...]:
    """Without a label that was not read and what stands in its row: the next role's, no signature of this one."""
    rows = [n.box for n in names if own and n.box.width > 4.5 * unit and likeness(n, own, 1.0, unit) > 0.7]
    return tuple(n for n in names if not any(row.shared_height(n.box) > 0.4 * row.height for row in rows))
