"""From the text on paper to a typed value: one function and one line in FIELD_TYPES for each type. Pure.

Nothing is repaired silently: letters that look like figures, approximate numbers and ranges leave no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpora.form import FormSpec
from corpora.mistakes import meant
from corpora.words import words
from extractors.dates import date, month, year
from extractors.numbers import decimal, integer, money, ordinal, percent
from extractors.phones import phone
from extractors.typed import BLANK, HAN, Typed, close_up, fold, tidy, trim

REMARK = re.compile(r"\((?P<words>[^()0-9]*)\)?\s*$")
"""What stands in brackets at the end of a folded text, if it is no number."""

_LEVELS = {first: f"{first}级" for first in "初中高"}
_TICKED = re.compile(r"[☑✓✔√■☒](?P<choice>[^□☐○☑✓✔√■☒]+)|(?P<before>[^□☐○☑✓✔√■☒]+)[☑✓✔√■☒](?=[\s□☐○]|$)")
_BOXES = re.compile(r"[□☐○☑✓✔√■☒]")
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")


def text(text: str) -> Typed:
    """Any words: gaps between Chinese characters and the marks of a fill-in rule gone, else as written."""
    plain = close_up(trim(text))
    return Typed(plain) if plain else BLANK


def person(text: str) -> Typed:
    """A name: 李 明 is 李明, 阿依古丽•买买提 gets ·, 胡明祥老师 loses the title; a surname alone keeps it (刘老师)."""
    plain = re.sub(r"[(（][^()（）]*[)）]$", "", close_up(tidy(text))).strip()
    plain = re.sub(r"(?<=\S)\s*[·•・‧∙]\s*(?=\S)", "·", plain)
    if not plain:
        return BLANK
    if re.search(rf"[{HAN}]\s*[、,，/;；和及与]\s*[{HAN}]", plain) or "\n" in plain:
        return Typed(None, "several")
    if re.search(r"[0-9@:]", plain):
        return Typed(None, "not_plain")
    title = max((t for t in words("titles") if plain.endswith(t)), key=len, default="")
    name = plain.removesuffix(title).strip()
    return Typed(plain if len(name) < 2 or name in words("compound_surnames") else name)


def email(text: str) -> Typed:
    """An address, its gaps gone (qq.co m); of several the first."""
    plain = tidy(text)
    if not plain:
        return BLANK
    found = _EMAIL.findall(plain) if len(re.findall("@", plain)) > 1 else _EMAIL.findall(re.sub(r"\s+", "", plain))
    return Typed(found[0]) if found else Typed(None, "invalid")


def _choice(text: str) -> str:
    """The ticked one of several boxes (□初级 ☑中级 □高级), else the whole text, without gaps and brackets."""
    folded = fold(text)
    if _BOXES.search(folded):
        ticked = [m["choice"] or m["before"] for m in _TICKED.finditer(folded)]
        folded = ticked[0] if len(ticked) == 1 else "/".join(ticked)
    return re.sub(r"[\s()\[\]<>《》〈〉“”\"]", "", tidy(folded))


def level(text: str) -> Typed:
    """初级, 中级 or 高级; also written 中, （中级）, 中等, 中級."""
    plain = _choice(text).replace("級", "级")
    if not plain:
        return BLANK
    if found := re.fullmatch("([初中高])(?:级|等|级证书)?", plain):
        return Typed(_LEVELS[found[1]])
    return Typed(None, "several" if len(set(re.findall("[初中高]", plain))) > 1 else "invalid")


def gender(text: str) -> Typed:
    """男 or 女."""
    plain = _choice(text).removesuffix("性")
    if not plain:
        return BLANK
    if plain in ("男", "女"):
        return Typed(plain)
    return Typed(None, "several" if {"男", "女"} <= set(plain) else "invalid")


def _remarked(plain: Callable[[str], Typed]) -> Callable[[str], Typed]:
    """The same type with a remark in brackets behind it: 104（含补考）, 60%（对应批次）."""
    return lambda text: plain(REMARK.sub("", fold(text)))


FIELD_TYPES: dict[str, Callable[[str], Typed]] = {
    "text": text,
    "school": text,
    "organisation": text,
    "person": person,
    "integer": integer,
    "headcount": integer,
    "number": ordinal,
    "decimal": decimal,
    "money": money,
    "percent": percent,
    "remarked_integer": _remarked(integer),
    "remarked_percent": _remarked(percent),
    "date": date,
    "month": month,
    "year": year,
    "phone": phone,
    "email": email,
    "level": level,
    "gender": gender,
}


def parse(kind: str, text: str) -> Typed:
    """What `text` means as a `kind` of FIELD_TYPES. Raises KeyError for a kind that is not there, nothing else."""
    return FIELD_TYPES[kind](text)


def unknown_types(form: FormSpec) -> tuple[str, ...]:
    """The form's fields and columns whose type is none of FIELD_TYPES, each with the type that is meant."""
    specs = {f"fields.{name}": one.type for name, one in form.fields.items()}
    specs |= {f"table.columns.{name}": one.type for name, one in form.table.columns.items()} if form.table else {}
    return tuple(
        f"{where}.type: there is no type {kind}{meant(kind, FIELD_TYPES)}"
        for where, kind in specs.items()
        if kind not in FIELD_TYPES
    )
