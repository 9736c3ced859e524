"""How near two names are. The door to rapidfuzz.

`align` is our own: it weighs every character by how rare it is in the register and makes a look-alike cheap, because
plain ratios put 无锡职业技术学院 and 无锡商业职业技术学院 nearer to each other than a school to its own abbreviation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import Indel

from corpora.confusables import Confusables

LOOK_ALIKE, SOUND_ALIKE, OTHER, GAP = 0.4, 0.5, 1.0, 0.9
COMMONEST = 0.5
SWAPS: Mapping[float, Literal["look", "sound", "other"]] = {LOOK_ALIKE: "look", SOUND_ALIKE: "sound", OTHER: "other"}


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference. at: place in the name; text_at: place in the text; the absent side is an empty string.

    look, sound: one character for another that looks or sounds alike; other: for any other.
    """

    kind: Literal["look", "sound", "other", "missing", "extra"]
    at: int
    text_at: int
    name_char: str
    text_char: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest way from a name to a text. cost is in characters of the rarest kind."""

    cost: float
    edits: tuple[Edit, ...]


def rarity(names: Iterable[str]) -> dict[str, float]:
    """Weight of each character, COMMONEST..1: the fewer names it stands in, the more it tells."""
    names = list(names)
    counts = Counter(char for name in names for char in set(name))
    scale = math.log(max(2, len(names)))
    return {char: 1 - (1 - COMMONEST) * math.log(n) / scale for char, n in counts.items()}


def nearest(text: str, names: Sequence[str], limit: int) -> list[int]:
    """Indices of the names that share most of their characters, in order, with `text`."""
    return [index for _, _, index in process.extract(text, names, scorer=Indel.normalized_similarity, limit=limit)]


def align(text: str, name: str, weights: Mapping[str, float], confusables: Confusables) -> Alignment:
    """Align `text` to `name` at the least cost (both normalised)."""
    gaps = [GAP * weights.get(char, 1.0) for char in text]
    table = [list(accumulate(gaps, initial=0.0))]
    for wanted in name:
        weight = weights.get(wanted, 1.0)
        above, row = table[-1], [table[-1][0] + GAP * weight]
        for j, char in enumerate(text):
            swap = above[j] + weight * _rate(wanted, char, confusables)
            row.append(min(swap, above[j + 1] + GAP * weight, row[j] + gaps[j]))
        table.append(row)
    return Alignment(table[-1][-1], tuple(_walk_back(text, name, table, weights, confusables)))


def _rate(wanted: str, char: str, confusables: Confusables) -> float:
    if wanted == char:
        return 0.0
    pair = frozenset((wanted, char))
    return LOOK_ALIKE if pair in confusables.look else SOUND_ALIKE if pair in confusables.sound else OTHER


def _walk_back(
    text: str, name: str, table: Sequence[Sequence[float]], weights: Mapping[str, float], confusables: Confusables
) -> list[Edit]:
    """The edits along the cheapest way through the table, from left to right."""
    edits: list[Edit] = []
    i, j = len(name), len(text)
    while i or j:
        rate = _rate(name[i - 1], text[j - 1], confusables) if i and j else None
        if rate is not None and table[i][j] == table[i - 1][j - 1] + weights.get(name[i - 1], 1.0) * rate:
            i, j = i - 1, j - 1
            if rate:
                edits.append(Edit(SWAPS[rate], i, j, name[i], text[j]))
        elif i and table[i][j] == table[i - 1][j] + GAP * weights.get(name[i - 1], 1.0):
            i -= 1
            edits.append(Edit("missing", i, j, name[i], ""))
        else:
            j -= 1
            edits.append(Edit("extra", i, j, "", text[j]))
    return edits[::-1]
