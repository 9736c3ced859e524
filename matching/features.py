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

SEEN, LOOK_ALIKE, SOUND_ALIKE, OTHER, GAP, TURNED = 0.2, 0.4, 0.5, 1.0, 0.9, 0.8
COMMONEST = 0.5
EditKind = Literal["seen", "look", "sound", "other", "missing", "extra", "turned"]
SWAPS: Mapping[float, EditKind] = {SEEN: "seen", LOOK_ALIKE: "look", SOUND_ALIKE: "sound", OTHER: "other"}
Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference. at: place in the name; text_at: place in the text; the absent side is an empty string.

    seen: the name's character stands among what the reader took the text's for; look, sound: it looks or sounds alike;
    other: it is any other. turned: two neighbours changed places (name_char, text_char: the two as either has them).
    """

    kind: EditKind
    at: int
    text_at: int
    name_char: str
    text_char: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest way from a name to a text. cost is in characters of the rarest kind."""

    cost: float
    edits: tuple[Edit, ...]


class Costs:
    """What each difference costs. weights: of characters by their rarity;"""

    def __init__(self, weights: Mapping[str, float], confusables: Confusables) -> None:
        self.weights = weights
        self.alike: dict[tuple[str, str], float] = {}
        for pairs, rate in ((confusables.sound, SOUND_ALIKE), (confusables.look, LOOK_ALIKE)):
            for one, other in map(tuple, pairs):
                self.alike[one, other] = self.alike[other, one] = rate

    def rate(self, wanted: str, char: str, seen: Pairs) -> float:
        """Of a character for another, before it is weighed."""
        if wanted == char:
            return 0.0
        return SEEN if (char, wanted) in seen else self.alike.get((wanted, char), OTHER)


def rarity(names: Iterable[str]) -> dict[str, float]:
    """Weight of each character, COMMONEST..1: the fewer names it stands in, the more it tells."""
    names = list(names)
    counts = Counter(char for name in names for char in set(name))
    scale = math.log(max(2, len(names)))
    return {char: 1 - (1 - COMMONEST) * math.log(n) / scale for char, n in counts.items()}


def nearest(text: str, names: Sequence[str], limit: int) -> list[int]:
    """Indices of the names that share most of their characters, in order, with `text`."""
    return [index for _, _, index in process.extract(text, names, scorer=Indel.normalized_similarity, limit=limit)]


def align(text: str, name: str, costs: Costs, seen: Pairs = frozenset()) -> Alignment:
    """Align `text` to `name` at the least cost (both normalised). seen: characters (as read, as it may be)."""
    head = next((n for n, (a, b) in enumerate(zip(text, name, strict=False)) if a != b), min(len(text), len(name)))
    rest = zip(reversed(text[head:]), reversed(name[head:]), strict=False)
    shorter = min(len(text), len(name)) - head
    tail = next((n for n, (a, b) in enumerate(rest) if a != b), shorter)
    inner, wanted = text[head : len(text) - tail], name[head : len(name) - tail]
    table = _table(inner, wanted, costs, seen)
    turned = _turned(_walk_back(inner, wanted, table, costs, seen, head))
    saved = sum(_turn_saving(edit, costs) for edit in turned if edit.kind == "turned")
    return Alignment(table[-1][-1] - saved, tuple(turned))


def _table(text: str, name: str, costs: Costs, seen: Pairs) -> list[list[float]]:
    weights, alike = costs.weights, costs.alike
    gaps = [GAP * weights.get(char, 1.0) for char in text]
    table = [list(accumulate(gaps, initial=0.0))]
    for wanted in name:
        weight = weights.get(wanted, 1.0)
        gap = GAP * weight
        above, row = table[-1], [table[-1][0] + gap]
        for j, char in enumerate(text):
            rate = 0.0 if wanted == char else SEEN if (char, wanted) in seen else alike.get((wanted, char), OTHER)
            row.append(min(above[j] + weight * rate, above[j + 1] + gap, row[j] + gaps[j]))
        table.append(row)
    return table


def _walk_back(
    text: str, name: str, table: Sequence[Sequence[float]], costs: Costs, seen: Pairs, head: int
) -> list[Edit]:
    """The edits along the cheapest way through the table, from left to right; head: characters before both."""
    edits: list[Edit] = []
    i, j = len(name), len(text)
    while i or j:
        rate = costs.rate(name[i - 1], text[j - 1], seen) if i and j else None
        if rate is not None and table[i][j] == table[i - 1][j - 1] + costs.weights.get(name[i - 1], 1.0) * rate:
            i, j = i - 1, j - 1
            if rate:
                edits.append(Edit(SWAPS[rate], head + i, head + j, name[i], text[j]))
        elif i and table[i][j] == table[i - 1][j] + GAP * costs.weights.get(name[i - 1], 1.0):
            i -= 1
            edits.append(Edit("missing", head + i, head + j, name[i], ""))
        else:
            j -= 1
            edits.append(Edit("extra", head + i, head + j, "", text[j]))
    return edits[::-1]


def _turned(edits: Sequence[Edit]) -> list[Edit]:
    """The same with two neighbours that changed places as one edit, however the table has it."""
    made: list[Edit] = []
    for edit in edits:
        before = made[-1] if made else None
        if before and edit.at - before.at <= 2 and edit.text_at - before.text_at <= 2 and _are_turned(before, edit):
            at, text_at = min(before.at, edit.at), min(before.text_at, edit.text_at)
            made[-1] = Edit("turned", at, text_at, before.name_char + edit.name_char, before.text_char + edit.text_char)
        else:
            made.append(edit)
    return made


def _are_turned(a: Edit, b: Edit) -> bool:
    if {a.kind, b.kind} == {"missing", "extra"}:
        return (a.name_char or b.name_char) == (a.text_char or b.text_char)
    return a.name_char == b.text_char != "" and a.text_char == b.name_char != "" and b.at == a.at + 1


def _turn_saving(edit: Edit, costs: Costs) -> float:
    """By how much two neighbours in each other's place cost less than the two edits that they were taken for."""
    weight = costs.weights.get(edit.name_char[0], 1.0)
    return max(0.0, 2 * GAP - TURNED) * weight if len(edit.name_char) == 1 else max(0.0, 2 * OTHER - TURNED) * weight
