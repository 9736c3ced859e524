"""A typed value, and the cleaning that every type shares. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Problem = Literal["blank", "incomplete", "invalid", "not_plain", "several"]

HAN = r"\u3400-\u9fff\U00020000-\U000323af"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a text means.

    value:   canonical, None when the paper does not say it clearly.
    problem: None, or why it is doubtful: "blank" (nothing but rules and units), "incomplete" (a part is not filled in),
             "invalid" (well formed, but no such thing exists), "several" (more than one), "not_plain" (anything else).
             A value beside a problem is what stands there, wrong as it is: a phone one digit short.
    """

    value: str | int | float | None
    problem: Problem | None = None


BLANK = Typed(None, "blank")

# One character for one, so that places in the folded text are places in the text.
# Not NFKC as a whole: that makes 80² 802.
_FOLD = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {ord(space): ord(" ") for space in "\u3000\u00a0\u2002\u2003\u2009\u200b\u202f\ufeff\t"}
    | {
        code: folded
        for block in (
            range(0x2E80, 0x2FE0),
            range(0xF900, 0xFB00),
        )  # radicals and doubles, which PDF fonts put for characters
        for code in block
        if len(folded := unicodedata.normalize("NFKC", chr(code))) == 1
    }
)


def fold(text: str) -> str:
    """`text` with full-width forms, odd spaces and compatibility ideographs in their common form; the same length."""
    return text.translate(_FOLD)


_RULE = r"(?:[\s_\uff3f…·:、,，;；|。'`*]|\.{2,}|[-—–―─]{2,})"
_ENDS = re.compile(rf"^{_RULE}+|(?:{_RULE}|\.)+$")
_LABEL = re.compile(rf"^[(\[]?[{HAN}、/()\[\] ]{{2,16}}:")


def trim(text: str) -> str:
    """`text` without the marks that a fill-in rule or a neighbour leaves at its ends (__, ……, 、 a stray dot).

    A single dash or a slash alone crosses a place out: that is empty too.
    """
    trimmed = _ENDS.sub("", text)
    return "" if re.fullmatch(r"[-—–―/\\()\[\]（）.\s]*", trimmed) else trimmed


def tidy(text: str) -> str:
    """`text` folded and trimmed, without a label and its colon in front."""
    return trim(_LABEL.sub("", trim(fold(text))))


def close_up(text: str) -> str:
    """`text` without the spaces that stand beside a Chinese character (李 明), and others made single."""
    return re.sub(rf"(?<=[{HAN}（）·])\s+|\s+(?=[{HAN}（）·])", "", re.sub(r"\s+", " ", text.strip()))
