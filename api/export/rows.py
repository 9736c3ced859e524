"""A record as lines of a table: pure. One line for each data row, with the record's own values repeated.

A cell is what the writers get: text, a number or None. Where a value is not clear (约60, 初/中级) the cell shows what
stands on the paper, so that nothing is lost and no number is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corpora.vocabulary import Kind, Vocabulary

Cell = str | int | float | None
Line = dict[str, Cell]
Record = Mapping[str, Any]
Wanted = Callable[[str], bool]
"""Whether the column of a key shall be shown."""

FRONT: dict[str, tuple[str, Kind]] = {
    "#id": ("记录编号", "code"),
    "#form": ("表格", "text"),
    "#programme": ("项目", "text"),
    "#state": ("状态", "text"),
    "#lane": ("分类", "text"),
    "#received": ("收到时间", "date"),
    "#sender": ("发件人", "text"),
    "#subject": ("邮件主题", "text"),
    "#file": ("文件名", "text"),
    "#school": ("学校（匹配）", "text"),
    "#school_code": ("学校标识码", "code"),
    "#school_now": ("学校现名", "text"),
    "#row": ("行", "number"),
}
BACK: dict[str, tuple[str, Kind]] = {
    "#certificate": ("证书（匹配）", "text"),
    "#seals": ("印章", "text"),
    "#signatures": ("签字", "text"),
    "#findings": ("问题", "text"),
}
EVIDENCE: dict[str, tuple[str, Kind]] = {
    "text": ("原文", "text"),
    "reading": ("识别情况", "text"),
    "confidence": ("置信度", "number"),
    "page": ("页", "number"),
    "box": ("位置", "text"),
    "by": ("修改人", "text"),
    "at": ("修改时间", "text"),
}


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    heading: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """Lines under columns; a line may lack a column (its cell is None)."""

    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def every(_: str) -> bool:
    """The choice of all columns."""
    return True


def table(
    title: str, records: Iterable[Record], words: Vocabulary, *, evidence: bool = False, wanted: Wanted = every
) -> Table:
    """One table of all the records' lines; its columns are those that are wanted and that any of them has."""
    lines = tuple(line for record in records for line in record_lines(record, words, evidence=evidence))
    return Table(title, tuple(column for column in _columns(lines, words) if wanted(column.key)), lines)


def tables(
    records: Iterable[Record], words: Vocabulary, *, evidence: bool = False, wanted: Wanted = every
) -> list[Table]:
    """A table for each kind of form, in the vocabulary's order; pages without a known form come last."""
    kinds: dict[str | None, list[Record]] = {}
    for record in records:
        kinds.setdefault(record.get("form"), []).append(record)
    known = {key: place for place, key in enumerate(words.forms)}
    order = sorted(kinds, key=lambda key: (key is None, known.get(key or "", len(known)), key or ""))
    return [table(words.form_title(key), kinds[key], words, evidence=evidence, wanted=wanted) for key in order]


def record_lines(record: Record, words: Vocabulary, *, evidence: bool = False) -> list[Line]:
    """At least one line; as many as the record has data rows."""
    fields: Mapping[str, Any] = record.get("fields") or {}
    own = _front(record, words) | _readings(fields, words, evidence) | _back(record, words)
    rows = record.get("rows") or []
    matched = (record.get("matches") or {}).get("rows") or []
    lines = []
    for number, row in enumerate(rows, start=1):
        # A key that is both a field and a column of one form keeps both: the column's stands under its own name.
        cells = {key if key not in fields else f"row.{key}": reading for key, reading in row.items()}
        line = own | {"#row": number} | _readings(cells, words, evidence)
        match = matched[number - 1] if number <= len(matched) else {}
        lines.append(line | _certificate((match or {}).get("certificate")))
    return lines or [own]


def _front(record: Record, words: Vocabulary) -> Line:
    source = record.get("source") or {}
    school = (record.get("matches") or {}).get("school") or {}
    decided = bool(school.get("decided"))
    return {
        "#id": record.get("id"),
        "#form": words.form_title(record.get("form")),
        "#programme": record.get("programme"),
        "#state": words.states.get(record.get("state", ""), record.get("state")),
        "#lane": words.lanes.get(record.get("lane", ""), record.get("lane")),
        "#received": moment(source.get("received_at")),
        "#sender": source.get("sender"),
        "#subject": source.get("subject"),
        "#file": source.get("file_name"),
        "#school": school.get("name") if decided else None,
        "#school_code": school.get("code") if decided else None,
        "#school_now": school.get("current_name") if decided else None,
    }


def _back(record: Record, words: Vocabulary) -> Line:
    back: Line = {
        "#seals": "；".join(seal_words(seal, words) for seal in record.get("seals") or []) or None,
        "#signatures": "；".join(signature_words(one, words) for one in record.get("signatures") or []) or None,
        "#findings": "\n".join(finding_words(one, words) for one in record.get("findings") or []) or None,
    }
    return back | _certificate((record.get("matches") or {}).get("certificate"))


def _certificate(match: Mapping[str, Any] | None) -> Line:
    return {"#certificate": match.get("name")} if match and match.get("decided") else {}


def _readings(readings: Mapping[str, Any], words: Vocabulary, evidence: bool) -> Line:
    line: Line = {}
    for key, reading in readings.items():
        line[key] = cell(reading)
        if evidence:
            box = reading.get("box")
            line[f"{key}@text"] = reading.get("text")
            line[f"{key}@reading"] = words.readings.get(reading.get("reading", ""), reading.get("reading"))
            line[f"{key}@confidence"] = reading.get("confidence")
            line[f"{key}@page"] = reading.get("page")
            line[f"{key}@box"] = " ".join(f"{x:.4f}" for x in box) if box else None
            if reading.get("by"):
                line |= {f"{key}@by": reading["by"], f"{key}@at": moment(reading.get("at"))}
    return line


def cell(reading: Mapping[str, Any]) -> Cell:
    """The value; where it is not clear, what stands on the paper; None for a blank."""
    value: Cell = reading.get("value")
    return value if value is not None else reading.get("text") or None


def moment(stamp: str | None) -> str | None:
    """2023-03-28T09:12:00+08:00 -> 2023-03-28 09:12 (the stamp's own zone: the store keeps Asia/Shanghai)."""
    return stamp[:16].replace("T", " ") if stamp else None


def seal_words(seal: Mapping[str, Any], words: Vocabulary) -> str:
    """红色圆章“某某学院”（本校公章）."""
    look = words.seal_colours.get(seal.get("colour", ""), "") + words.seal_kinds.get(seal.get("kind", ""), "印章")
    name = " ".join(filter(None, (seal.get("text"), seal.get("lower_text"))))
    owner = words.seal_owners.get(seal.get("owner", ""), "")
    return look + (f"“{name}”" if name else "") + (f"（{owner}）" if owner else "")


def signature_words(signature: Mapping[str, Any], words: Vocabulary) -> str:
    """学校负责人：已签字."""
    role, state = signature.get("role", ""), signature.get("state", "")
    return f"{words.roles.get(role, role)}：{words.signature_states.get(state, state)}"


def finding_words(finding: Mapping[str, Any], words: Vocabulary) -> str:
    """【须处理】第 2 行 级别：…（已确认：与学校核实）."""
    severity = finding.get("severity", "")
    place = f"第 {finding['row']} 行 " if finding.get("row") else ""
    name = words.field(finding["field"]).heading + "：" if finding.get("field") else ""
    settled = f"（已确认：{finding['settled']['reason']}）" if finding.get("settled") else ""
    return f"【{words.severities.get(severity, severity)}】{place}{name}{finding.get('message', '')}{settled}"


def _columns(lines: Iterable[Line], words: Vocabulary) -> tuple[Column, ...]:
    present = {key for line in lines for key in line}
    plain = {key for key in present if not key.startswith("#") and "@" not in key}
    columns = [Column(key, *FRONT[key]) for key in FRONT if key in present]
    for key in words.in_order({key.removeprefix("row.") for key in plain}):
        for full in (key, f"row.{key}"):
            if full in plain:
                columns += _value_columns(full, present, words)
    return (*columns, *(Column(key, *BACK[key]) for key in BACK if key in present))


def _value_columns(key: str, present: set[str], words: Vocabulary) -> list[Column]:
    field = words.field(key.removeprefix("row."))
    heading = field.full + ("（明细）" if key.startswith("row.") else "")
    shown = [Column(key, heading, field.kind)]
    for name, (title, kind) in EVIDENCE.items():
        if f"{key}@{name}" in present:
            shown.append(Column(f"{key}@{name}", f"{heading}·{title}", kind))
    return shown
