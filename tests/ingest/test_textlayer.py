"""Which text layers are read and which are believed. The pages are set in Helvetica, which every PDF reader carries."""

from __future__ import annotations

import pytest

from ingest.document import Box
from ingest.sheets import render
from ingest.textlayer import Layer, read_layer
from tests.ingest.drawing import file_of, pdf_of

SCALE = 2339 / 842  # pixels for each point of an A4 page at 200 dpi


def show(x: float, y: float, text: str, *, mode: int = 0, size: float = 14, matrix: str = "1 0 0 1") -> str:
    return f"BT /F1 {size} Tf {mode} Tr {matrix} {x} {y} Tm ({text}) Tj ET\n"


def picture(x: float, y: float, width: float, height: float) -> str:
    """A grey picture of one pixel, drawn that large."""
    return f"q {width} 0 0 {height} {x} {y} cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xc8 EI Q\n"


WORDS = show(100, 700, "School of Anhui") + show(100, 650, "Headcount")


def layer_of(content: str, extra: str = "", number: int = 1, *before: str) -> Layer | None:
    data = pdf_of(*before, f"{extra} | {content}")
    sheet = list(render(file_of(data, "pdf")))[number - 1]
    return read_layer(data, sheet)


def texts(layer: Layer | None) -> list[str]:
    assert layer is not None
    return [line.text for line in layer.lines]


def test_lines_come_from_top_to_bottom_with_an_edge_for_each_character() -> None:
    layer = layer_of(WORDS)
    assert texts(layer) == ["School of Anhui", "Headcount"]
    assert layer is not None and layer.trusted
    line = layer.lines[1]
    assert (len(line.chars), line.scores, line.confidence) == (9, (1.0,) * 9, 1.0)
    assert line.box.x0 == pytest.approx(100 * SCALE, abs=2)
    assert line.box.y0 < (842 - 650) * SCALE < line.box.y1 + 2


def test_a_page_without_text_has_no_layer() -> None:
    assert layer_of("0 0 100 100 re f") is None


def test_pages_are_judged_one_by_one() -> None:
    assert texts(layer_of(WORDS, "", 2, "| 0 0 100 100 re f")) == ["School of Anhui", "Headcount"]


def test_words_far_apart_are_two_lines() -> None:
    assert texts(layer_of(show(100, 700, "Number") + show(300, 700, "Certificate"))) == ["Number", "Certificate"]


def test_a_rule_between_cells_parts_them_however_close() -> None:
    cells = show(100, 700, "Number") + show(152, 700, "Level") + "150 680 m 150 720 l S"
    assert texts(layer_of(cells)) == ["Number", "Level"]


def test_strokes_and_thin_bars_are_rules_and_filled_areas_are_not() -> None:
    layer = layer_of(WORDS + "100 600 m 400 600 l S 100 500 300 1 re f 0.9 g 100 300 300 100 re f")
    assert layer is not None
    found = [(round(r.x0 / SCALE), round(842 - r.y0 / SCALE), round(r.x1 / SCALE)) for r in layer.rules]
    assert found == [(100, 600, 400), (100, 500, 400)]


def test_the_borders_of_neighbouring_cells_are_one_rule() -> None:
    layer = layer_of(WORDS + "100 500 100 50 re S 200 500 100 50 re S")
    assert layer is not None
    assert [round((r.x1 - r.x0) / SCALE) for r in layer.rules if r.horizontal] == [200, 200]
    assert [round((r.y1 - r.y0) / SCALE) for r in layer.rules if not r.horizontal] == [50, 50, 50]


def test_bold_by_printing_twice_is_read_once() -> None:
    assert texts(layer_of(WORDS + show(100.3, 700, "School of Anhui"))) == ["School of Anhui", "Headcount"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_fit_the_picture_whatever_the_turn_and_crop(turn: int) -> None:
    matrix = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}[turn]
    page = show(300, 400, "HHHHHHHHHH", matrix=matrix)
    data = pdf_of(f"/Rotate {turn} /MediaBox [10 20 595 842] /CropBox [50 100 500 800] | {page}")
    (sheet,) = render(file_of(data, "pdf"))
    layer = read_layer(data, sheet)
    assert layer is not None and layer.trusted
    (line,) = layer.lines
    ink = (sheet.picture.min(axis=2) < 128).nonzero()
    drawn = Box(float(ink[1].min()), float(ink[0].min()), float(ink[1].max() + 1), float(ink[0].max() + 1))
    assert line.box.x0 == pytest.approx(drawn.x0, abs=6) and line.box.x1 == pytest.approx(drawn.x1, abs=6)
    assert line.box.y0 - 1 < drawn.y0 < drawn.y1 < line.box.y1 + 1


def test_a_seal_or_signature_on_the_page_is_told_and_does_no_harm() -> None:
    layer = layer_of(WORDS + picture(300, 600, 60, 60))
    assert layer is not None and layer.trusted
    assert [(round(box.x0 / SCALE), round(box.width / SCALE)) for box in layer.pictures] == [(300, 60)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (picture(0, 0, 595, 842) + WORDS, "a picture of the page"),
        (
            show(100, 700, "School of Anhui", mode=3) + show(100, 650, "Headcount", mode=3),
            "text that the page does not show",
        ),
        ("1 g " + WORDS, "text that the page does not show"),
        (show(100, 700, "School of Anhui") + show(100, 700, "ruined by a copy"), "characters on top of each other"),
        (show(100, 700, "\\344\\345\\346\\347\\350\\351\\352\\353"), "characters that Chinese does not have"),
        (show(300, 400, "from top to bottom", matrix="0 1 -1 0"), "text that does not run from left to right"),
        (show(300, 400, "upside down", matrix="-1 0 0 -1"), "text that does not run from left to right"),
        (
            WORDS + "".join(f"100 {y} m 400 {y + 5} l 2 w S\n" for y in range(100, 500, 9)),
            "more on the page than its text",
        ),
    ],
)
def test_a_layer_that_is_not_what_is_drawn_is_not_believed(content: str, why: str) -> None:
    layer = layer_of(content)
    assert layer is not None
    assert (layer.distrust, layer.trusted) == (why, False)


def test_a_font_without_a_map_is_not_believed() -> None:
    font = (
        "/F1 << /Type /Font /Subtype /Type0 /BaseFont /Nameless /Encoding /Identity-H /DescendantFonts [ << "
        "/Type /Font /Subtype /CIDFontType2 /BaseFont /Nameless "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        "/FontDescriptor << /Type /FontDescriptor /FontName /Nameless /Flags 4 /FontBBox [0 0 1000 1000] "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >> >> ] >>"
    )
    data = pdf_of("| BT /F1 14 Tf 100 700 Td <00410042004300440045004600470048004900500051> Tj ET", fonts=font)
    (sheet,) = render(file_of(data, "pdf"))
    layer = read_layer(data, sheet)
    assert layer is None or not layer.trusted
