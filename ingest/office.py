"""The door to python-docx and openpyxl: what stands in a Word document or a workbook, as pages. Nothing is executed."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

import docx
import openpyxl
from openpyxl.utils import get_column_letter

from ingest.document import File, Page
from ingest.errors import Bomb, Encrypted, FileError, Unreadable, Unsupported
from ingest.sheets import size_of
from ingest.typeset import EM, MARGIN, WIDTH, Cell, Paragraph, Table, typeset

UNPACKED = 300_000_000  # bytes of a whole package
ROWS, COLUMNS = 2000, 60  # of a sheet; no form has more
SCAN = (600, 900)  # pixels of the shorter and the longer side of a picture that may be a scanned page
OLE = b"\xd0\xcf\x11\xe0"  # the container of .doc and .xls, and of encrypted packages
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WRAPPERS = (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "smartTag")
TWIP = 200 / 1440  # pixels


def read_office(file: File) -> tuple[Page, ...]:
    """The pages of a docx (parted at its page breaks) or the visible sheets of an xlsx, set as text and tables.

    Raises FileError (`ingest.errors`).
    """
    _check(file)
    try:
        pages = _document(file.data) if file.kind == "docx" else _workbook(file.data)
        return tuple(typeset(blocks, file, number) for number, blocks in enumerate(pages, 1))
    except FileError:
        raise
    except MemoryError:
        raise Bomb from None
    except Exception as error:
        raise Unreadable from error


def embedded_pictures(file: File) -> tuple[File, ...]:
    """Pictures in a docx or xlsx that are large enough to be scanned pages, in the order in which they were put in.

    Raises FileError (`ingest.errors`).
    """
    _check(file)
    found = []
    with zipfile.ZipFile(io.BytesIO(file.data)) as package:
        for name in sorted(package.namelist(), key=_natural):
            if "/media/" not in name:
                continue
            data = _stored(package, name)
            if data and _large(data):
                found.append(File(f"{file.name}/{name.rsplit('/', 1)[-1]}", "image", data, sha256(data).hexdigest()))
    return tuple(found)


def _check(file: File) -> None:
    if file.data.startswith(OLE):
        raise Encrypted if "EncryptedPackage".encode("utf-16-le") in file.data else Unsupported
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as package:
            if sum(entry.file_size for entry in package.infolist()) > UNPACKED:
                raise Bomb
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable from error


def _natural(name: str) -> list[int | str]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _stored(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        return package.read(name)
    except Exception:  # noqa: BLE001 (one broken picture must not hide the others)
        return b""


def _large(data: bytes) -> bool:
    try:
        size = size_of(data)
    except FileError:
        return False  # also vector pictures, which are no scans
    return min(size) >= SCAN[0] and max(size) >= SCAN[1]


# --- Word ------------------------------------------------------------------------------------------------------------


def _document(data: bytes) -> list[list[Paragraph | Table]]:
    pages: list[list[Paragraph | Table]] = [[]]
    for element in _blocks(docx.Document(io.BytesIO(data)).element.body):
        if element.tag == W + "tbl":
            pages[-1].append(_table(element))
            continue
        for text in _parted(element):
            if text is None:
                pages.append([])
            else:
                pages[-1].append(Paragraph(text, _centred(element)))
    return [page for page in pages if any(not isinstance(b, Paragraph) or b.text.strip() for b in page)]


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those inside content controls, which python-docx passes over."""
    for child in element:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag in WRAPPERS:
            yield from _blocks(child)


def _parted(paragraph: Any) -> list[str | None]:
    """The text of a paragraph, with None where a page ends."""
    parts: list[str | None] = [None] if paragraph.find(f"{W}pPr/{W}pageBreakBefore") is not None else []
    for index, text in enumerate("".join(_texts(paragraph)).split("\f")):
        parts += [None, text] if index else [text]
    section = paragraph.find(f"{W}pPr/{W}sectPr")
    if section is not None:
        kind = section.find(W + "type")
        if kind is None or kind.get(W + "val") != "continuous":
            parts.append(None)
    return parts


def _texts(element: Any) -> Iterator[str]:
    """What is printed of an element; a page break is a form feed; text in boxes begins a new line."""
    for child in element:
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag == W + "tab":
            yield "\t"
        elif child.tag == W + "br":
            yield "\f" if child.get(W + "type") == "page" else "\n"
        elif child.tag == W + "txbxContent":
            for paragraph in child.iter(W + "p"):
                yield "\n"
                yield from _texts(paragraph)
        elif child.tag not in (W + "pPr", W + "rPr", W + "del", W + "tbl") and not str(child.tag).endswith("}Fallback"):
            yield from _texts(child)


def _centred(paragraph: Any) -> bool:
    alignment = paragraph.find(f"{W}pPr/{W}jc")
    return alignment is not None and alignment.get(W + "val") == "center"


def _table(table: Any) -> Table:
    cells: list[Cell] = []
    open_cells: dict[int, int] = {}  # column: index of the cell that may go on downwards there
    for row, element in enumerate(_inside(table, "tr")):
        column = _number(element.find(f"{W}trPr/{W}gridBefore"), 0)
        for item in _inside(element, "tc"):
            span = _number(item.find(f"{W}tcPr/{W}gridSpan"), 1)
            merge = item.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(W + "val") != "restart" and column in open_cells:
                above = cells[open_cells[column]]
                cells[open_cells[column]] = replace(above, rows=row - above.row + 1)
            else:
                open_cells[column] = len(cells)
                text = "\n".join("".join(_texts(paragraph)) for paragraph in item.iter(W + "p"))
                centred = all(map(_centred, item.iter(W + "p")))
                cells.append(Cell(row, column, text.replace("\f", "\n").strip("\n"), 1, span, True, centred))
            column += span
    count = max((cell.column + cell.columns for cell in cells), default=0)
    widths = [_number(grid, 0) * TWIP for grid in table.findall(f"{W}tblGrid/{W}gridCol")][:count]
    widths += [0.0] * (count - len(widths))
    share = (WIDTH - 2 * MARGIN) / max(1, count)
    return Table(tuple(max(width, 2 * EM) if width else share for width in widths), tuple(cells))


def _inside(element: Any, name: str) -> Iterator[Any]:
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, name)


def _number(element: Any, default: int) -> int:
    value = element.get(W + "val", element.get(W + "w")) if element is not None else None
    try:
        return max(0, round(float(value))) if value else default
    except ValueError:
        return default


# --- Excel -----------------------------------------------------------------------------------------------------------


def _workbook(data: bytes) -> list[list[Paragraph | Table]]:
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    tables = [_sheet(sheet, formulas[sheet.title]) for sheet in values.worksheets if sheet.sheet_state == "visible"]
    return [[table] for table in tables if table.cells]


def table_rows(data: bytes) -> list[tuple[int, list[str]]]:
    """The rows of a workbook's first sheet that are not empty, as displayed, each with its number.

    Raises Unreadable.
    """
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    except Exception as error:  # openpyxl raises whatever a broken file makes it raise
        raise Unreadable from error
    rows = [
        (number, ["" if cell.value is None else displayed(cell.value, cell.number_format) for cell in row])
        for number, row in enumerate(sheet.iter_rows(), 1)
    ]
    return [(number, row) for number, row in rows if any(row)]


def _sheet(values: Any, formulas: Any) -> Table:
    """The used part of a sheet. A formula shows the value that it had when saved, or itself when none was saved."""
    merged = {area.coord.split(":")[0]: area for area in values.merged_cells.ranges}
    cells = []
    for row in values.iter_rows(max_row=min(values.max_row, ROWS), max_col=min(values.max_column, COLUMNS)):
        for cell in row:
            if type(cell).__name__ == "MergedCell":
                continue
            area = merged.get(cell.coordinate)
            rows, columns = (area.size["rows"], area.size["columns"]) if area else (1, 1)
            value = cell.value
            if value is None:
                value = formulas[cell.coordinate].value
            text = displayed(value, cell.number_format)
            ruled = bool(cell.border.left.style or cell.border.top.style or cell.border.bottom.style)
            if text or ruled:
                centred = cell.alignment.horizontal == "center"
                cells.append(Cell(cell.row - 1, cell.column - 1, text, rows, columns, ruled, centred))
    count = max((cell.column + cell.columns for cell in cells), default=0)
    widths = [values.column_dimensions[get_column_letter(i + 1)].width * EM / 2 for i in range(count)]
    return Table(tuple(max(width, 2 * EM) for width in widths), tuple(_ruled(cells)))


def _ruled(cells: list[Cell]) -> list[Cell]:
    """In a sheet without any borders, the grid that its writer saw: around the cells of rows that have several."""
    if any(cell.ruled for cell in cells):
        return cells
    counts = Counter(cell.row for cell in cells)
    return [replace(cell, ruled=counts[cell.row] > 2) for cell in cells]


def displayed(value: Any, number_format: str = "General") -> str:
    """A cell's value as Excel shows it in Chinese; numbers never in exponents and never cut."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return _day(value, number_format)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _figure(value, number_format.split(";")[0])
    return str(value)


def _day(value: date, number_format: str) -> str:
    form = re.sub(r'"[^"]*"|\[[^\]]*\]', "", number_format.lower())
    if "d" in form or "y" not in form:
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.year}年{value.month}月"


def _figure(value: float, form: str) -> str:
    if re.fullmatch(r"0{2,}", form) and value == int(value):
        return str(int(value)).zfill(len(form))
    places = re.search(r"0\.(0+)", form)
    if "%" in form:
        return f"{value * 100:.{len(places[1]) if places else 0}f}%"
    if places:
        return f"{value:.{len(places[1])}f}"
    if value == int(value):
        return str(int(value))
    return f"{value:.10f}".rstrip("0").rstrip(".")
