"""From a sheet to a page that is read: which way is up, what is red, when the text layer is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from ingest.document import Box, Line
from ingest.read import read_sheet
from ingest.sheets import Picture, Sheet, render
from tests.ingest.drawing import file_of, page, pdf_of, saved
from tests.ingest.readers import Scripted, Seeing, a_line

UPRIGHT = (a_line("学校领导签字盖章年月日", Box(200, 300, 700, 340)),)
STANDING = (a_line("学校领导签字", Box(300, 200, 340, 700)),)


def corner() -> Picture:
    """A page whose top left corner is marked."""
    picture = page(800, 1100, table=False)
    picture[40:100, 40:100] = 0
    return picture


def sheet(picture: Picture) -> Sheet:
    return Sheet(1, picture, 100.0, 0)


def marked(picture: Picture) -> tuple[bool, bool]:
    """Is the mark at the top, is it at the left?"""
    ys, xs = np.nonzero(picture[:, :, 0] < 20)
    return bool(ys.mean() < picture.shape[0] / 2), bool(xs.mean() < picture.shape[1] / 2)


IMAGE = file_of(b"image", "image", "照片.jpg")


def test_a_page_bears_its_file_its_lines_and_its_rules() -> None:
    reader = Scripted(lines=UPRIGHT)
    drawn = page()
    read = read_sheet(Sheet(2, drawn, 200.0, 0), IMAGE, reader)
    stated = (read.page.file_name, read.page.sha256, read.page.number, read.page.width, read.page.height)
    assert stated == ("照片.jpg", IMAGE.sha256, 2, 1654, 2339)
    assert (read.page.read_by, read.page.lines, read.page.view, read.page.picture) == ("ocr", UPRIGHT, "", "")
    assert len(read.page.rules) == 12
    assert read.page.view_box(Box(0, 0, 1654, 2339)) == (0, 0, 1, 1)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_is_turned_as_the_reader_says_and_leads_back_to_the_view(turns: int) -> None:
    turned = np.ascontiguousarray(np.rot90(corner(), turns))  # anticlockwise: so many clockwise make it upright
    read = read_sheet(sheet(turned), IMAGE, Scripted(turns, UPRIGHT))
    assert (read.page.width, read.page.height) == (800, 1100)
    assert marked(read.picture) == (True, True)
    x, y = read.page.view_point(70, 70)
    assert turned[int(y * turned.shape[0]), int(x * turned.shape[1])].max() < 20


def by_mark(right: tuple[Line, ...], wrong: tuple[Line, ...]) -> Seeing:
    """Reads well only when the mark is at the top left."""
    return Seeing(see=lambda picture: right if marked(picture) == (True, True) else wrong)


class Worse(Scripted):
    """Reads crops worse than pages."""

    def read_crops(self, crops: Sequence[Picture]) -> tuple[Line, ...]:
        return tuple(replace(line, scores=(0.2,) * len(line.text)) for line in super().read_crops(crops))


def test_a_page_that_reads_badly_is_tried_upside_down() -> None:
    badly = (a_line("字签导领校学章盖", Box(200, 300, 700, 340), 0.5),)
    reader = by_mark(UPRIGHT, badly)
    reader.crops = ["盖章学校领导签字"]
    read = read_sheet(sheet(np.ascontiguousarray(np.rot90(corner(), 2))), IMAGE, reader)
    assert (marked(read.picture), read.page.lines) == ((True, True), UPRIGHT)


def test_handwriting_that_reads_no_better_upside_down_is_read_once() -> None:
    badly = (a_line("潦草的字迹难以辨认", Box(200, 300, 700, 340), 0.5),)
    reader = Worse(lines=badly, crops=["乱"])
    read = read_sheet(sheet(corner()), IMAGE, reader)
    assert [shown.shape[:2] for shown in reader.shown] == [(1100, 800), (40, 500)]
    assert read.page.lines == badly


def test_a_page_whose_text_stands_on_end_is_tried_sideways() -> None:
    for turns in (1, 3):
        reader = by_mark(UPRIGHT, STANDING)
        read = read_sheet(sheet(np.ascontiguousarray(np.rot90(corner(), turns))), IMAGE, reader)
        assert (marked(read.picture), read.page.lines) == ((True, True), UPRIGHT)


def test_a_page_that_reads_well_is_read_once() -> None:
    reader = Scripted(lines=UPRIGHT)
    read_sheet(sheet(corner()), IMAGE, reader)
    assert len(reader.shown) == 1


def test_little_text_read_badly_does_not_turn_a_page() -> None:
    reader = Scripted(lines=(a_line("签", score=0.3),))
    read_sheet(sheet(corner()), IMAGE, reader)
    assert len(reader.shown) == 1


def test_the_reader_sees_the_dark_ink_and_a_line_says_how_red_it_is() -> None:
    picture = page(800, 1100, table=False)
    picture[300:340, 200:700] = (200, 40, 45)
    picture[600:640, 200:400] = (200, 40, 45)
    picture[600:640, 400:700] = (30, 30, 30)
    both = a_line("学校", Box(200, 600, 700, 640))
    reader = Scripted(lines=(*UPRIGHT, both, a_line("空", Box(700, 1000, 780, 1040))))
    lines = read_sheet(sheet(picture), IMAGE, reader).page.lines
    assert [round(line.red, 1) for line in lines] == [1.0, 0.4, 0.0]
    assert (reader.shown[0][310, 300] > 180).all()


def test_a_text_layer_that_can_be_believed_is_not_read_again() -> None:
    words = " ".join(
        f"BT /F1 14 Tf 60 {780 - 20 * n} Td (The school applies for the year 2023) Tj ET" for n in range(12)
    )
    file = file_of(pdf_of(f"|{words}"), "pdf")
    reader = Scripted(lines=UPRIGHT)
    (rendered,) = render(file)
    read = read_sheet(rendered, file, reader)
    assert (read.page.read_by, reader.shown, read.picture is rendered.picture) == ("text-layer", [], True)
    assert read.page.lines[0].text.replace(" ", "") == "Theschoolappliesfortheyear2023"
    assert all(line.confidence == 1.0 for line in read.page.lines)


def test_a_pdf_without_a_text_layer_is_read_by_ocr() -> None:
    file = file_of(saved(page(), "PDF", resolution=200), "pdf")
    (rendered,) = render(file)
    assert read_sheet(rendered, file, Scripted(lines=UPRIGHT)).page.read_by == "ocr"
