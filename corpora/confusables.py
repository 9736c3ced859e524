"""Characters that are taken for one another, by eye or by ear."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "confusables.yaml"


@dataclass(frozen=True, slots=True)
class Confusables:
    """Both sets hold unordered pairs of single characters, case-folded."""

    look: frozenset[frozenset[str]] = frozenset()
    sound: frozenset[frozenset[str]] = frozenset()

    def alike(self, a: str, b: str) -> bool:
        pair = frozenset((a, b))
        return pair in self.look or pair in self.sound


def load_confusables(path: Path = FILE) -> Confusables:
    """Read the groups of `path`; every member of a group stands for every other. Raises OSError, KeyError."""
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Confusables(look=_pairs(groups["look"]), sound=_pairs(groups["sound"]))


def _pairs(groups: Iterable[str]) -> frozenset[frozenset[str]]:
    return frozenset(
        frozenset((a, b)) for group in groups for a in group.casefold() for b in group.casefold() if a != b
    )
