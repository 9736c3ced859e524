"""What is read from Word documents and workbooks."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import docx
import openpyxl
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from openpyxl.styles import Border, Side
from PIL import Image

from ingest.document import Page
from ingest.errors import Bomb, Encrypted, FileError, Unreadable, Unsupported
from ingest.office import displayed, embedded_pictures, read_office
from tests.ingest.drawing import file_of, saved

THIN = Border(*(Side(style="thin"),) * 4)


def _bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _word(document: Any) -> tuple[Page, ...]:
    return read_office(file_of(_bytes(document), "docx"))


def _excel(workbook: Any) -> tuple[Page, ...]:
    return read_office(file_of(_bytes(workbook), "xlsx"))


def _texts(page: Page) -> list[str]:
    return [line.text for line in page.lines]


def _cell(page: Page, text: str) -> tuple[float, float, float, float]:
    """The nearest rules around the line with this text: left, top, right, bottom."""
    (box,) = [line.box for line in page.lines if line.text == text]
    across = [r.y0 for r in page.rules if r.horizontal and r.x0 <= box.cx <= r.x1]
    down = [r.x0 for r in page.rules if not r.horizontal and r.y0 <= box.cy <= r.y1]
    return (
        max(x for x in down if x < box.cx),
        max(y for y in across if y < box.cy),
        min(x for x in down if x > box.cx),
        min(y for y in across if y > box.cy),
    )


def test_paragraphs_and_tables_come_in_their_order() -> None:
    document = docx.Document()
    document.add_paragraph("申报汇总表").alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = document.add_table(2, 2)
    for i, text in enumerate(["序号", "证书", "1", "某证书"]):
        table.cell(i // 2, i % 2).text = text
    document.add_paragraph("联系人：某某    电话：05510000000")
    (page,) = _word(document)
    assert _texts(page) == ["申报汇总表", "序号", "证书", "1", "某证书", "联系人：某某", "电话：05510000000"]
    assert page.lines[0].box.cx == pytest.approx(page.width / 2)
    assert [len(line.chars) for line in page.lines] == [len(line.text) for line in page.lines]
    assert (page.read_by, page.view, page.picture) == ("office", "", "")
    assert page.view_box(page.lines[0].box)[2] < 1
    assert sum(rule.horizontal for rule in page.rules) == 3
    assert sum(not rule.horizontal for rule in page.rules) == 3


def test_merged_cells_are_one_cell() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(2, 0).merge(table.cell(2, 1)).text = "合计"
    table.cell(0, 2).merge(table.cell(1, 2)).text = "备注"
    table.cell(0, 0).text = "序号"
    table.cell(0, 1).text = "级别"
    table.cell(1, 0).text = "甲"
    (page,) = _word(document)
    number, level, total = _cell(page, "序号"), _cell(page, "级别"), _cell(page, "合计")
    assert (total[0], total[2]) == (number[0], level[2])
    note = _cell(page, "备注")
    assert (note[1], note[3]) == (number[1], total[1])


def test_long_cells_are_wrapped_and_stay_in_their_cell() -> None:
    document = docx.Document()
    table = document.add_table(1, 6)
    table.cell(0, 0).text = "某某职业技能等级证书开发与应用"
    (page,) = _word(document)
    assert len(page.lines) > 1 and "".join(_texts(page)) == "某某职业技能等级证书开发与应用"
    left, right = sorted({rule.x0 for rule in page.rules if not rule.horizontal})[:2]
    assert all(left < line.box.x0 and line.box.x1 < right for line in page.lines)


def test_a_page_break_begins_a_page() -> None:
    document = docx.Document()
    document.add_paragraph("甲").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("乙")
    assert [(page.number, _texts(page)) for page in _word(document)] == [(1, ["甲"]), (2, ["乙"])]


def test_content_controls_are_read() -> None:
    document = docx.Document()
    data = io.BytesIO(_bytes(document))
    out = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "word/document.xml":
                text = text.replace(
                    b"<w:sectPr",
                    "<w:sdt><w:sdtContent><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:sdtContent></w:sdt>"
                    "<w:p><w:sdt><w:sdtContent><w:r><w:t>乙</w:t></w:r></w:sdtContent></w:sdt></w:p><w:sectPr".encode(),
                    1,
                )
            new.writestr(name, text)
    assert [_texts(page) for page in read_office(file_of(out.getvalue(), "docx"))] == [["甲", "乙"]]


def test_a_sheet_is_a_page_with_the_borders_that_it_has() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"] = "申报汇总表"
    sheet.merge_cells("A1:C1")
    rows: list[tuple[Any, ...]] = [("序号", "证书", "人数"), (1, "某证书", 100.0)]
    for row, values in enumerate(rows, 2):
        for column, value in enumerate(values, 1):
            sheet.cell(row, column, value).border = THIN
    hidden = workbook.create_sheet("隐藏")
    hidden["A1"] = "看不见"
    hidden.sheet_state = "hidden"
    (page,) = _excel(workbook)
    assert _texts(page) == ["申报汇总表", "序号", "证书", "人数", "1", "某证书", "100"]
    assert sum(rule.horizontal for rule in page.rules) == 3
    assert min(rule.y0 for rule in page.rules) > page.lines[0].box.y1


def test_a_sheet_without_borders_shows_the_grid_of_its_table() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for values in [("申报汇总表",), ("序号", "证书", "人数"), (1, "某证书", 100)]:
        sheet.append(values)
    (page,) = _excel(workbook)
    assert sum(rule.horizontal for rule in page.rules) == 3
    assert min(rule.y0 for rule in page.rules) > page.lines[0].box.y1


def test_a_formula_without_a_saved_value_is_shown_and_not_taken_for_a_blank() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append([1, 2, "=SUM(A1:B1)"])
    (page,) = _excel(workbook)
    assert _texts(page) == ["1", "2", "=SUM(A1:B1)"]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (date(2023, 3, 28), "yyyy/m/d", "2023年3月28日"),
        (datetime(2023, 3, 28), "mm-dd-yy", "2023年3月28日"),  # noqa: DTZ001 (Excel knows no zones)
        (date(1978, 5, 1), 'yyyy"年"m"月"', "1978年5月"),
        (100.0, "General", "100"),
        (13900000000, "General", "13900000000"),
        (5510000000, "00000000000", "05510000000"),
        (0.915, "0.0%", "91.5%"),
        (12.5, "0.00", "12.50"),
        (12.5, "General", "12.5"),
        (None, "General", ""),
        ("约60", "@", "约60"),
    ],
)
def test_values_are_shown_as_excel_shows_them(value: object, form: str, text: str) -> None:
    assert displayed(value, form) == text


def test_scans_pasted_into_a_document_are_offered_and_logos_are_not() -> None:
    document = docx.Document()
    for size in [(1240, 1754), (120, 120)]:
        document.add_picture(io.BytesIO(saved(Image.new("RGB", size, "white"), "PNG")))
    offered = embedded_pictures(file_of(_bytes(document), "docx", "附件2.docx"))
    assert [(file.name, file.kind) for file in offered] == [("附件2.docx/image1.png", "image")]


def test_a_package_that_unpacks_to_gigabytes_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for i in range(4):
            package.writestr(f"word/{i}", bytes(100_000_000))
    with pytest.raises(Bomb):
        read_office(file_of(out.getvalue(), "docx"))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"PK\x03\x04 and no more", Unreadable),
        (b"", Unreadable),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), Encrypted),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), Unsupported),
    ],
)
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_what_cannot_be_opened_says_why(data: bytes, error: type[FileError], kind: Any) -> None:
    with pytest.raises(error):
        read_office(file_of(data, kind))


def test_a_zip_that_is_no_document_is_unreadable() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "a")
    with pytest.raises(Unreadable):
        read_office(file_of(out.getvalue(), "docx"))
