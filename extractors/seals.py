"""What a seal says, read freely from its lattices. Pure."""

from __future__ import annotations

from ingest.document import Imprint, Lattice

KEPT = -2.5  # natural log probability below which a character is left out of a free reading


def free_reading(imprint: Imprint) -> str:
    """The arched text as it reads best over all places where the circle may be cut open."""
    return max((best_path(arc) for arc in imprint.arcs), key=_worth, default=("", 0.0))[0]


def lower_text(imprint: Imprint) -> str:
    """The straight line below the star, or empty."""
    text, _ = best_path(imprint.lower)
    return text


def best_path(lattice: Lattice) -> tuple[str, float]:
    """The likeliest character of each column, repeats joined and blanks dropped; with its mean log probability."""
    chars: list[str] = []
    scores: list[float] = []
    before = ""
    for column in lattice:
        char, score = column[0] if column else ("", 0.0)
        if char and char != before and score > KEPT:
            chars.append(char)
            scores.append(score)
        before = char
    return "".join(chars), sum(scores) / len(scores) if scores else -9.0


def _worth(reading: tuple[str, float]) -> float:
    """Long and sure before short and sure."""
    text, score = reading
    han = sum("\u3400" <= c <= "\u9fff" for c in text)
    return min(han, 14) + 3 * score
