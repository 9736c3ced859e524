"""What was seen in one place, once or twice: two looks made one, character by character the surer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from extractors.entities import split_contact
from extractors.layout import Glyphs, text_of
from extractors.locators import trimmed_span
from extractors.script import simplified
from extractors.typed import fold
from ingest.document import Look

SURE = 0.75  # probability of its worst character from which a text is taken as it is
CLEAR = 0.97  # from which one look needs no other
_LABEL = re.compile(r"^[^:：0-9]{0,16}[:：]")


@dataclass(frozen=True, slots=True)
class Sight:
    """A text, the probability of each of its characters and what else each may be (see ingest.document.Line)."""

    text: str
    scores: tuple[float, ...]
    runners_up: tuple[tuple[tuple[str, float], ...], ...] = ()

    @property
    def worst(self) -> float:
        """Of its worst character; 0 for an empty text."""
        return min(self.scores, default=0.0)

    def part(self, start: int, end: int) -> Sight:
        return Sight(self.text[start:end], self.scores[start:end], self.runners_up[start:end])


def first_sight(glyphs: Glyphs) -> Sight:
    return Sight(text_of(glyphs), tuple(g.score for g in glyphs), tuple(g.runners_up for g in glyphs))


def second_sight(look: Look, kind: str, alone: bool) -> Sight:
    """What a second look saw of the value itself: simplified, without a label, punctuation and (kind) its neighbour.

    alone: the first look saw nothing, so this one took in all the room, and may hold what stands beside the value.
    """
    scores = look.scores if len(look.scores) == len(look.text) else (look.confidence,) * len(look.text)
    text = "".join(map(simplified, look.text))
    sure = tuple(1.0 if char.isspace() else score for char, score in zip(text, scores, strict=True))
    seen = Sight(text, sure, look.runners_up)
    label = _LABEL.match(text)
    seen = seen.part(label.end() if label else 0, len(text))
    if alone and kind in ("person", "phone"):
        entity, other = split_contact(seen.text)[:: -1 if kind == "phone" else 1]
        if entity is not None:
            seen = seen.part(entity.start, entity.end)
        elif other is not None:
            seen = max(seen.part(0, other.start), seen.part(other.end, len(seen.text)), key=lambda s: len(s.text))
    return seen.part(*trimmed_span(seen.text))


def agree(a: Sight, b: Sight) -> bool:
    """Do both say the same, spaces and width aside?"""
    return _plain(a.text) == _plain(b.text)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))


def merged(first: Sight, second: Sight) -> Sight:
    """Both looks in one. What only one has is kept where it is sure; at the ends the first is believed, because a crop
    may have cut a character off."""
    a, b = fold(first.text), fold(second.text)
    pieces: list[Sight] = []
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        one, other = first.part(i, j), second.part(k, m)
        if kind == "delete":
            pieces += [one] if i == 0 or j == len(a) or _mean(one) >= SURE else []
        elif kind == "insert":
            pieces += [other] if _mean(other) >= SURE else []
        elif j - i == m - k:
            pieces += [max(_characters(one, other, n), key=lambda s: s.scores) for n in range(j - i)]
        else:
            pieces.append(max(one, other, key=_mean))
    runners_up = tuple(r for p in pieces for r in p.runners_up or ((),) * len(p.text))
    return Sight("".join(p.text for p in pieces), tuple(s for p in pieces for s in p.scores), runners_up)


def may_be(settled: Sight, sights: Iterable[Sight]) -> frozenset[tuple[str, str]]:
    """Characters of the settled text with what any look took them for: (as read, as it may be), case-folded."""
    text = fold(settled.text)
    found: set[tuple[str, str]] = set()
    for sight in sights:
        other = fold(sight.text)
        for kind, i, j, k, m in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
            if kind not in ("equal", "replace") or j - i != m - k:
                continue
            for char, at in zip(text[i:j], range(k, m), strict=True):
                runners_up = sight.runners_up[at] if at < len(sight.runners_up) else ()
                found |= {(char, one) for one in (other[at], *(fold(runner) for runner, _ in runners_up))}
    folded = {(char.casefold(), one.casefold()) for char, one in found}
    return frozenset((char, one) for char, one in folded if one != char and len(one) == 1)


def _characters(one: Sight, other: Sight, n: int) -> Sequence[Sight]:
    return one.part(n, n + 1), other.part(n, n + 1)


def _mean(sight: Sight) -> float:
    return sum(sight.scores) / max(1, len(sight.scores))
