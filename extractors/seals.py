"""What a seal says, read freely from its lattices. Pure."""

from __future__ import annotations

from ingest.document import Imprint, Lattice

DIGITS = 13  # of a seal's number
SURELY = -0.1  # natural log probability from which a digit is read
KEPT = -2.5  # natural log probability below which a character is left out of a free reading


def free_reading(imprint: Imprint) -> str:
    """The arched text as it reads best over all places where the circle may be cut open."""
    return max((best_path(arc) for arc in imprint.arcs), key=_worth, default=("", 0.0))[0]


def seal_number(imprint: Imprint) -> str | None:
    """The 13 digits under which the seal is registered; None unless each of them is read surely."""
    digits: list[str] = []
    before = ""
    for column in imprint.number:
        char, score = column[0] if column else ("", 0.0)
        if char.isdigit() and char != before:
            digits.append(char if score >= SURELY else "?")
        elif char.isdigit() and score >= SURELY:
            digits[-1] = char
        before = char
    number = "".join(digits)
    return number if len(number) == DIGITS and "?" not in number else None


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
