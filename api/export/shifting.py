"""What references to cells become when rows are put in below a row of a sheet. Pure; the sheet is only named."""

from __future__ import annotations

import re

# Text in quotes is no reference; nor is a part of a name (A1B) or of a function (LOG10().
_REFERENCE = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")
    | (?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?
      (?<![\w.$])
      (?:(?P<first>\$?[A-Za-z]{1,3}\$?)(?P<top>[1-9]\d*)(?::(?P<last>\$?[A-Za-z]{1,3}\$?)(?P<bottom>[1-9]\d*))?
        |(?P<begin>\$?)(?P<from>[1-9]\d*):(?P<end>\$?)(?P<to>[1-9]\d*))
      (?![\w.(!])
    """,
    re.VERBOSE,
)


def shifted(formula: str, sheet: str, row: int, extra: int, *, here: bool) -> str:
    """A formula after `extra` rows were put in below `row` of `sheet`: what stands below moves, and a range over the
    row grows. here: whether the formula stands on that sheet, so that references without a sheet mean it too.
    """

    def moved(found: re.Match[str]) -> str:
        if found["text"] is not None or not _means(found["sheet"], sheet, here):
            return found[0]
        prefix = found["sheet"] or ""
        if found["from"]:
            top, bottom = _span(int(found["from"]), int(found["to"]), row, extra)
            return f"{prefix}{found['begin']}{top}:{found['end']}{bottom}"
        if found["bottom"] is None:
            return f"{prefix}{found['first']}{_below(int(found['top']), row, extra)}"
        top, bottom = _span(int(found["top"]), int(found["bottom"]), row, extra)
        return f"{prefix}{found['first']}{top}:{found['last']}{bottom}"

    return _REFERENCE.sub(moved, formula)


def spread(areas: str, row: int, extra: int) -> str:
    """Areas of one sheet, parted by spaces, as rules and validations name them: also a single cell of `row` grows."""
    made = []
    for area in areas.split():
        first, _, last = area.partition(":")
        made.append(shifted(f"{first}:{last or first}", "", row, extra, here=True))
    return " ".join(made)


def _means(prefix: str | None, sheet: str, here: bool) -> bool:
    if prefix is None:
        return here
    name = prefix[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    return name.casefold() == sheet.casefold()


def _below(number: int, row: int, extra: int) -> int:
    return number + extra if number > row else number


def _span(top: int, bottom: int, row: int, extra: int) -> tuple[int, int]:
    return _below(top, row, extra), bottom + extra if bottom >= row else bottom
