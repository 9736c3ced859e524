"""A review desk whose records have pages to look at."""

from __future__ import annotations

from dataclasses import replace

from api.store.tables import PageRow
from api.values import pack, unpack
from extractors.extraction import Extraction
from ingest.document import Box, Line
from ingest.document import Page as ReadPage
from tests.api.records import a_picture
from tests.api.review.desk import Desk

WRITTEN = Line("联系电话：0551-62680000", Box(124, 440, 310, 458), 0.9, ((124, 310),) * 18, (0.9,) * 18)
PLAIN = (1 / 620, 0, 0, 0, 1 / 877, 0, 0, 0, 1)
HEFEI, WUHU = "安徽医学高等专科学校", "芜湖职业技术学院"
"""Colleges of two cities."""


def seen(desk: Desk, extraction: Extraction, name: str = "1") -> str:
    """A record as Desk.take gives it, with a picture and one line of text on its page."""
    id = desk.take(extraction, name)
    with desk.store.session() as session:
        for row in session.query(PageRow).filter_by(message=desk.row(id).message):
            read = unpack(ReadPage, desk.files.get(str(row.page)))
            read = replace(read, width=620, height=877, to_view=PLAIN, lines=(WRITTEN,))
            row.view, row.page = desk.files.put(a_picture()), desk.files.put(pack(ReadPage, read))
    return id
