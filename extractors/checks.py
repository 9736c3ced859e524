"""The form's own rules: what is missing, of no type, out of order, or does not add up. Pure.

Rules are declared in the form's YAML; each kind is one function here and one line in RULES.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from math import isfinite
from typing import Any

from corpora.form import ColumnSpec, FieldSpec, FormSpec
from corpora.vocabulary import vocabulary
from extractors.extraction import Extraction, Finding, Reading, Severity
from extractors.fieldtypes import REMARK
from extractors.repairs import with_offer
from extractors.typed import fold

SEVERITY: Mapping[str, Severity] = {
    "field.missing": "error",
    "field.invalid": "error",
    "field.unsure": "warning",
    "date.missing": "error",
    "phone.invalid": "warning",
    "level.invalid": "error",
    "headcount.invalid": "error",
    "total.missing": "warning",
}


def heading(name: str) -> str:
    return vocabulary().field(name).heading


def check(extraction: Extraction, form: FormSpec, year: int | None) -> tuple[Finding, ...]:
    """All findings about the values of one form. year: the programme's, None when no programme is known."""
    missing = _pages_missing(extraction, form)
    findings = [*extraction.findings, *missing]
    for name, spec in form.fields.items():
        reading = extraction.fields[name]
        if not (missing and reading.reading == "not_found"):  # it may stand on the page that is not here
            findings += _value(name, None, spec, reading)
    for number, row in enumerate(extraction.rows, 1):
        for name, column in form.table.columns.items() if form.table else ():
            findings += _value(name, number, column, row[name])
    if form.table and not extraction.rows and not _blank_form(extraction, form):
        findings.append(
            Finding("field.unsure", "warning", "没有读到表格中的任何一行，请对照图片补录。", form.table.key)
        )
    if _blank_form(extraction, form):
        return (
            *extraction.findings,
            Finding("form.blank", "error", "这是一张没有填写的空白表，请学校填写后重新发送。"),
        )
    for rule in form.checks:
        said = [with_offer(f, rule, extraction, form) for f in RULES[rule.rule](rule, extraction, year)]
        findings += [_unless_doubtful(f, rule, extraction) for f in said]
    return tuple(findings)


def _unless_doubtful(finding: Finding, rule: Any, extraction: Extraction) -> Finding:
    """What rests on a value that we may have misread is asked about that value, and not said of the school."""
    told = rule.model_dump(exclude={"rule", "code"}).values()
    names = [name for one in told for name in (one if isinstance(one, tuple) else (one,)) if isinstance(name, str)]
    places: list[tuple[str, int | None, Reading | None]] = [(name, None, extraction.fields.get(name)) for name in names]
    rows = [(n, row) for n, row in enumerate(extraction.rows, 1) if finding.row in (None, n)]
    places += [(name, n, row.get(name)) for n, row in rows for name in names]
    doubtful = next(((name, n) for name, n, reading in places if reading and reading.doubt), None)
    if doubtful is None:
        return finding
    return replace(finding, code="field.unsure", severity="warning", field=doubtful[0], row=doubtful[1])


def _blank_form(extraction: Extraction, form: FormSpec) -> bool:
    """Every place that was found is empty, and most were found."""
    readings = [r for n, r in extraction.fields.items() if form.fields[n].required]
    found = [r for r in readings if r.reading != "not_found"]
    return not extraction.rows and len(found) * 2 > len(readings) and all(r.reading == "blank" for r in found)


def _pages_missing(extraction: Extraction, form: FormSpec) -> list[Finding]:
    """A table that ends without the form's foot, or whose numbers jump from one page to the next."""
    if not extraction.rows:
        return []
    foot = [r.reading for name, r in extraction.fields.items() if form.fields[name].type == "date"]
    slots = [s.page for s in extraction.signatures if not form.signatures[s.role].optional]
    if foot and slots and set(foot) == {"not_found"} and set(slots) == {None}:
        message = "表格之后应有的日期和签字都没有找到，可能缺少最后一页，请对照图片核对，缺页请学校补齐后重新发送。"
        return [Finding("form.page_missing", "warning", message)]
    numbers = [(r.value, r.page) for row in extraction.rows if (r := row.get("number")) and isinstance(r.value, int)]
    for (before, page), (after, next_page) in pairwise(numbers):
        if page != next_page and isinstance(before, int) and isinstance(after, int) and after > before + 1:
            message = f"第{page}页的序号到 {before} 为止，第{next_page}页从 {after} 开始，中间可能缺页，请核对。"
            return [Finding("form.page_missing", "warning", message)]
    return []


def _value(name: str, row: int | None, spec: FieldSpec | ColumnSpec, reading: Reading) -> list[Finding]:
    where = f"第{row}行“{heading(name)}”" if row else f"“{heading(name)}”"

    def finding(code: str, message: str) -> list[Finding]:
        return [Finding(code, SEVERITY.get(code, "error"), message, name, row)]

    if reading.reading == "not_found":
        return finding("field.unsure", f"没有找到{where}，请对照图片补录。") if spec.required else []
    if reading.reading == "unreadable":
        return finding("field.unsure", f"{where}无法辨认，请对照图片补录。")
    if reading.reading == "blank":
        return finding(spec.missing, f"{where}没有填写，请学校补填。") if spec.required else []
    if isinstance(spec, ColumnSpec) and reading.value is None and fold(reading.text) in spec.pending:
        return []
    if reading.doubt:  # what we may have misread is no mistake of the school's
        return finding("field.unsure", f"{where}读作“{reading.text}”，{reading.doubt}。") if spec.required else []
    if reading.value is None:
        return finding(spec.invalid, f"{where}写作“{reading.text}”，意思不明确，请核对或请学校更正。")
    if spec.type == "phone" and not _is_phone(str(reading.value)):
        return finding(spec.invalid, f"{where}写作“{reading.text}”，不是有效的电话号码，请与学校核实。")
    return []


def _is_phone(digits: str) -> bool:
    from extractors.fieldtypes import parse

    return parse("phone", digits).problem is None


def _number(reading: Reading | None) -> Decimal | None:
    value = reading.value if reading else None
    return Decimal(str(value)) if isinstance(value, (int, float)) and isfinite(value) else None


def _sum(rule: Any, extraction: Extraction, _: int | None) -> list[Finding]:
    total = _number(extraction.fields.get(rule.field))
    parts = [_number(row[rule.column]) for row in extraction.rows]
    read = [p for p in parts if p is not None]
    if total is None or not read or len(read) < len(parts) or sum(read) == total:
        return []
    message = f"{heading(rule.field)}写作 {total}，各行之和为 {sum(read)}，请核对。"
    return [Finding(rule.code, "error", message, rule.field)]


def _higher(rule: Any, extraction: Extraction, _: int | None) -> list[Finding]:
    findings = []
    for number, row in enumerate(extraction.rows, 1):
        after, before = _number(row[rule.column]), _number(row[rule.than])
        if after is not None and before is not None and after <= before:
            message = f"第{number}行{heading(rule.column)} {after} 不高于{heading(rule.than)} {before}。"
            findings.append(Finding(rule.code, "error", message, rule.column, number))
    return findings


def _at_most(rule: Any, extraction: Extraction, _: int | None) -> list[Finding]:
    findings = []
    for number, row in enumerate(extraction.rows, 1):
        value, bound = _number(row[rule.column]), _number(row[rule.bound])
        if value is not None and bound is not None and value > bound:
            message = f"{heading(rule.column)} {value} 大于{heading(rule.bound)} {bound}。"
            findings.append(Finding(rule.code, "error", message, rule.column, number))
    return findings


def _ratio(rule: Any, extraction: Extraction, _: int | None) -> list[Finding]:
    findings = []
    for number, row in enumerate(extraction.rows, 1):
        rate, part, whole = (_number(row[k]) for k in (rule.column, rule.part, rule.whole))
        if rate is None or part is None or not whole:
            continue
        true = part / whole * 100
        step = Decimal(1).scaleb(_exponent(row[rule.column].text))
        if abs(rate - true) > step:  # one unit of the last digit written: rounded or cut off
            shown = true.quantize(Decimal("0.01"), ROUND_HALF_UP)
            message = f"{heading(rule.column)}写作 {rate}，按{heading(rule.part)}÷{heading(rule.whole)}应为 {shown}"
            remarks = _remarks(row[k] for k in (rule.column, rule.part, rule.whole))
            severity: Severity = "warning" if remarks else "error"  # 60%（对应批次） is of another whole
            findings.append(Finding(rule.code, severity, f"{message}{remarks}。", rule.column, number))
    return findings


def _range(rule: Any, extraction: Extraction, _: int | None) -> list[Finding]:
    findings = []
    for number, row in enumerate(extraction.rows, 1):
        value = _number(row[rule.column])
        if value is not None and value > Decimal(str(rule.most)):
            remarks = _remarks(row.values())
            message = f"第{number}行{heading(rule.column)} {value} 超过 {rule.most:g}{remarks}，请核实原因。"
            findings.append(Finding(rule.code, "warning", message, rule.column, number))
    return findings


def _remarks(readings: Iterable[Reading]) -> str:
    """What the cells say in brackets beside their figures: the reason for an odd one, if there is any."""
    found = [m["words"] for r in readings if re.match(r"\s*[0-9]", r.text) and (m := REMARK.search(fold(r.text)))]
    said = dict.fromkeys(words for words in found if words)
    return f"（表中注明“{'；'.join(said)}”）" if said else ""


def _exponent(text: str) -> int:
    """The place of the last digit written: -1 for 80.0, 0 for 80."""
    decimals = re.search(r"\.\s*([0-9]+)", fold(text))
    return -len(decimals[1]) if decimals else 0


def _year(rule: Any, extraction: Extraction, year: int | None) -> list[Finding]:
    value = extraction.fields[rule.field].value
    if year is None or not isinstance(value, str) or value[:4] == str(year):
        return []
    message = f"{heading(rule.field)}为 {value}，不在 {year} 年，请核对。"
    return [Finding(rule.code, "warning", message, rule.field)]


def _distinct(rule: Any, extraction: Extraction, _: int | None) -> list[Finding]:
    seen: dict[tuple[object, ...], int] = {}
    findings = []
    for number, row in enumerate(extraction.rows, 1):
        key = tuple(row[c].value for c in rule.columns)
        if None in key:
            continue
        if key in seen:
            message = f"第{number}行与第{seen[key]}行重复：{'、'.join(map(str, key))}。"
            findings.append(Finding(rule.code, "warning", message, rule.columns[0], number))
        seen.setdefault(key, number)
    return findings


def _values(extraction: Extraction, name: str) -> list[tuple[int | None, Reading]]:
    if name in extraction.fields:
        return [(None, extraction.fields[name])]
    return [(number, row[name]) for number, row in enumerate(extraction.rows, 1) if name in row]


def _age(rule: Any, extraction: Extraction, year: int | None) -> list[Finding]:
    written = _month(extraction.fields[rule.date].value)
    day = written or (year and (year, 12))
    findings = []
    for number, birth in _values(extraction, rule.birth):
        born = _month(birth.value)
        if not born or not day:
            continue
        age = day[0] - born[0] - (day[1] < born[1])
        if age > rule.years and (written or age > rule.years + 1):
            message = f"出生年月 {birth.value}，已满 {age} 周岁，超过 {rule.years} 周岁。"
            findings.append(Finding(rule.code, "warning", message, rule.birth, number))
    return findings


def _month(value: object) -> tuple[int, int] | None:
    """Year and month of a day or a month in its canonical form."""
    found = re.match(r"([0-9]{4})-([0-9]{2})\b", value) if isinstance(value, str) else None
    return (int(found[1]), int(found[2])) if found else None


def _contains(rule: Any, extraction: Extraction, _: int | None) -> list[Finding]:
    findings = []
    for number, reading in _values(extraction, rule.value):
        fits = any(t in reading.text for t in rule.any_of) and not any(t in reading.text for t in rule.none_of)
        if reading.reading == "written" and reading.text and not fits:
            message = f"{heading(rule.value)}“{reading.text}”低于副高级，请核对是否符合条件。"
            findings.append(Finding(rule.code, "warning", message, rule.value, number))
    return findings


RULES: Mapping[str, Callable[[Any, Extraction, int | None], list[Finding]]] = {
    "sum": _sum,
    "higher": _higher,
    "at_most": _at_most,
    "ratio": _ratio,
    "range": _range,
    "year": _year,
    "distinct": _distinct,
    "age": _age,
    "contains": _contains,
}
