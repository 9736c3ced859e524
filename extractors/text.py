"""The door to rapidfuzz for texts on paper: find a printed label in what the reader saw, whatever it got wrong."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

IGNORED = frozenset(" \t\u3000_＿-－—–―~～·•.。,，、:：;；\"“”'‘’()（）[]【】《》<>/\\|｜*")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a label stands in a text: text[start:end], and how alike it is, 0..1."""

    start: int
    end: int
    score: float


@lru_cache(maxsize=20_000)
def folded(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without spaces, punctuation, width and case, and for each character left its place in `text`."""
    chars, places = [], []
    for place, char in enumerate(text):
        if char in IGNORED:
            continue
        for one in unicodedata.normalize("NFKC", char).lower():
            if one not in IGNORED:
                chars.append(one)
                places.append(place)
    return "".join(chars), tuple(places)


def fold(text: str) -> str:
    return folded(text)[0]


@lru_cache(maxsize=100_000)
def find_label(label: str, text: str) -> Hit | None:
    """The best place of `label` in `text`, or None.

    Labels of one to three characters must stand exactly, at the start, with a colon or nothing behind them (学校 begins
    many words); longer ones may have every fourth to fifth character misread.
    """
    want, have, places = fold(label), *folded(text)
    if not want or not have:
        return None
    if len(want) <= 3:
        return _short(want, have, places, text)
    at = have.find(want)
    if at >= 0:
        return Hit(places[at], places[at + len(want) - 1] + 1, 1.0)
    if len(have) < len(want) - 1:
        return None
    least = 74 if len(want) == 4 else 77
    found = fuzz.partial_ratio_alignment(want, have, score_cutoff=least)
    if found is None or found.dest_end <= found.dest_start:
        return None
    # Again as a whole: 联系人 is not four fifths of 联系电话.
    score = fuzz.ratio(want, have[found.dest_start : found.dest_end])
    return Hit(places[found.dest_start], places[found.dest_end - 1] + 1, score / 100) if score >= least else None


def _short(want: str, have: str, places: tuple[int, ...], text: str) -> Hit | None:
    if not have.startswith(want):
        return None
    end = places[len(want) - 1] + 1
    rest = text[end:].lstrip(" \u3000")
    return Hit(places[0], end, 1.0) if not rest or rest[0] in ":：（(" else None


def alike(a: str, b: str) -> float:
    """0..1 for two whole texts, folded."""
    return float(fuzz.ratio(fold(a), fold(b))) / 100


def contains_alike(part: str, whole: str) -> float:
    """0..1: how well `part` stands somewhere in `whole`, folded; 0 when `whole` is much shorter."""
    want, have = fold(part), fold(whole)
    if not want or len(have) < 0.7 * len(want):
        return 0.0
    return float(fuzz.partial_ratio(want, have)) / 100 * min(1.0, len(have) / len(want))
