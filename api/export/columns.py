"""Which columns an export has: their names, the choice of them, and records narrowed to it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any

from api.export.rows import BACK, EVIDENCE, FRONT, Column, Record
from corpora.form import load_forms
from corpora.vocabulary import Vocabulary, vocabulary

CITED = {"#seals": "seals", "#signatures": "signatures", "#findings": "findings"}
"""Columns that tell a whole part of the record."""
SOURCE = {"#received": "received_at", "#sender": "sender", "#subject": "subject", "#file": "file_name"}
ALWAYS = ("schema", "id", "state", "level", "lane", "programme", "form", "city", "school_kind", "due")


class UnknownColumn(ValueError):
    """A name that no column has. nearest: the heading that is most like it, "" when none is."""

    def __init__(self, name: str, nearest: str):
        super().__init__(name, nearest)
        self.name, self.nearest = name, nearest

    def __str__(self) -> str:
        return f"没有“{self.name[:40]}”这一列" + (f"，是否指“{self.nearest}”？" if self.nearest else "")


@cache
def catalogue() -> tuple[Column, ...]:
    """Every column that may be chosen, in the order of an export; evidence comes with its column."""
    words = vocabulary()
    keys = {key for form in load_forms() for key in (*form.fields, *(form.table.columns if form.table else ()))}
    fields = [
        Column(key, words.field(key).full, words.field(key).kind) for key in words.in_order({*words.fields, *keys})
    ]
    front = [Column(key, *FRONT[key]) for key in FRONT]
    return (*front, *fields, *(Column(key, *BACK[key]) for key in BACK))


def chosen_columns(names: Iterable[str]) -> frozenset[str]:
    """The keys of columns given by key or heading, several in one text parted by commas; empty for all.

    Raises UnknownColumn.
    """
    parted = (name for text in names for name in text.replace("，", ",").split(","))
    keys = frozenset(key_of(name) for name in parted if name.strip())
    return frozenset() if keys.issuperset(column.key for column in catalogue()) else keys


def key_of(name: str) -> str:
    """The key of the column of that key or heading (with or without its unit). Raises UnknownColumn."""
    known = _names()
    if found := known.get(_plain(name)):
        return found
    headings = {_plain(column.heading): column.heading for column in catalogue()}
    # Of names as near, one that begins so: 学校名 is rather 学校名称 than 学校现名.
    near = sorted(get_close_matches(_plain(name), known, 3, 0.4), key=lambda one: not one.startswith(_plain(name)))
    by_key = {column.key: column.heading for column in catalogue()}
    nearest = headings.get(near[0]) or by_key.get(known[near[0]], near[0]) if near else ""
    raise UnknownColumn(name.strip(), nearest)


def wanted(key: str, columns: Collection[str]) -> bool:
    """Whether a table's column is among those chosen; with its evidence, and as a column of the rows."""
    return not columns or key.partition("@")[0].removeprefix("row.") in columns


def narrowed(record: Record, columns: Collection[str]) -> Record:
    """The record with what was chosen only, and what tells which record it is. It still fits the published schema."""
    if not columns:
        return record
    made: dict[str, Any] = {key: record[key] for key in ALWAYS if key in record}
    source = record.get("source") or {}
    kept = {"message_id", "pages", *(SOURCE[key] for key in columns if key in SOURCE)}
    made["source"] = {key: value for key, value in source.items() if key in kept}
    made["fields"] = _only(record.get("fields") or {}, columns)
    made["rows"] = [_only(row, columns) for row in record.get("rows") or []]
    matches = record.get("matches") or {}
    school = {"school", "#school", "#school_code", "#school_now"}.intersection(columns)
    certificate = {"certificate", "#certificate"}.intersection(columns)
    made["matches"] = {
        "school": matches.get("school") if school else None,
        "certificate": matches.get("certificate") if certificate else None,
        "rows": (matches.get("rows") or []) if certificate else [],
    }
    return made | {part: record[part] for key, part in CITED.items() if key in columns and part in record}


def _only(readings: Any, columns: Collection[str]) -> dict[str, Any]:
    return {key: reading for key, reading in readings.items() if key in columns}


@cache
def _names() -> dict[str, str]:
    """Every name that a column goes by; a heading goes before a short one."""
    words: Vocabulary = vocabulary()
    names: dict[str, str] = {}
    for column in catalogue():
        for name in (column.key, column.heading):
            names.setdefault(_plain(name), column.key)
    for key, field in words.fields.items():
        for name in (field.heading, field.short):
            if name:
                names.setdefault(_plain(name), key)
    for column in catalogue():
        names.setdefault(column.key.removeprefix("#"), column.key)
    evident = {f"{key}@{part}": f"{key}@{part}" for key in words.fields for part in EVIDENCE}
    evident |= {
        _plain(f"{form}·{title}"): f"{key}@{part}"
        for key, field in words.fields.items()
        for form in (field.full, field.heading)
        for part, (title, _) in EVIDENCE.items()
    }
    rows = {_plain(f"{field.full}（明细）"): f"row.{key}" for key, field in words.fields.items()}
    return evident | rows | {f"row.{key}": f"row.{key}" for key in words.fields} | names


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).lower()
