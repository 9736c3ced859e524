"""The writers: records out as JSON Lines, CSV or XLSX. The door to XlsxWriter."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal

import xlsxwriter

from api.export.cells import clean, fitted, neutral
from api.export.columns import narrowed, wanted
from api.export.rows import Cell, Record, Table, table, tables
from corpora.vocabulary import vocabulary

Format = Literal["jsonl", "csv", "xlsx"]
MEDIA_TYPES: dict[Format, str] = {
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EXCEL_LINES = 1_048_576
WIDEST = 48
"""Of a column, in characters of the default font; a Chinese character takes two."""


class TooManyLines(ValueError):
    """一个 Excel 工作表最多 1048576 行：请按项目或表格分别导出，或改用 CSV。"""

    def __str__(self) -> str:
        return self.__doc__ or ""


def export(
    records: Iterable[Record],
    format: Format,
    out: BinaryIO | Path,
    evidence: bool = False,
    columns: Collection[str] = frozenset(),
) -> int:
    """Writes `records` to `out` and returns how many there were.

    jsonl: the records as they are, one a line, UTF-8. csv: one file, a line for each data row, Chinese headings, UTF-8
    with a byte order mark (Excel wants it). xlsx: a sheet for each kind of form. `evidence` adds to every value its raw
    text, confidence, page and box (csv, xlsx). `columns`: keys of `api.export.columns.catalogue`, in whose order they
    stand; none for all. In jsonl they narrow each record to them. Raises TooManyLines (xlsx), KeyError for
    another format, OSError.
    """
    write = WRITERS[format]
    if isinstance(out, Path):
        with out.open("wb") as file:
            return write(records, file, evidence, columns)
    return write(records, out, evidence, columns)


def write_jsonl(records: Iterable[Record], out: BinaryIO, evidence: bool, columns: Collection[str]) -> int:
    count = 0
    for record in records:
        line = json.dumps(narrowed(record, columns), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        out.write(line.encode("utf-8", "backslashreplace") + b"\n")
        count += 1
    return count


def write_csv(records: Iterable[Record], out: BinaryIO, evidence: bool, columns: Collection[str]) -> int:
    kept = list(records)
    lines = table("", kept, vocabulary(), evidence=evidence, wanted=partial(wanted, columns=columns))
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutral(column.heading) for column in lines.columns])
    for line in lines.lines:
        writer.writerow([_csv_cell(line.get(column.key)) for column in lines.columns])
    text.detach()
    return len(kept)


def write_xlsx(records: Iterable[Record], out: BinaryIO, evidence: bool, columns: Collection[str]) -> int:
    kept = list(records)
    chosen = tables(kept, vocabulary(), evidence=evidence, wanted=partial(wanted, columns=columns))
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#EEF1F4", "bottom": 1, "valign": "vcenter"}),
            "text": book.add_format({"num_format": "@", "valign": "top"}),
            "long": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "number": book.add_format({"valign": "top"}),
        }
        names: set[str] = set()
        for one in [one for one in chosen if one.columns] or [Table("没有记录", (), ())]:
            _write_sheet(book.add_worksheet(sheet_name(one.title, names)), one, looks)
    out.write(memory.getvalue())
    return len(kept)


WRITERS: dict[Format, Callable[[Iterable[Record], BinaryIO, bool, Collection[str]], int]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "xlsx": write_xlsx,
}


def sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel allows (31 characters, none of []:*?/\\, unique without case); it is added to `taken`."""
    base = "".join("·" if c in "[]:*?/\\" else c for c in clean(title).replace("\n", " ")).strip("' ") or "表"
    name, number = base[:31], 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        name = f"{base[: 30 - len(str(number))]} {number}"
    taken.add(name.casefold())
    return name


def _csv_cell(cell: Cell) -> str | int | float | None:
    return neutral(cell) if isinstance(cell, str) else cell


def _write_sheet(sheet: Any, one: Table, looks: dict[str, Any]) -> None:
    if len(one.lines) >= EXCEL_LINES:
        raise TooManyLines
    sheet.freeze_panes(1, 0)
    for x, column in enumerate(one.columns):
        cells = [line.get(column.key) for line in one.lines]
        # Text is "@" throughout, so that a clerk who types a phone into the column keeps its leading zero.
        look = looks["number"] if column.kind == "number" else looks["long" if column.key == "#findings" else "text"]
        sheet.set_column(x, x, _width(column.heading, cells), look)
        sheet.write_string(0, x, column.heading, looks["head"])
        for y, cell in enumerate(cells, start=1):
            if isinstance(cell, str):
                sheet.write_string(y, x, fitted(cell), looks["text"] if column.kind == "number" else look)
            elif cell is not None:
                sheet.write_number(y, x, cell, look)
    if one.lines:
        sheet.autofilter(0, 0, len(one.lines), len(one.columns) - 1)


def _width(heading: str, cells: list[Cell]) -> int:
    """In characters: wide enough for the heading and nearly all cells, judged by the first thousand."""
    lengths = sorted(_columns_of(str(cell)) for cell in cells[:1000] if cell is not None)
    usual = lengths[int(len(lengths) * 0.95)] if lengths else 0
    return min(WIDEST, max(_columns_of(heading) + 3, usual + 2, 6))


def _columns_of(text: str) -> int:
    return max((sum(2 if ord(c) > 0x2E80 else 1 for c in line) for line in text.split("\n")), default=0)
