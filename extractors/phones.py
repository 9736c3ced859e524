"""Telephone numbers of China. Pure."""

from __future__ import annotations

import re

from extractors.typed import BLANK, Typed, fold, tidy

_MOBILE = "1[3-9][0-9]{9}"
_LANDLINE = "0(?:10|2[0-9])[0-9]{7,8}|0[3-9][0-9]{2}[0-9]{7,8}"
_SERVICE = "[48]00[0-9]{7}"
_NUMBER = re.compile(f"{_MOBILE}|{_LANDLINE}|{_SERVICE}")
_LOCAL = re.compile("[2-9][0-9]{6,7}")
_EXTENSION = re.compile(r"[\s,，;(]*(?:转|分机|内线|ext\.?|x|#)[\s:]*[0-9]{1,6}\)?", re.IGNORECASE)
_COUNTRY = re.compile(r"(?<![0-9])(?:\(?\+\s*86\)?|0086|\(86\)|86(?=1[3-9][0-9]{9}(?![0-9])))[-\s]*")
_BAR = re.compile(r"(?<=[0-9])[|丨｜](?=[0-9])")
_RUN = re.compile(r"[0-9(](?:[0-9()\-—–\s.·]*[0-9])?")


def _national(digits: str, abroad: bool) -> str:
    """The number as dialled within China: +86 551… is 0551…."""
    return "0" + digits if abroad and is_number("0" + digits) else digits


def _split(run: str) -> list[str]:
    """The numbers in one run of digits and gaps: at the gaps that leave each part a whole number, else all of it."""
    digits = re.sub("[^0-9]", "", run)
    if _NUMBER.fullmatch(digits):
        return [digits]
    if short := re.fullmatch(r"(.*[0-9])\s*[-—–]\s*([0-9]{1,5})", run):  # 0551-62345678-8001
        main = re.sub("[^0-9]", "", short[1])
        if _NUMBER.fullmatch(main):
            return [main]
    for gap in re.finditer(r"[^0-9]+|(?<=[0-9]{11})(?=1)", run):
        first, rest = (re.sub("[^0-9]", "", part) for part in (run[: gap.start()], run[gap.end() :]))
        if _NUMBER.fullmatch(first) and len(rest) >= 7:
            return [first, *_split(run[gap.end() :])]
    return [digits]


def numbers(text: str) -> list[str]:
    """The digits of each number in `text`, in order, without extensions, the country's 86, other endings (…78/79)."""
    plain = _EXTENSION.sub(" ", fold(text))
    abroad = _COUNTRY.search(plain) is not None
    runs = [number for found in _RUN.finditer(_COUNTRY.sub(" ", plain)) for number in _split(found[0])]
    whole = [number for number in runs if len(number) >= 5] or [number for number in runs if number]
    return [_national(number, abroad) for number in whole]


def is_number(digits: str) -> bool:
    """Whether `digits` can be dialled all over China: a mobile, an area code with 7 or 8, or a 400/800 number."""
    return _NUMBER.fullmatch(digits) is not None


def phone(text: str) -> Typed:
    """A number's digits: 138 1234 5678, (0551)62345678, 0551-62345678转8001, +86 138….

    Of two numbers in one place (13812345678/0551-62345678) the value is the first; the text keeps both. A number that
    does not exist (a digit short) keeps its digits and is "invalid", also beside a whole one. Seven or eight digits
    without an area code are "incomplete". Letters among the digits (O for 0) leave no value, nor does a bar (it may be
    a one) that does not stand between whole numbers.
    """
    tidied = tidy(text)
    if not tidied:
        return BLANK
    parts = [re.sub("[^0-9]", "", part) for part in _BAR.split(tidied)]
    if len(parts) > 1 and not all(is_number(part) or _LOCAL.fullmatch(part) for part in parts):
        return Typed(None, "not_plain")
    if re.search(r"[0-9][A-Za-z]|[A-Za-z][0-9]", _EXTENSION.sub("", tidied)) or not (found := numbers(tidied)):
        return Typed(None, "not_plain")
    first, *others = found
    if is_number(first) and all(is_number(other) or _LOCAL.fullmatch(other) for other in others):
        return Typed(first)
    return Typed(first, "incomplete" if _LOCAL.fullmatch(first) and not others else "invalid")
