"""Where figures stand in running text: telephones, dates, counts, addresses. Pure; on folded text (typed.fold)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from extractors import phones
from extractors.dates import date, month
from extractors.numbers import NUMERAL, chinese_number, integer

Shape = Literal["phone", "date", "count", "email"]
Place = tuple[Shape, int, int]

_EMAIL = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")

_GAP = r"[ \-—–]?"
_CODE = "0(?:10|2[0-9]|[3-9][0-9]{2})"
_AREA = rf"(?:\({_CODE}\)|{_CODE})"
_PHONE = re.compile(
    r"(?<![0-9A-Za-z@.])(?:(?:\(?\+ ?86\)?|0086)[- ]?)?(?:"
    rf"1[3-9][0-9](?:{_GAP}[0-9]){{8}}(?=1[3-9][0-9]{{9}})|1[3-9][0-9](?:{_GAP}[0-9]){{8}}"
    rf"|{_AREA} ?[-—–]{{0,2}} ?[2-9](?:[ -]?[0-9]){{7}}(?![0-9])|{_AREA} ?[-—–]{{0,2}} ?[2-9](?:[ -]?[0-9]){{6}}"
    r"|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}|[48]00[- ]?[0-9]{4}[- ]?[0-9]{3})"
    r"(?: ?(?:转|分机|-) ?[0-9]{1,5})?(?![0-9A-Za-z@]|[-.][0-9])"
)
# Figures that would be a telephone if they were not short or long by one; plausible only where a number is due.
_NEARLY = re.compile(
    r"(?<![0-9A-Za-z@.-])(?:\(?0[0-9]{2,3}\)?[-—–]?|1[3-9]|[2-9])[0-9][0-9 -]{4,11}[0-9](?![0-9A-Za-z@-])"
)

_Y = "(?:19|20)[0-9]{2}"
_CN = "[一二三四五六七八九十廿]{1,3}"
_DATE = re.compile(
    rf"(?<![0-9.])(?:{_Y} ?年 ?[0-9]{{1,2}} ?月 ?[0-9]{{1,2}} ?[日号]"
    rf"|{_Y}(?P<sep> ?[-./] ?)[0-9]{{1,2}}(?P=sep)[0-9]{{1,2}}(?![0-9])"
    rf"|{_Y}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
    rf"|(?:{_Y}|[一二三四五六七八九〇○零O]{{4}}) ?年 ?{_CN} ?月 ?{_CN} ?[日号]?"
    rf"|{_Y} ?年 ?[0-9]{{1,2}} ?月(?:份)?|[一二三四五六七八九〇○零]{{4}}年{_CN}月"
    rf"|{_Y}[-./](?:0[1-9]|1[0-2])(?![0-9./万元%-])"
    rf"|[0-9]{{1,2}} ?月 ?[0-9]{{1,2}} ?[日号]|(?<![一-鿿]){_CN}月{_CN}[日号])"
)
_MONTH_DAY = re.compile(rf"(?P<m>[0-9]{{1,2}}|{_CN})月(?P<d>[0-9]{{1,2}}|{_CN})[日号]")

_NUMBER = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,6}}|[{NUMERAL}]{{1,8}})"
_MEASURE = (
    "(?:人次|人(?![民员才工数大均事社])|名(?![称单额师])|位(?![置于数])|个人(?![信所中账])|个(?![月别性工小百星人体])"
    "|份(?![额])|项(?![目])|种(?![类植子])|家(?![长庭乡])|所(?![有在以需属长])|[张门套页件场台间册](?![老女小某程处主])(?!码))"
)
_COUNT = re.compile(
    rf"(?<![0-9第{NUMERAL}-])(?<![0-9][.,:])(?:(?<![统唯之同逐单另专])|(?!一))"
    "(?:约|近|大约|大概|将近|超过|不少于|不超过|至少|[上数几](?=[十百千万]))? ?"
    rf"{_NUMBER}(?: ?[-~至到—] ?{_NUMBER})? ?[余多来几]?[百千万]? ?{_MEASURE}(?:左右|上下|以上|以下|以内)?"
)


def shapes(text: str) -> Iterator[Place]:
    """Kind, start and end of every address, date, telephone and count in `text`; the first kind keeps the place.

    Only telephones that exist are found here; see `nearly_phones`.
    """
    taken = bytearray(len(text))
    for kind, pattern in (("email", _EMAIL), ("date", _DATE), ("phone", _PHONE), ("count", _COUNT)):
        for found in pattern.finditer(text):
            if any(taken[found.start() : found.end()]) or (kind == "date" and date_value(found[0]) is None):
                continue
            taken[found.start() : found.end()] = b"\1" * len(found[0])
            yield kind, found.start(), found.end()  # type: ignore[misc]


def nearly_phones(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of figures in `text` that a person means as a telephone where one is due: a digit short, local."""
    for found in _NEARLY.finditer(text):
        if 7 <= len(re.sub("[^0-9]", "", found[0])) <= 13:
            yield found.start(), found.end()


def date_value(text: str) -> str | None:
    """YYYY-MM-DD, YYYY-MM, or, when the year is not written, --MM-DD (as in vCard); None for a day that is none."""
    plain = re.sub(" ", "", text).removesuffix("份")
    if found := _MONTH_DAY.fullmatch(plain):
        m, d = (int(part) if part.isdigit() else chinese_number(part) or 0 for part in found.group("m", "d"))
        leap = date(f"2024-{m}-{d}").value
        return f"-{str(leap)[4:]}" if leap else None
    value = date(text).value or month(text).value
    return None if value is None else str(value)


def count_value(text: str) -> int | None:
    """How many, None when it is about so many."""
    value = integer(re.sub(rf"(?<=[0-9{NUMERAL} ]){_MEASURE}$", "", text)).value
    return int(value) if value is not None else None


def phone_value(text: str) -> str | None:
    value = phones.phone(text).value
    return None if value is None else str(value)
