"""How near two names are. The door to rapidfuzz.

`align` is our own: it weighs every character by how rare it is in the register and makes a look-alike cheap, because
plain ratios put 无锡职业技术学院 and 无锡商业职业技术学院 nearer to each other than a school to its own abbreviation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import Indel

from corpora.confusables import Confusables

LOOK_ALIKE, SOUND_ALIKE, OTHER, GAP = 0.4, 0.5, 1.0, 0.9
COMMONEST = 0.5


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference. at: place in the name; text_at: place in the text; the absent side is an empty string."""

    kind: Literal["other", "alike", "missing", "extra"]
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
    row = [Alignment(0.0, ())]
    for j, char in enumerate(text):
        row.append(_step(row[j], GAP * weights.get(char, 1.0), Edit("extra", 0, j, "", char)))
    for i, wanted in enumerate(name):
        weight = weights.get(wanted, 1.0)
        missing = GAP * weight
        new = [_step(row[0], missing, Edit("missing", i, 0, wanted, ""))]
        for j, char in enumerate(text):
            if char == wanted:
                best = row[j]
            else:
                pair = frozenset((wanted, char))
                rate = LOOK_ALIKE if pair in confusables.look else SOUND_ALIKE if pair in confusables.sound else OTHER
                kind: Literal["alike", "other"] = "other" if rate == OTHER else "alike"
                best = _step(row[j], rate * weight, Edit(kind, i, j, wanted, char))
            best = _cheaper(best, row[j + 1], missing, Edit("missing", i, j + 1, wanted, ""))
            best = _cheaper(best, new[j], GAP * weights.get(char, 1.0), Edit("extra", i + 1, j, "", char))
            new.append(best)
        row = new
    return row[-1]


def _step(before: Alignment, cost: float, edit: Edit) -> Alignment:
    return Alignment(before.cost + cost, (*before.edits, edit))


def _cheaper(best: Alignment, before: Alignment, cost: float, edit: Edit) -> Alignment:
    return _step(before, cost, edit) if before.cost + cost < best.cost else best
