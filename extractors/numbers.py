"""Numbers as people write them in forms: figures, Chinese numerals, units. Pure; the door to cn2an."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import cn2an

from extractors.typed import BLANK, Problem, Typed, tidy

NUMERAL = "零〇○一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟廿卅"

_TO_PLAIN = str.maketrans("○〇壹贰叁肆伍陆柒捌玖拾佰仟两", "零零一二三四五六七八九十百千二")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_FIGURES = re.compile(r"[0-9]+(?:[.·。][0-9]+)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_HEADS = re.compile(r"^(?:共计|合计|总计|共|计)")
_COUNT_UNIT = re.compile(r"(?:人次|名学生|个人|人|名|位|个|家|所|项|种|份|张)$")
_TIMES = {"百": 100, "千": 1000, "万": 10000}


def chinese_number(text: str) -> int | None:
    """The whole number that Chinese numerals say (八十, 一百零三, 一百二, 八〇, 廿五), or None.

    cn2an also reads what nobody writes, so its answer counts only when it writes back what was read. 七八 is seven or
    eight: figures one after another count only with a zero among them.
    """
    plain = re.sub("^十|(?<=[零百千])十", "一十", text.translate(_TO_PLAIN).replace("廿", "二十").replace("卅", "三十"))
    if not plain or not set(plain) <= set(NUMERAL):
        return None
    if set(plain) <= _DIGITS.keys():
        return int("".join(str(_DIGITS[c]) for c in plain)) if len(plain) == 1 or "零" in plain[1:] else None
    try:
        value = int(cn2an.cn2an(plain, "normal"))
        written = re.sub("^十", "一十", cn2an.an2cn(value))
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return value if plain in (written, re.sub("(?<=[百千万].)[十百千]$", "", written)) else None


def _figures(text: str) -> Decimal | None:
    """The number written in figures, with at most a decimal point and commas at the thousands."""
    text = re.sub(r"\s*([.,])\s*", r"\1", text)
    if re.fullmatch(r"[0-9](?: [0-9]){1,3}", text):  # the reader's gaps; 5 80 may be two numbers
        text = text.replace(" ", "")
    return Decimal(re.sub("[·。]", ".", text).replace(",", "")) if _FIGURES.fullmatch(text) else None


def _why_not(text: str) -> Problem:
    if re.fullmatch(r"-\s*[0-9]+(?:\.[0-9]+)?%?", text):
        return "invalid"
    return "several" if len(re.findall(rf"[0-9]+(?:\.[0-9]+)?|[{NUMERAL}]+", text)) > 1 else "not_plain"


def _number(text: str) -> Decimal | Problem:
    """The number that `text` (tidied, without its unit) plainly says, or why it does not."""
    if not text:
        return "blank"
    twice = re.fullmatch(r"([^()]+)\(([^()]+)\)", text)  # 80（八十）
    if twice:
        first, second = _number(twice[1].strip()), _number(twice[2].strip())
        return first if first == second else "several"
    text = re.sub(r"^\((.*)\)$", r"\1", text).strip()
    if (figures := _figures(text)) is not None:
        return figures
    if (chinese := chinese_number(text.replace(" ", ""))) is not None:
        return Decimal(chinese)
    return _why_not(text)


def integer(text: str) -> Typed:
    """A count: 80, 80人, 80.0, 1,487, 八十, 1.2万; not 约60, 60-80, 8O."""
    tidied = tidy(text)
    tidied = _HEADS.sub("", tidied).strip()
    tidied = re.sub(r"\((人|名|位|个)\)$", r"\1", tidied)
    bare = _COUNT_UNIT.sub("", tidied).strip()
    number = _number(re.sub(r"\((.*?)(?:人|名|位|个)\)$", r"(\1)", bare))
    if isinstance(number, str) and bare[-1:] in _TIMES and (figures := _figures(bare[:-1].strip())) is not None:
        number = figures * _TIMES[bare[-1]]
    if isinstance(number, str):
        return Typed(None, number)
    if number != number.to_integral_value() or number >= 10**9:
        return Typed(None, "invalid")
    return Typed(int(number))


def _decimal(text: str, unit: str) -> Typed:
    number = _number(re.sub(rf"\s*(?:{unit})$", "", text).strip())
    if isinstance(number, str):
        return Typed(None, number)
    return Typed(float(number)) if number < 10**12 else Typed(None, "invalid")


def decimal(text: str) -> Typed:
    """A number with or without a fraction, in the unit of its column: 4.47, 4.47万元."""
    return _decimal(tidy(text), "万元")


def money(text: str) -> Typed:
    """An amount in 万元: 4.47, 4.47万元, 4.47万; yuan are made 万元: 44700元 is 4.47."""
    tidied = tidy(text).removeprefix("¥").removeprefix("￥").strip()
    if not re.search(r"[^万]元$", tidied):
        return _decimal(tidied, "万元|万")
    number = _number(tidied[:-1].strip())
    return Typed(None, number) if isinstance(number, str) else Typed(float(number / 10000))


def percent(text: str) -> Typed:
    """A rate in per cent: 80.06%, 80.06, 百分之八十 -> 80.0."""
    tidied = tidy(text)
    if not tidied.strip("% "):
        return BLANK
    return _decimal(tidied.removeprefix("百分之"), "%")


def ordinal(text: str) -> Typed:
    """A row's number: 1, 01, 1., （1）, ①, 一."""
    return integer(unicodedata.normalize("NFKC", text))
