"""What the real PaddleOCR says of a drawn page: lines, characters, runners-up, which way is up."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.document import Line
from ingest.models import faults, models_folder
from ingest.ocr import RecordedReader, Recorder
from ingest.paddle import PaddleReader
from ingest.read import read_sheet
from ingest.sheets import Picture, Sheet
from tests.ingest.drawing import file_of

pytestmark = pytest.mark.slow

PLACES = {
    "安徽省1+X职业技能等级证书申报学校汇总表": (160, 120),
    "学校名称（校章）：安徽城市管理职业学院": (120, 240),
    "传感网应用开发": (300, 400),
    "中级": (720, 400),
    "学校联络人员姓名及电话：王小明 13812345678": (120, 620),
    "2023年3月28日": (760, 760),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[PaddleReader]:
    folder = models_folder(os.environ.get("YINJIAN_MODELS"))
    if faults(folder):
        if os.environ.get("CI") == "true":
            pytest.fail("the OCR models are not in place; `make setup` puts them there")
        pytest.skip("the OCR models are not in place")
    yield PaddleReader(folder, threads=1)


@pytest.fixture(scope="module")
def drawn() -> Picture:
    image = Image.new("RGB", (1240, 1754), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.truetype("NotoSerifCJK-Regular.ttc", 32, index=2)
    for text, place in PLACES.items():
        draw.text(place, text, fill=(30, 30, 30), font=font)
    return np.asarray(image)


@pytest.fixture(scope="module")
def lines(reader: PaddleReader, drawn: Picture) -> tuple[Line, ...]:
    return reader.read(drawn)


def plain(text: str) -> str:
    return text.replace(" ", "").replace("(", "（").replace(")", "）").replace(":", "：")


def texts(lines: Iterable[Line]) -> list[str]:
    return sorted(plain(line.text) for line in lines)


def test_every_line_is_read_where_it_stands(lines: tuple[Line, ...]) -> None:
    assert texts(lines) == sorted(map(plain, PLACES))
    for text, (x, y) in PLACES.items():
        (line,) = (one for one in lines if plain(one.text) == plain(text))
        assert abs(line.box.x0 - x) < 20 and line.box.y0 - 25 < y < line.box.y1
        assert line.confidence > 0.9


def test_every_character_has_its_place_in_its_line(lines: tuple[Line, ...]) -> None:
    for line in lines:
        assert len(line.text) == len(line.chars) == len(line.scores) == len(line.runners_up)
        assert all(line.box.x0 <= left < right <= line.box.x1 for left, right in line.chars)
        assert all(a[1] <= b[0] + 0.2 for a, b in pairwise(line.chars))
    (certificate,) = (line for line in lines if line.text.startswith("传感"))
    for n, (left, right) in enumerate(certificate.chars):  # a full-width character is 32 pixels wide
        assert abs((left + right) / 2 - (300 + 32 * n + 16)) < 10


def test_probabilities_are_of_the_best_and_the_next(lines: tuple[Line, ...]) -> None:
    for line in lines:
        assert all(0 < score <= 1 for score in line.scores)
        for score, others in zip(line.scores, line.runners_up, strict=True):
            likely = [probability for _, probability in others]
            assert likely == sorted(likely, reverse=True) and all(p <= score for p in likely)
            assert score + sum(likely) <= 1.001


def test_a_blurred_character_has_runners_up(reader: PaddleReader, drawn: Picture) -> None:
    crop = Image.fromarray(drawn[395:445, 290:540])
    blurred = np.asarray(crop.resize((40, 8)).resize((250, 50)))
    (line,) = reader.read_crops([blurred])
    assert any(others for others in line.runners_up)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_the_page_is_turned_upright(reader: PaddleReader, drawn: Picture, turns: int) -> None:
    turned = np.ascontiguousarray(np.rot90(drawn, turns))
    read = read_sheet(Sheet(1, turned, 150.0, 0), file_of(b"image", "image"), reader)
    assert texts(read.page.lines) == sorted(map(plain, PLACES))
    title = read.page.lines[0].box
    x, y = read.page.view_point(title.cx, title.cy)
    wanted = np.rot90(np.arange(drawn.shape[0] * drawn.shape[1]).reshape(drawn.shape[:2]), turns)
    row, column = divmod(int(wanted[int(y * turned.shape[0]), int(x * turned.shape[1])]), drawn.shape[1])
    assert abs(row - 144) < 20 and abs(column - 520) < 60  # the middle of the title, as it was drawn


def test_crops_are_read_in_their_order(reader: PaddleReader, drawn: Picture) -> None:
    crops = [drawn[395:445, 710:800], drawn[395:445, 290:540], np.full((40, 120, 3), 255, np.uint8)]
    assert [line.text for line in reader.read_crops(crops)] == ["中级", "传感网应用开发", ""]
    assert reader.read_crops([]) == ()


def test_lines_come_from_top_to_bottom(lines: tuple[Line, ...]) -> None:
    tops = [line.box.y0 for line in lines]
    assert all(above < below + 20 for above, below in pairwise(tops))


def test_a_page_without_writing_has_no_lines(reader: PaddleReader) -> None:
    assert reader.read(np.full((1754, 1240, 3), 255, np.uint8)) == ()


def test_what_it_says_can_be_recorded_and_played_back(reader: PaddleReader, drawn: Picture) -> None:
    recorder = Recorder(reader)
    said = recorder.read(drawn)
    assert RecordedReader(recorder.recording).read(drawn) == said
