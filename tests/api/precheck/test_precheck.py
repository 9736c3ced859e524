"""The pre-check: off unless it is switched on, without a sign-in, one file at a time, nothing kept."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.precheck import checker
from api.precheck.checker import open_precheck
from api.record import Judgement
from extractors.extraction import Extraction, Finding, Reading
from ingest.document import Document, Look, Mail
from ingest.ocr import Reader
from tests.api.builders import jpeg, settings
from tests.api.doubles import DyingReader, SlowReader
from tests.api.records import Shelf
from tests.api.signed import stranger

Opened = Callable[..., AbstractContextManager[TestClient]]


def a_summary(document: Document, looks: tuple[Look, ...]) -> tuple[Extraction, ...]:
    total = Reading("1250", 1250, "written", 0.99, 1, (0.2, 0.2, 0.4, 0.25))
    return (Extraction("anhui/summary", (0,), {"total": total}),) if document.pages else ()


def find_two(
    mail: Mail, received_at: datetime | None, document: Document, extraction: Extraction, first: bool
) -> Judgement:
    wrong = Finding("total.mismatch", "error", "合计写作 1250，各行之和为 180，请核对。", "total")
    unsure = Finding("field.unsure", "warning", "没有找到“联系人”，请对照图片补录。", "contact_name")
    return Judgement("ask", "anhui-2023", findings=(wrong, unsure) if document.pages else ())


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    shelf = Shelf(tmp_path)

    @contextmanager
    def make(reader: Callable[[], Reader] = SlowReader, **given: Any) -> Iterator[TestClient]:
        # The store of `settings` is not the shelf's; the child asks it for registers only.
        chosen = settings(tmp_path / "data", precheck=True, **given)
        with open_precheck(chosen, reader, a_summary, find_two) as precheck:
            yield stranger(create_app(shelf.store, shelf.files, precheck=precheck))

    yield make
    shelf.store.close()


def sent(client: TestClient, data: bytes = b"", name: str = "附件2.jpg", path: str = "/precheck") -> Any:
    return client.post(path, files={"file": (name, data or jpeg(), "image/jpeg")})


def test_it_is_off_until_it_is_switched_on(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    with open_precheck(settings(tmp_path)) as precheck:
        assert precheck is None
        client = stranger(create_app(shelf.store, shelf.files, precheck=precheck))
        assert (client.get("/precheck").status_code, sent(client, path="/api/precheck").status_code) == (404, 404)
    shelf.store.close()


def test_a_school_sees_what_to_mend_and_what_was_read_and_nothing_is_kept(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    with opened() as client:
        page = client.get("/precheck")
        assert (page.status_code, "检查完即删除" in page.text) == (200, True)
        told = sent(client)
        assert told.status_code == 200
        for said in (
            "合计写作 1250，各行之和为 180。",
            "请核对各行人数与合计",
            "data:image/jpeg;base64,",
            "没有找到“联系人”",
        ):
            assert said in told.text
        assert "style=" not in told.text and "<script" not in told.text
        assert sent(client, path="/api/precheck").json()["forms"] == [
            {
                "title": "申报学校汇总表",
                "known": True,
                "school": "",
                "told": [
                    {
                        "code": "total.mismatch",
                        "title": "合计不符",
                        "what": "合计写作 1250，各行之和为 180。",
                        "todo": "请核对各行人数与合计，改正后重新打印、盖章并扫描。",
                        "clause": "",
                        "doubtful": False,
                    }
                ],
                "unsure": ["没有找到“联系人”，请对照图片补录。"],
                "values": [["合计", "1250"]],
            }
        ]
    assert list(aside.iterdir()) == []
    assert not (tmp_path / "files").exists() and not (tmp_path / "data" / "files").exists()


def test_a_file_that_takes_too_long_or_breaks_the_reader_is_told_and_nothing_is_left(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    with opened(partial(SlowReader, 600.0), precheck_seconds=8.0) as client:
        slow = sent(client, path="/api/precheck")
    with opened(DyingReader) as client:
        broken = sent(client, jpeg(width=500, height=300), path="/api/precheck")
    assert [(one.status_code, one.json()["detail"][:6]) for one in (slow, broken)] == [
        (422, "检查超过了时"),
        (422, "这个文件无法"),
    ]
    assert list(aside.iterdir()) == []


def test_large_files_and_forms_without_a_file_are_refused(opened: Opened) -> None:
    with opened(precheck_bytes=100_000) as client:
        assert sent(client, os.urandom(120_000)).status_code == 413
        assert client.post("/api/precheck", data={"file": "text"}).status_code == 422
        assert client.post("/api/precheck", content=iter([b"x"])).status_code == 411
        assert client.post("/precheck", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_an_address_may_not_ask_too_often(opened: Opened) -> None:
    with opened(precheck_per_hour=2) as client:
        answers = [client.post("/api/precheck", data={"x": "y"}).status_code for _ in range(3)]
        assert answers == [422, 422, 429]
        assert "次数过多" in sent(client).text


def test_files_wait_for_each_other_and_too_many_are_sent_away(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "MOST_WAITING", 2)
    with opened(partial(SlowReader, 3.0), precheck_per_hour=100) as client, ThreadPoolExecutor(3) as threads:
        first = [threads.submit(sent, client) for _ in range(2)]
        while client.get("/api/precheck").json()["waiting"] < 2:
            time.sleep(0.05)
        assert "前面有 2 份文件正在排队" in client.get("/precheck").text
        assert sent(client, path="/api/precheck").status_code == 503
        assert [one.result().status_code for one in first] == [200, 200]
        assert client.get("/api/precheck").json()["waiting"] == 0
