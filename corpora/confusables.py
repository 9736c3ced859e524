"""What tells a slip from a word: characters taken for one another by eye or by ear, and the common words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Confusables:
    """look, sound: unordered pairs of single characters, case-folded; words: common words of two characters."""

    look: frozenset[frozenset[str]] = frozenset()
    sound: frozenset[frozenset[str]] = frozenset()
    words: frozenset[str] = frozenset()


def load_confusables(folder: Path = FOLDER) -> Confusables:
    """Read confusables.yaml (every member of a group stands for every other) and common_words.txt.

    Raises OSError, or KeyError when a group is missing.
    """
    groups = yaml.safe_load((folder / "confusables.yaml").read_text(encoding="utf-8"))
    lines = (folder / "common_words.txt").read_text(encoding="utf-8").splitlines()
    words = frozenset(line[0] + char for line in lines if not line.startswith("#") for char in line[2:])
    return Confusables(_pairs(groups["look"]), _pairs(groups["sound"]), words)


def _pairs(groups: Iterable[str]) -> frozenset[frozenset[str]]:
    return frozenset(
        frozenset((a, b)) for group in groups for a in group.casefold() for b in group.casefold() if a != b
    )
