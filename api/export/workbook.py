"""The office's own XLSX template, filled line by line. Beside ingest.office, the door to openpyxl.

A row with named placeholders ({{学校名称}}, {{school}}) is repeated for each line with its formatting, merged cells and
formulas; what stands below moves down, and sums over the row grow. Everything else stays as it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import is_date_format
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula

from api.export.cells import fitted, neutral
from api.export.columns import UnknownColumn, key_of
from api.export.rows import Cell, Line
from api.export.shifting import shifted, spread

LARGEST = 2_000_000  # bytes of a template
UNPACKED = 40_000_000  # bytes of its parts
CELLS = 100_000
ROWS = 1_048_576
FILLED = 2_000_000  # cells of a filled one, which is all in memory
TOLD = {"流水号": "#line", "导出日期": "#day", "导出人": "#by", "材料数": "#count"}
"""What a template may name beside columns: the number of the line, the day, who exports, and how many records."""
SHOWN = 5  # values that a cell outside the repeated row names

_PLACE = re.compile(r"[{｛]{2}\s*([^{}｛｝]+?)\s*[}｝]{2}")
_FORBIDDEN = {
    "模板含有宏，请另存为不含宏的 .xlsx": ("vbaproject", "macrosheets", "/activex", "vbadata"),
    "模板含有指向其他文件或数据库的链接，请在 Excel 的“数据 → 编辑链接”中断开": (
        "externallinks", "connections.xml", "querytables",
    ),
    "模板含有嵌入的对象或控件，请删去后再上传": ("/embeddings/", "/ctrlprops/"),
}  # fmt: skip
_SHAPES = re.compile(rb"<xdr:(sp|grpSp|cxnSp)[ >]")
_REMOTE = re.compile(r"WEBSERVICE|RTD\s*\(|IMAGE\s*\(|DDE|\||\[\d+\]", re.IGNORECASE)
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class BadTemplate(ValueError):
    """Why a template cannot be used, in Chinese, for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell with placeholders, and the keys of what they name in order."""

    cell: Any
    text: str
    keys: tuple[str, ...]


def check_template(data: bytes) -> frozenset[str]:
    """The keys that the template names. Raises BadTemplate."""
    book = _opened(data)
    places = [place for sheet in book.worksheets for place in _places(sheet)]
    keys = frozenset(key for place in places for key in place.keys)
    if not keys - set(TOLD.values()):
        raise BadTemplate("模板里没有占位符：请在要重复的那一行写上列名，例如 {{学校名称}}")
    return keys


def fill(data: bytes, lines: Sequence[Line], told: Mapping[str, Cell]) -> bytes:
    """The template with one row for each line; without lines, the row stays with nothing in it.

    told: by the keys of TOLD, without #line. Raises BadTemplate.
    """
    book = _opened(data)
    for sheet in book.worksheets:
        _fill_sheet(book, sheet, _places(sheet), lines, told)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _opened(data: bytes) -> Any:
    if len(data) > LARGEST:
        raise BadTemplate(f"模板过大，最多 {LARGEST // 1_000_000} MB")
    _check_package(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    except Exception as error:  # openpyxl raises whatever a broken file makes it raise
        raise BadTemplate("无法打开这个文件，请用 Excel 或 WPS 另存为 .xlsx 后再试") from error
    if not book.worksheets or sum(len(sheet._cells) for sheet in book.worksheets) > CELLS:
        raise BadTemplate("模板没有工作表，或单元格过多；请删去多余的行列")
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):
            if cell.data_type == "f" and _REMOTE.search(_formula(cell.value)):
                raise BadTemplate(f"{_where(cell)} 的公式引用了本文件以外的内容，不能使用")
    return book


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            small = sum(entry.file_size for entry in package.infolist()) <= UNPACKED
            parts = {one.filename.lower(): package.read(one) for one in package.infolist()} if small else {}
    except Exception as error:  # zipfile and its decompressors raise whatever a broken file makes them
        raise BadTemplate("这不是 .xlsx 文件，或文件已加密或损坏") from error
    if not small:
        raise BadTemplate("模板展开后过大")
    kinds = parts.get("[content_types].xml", b"")
    if b"macroenabled" in kinds.lower():
        raise BadTemplate(next(iter(_FORBIDDEN)))
    for why, names in _FORBIDDEN.items():
        if any(name in part for part in parts for name in names):
            raise BadTemplate(why)
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content.replace(b"\0", b""):
            raise BadTemplate("这不是正常的 .xlsx 文件")
        if name.endswith(".rels") and _leads_out(content):
            raise BadTemplate(list(_FORBIDDEN)[1])
        if name.startswith("xl/drawings/") and _SHAPES.search(content):
            raise BadTemplate("模板含有文本框或图形，填写后无法保留；请改为写在单元格里")


def _leads_out(relations: bytes) -> bool:
    """Whether a part names something outside the file, other than a link that a person may click."""
    found = re.findall(rb"<Relationship\b[^>]*>", relations)
    return any(b'TargetMode="External"' in one and b"/hyperlink" not in one for one in found)


def _places(sheet: Any) -> list[Place]:
    """Raises BadTemplate with every name that is not known."""
    found, unknown = [], []
    for cell in (sheet._cells[at] for at in sorted(sheet._cells)):
        if isinstance(cell, MergedCell) or cell.value is None or cell.data_type not in ("s", "inlineStr"):
            continue
        text = str(cell.value)
        keys = []
        for name in _PLACE.findall(text):
            try:
                keys.append(TOLD.get(name) or key_of(name))
            except UnknownColumn as error:
                unknown.append(f"{_where(cell)}：{error}")
        if keys:
            found.append(Place(cell, text, tuple(keys)))
    if unknown:
        raise BadTemplate("；".join(unknown[:10]))
    return found


def _fill_sheet(book: Any, sheet: Any, places: list[Place], lines: Sequence[Line], told: Mapping[str, Cell]) -> None:
    row = _repeated(places)
    for place in places:
        if place.cell.row != row:
            _write(place.cell, place, {key: told.get(key, _common(lines, key)) for key in place.keys})
    if row is None:
        return
    named = {place.cell.column: place for place in places if place.cell.row == row}
    extra = max(0, len(lines) - 1)
    width = sum(1 for at in sheet._cells if at[0] == row)
    if sheet.max_row + extra > ROWS or width * len(lines) > FILLED:
        raise BadTemplate("行数过多，一个模板填不下：请缩小筛选范围，或改用 CSV")
    _make_room(book, sheet, row, extra)
    pattern = [sheet._cells[at] for at in sorted(sheet._cells) if at[0] == row]
    kept = [(cell.column, copy(cell._style), None if isinstance(cell, MergedCell) else cell.value) for cell in pattern]
    for number, line in enumerate(lines or ({},)):
        values = dict(told) | line | ({"#line": number + 1} if lines else {})
        for column, style, value in kept:
            cell = sheet.cell(row + number, column)
            cell._style = copy(style)
            if column in named:
                place = named[column]
                _write(cell, place, {key: values.get(key) for key in place.keys})
            elif number and value is not None:
                cell.value = _copied(value, f"{cell.column_letter}{row}", cell.coordinate)


def _repeated(places: list[Place]) -> int | None:
    """The row that names the most columns, of several the lowest; None where no column is named."""
    counts: dict[int, set[str]] = {}
    for place in places:
        counts.setdefault(place.cell.row, set()).update(key for key in place.keys if key not in TOLD.values())
        if "#line" in place.keys:
            counts[place.cell.row].add("#line")
    return max((row for row in counts if counts[row]), key=lambda row: (len(counts[row]), row), default=None)


def _common(lines: Sequence[Line], key: str) -> Cell:
    """What the lines have in a column, for a cell that stands once."""
    values = list(dict.fromkeys(value for line in lines if (value := line.get(key)) is not None))
    if len(values) <= 1:
        return values[0] if values else None
    return "、".join(str(value) for value in values[:SHOWN]) + (f" 等 {len(values)} 项" if len(values) > SHOWN else "")


def _write(cell: Any, place: Place, values: Mapping[str, Cell]) -> None:
    """A cell that is one placeholder takes the value with its type; among other words it takes its text."""
    keys = iter(place.keys)
    value: Any = values[place.keys[0]] if _PLACE.fullmatch(place.text.strip()) else None
    if not _PLACE.fullmatch(place.text.strip()):
        value = _PLACE.sub(lambda _: _shown(values[next(keys)]), place.text)
    if isinstance(value, str):
        if day := _day(value, cell.number_format):
            cell.value = day
            return
        text = fitted(value)
        cell.value = _ESCAPE.sub("_x005F_", text) or None
        if text:
            # Text stays text whatever it begins with, also after somebody edits the cell.
            cell.data_type = "s"
            cell._style = copy(cell._style)
            cell._style.quotePrefix = int(neutral(text) != text)
    else:
        cell.value = value


def _shown(value: Cell) -> str:
    return "" if value is None else str(value)


def _day(value: str, number_format: str) -> date | None:
    """A day, where the office formats the cell as one."""
    if not is_date_format(number_format):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _copied(value: Any, origin: str, there: str) -> Any:
    if isinstance(value, ArrayFormula):
        text = Translator(value.text, origin).translate_formula(there)
        return ArrayFormula(there, text)
    if isinstance(value, str) and value.startswith("="):
        return Translator(value, origin).translate_formula(there)
    return copy(value)


def _make_room(book: Any, sheet: Any, row: int, extra: int) -> None:
    """Moves all that stands below the row by `extra` rows, and repeats what belongs to the row as a whole."""
    if not extra:
        return
    sheet.insert_rows(row + 1, extra)
    _move_rows(sheet, row, extra)
    _move_areas(sheet, row, extra)
    _move_formulas(book, sheet, row, extra)


def _move_rows(sheet: Any, row: int, extra: int) -> None:
    """Heights, breaks, pictures and links."""
    sizes = sheet.row_dimensions
    for number in sorted((number for number in sizes if number > row), reverse=True):
        size = sizes.pop(number)
        size.index = number + extra
        sizes[number + extra] = size
    if row in sizes:
        for number in range(row + 1, row + extra + 1):
            made, own = sizes[number], sizes[row]
            made.height, made.hidden, made.outlineLevel = own.height, own.hidden, own.outlineLevel
            made._style = copy(own._style)
    for one in sheet.row_breaks.brk:
        one.id += extra if one.id > row else 0
    for drawing in (*sheet._images, *sheet._charts):
        for marker in (getattr(drawing.anchor, "_from", None), getattr(drawing.anchor, "to", None)):
            if marker is not None and marker.row >= row:
                marker.row += extra
    for (number, _), cell in sheet._cells.items():
        if number > row and getattr(cell, "hyperlink", None):
            cell.hyperlink.ref = cell.coordinate


def _move_areas(sheet: Any, row: int, extra: int) -> None:
    """Merged cells, rules, validations, filter, printed area and tables."""
    merged = []
    for area in sheet.merged_cells.ranges:
        if area.min_row == area.max_row == row:
            letters = [part.rstrip("0123456789") for part in area.coord.split(":")]
            merged += [f"{letters[0]}{number}:{letters[1]}{number}" for number in range(row, row + extra + 1)]
        else:
            merged.append(spread(area.coord, row, extra))
    sheet.merged_cells = MultiCellRange(" ".join(merged))
    rules = ConditionalFormattingList()
    for kept in sheet.conditional_formatting:
        for rule in kept.rules:
            rules.add(spread(str(kept.sqref), row, extra), rule)
    sheet.conditional_formatting = rules
    for one in sheet.data_validations.dataValidation:
        one.sqref = MultiCellRange(spread(str(one.sqref), row, extra))
    for holder in (sheet.auto_filter, *sheet.tables.values()):
        if holder.ref:
            holder.ref = spread(holder.ref, row, extra)
        inner = getattr(holder, "autoFilter", None)
        if inner is not None and inner.ref:
            inner.ref = spread(inner.ref, row, extra)
    if sheet.print_area:
        sheet.print_area = shifted(sheet.print_area, sheet.title, row, extra, here=True)


def _move_formulas(book: Any, sheet: Any, row: int, extra: int) -> None:
    """References to the sheet, from every sheet and from names."""
    for other in book.worksheets:
        here = other is sheet
        for cell in list(other._cells.values()):
            if cell.data_type != "f":
                continue
            if isinstance(cell.value, ArrayFormula):
                cell.value.text = shifted(cell.value.text or "", sheet.title, row, extra, here=here)
                cell.value.ref = spread(cell.value.ref, row, extra) if here else cell.value.ref
            elif isinstance(cell.value, str):
                cell.value = shifted(cell.value, sheet.title, row, extra, here=here)
    named = [book.defined_names, *(other.defined_names for other in book.worksheets)]
    for name in (name for names in named for name in names.values()):
        if name.attr_text:
            name.attr_text = shifted(name.attr_text, sheet.title, row, extra, here=False)


def _formula(value: Any) -> str:
    """Without the texts in it."""
    return re.sub('"[^"]*"', "", str(getattr(value, "text", None) or value))


def _where(cell: Any) -> str:
    return f"工作表“{cell.parent.title}”{cell.coordinate}"
