"""What may stand in a cell: text that no spreadsheet takes for a formula or refuses as a character. Pure."""

from __future__ import annotations

import re

EXCEL_CELL = 32_767
"""Characters (UTF-16 units) that Excel keeps in a cell."""

# What XML 1.0 cannot carry, and surrogates without their other half, which no encoding can.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?")
# What a spreadsheet reads as the start of a formula (OWASP), in both widths, and our own mark.
_TRIGGERS = tuple("=+-@\t\n＝＋－＠'")


def clean(text: str) -> str:
    """Without illegal control characters; every line break is one \\n."""
    return _ILLEGAL.sub("", _BREAKS.sub("\n", text))


def neutral(text: str) -> str:
    """`clean` text behind an apostrophe when a spreadsheet would read it as a formula. `plain` undoes it."""
    text = clean(text)
    return f"'{text}" if text.startswith(_TRIGGERS) else text


def plain(text: str) -> str:
    """The text that `neutral` was given, cleaned."""
    return text.removeprefix("'")


def fitted(text: str) -> str:
    """`clean` text, cut where an Excel cell ends, with … for the rest."""
    text = clean(text)
    if len(text.encode("utf-16-le")) // 2 <= EXCEL_CELL:
        return text
    return text.encode("utf-16-le")[: (EXCEL_CELL - 1) * 2].decode("utf-16-le", "ignore") + "…"
