"""Why a candidate: where its name differs from what stands on the paper, and who else speaks for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from corpora.vocabulary import Vocabulary

WITNESSES = {"subject": "主题", "seal": "印章", "sender": "发件人", "body": "正文"}
"""Who besides the paper may speak for a school, with the word beside the dot."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters; `differs`: not what the paper has there."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A witness, and whether it agrees."""

    word: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate that may be picked by its number. key: as the API takes it; reasons: words, without the witnesses."""

    number: int
    key: str
    pieces: tuple[Piece, ...]
    current_name: str
    score: float | None
    reasons: tuple[str, ...]
    dots: tuple[Dot, ...]
    chosen: bool

    @property
    def name(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entry of a register is meant: school or certificate. by_person: a person chose."""

    kind: str
    row: int | None
    decided: bool
    by_person: bool
    options: tuple[Option, ...]


def choice(kind: str, row: int | None, match: Mapping[str, Any] | None, written: str, words: Vocabulary) -> Choice:
    """What may be picked: the decided entry first, then the other candidates."""
    match = match or {}
    decided = bool(match.get("decided"))
    listed = [match] if match.get("name") and (decided or not match.get("candidates")) else []
    listed += [one for one in match.get("candidates") or [] if one.get("name") not in {e["name"] for e in listed}]
    options = tuple(
        _option(number, kind, one, written, decided and number == 1, words) for number, one in enumerate(listed[:9], 1)
    )
    return Choice(kind, row, decided, "person" in (match.get("reasons") or []), options)


def differing(name: str, written: str) -> tuple[Piece, ...]:
    """The name in runs, those marked that the written text does not have there. Nothing is marked without a text."""
    if not written:
        return (Piece(name, False),) if name else ()
    found: list[Piece] = []
    for tag, start, end, _, _ in SequenceMatcher(None, name, written, autojunk=False).get_opcodes():
        if start < end:
            found.append(Piece(name[start:end], tag != "equal"))
    return tuple(found)


def _option(number: int, kind: str, one: Mapping[str, Any], written: str, chosen: bool, words: Vocabulary) -> Option:
    reasons = [reason for reason in one.get("reasons") or [] if isinstance(reason, str)]
    dots = [Dot(word, key in reasons) for key, word in WITNESSES.items()] if kind == "school" else []
    return Option(
        number=number,
        key=one.get("code") or one["name"],
        pieces=differing(one["name"], written),
        current_name=one.get("current_name") or "",
        score=one.get("score"),
        reasons=tuple(words.reasons.get(reason, reason) for reason in reasons if reason not in WITNESSES),
        dots=tuple(dots),
        chosen=chosen,
    )
