import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.export.cells import EXCEL_CELL, clean, fitted, plain
from api.export.writers import Format, export, sheet_name
from tests.api.records import a_reading, a_record

# Surrogates too: a broken mail may leave half a character in a subject.
ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", "=cmd|' /C calc'!A0", "_x0041_")


def written(format: Format, *records: dict[str, Any], evidence: bool = False) -> bytes:
    out = io.BytesIO()
    assert export(records, format, out, evidence) == len(records)
    return out.getvalue()


def csv_lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheet_cells(data: bytes, column: str) -> list[Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    place = [cell.value for cell in sheet[1]].index(column)
    return [row[place] for row in sheet.iter_rows(min_row=2)]


def expert(name: str) -> dict[str, Any]:
    return a_record(form="yunnan/expert", fields={"name": a_reading(name)}, rows=[], findings=[], matches={})


def test_json_lines_hold_the_records_as_they_are() -> None:
    data = written("jsonl", a_record(), expert("李一"))
    assert [json.loads(line) for line in data.decode().splitlines()] == [a_record(), expert("李一")]
    assert "安徽职业技术学院".encode() in data


@given(ANY_TEXT)
def test_json_lines_carry_any_text(text: str) -> None:
    (line,) = written("jsonl", expert(text)).split(b"\n")[:-1]
    assert json.loads(line) == expert(text)


@given(ANY_TEXT)
@example("=1+1")
@example("'=1")
@example("\r")
def test_csv_carries_any_text_and_none_of_it_is_a_formula(text: str) -> None:
    (line,) = csv_lines(written("csv", expert(text)))
    assert plain(line["姓名"]) == clean(text)
    assert not line["姓名"].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_puts_an_apostrophe_before_what_would_be_a_formula(text: str) -> None:
    (line,) = csv_lines(written("csv", expert(text)))
    assert (line["姓名"] == clean(text)) == (text == "_x0041_")


def test_csv_begins_with_the_mark_that_excel_wants_and_has_a_line_for_each_row() -> None:
    data = written("csv", a_record(), expert("李一"))
    assert data.startswith(b"\xef\xbb\xbf")
    assert [(line["表格"], line["行"], line["考核人数（人）"], line["姓名"]) for line in csv_lines(data)] == [
        ("申报学校汇总表", "1", "100", ""),
        ("申报学校汇总表", "2", "80", ""),
        ("专家推荐表", "", "", "李一"),
    ]


@given(ANY_TEXT)
@example("=1+1")
@example("@SUM(A1)")
def test_xlsx_carries_any_text_as_text(text: str) -> None:
    (cell,) = sheet_cells(written("xlsx", expert(text)), "姓名")
    assert (cell.data_type != "f", cell.value or "") == (True, clean(text))


@pytest.mark.parametrize("text", FORMULAS)
def test_xlsx_makes_no_formula(text: str) -> None:
    (cell,) = sheet_cells(written("xlsx", expert(text)), "姓名")
    assert (cell.data_type, cell.number_format) == ("s", "@")


def test_xlsx_keeps_numbers_as_numbers_and_phones_as_text() -> None:
    data = written("xlsx", a_record())
    assert [cell.value for cell in sheet_cells(data, "考核人数（人）")] == [100, 80]
    phones = sheet_cells(data, "联系人电话")
    assert [(cell.value, cell.number_format) for cell in phones] == [("055162680000", "@")] * 2


def test_xlsx_has_a_sheet_for_each_kind_of_form_with_a_frozen_heading() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", a_record(), expert("李一"), a_record(form=None, rows=[]))))
    assert [(sheet.title, sheet.freeze_panes, sheet.max_row) for sheet in book] == [
        ("申报学校汇总表", "A2", 3),
        ("专家推荐表", "A2", 2),
        ("未识别表格", "A2", 2),
    ]


@pytest.mark.parametrize("format", ["jsonl", "csv", "xlsx"])
def test_no_records_still_make_a_file(format: Format) -> None:
    data = written(format)
    assert {"jsonl": data == b"", "csv": data == b"\xef\xbb\xbf\r\n", "xlsx": data[:2] == b"PK"}[format]


def test_evidence_is_written_when_asked_for() -> None:
    (line,) = csv_lines(written("csv", expert("李一"), evidence=True))
    assert (line["姓名·原文"], line["姓名·页"], line["姓名·置信度"]) == ("李一", "1", "0.98")


def test_a_file_can_be_written_by_its_path(tmp_path: Path) -> None:
    assert export([a_record()], "jsonl", tmp_path / "记录.jsonl") == 1
    assert json.loads((tmp_path / "记录.jsonl").read_text("utf-8")) == a_record()


@pytest.mark.parametrize(
    ("title", "name"),
    [("申报表/汇总", "申报表·汇总"), ("", "表"), ("'引'", "引"), ("表" * 40, "表" * 31), ("History", "History 2")],
)
def test_a_sheet_has_a_name_that_excel_takes(title: str, name: str) -> None:
    assert sheet_name(title, set()) == name


def test_sheets_of_one_title_are_numbered() -> None:
    taken: set[str] = set()
    assert [sheet_name("a" * 31, taken), sheet_name("A" * 31, taken)] == ["a" * 31, "A" * 29 + " 2"]


@given(st.integers(0, 3))
def test_a_text_longer_than_a_cell_is_cut_and_says_so(beyond: int) -> None:
    text = "𠮷" * (EXCEL_CELL // 2) + "字" * beyond
    cut = fitted(text)
    assert len(cut.encode("utf-16-le")) // 2 <= EXCEL_CELL
    assert cut.endswith("…") == (beyond > 1)
