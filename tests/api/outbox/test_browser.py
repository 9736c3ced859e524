"""In a real browser: a record is returned with a reply drafted, edited and sent, in the thread of the school's mail."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.outbox.office import Office
from api.outbox.sender import Sender
from api.precheck.checker import Desk, Precheck
from api.precheck.limits import Limiter
from api.worker import Pool
from tests.api.browser import SIZES, WHOLE_WIDTH, faults, page_of, served
from tests.api.outbox.servers import Server, serving
from tests.api.outbox.test_replies import RAW
from tests.api.records import Shelf, a_message, a_picture, a_record
from tests.api.signed import a_user

pytestmark = pytest.mark.slow

ID = "a1b2c3d4e5f60718293a"
OFFICE = Office("office@office.test", "某省办公室", frozenset({"office@office.test"}))


@pytest.fixture
def smtp() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    made.keep(a_message(sha256=made.files.put(RAW)), a_record(), picture=a_picture())
    yield made
    made.store.close()


def never() -> Desk:
    raise AssertionError("the page alone is looked at")


@pytest.fixture
def app(shelf: Shelf) -> FastAPI:
    a_user(shelf.store)
    unused = Precheck(Pool(never, size=1, tasks=1, seconds=1.0), 20_000_000, Limiter(1))
    return create_app(shelf.store, shelf.files, office=OFFICE, precheck=unused)


@pytest.fixture
def sending(shelf: Shelf, smtp: Server) -> Iterator[Server]:
    """The outbox's sender, on a thread of its own as `serve` runs it."""
    stop = threading.Event()
    sender = threading.Thread(target=Sender(shelf.store, shelf.files, smtp.smtp, OFFICE.address).run, args=(stop,))
    sender.start()
    yield smtp
    stop.set()
    sender.join()


@pytest.fixture
def page(browser: Browser, app: FastAPI) -> Iterator[Page]:
    with served(app) as address, page_of(browser, address, app, "administrator") as opened:
        yield opened


def test_a_record_is_returned_and_its_reply_edited_and_sent(page: Page, sending: Server) -> None:
    page.goto(f"/records/{ID}")
    page.locator("#actions").get_by_role("button", name="退回学校").click()
    page.get_by_role("button", name="退回并起草答复").click()
    page.wait_for_url(f"**/records/{ID}/reply")
    expect(page.get_by_role("heading", level=1)).to_contain_text("答复学校")

    page.get_by_role("checkbox", name="证书有多个候选").first.check()
    page.get_by_role("button", name="按所选重写正文").click()
    text = page.get_by_label("正文")
    expect(text).to_have_value(re.compile("2. 证书有多个候选"))
    text.fill(text.input_value().replace("请核对各行人数与合计", "请核对第 1 行人数与合计"))
    page.get_by_role("button", name="预览").click()
    preview = page.get_by_role("region", name="预览")
    expect(preview).to_contain_text("请核对第 1 行人数与合计")
    expect(preview.get_by_role("img")).to_have_count(1)

    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Re: 安徽职业技术学院+2023年证书申报")
    for _ in range(60):
        if page.get_by_text("已发送", exact=True).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text("已发送", exact=True)).to_be_visible()
    sent = sending.message()
    assert (sent["To"], sent["In-Reply-To"], len(sending.mails)) == ("dean@school.test", "<7@school.test>", 1)
    body = sent.get_body(("plain",))
    assert body is not None and "请核对第 1 行人数与合计" in body.get_content()

    page.goto(f"/records/{ID}")
    page.get_by_role("link", name="起草答复").click()
    expect(page.get_by_role("heading", name="已有的答复")).to_be_visible()


def queued(page: Page) -> str:
    page.goto(f"/records/{ID}/reply")
    page.get_by_role("button", name="发送").click()
    page.wait_for_url("**/outbox/*")
    return page.url


def test_axe_finds_no_serious_fault(browser: Browser, app: FastAPI) -> None:
    with served(app) as address, page_of(browser, address, app, "administrator", bypass_csp=True) as page:
        mail = queued(page)
        reminders = "/reminders?programme=anhui-2023&form=anhui/progress"
        for path in (f"/records/{ID}/reply", "/outbox", mail, reminders, "/precheck"):
            page.goto(path)
            assert faults(page) == [], path


@pytest.mark.parametrize("size", SIZES)
def test_pages_fit_every_screen(browser: Browser, app: FastAPI, size: tuple[int, int]) -> None:
    shown = {"width": size[0], "height": size[1]}
    with served(app) as address, page_of(browser, address, app, "administrator", viewport=shown) as page:
        mail = queued(page)
        for path in (f"/records/{ID}/reply", "/outbox", mail, "/reminders?programme=anhui-2023&form=anhui/summary"):
            page.goto(path)
            assert page.evaluate(WHOLE_WIDTH) <= 0, path
