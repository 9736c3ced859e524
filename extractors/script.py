"""The door to opencc: traditional characters as simplified ones, one for one."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def simplified(char: str) -> str:
    """One character in its simplified form; itself when there is none, or more than one character."""
    simple = str(_converter().convert(char)) if "\u3400" <= char <= "\u9fff" else char
    return simple if len(simple) == 1 else char
