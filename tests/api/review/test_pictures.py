"""The pages of a record over HTTP: pictures, crops and what was read, and that a browser's copy is asked for anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.store.tables import PageRow
from api.values import pack
from ingest.document import Box, Line, Page
from ingest.sheets import decode_picture
from tests.api.records import Shelf, a_message, a_picture, a_record
from tests.api.signed import signed

PAGES = "/api/records/a1b2c3d4e5f60718293a/pages"
LINE = Line("合计", Box(62, 88, 124, 132), 0.9, ((62, 90), (90, 124)), (0.9, 0.9))
READ = Page("附件2.pdf", "0" * 64, 1, 620, 880, "", "", (1 / 620, 0, 0, 0, 1 / 880, 0, 0, 0, 1), "ocr", (LINE,))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    shelf = Shelf(tmp_path)
    shelf.keep(a_message("1"), a_record(), picture=a_picture(620, 880))
    with shelf.store.session() as session:
        for row in session.query(PageRow):
            row.page = shelf.files.put(pack(Page, READ))
    with signed(create_app(shelf.store, shelf.files)) as opened:
        yield opened
    shelf.store.close()


@pytest.mark.parametrize("path", ["1.jpg", "1.jpg?width=160", "1/crop.jpg?box=0.1,0.1,0.3,0.2", "1/lines.json"])
def test_what_a_browser_has_is_asked_for_anew_and_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(f"{PAGES}/{path}")
    assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
    again = client.get(f"{PAGES}/{path}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("1.jpg", (620, 880)),
        ("1.jpg?width=155", (155, 220)),
        ("1.jpg?width=1000", (620, 880)),
        ("1/crop.jpg?box=0.1,0.1,0.3,0.2&around=0", (124, 88)),
        ("1/crop.jpg?box=0,0.1,0.3,0.2", (230, 176)),
        ("1/crop.jpg?box=0.1,0.1,0.3,0.2&around=0&turn=90", (88, 124)),
    ],
)
def test_a_picture_has_the_size_that_was_asked_for(client: TestClient, path: str, size: tuple[int, int]) -> None:
    answer = client.get(f"{PAGES}/{path}")
    assert answer.headers["content-type"] == "image/jpeg"
    height, width = decode_picture(answer.content).shape[:2]
    assert (width, height) == size


def test_the_lines_of_a_page_are_given_with_their_places(client: TestClient) -> None:
    quad = [[0.1, 0.1], [0.2, 0.1], [0.2, 0.15], [0.1, 0.15]]
    line = {"text": "合计", "box": [0.1, 0.1, 0.2, 0.15], "quad": quad}
    assert client.get(f"{PAGES}/1/lines.json").json() == {"turn": 0, "lines": [line]}


@pytest.mark.parametrize("path", ["2.jpg", "0.jpg", "2/crop.jpg?box=0,0,1,1", "2/lines.json"])
def test_a_page_that_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"{PAGES}/{path}").status_code == 404


@pytest.mark.parametrize("box", ["0,0,1", "0,0,2,1", "1,0,0,1", "0,0,0,0", "a,b,c,d", "0,0,1e9,1"])
def test_a_box_that_is_none_is_refused(client: TestClient, box: str) -> None:
    assert client.get(f"{PAGES}/1/crop.jpg?box={box}").status_code == 422
