"""Templates as an office would make them, and what a filled one holds."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
from openpyxl.styles import Border, Font, PatternFill, Side


def a_template(*rows: list[Any], merged: str = "") -> bytes:
    """A workbook of one sheet 汇总 with these rows from the first on."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "汇总"
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    return saved(book)


def the_offices() -> bytes:
    """A title, a heading, a row to repeat with its look, a sum, and a second sheet that looks at the first."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "汇总"
    for row in (
        ["{{项目}} 申报汇总（{{材料数}} 份）"],
        ["序", "学校", "证书", "", "人数", "一半"],
        ["{{流水号}}", "{{学校名称}}", "{{certificate}}", None, "{{考核人数}}", "=E3/2"],
        ["合计", None, None, None, "=SUM(E3:E3)", "=E4"],
        ["制表：{{导出人}}"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("C3:D3")
    sheet.merge_cells("A5:F5")
    for cell in sheet[3]:
        cell.font = Font(name="仿宋", size=12)
        cell.border = Border(bottom=Side("thin"))
    sheet["E3"].number_format = "0"
    sheet["A4"].fill = PatternFill("solid", fgColor="FFEEEEEE")
    sheet.row_dimensions[3].height = 30
    sheet.row_dimensions[5].height = 44
    sheet.print_area = "A1:F5"
    book.create_sheet("封面").append(["总人数", "=汇总!E4", "不变 {单括号}"])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def values(data: bytes, sheet: str = "汇总") -> list[list[Any]]:
    return [[cell.value for cell in row] for row in opened(data)[sheet].iter_rows()]


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same package with one more part."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, content)
    return out.getvalue()
