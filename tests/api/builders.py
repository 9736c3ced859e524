"""What the tests of the shell are made of: pictures, mails, houses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from api.house import House, open_house
from api.settings import Settings
from ingest.ocr import Reader
from ingest.sheets import encode_jpeg
from tests.api.doubles import SlowReader, extract_one, judge_plainly


def jpeg(shade: int = 200, width: int = 300, height: int = 400) -> bytes:
    """A grey page with a black word's worth of ink on it; another `shade` is another page."""
    picture = np.full((height, width, 3), shade, np.uint8)
    picture[50:60, 40:140] = 0
    return encode_jpeg(picture)


def mail(subject: str = "某某学院+申报", sender: str = "school@school.test") -> bytes:
    return (
        f"From: {sender}\r\nTo: office@office.test\r\nSubject: {subject}\r\n"
        f"Message-ID: <{crc32(subject.encode())}@school.test>\r\n"
        "Date: Tue, 28 Mar 2023 09:12:00 +0800\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n见附件\r\n"
    ).encode()


def settings(data: Path, **given: Any) -> Settings:
    quick: dict[str, Any] = {"ocr_workers": 1, "page_seconds": 60.0, "beat_seconds": 5.0}
    return Settings(data=data, **(quick | given))


def house(
    data: Path, reader: Callable[[], Reader] = SlowReader, extract: Any = extract_one, **given: Any
) -> AbstractContextManager[House]:
    return open_house(settings(data, **given), reader, extract, judge_plainly)
