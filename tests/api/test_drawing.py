"""The picture of what was found."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from api import commands
from api.drawing import COLOURS, WIDTH, Frame, draw, frames
from corpora.vocabulary import vocabulary
from tests.api.builders import settings
from tests.api.doubles import SlowReader
from tests.ingest.signing import signed_pdf

BOX = [0.1, 0.2, 0.3, 0.25]
CORNERS = ((0.1, 0.2), (0.3, 0.2), (0.3, 0.25), (0.1, 0.25))
SLANTED = [[0.5, 0.5], [0.6, 0.51], [0.6, 0.56], [0.5, 0.55]]
RECORD = {
    "fields": {
        "school": {"text": "徽城学院", "value": "徽城学院", "reading": "written", "page": 1, "box": BOX},
        "date": {"text": "", "value": None, "reading": "blank", "page": 2, "box": BOX},
        "contact_name": {"text": "", "value": None, "reading": "not_found"},
    },
    "rows": [{"headcount": {"text": "八十人", "value": 80, "reading": "written", "page": 1, "box": BOX}}],
    "seals": [
        {"page": 2, "box": BOX, "quad": SLANTED, "kind": "round", "text": None, "lower_text": None, "owner": "unknown"}
    ],
    "signatures": [
        {"role": "school_leader", "state": "absent", "page": 2, "box": BOX},
        {"role": "filler", "state": "unsure", "page": None, "box": None},
    ],
    "findings": [{"code": "date.missing", "severity": "error", "field": "date", "row": None, "message": ""}],
}


def test_everything_that_has_a_place_is_framed_on_its_page() -> None:
    words = vocabulary()
    assert list(frames(RECORD, words)) == [
        Frame(1, CORNERS, f"{words.field('school').short or words.field('school').heading} 徽城学院", "value"),
        Frame(2, CORNERS, f"{words.field('date').short or words.field('date').heading} 空白", "doubt"),
        Frame(1, CORNERS, "80", "value"),
        Frame(2, tuple((x, y) for x, y in SLANTED), "圆章 文字未辨认 无法辨认", "seal"),
        Frame(2, CORNERS, f"{words.roles['school_leader']}：未签字", "missing"),
    ]


def test_a_frame_is_drawn_where_it_stands_and_its_label_beside_it() -> None:
    page = np.full((1754, 1240, 3), 255, np.uint8)
    picture = np.asarray(Image.open(io.BytesIO(draw([(page, [Frame(1, CORNERS, "印章", "seal")]), (page, [])]))))
    assert picture.shape == (2 * 1754, WIDTH, 3)
    red = tuple(int(COLOURS["seal"][n : n + 2], 16) for n in (1, 3, 5))
    drawn = np.argwhere((picture == red).all(axis=2))
    assert tuple(drawn.min(axis=0)) >= (0.2 * 1754 - 30, 0.1 * WIDTH - 2)  # the label above the frame
    assert tuple(drawn.max(axis=0)) <= (0.25 * 1754 + 2, 0.3 * WIDTH + 2)
    assert ((picture[351:439, 200] == red).all(axis=1).sum(), (picture[400, 124:372] == red).all(axis=1).sum()) > (0, 0)


def test_check_writes_the_picture_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "汇总表.pdf").write_bytes(signed_pdf())
    path = tmp_path / "看.png"
    commands.check(settings(tmp_path / "data"), tmp_path / "汇总表.pdf", path, make_reader=SlowReader)
    with Image.open(path) as picture:
        assert (picture.format, picture.width) == ("PNG", WIDTH)
