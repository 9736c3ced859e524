"""Dates and months as people write them. Pure."""

from __future__ import annotations

import re
from datetime import date as Date

from extractors.numbers import chinese_number
from extractors.typed import BLANK, HAN, Typed, fold, tidy

_ZERO = "〇零○◯Oo0"  # all of these stand for 〇 between Chinese figures
_YEAR_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | dict.fromkeys(_ZERO, "0")
_SEP = r"[-./·。、,—–]"
_CN_YEAR = rf"[一二三四五六七八九{_ZERO}]{{4}}"
_CN_MONTH = "十[一二]|[一二三四五六七八九十]|元"
_CN_DAY = "(?:三十|二十|十|廿|卅)[一二三四五六七八九]|二十|三十|[一二三四五六七八九十廿卅]"
# The day's 日 may be missing at the very end, and be read 曰 or written 号.
_DATE = (
    rf"(?P<y>[0-9]{{4}})(?:年|{_SEP})(?P<m>[0-9]{{1,2}})(?:月|{_SEP})(?P<d>[0-9]{{1,2}})[日号曰]?",
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    rf"(?P<y>{_CN_YEAR})年(?P<m>{_CN_MONTH})月(?P<d>{_CN_DAY})[日号曰]?",
    rf"(?P<y>[0-9]{{4}})年(?P<m>{_CN_MONTH})月(?P<d>{_CN_DAY})[日号曰]?",
    # A year of two figures is plain from 21 on; 20 may be the form's own print with nothing written behind it.
    rf"(?P<y>2[1-9]|3[0-9])(?:年(?P<m>[0-9]{{1,2}})月|{_SEP}(?P<m2>[0-9]{{1,2}}){_SEP})(?P<d>[0-9]{{1,2}})[日号曰]?",
)
_MONTH = (
    rf"(?P<y>[0-9]{{4}})(?:年|{_SEP})(?P<m>[0-9]{{1,2}})月?",
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})",
    rf"(?P<y>{_CN_YEAR}|[0-9]{{4}})年(?P<m>{_CN_MONTH})月",
)
_TIME = re.compile(r"[ T]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?$")
_BORN = re.compile(r"(?:出生|生)?(?:\([0-9]{1,3}(?:周岁|岁)\))?$")
# A date may follow what it dates (学校（盖章）2023年3月28日), but not a word that makes it another day.
_BEFORE = rf"(?:[{HAN}()、:]*[^约近截至到自从前后{_ZERO}一二三四五六七八九十(、])??"
_NUMERALS = rf"[0-9一二三四五六七八九十廿卅{_ZERO}元]"


def _squeeze(text: str) -> str:
    """`text` tidied, without gaps (in 2023 3 28 they separate), a time of day and a day of the week."""
    plain = tidy(_TIME.sub("", fold(text).strip()))
    if re.fullmatch("[0-9]{4} +[0-9]{1,2}(?: +[0-9]{1,2})?", plain):
        plain = "-".join(plain.split())
    return _WEEKDAY.sub("", re.sub(r"[\s_]+", "", plain))


def _figure(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    if len(text) == 4:
        return int("".join(_YEAR_DIGITS[c] for c in text))
    return 1 if text == "元" else chinese_number(text) or 0


def _match(patterns: tuple[str, ...], text: str) -> tuple[int, int, int] | None:
    """Year, month and day (1 where the pattern has none) when `text` is one of `patterns`."""
    for pattern in patterns:
        if found := re.fullmatch(_BEFORE + pattern, text):
            parts = found.groupdict()
            year = _figure(parts["y"])
            month, day = parts["m"] or parts["m2"], parts.get("d") or "1"
            return year + 2000 if year < 100 else year, _figure(month), _figure(day)
    return None


def _valid(parts: tuple[int, int, int]) -> Date | None:
    try:
        return Date(*parts) if 1900 <= parts[0] <= 2100 else None
    except ValueError:
        return None


_PARTLY = re.compile(
    rf"(?:公元)?{_NUMERALS}{{0,4}}年{_NUMERALS}*月?{_NUMERALS}*日?|{_NUMERALS}*月{_NUMERALS}*日?|[0-9]{{4}}{_SEP}?[0-9]{{0,2}}"
)
_TWO_DAYS = re.compile(r"年.*年|日.*日|[日0-9][-~至到—]+[0-9]+[月日]")


def _unread(text: str) -> Typed:
    """Why `text` is no date."""
    if not re.search(_NUMERALS, re.sub(r"^20年", "年", text)):
        return BLANK
    if _TWO_DAYS.search(text):
        return Typed(None, "several")
    return Typed(None, "incomplete" if _PARTLY.fullmatch(text) else "not_plain")


def date(text: str) -> Typed:
    """A day as YYYY-MM-DD: 2023年3月28日, 2023.3.8, 20230328, 二〇二三年三月八日, 23.3.28; not 2023年 月 日."""
    plain = _squeeze(text)
    if parts := _match(_DATE, plain):
        day = _valid(parts)
        return Typed(day.isoformat()) if day else Typed(None, "invalid")
    return _unread(plain)


def month(text: str) -> Typed:
    """A month as YYYY-MM: 1964.06, 1964年6月, 196406, 1980年3月生; of a whole date its month."""
    plain = _BORN.sub("", _squeeze(text))
    for patterns in (_DATE, _MONTH):
        if parts := _match(patterns, plain):
            day = _valid(parts)
            return Typed(f"{day:%Y-%m}") if day else Typed(None, "invalid")
    return _unread(plain)


def year(text: str) -> Typed:
    """A year: 2022年, 2022年度, 二〇二二年 -> 2022."""
    plain = re.sub(r"\s+", "", tidy(text))
    if not plain:
        return BLANK
    found = re.fullmatch(rf"([0-9]{{4}}|{_CN_YEAR})(?:学年|年度?)?", plain)
    return Typed(_figure(found[1])) if found else Typed(None, "invalid")
