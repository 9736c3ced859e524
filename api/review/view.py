"""What the record page shows, made from the contract's record: pure.

A mark is a box on a page picture and the place on the right that it belongs to; both carry the same `id`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.export.rows import cell
from corpora.vocabulary import Vocabulary

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Mark:
    """A box on a page: corners in fractions of the page as SVG writes points. kind: value, seal or signature."""

    id: str
    page: int
    points: str
    label: str
    kind: str
    severity: str


@dataclass(frozen=True, slots=True)
class Item:
    """One value as it is shown. `state` is what stands in its place when nothing was written (空白, 未找到 …)."""

    id: str
    key: str
    heading: str
    shown: str
    raw: str
    state: str
    confidence: float | None
    page: int | None
    doubt: str
    severity: str
    origin: str
    """Who said so, when it was not the machine."""
    text: str = ""
    """What stands in the input: as it is on the paper, or as a person wrote it."""
    kind: str = "text"
    box: tuple[float, float, float, float] | None = None
    machine: str = ""
    """What the machine had read, when a person wrote something else."""
    options: tuple[str, ...] = ()
    """Other readings that the machine had in mind."""


@dataclass(frozen=True, slots=True)
class RecordView:
    items: tuple[Item, ...]
    columns: tuple[tuple[str, str, str], ...]
    """Key, heading and kind of each column of the form's table."""
    rows: tuple[dict[str, Item], ...]
    marks: tuple[Mark, ...]
    turns: dict[int, int]
    """By how many degrees, clockwise, the picture of a page must be turned to stand upright, where that is known."""

    def marks_of(self, page: int) -> list[Mark]:
        # The large ones first, so that a small box within a seal can still be reached.
        return sorted((m for m in self.marks if m.page == page), key=lambda m: m.kind != "seal")


def record_view(record: Mapping[str, Any], words: Vocabulary) -> RecordView:
    """The view of one record of the contract."""
    worst = _worst_by_place(record.get("findings") or [])
    fields, rows = record.get("fields") or {}, record.get("rows") or []
    items = {key: _item(f"f-{key}", key, fields[key], worst, None, words) for key in words.in_order(set(fields))}
    keys = words.in_order({key for row in rows for key in row})
    lines = tuple(
        {key: _item(f"r{n}-{key}", key, row[key], worst, n, words) for key in keys if key in row}
        for n, row in enumerate(rows, start=1)
    )
    readings = [(item, fields[key]) for key, item in items.items()]
    readings += [(item, rows[n][key]) for n, line in enumerate(lines) for key, item in line.items()]
    columns = tuple((key, words.field(key).short or words.field(key).heading, words.field(key).kind) for key in keys)
    marks = (*(m for item, reading in readings for m in _value_mark(item, reading)), *_ink_marks(record, words))
    return RecordView(tuple(items.values()), columns, lines, marks, _turns(reading for _, reading in readings))


def _turns(readings: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """A value's first corner is its top left, its second the top right, as it is read."""
    seen: dict[int, list[int]] = {}
    for reading in readings:
        if reading.get("quad") and reading.get("page"):
            (x0, y0), (x1, y1) = reading["quad"][:2]
            turn = round(-math.degrees(math.atan2(y1 - y0, x1 - x0)) / 90) * 90 % 360
            seen.setdefault(reading["page"], []).append(turn)
    return {page: max(set(turns), key=turns.count) for page, turns in seen.items()}


def shown_time(moment: datetime | None) -> str:
    """2023-03-28 09:12 in Chinese time; empty when unknown."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else ""


def shown_stamp(stamp: str | None) -> str:
    """The same for an ISO 8601 text."""
    return shown_time(datetime.fromisoformat(stamp)) if stamp else ""


def severity_counts(findings: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many findings of each severity that occurs, the gravest first."""
    found = [finding["severity"] for finding in findings]
    return {severity: found.count(severity) for severity in SEVERITIES if severity in found}


def school_name(record: Mapping[str, Any]) -> str:
    """The decided school, else what the paper says; empty when neither is known."""
    match = (record.get("matches") or {}).get("school") or {}
    written = (record.get("fields") or {}).get("school") or {}
    return (match.get("name") if match.get("decided") else "") or written.get("text") or match.get("name") or ""


def _worst_by_place(findings: Iterable[Mapping[str, Any]]) -> dict[tuple[str | None, int | None], str]:
    worst: dict[tuple[str | None, int | None], str] = {}
    open_ = [finding for finding in findings if not finding.get("settled")]
    for severity in reversed(SEVERITIES):
        worst |= {(f.get("field"), f.get("row")): severity for f in open_ if f["severity"] == severity}
    return worst


def _item(
    id: str,
    key: str,
    reading: Mapping[str, Any],
    worst: Mapping[tuple[str | None, int | None], str],
    row: int | None,
    words: Vocabulary,
) -> Item:
    value, raw = cell(reading), reading.get("text") or ""
    state, origin = reading.get("reading", "written"), reading.get("origin", "machine")
    known, box = words.field(key), reading.get("box")
    return Item(
        id=id,
        key=key,
        heading=known.full,
        shown="" if value is None else str(value),
        raw=raw if value is not None and raw != str(value) else "",
        state="" if state == "written" else words.readings.get(state, state),
        confidence=reading.get("confidence") if state == "written" and origin == "machine" else None,
        page=reading.get("page"),
        doubt=reading.get("doubt") or "",
        severity=worst.get((key, row), ""),
        origin="" if origin == "machine" else words.origins.get(origin, origin),
        text=raw,
        kind=known.kind,
        box=(box[0], box[1], box[2], box[3]) if box and reading.get("page") else None,
        machine=_said_by_machine(reading, words),
        options=tuple(one for one in reading.get("options") or () if one != raw),
    )


def _said_by_machine(reading: Mapping[str, Any], words: Vocabulary) -> str:
    """What the machine had read, if a person says something else: its text, or 空白 and the like."""
    machine = reading.get("machine")
    if not isinstance(machine, Mapping) or machine.get("text") == reading.get("text"):
        return ""
    return machine.get("text") or words.readings.get(machine.get("reading", ""), "")


def _value_mark(item: Item, reading: Mapping[str, Any]) -> list[Mark]:
    if not (reading.get("page") and (reading.get("quad") or reading.get("box"))):
        return []
    label = f"{item.heading}：{item.shown or item.state}"
    return [Mark(item.id, reading["page"], _points(reading), label, "value", item.severity)]


def _ink_marks(record: Mapping[str, Any], words: Vocabulary) -> list[Mark]:
    marks = []
    for n, seal in enumerate(record.get("seals") or [], start=1):
        label = f"{words.seal_kinds.get(seal['kind'], '印章')}：{seal.get('text') or '文字未能辨认'}"
        marks.append(Mark(f"s{n}", seal["page"], _points(seal), label, "seal", ""))
    for n, one in enumerate(record.get("signatures") or [], start=1):
        if one.get("page") and one.get("box"):
            label = f"{words.roles.get(one['role'], one['role'])}签字"
            marks.append(Mark(f"g{n}", one["page"], _points(one), label, "signature", ""))
    return marks


def _points(reading: Mapping[str, Any]) -> str:
    quad = reading.get("quad")
    if not quad:
        x0, y0, x1, y1 = reading["box"]
        quad = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    return " ".join(f"{x:.5f},{y:.5f}" for x, y in quad)
