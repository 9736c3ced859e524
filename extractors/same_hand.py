"""Is one signature another one again? A question only where it is plain. Pure.

Plain is a picture pasted twice (the same pieces of ink in the same places), or the same name read surely in two slots:
the programme lead among the experts. Two names by one hand look alike to experts on writing, not to us.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.extraction import Signature
from extractors.hands import Group, read_there
from extractors.layout import Layout, text_of

FEWEST = 3  # pieces of ink from which a pattern says anything
APART = 0.06  # line heights by which a pasted picture's pieces may differ
SURE = 0.9  # probability of a name's worst character
NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A signature with its ink and what was read there; without ink where there is none."""

    signature: Signature
    ink: Group | None = None
    layout: Layout | None = None
    unit: float = 1.0
    page: int = 0


def with_repeats(entries: Sequence[Entry]) -> tuple[Signature, ...]:
    """The signatures, each that stands in an earlier slot already marked with that one's role."""
    marked: list[Signature] = []
    for place, entry in enumerate(entries):
        twin = next((other for other in entries[:place] if _same(other, entry)), None)
        marked.append(replace(entry.signature, repeats=twin.signature.role) if twin else entry.signature)
    return tuple(marked)


def _same(one: Entry, other: Entry) -> bool:
    if one.ink is None or other.ink is None or {one.signature.state, other.signature.state} != {"signed"}:
        return False
    name = _name(one)
    return _pasted(one.ink, other.ink, one.unit) or (name != "" and name == _name(other))


def _name(entry: Entry) -> str:
    """The name that was read there, if it was read surely."""
    assert entry.ink is not None and entry.layout is not None
    glyphs = read_there(entry.ink, entry.layout)
    text = text_of(glyphs)
    return text if NAME.fullmatch(text) and min(g.score for g in glyphs) >= SURE else ""


def _pasted(one: Group, other: Group, unit: float) -> bool:
    if len(one.blots) != len(other.blots) or len(one.blots) < FEWEST:
        return False
    near = APART * unit
    for a, b in zip(_pattern(one), _pattern(other), strict=True):
        if any(abs(x - y) > near for x, y in zip(a[:4], b[:4], strict=True)) or abs(a[4] - b[4]) > 0.1 * max(
            a[4], b[4]
        ):
            return False
    return True


def _pattern(group: Group) -> list[tuple[float, float, float, float, float]]:
    box = group.box
    return sorted(
        (b.box.x0 - box.x0, b.box.y0 - box.y0, b.box.x1 - box.x0, b.box.y1 - box.y0, float(b.area)) for b in group.blots
    )
