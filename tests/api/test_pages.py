"""The pages in a real browser: what a clerk sees, reaches by keyboard and may click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from tests.api.browser import SIZES, page_of, served
from tests.api.records import Shelf, a_message, a_picture, a_reading, a_record
from tests.api.signed import a_user

pytestmark = pytest.mark.slow

ID = "a1b2c3d4e5f60718293a"
ROBBERY = "<script>document.title='robbed'</script>"
SEAL = {
    "page": 1,
    "box": [0.55, 0.7, 0.8, 0.88],
    "kind": "round",
    "colour": "red",
    "text": "安徽职业技术学院",
    "lower_text": None,
    "code": None,
    "owner": "same",
    "slot": "school",
    "confidence": 0.99,
}
SIGNATURE = {"role": "school_leader", "state": "signed", "page": 1, "box": [0.6, 0.9, 0.7, 0.94], "confidence": 0.9}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def page(browser: Browser, shelf: Shelf) -> Iterator[Page]:
    app = create_app(shelf.store, shelf.files)
    a_user(shelf.store)
    with served(app) as address, page_of(browser, address, app, "administrator") as opened:
        yield opened


def a_marked_record(**changed: Any) -> dict[str, Any]:
    return a_record(seals=[SEAL], signatures=[SIGNATURE, {"role": "filler", "state": "absent"}], **changed)


def test_an_empty_house_says_what_to_do_first(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("还没有材料")
    expect(page.locator("code").first).to_have_text("yinjian ingest 文件或文件夹")
    page.get_by_role("link", name="邮件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("还没有材料")


def test_a_clerk_finds_a_record_in_the_list_and_opens_it(page: Page, shelf: Shelf) -> None:
    other = a_record(id="b" * 20, lane="ready", findings=[], fields={"school": a_reading("昆明学院")}, matches={})
    shelf.keep(a_message("1"), a_marked_record(), picture=a_picture())
    shelf.keep(a_message("2"), other | {"matches": {"school": None, "certificate": None, "rows": []}})
    page.goto("/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="待核对 1").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("查找", exact=True).fill("传感网")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("status")).to_have_text("共 1 条")
    page.locator("tbody tr").click()  # anywhere on the line
    expect(page.get_by_role("heading", level=1)).to_have_text("安徽职业技术学院 申报学校汇总表")
    page.get_by_role("link", name="返回列表").click()
    expect(page.get_by_label("查找", exact=True)).to_have_value("传感网")


def test_nothing_found_offers_the_way_back(page: Page, shelf: Shelf) -> None:
    shelf.keep(a_message("1"), a_record())
    page.goto("/?q=没有这所学校")
    page.get_by_role("link", name="清除筛选条件").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_neighbours_keep_to_the_filter(page: Page, shelf: Shelf) -> None:
    for number, lane in enumerate(("ask", "ready", "ask")):
        shelf.keep(a_message(str(number)), a_record(id=str(number) * 20, lane=lane))
    page.goto("/?lane=ask")
    page.locator("tbody a").first.click()
    expect(page.get_by_role("link", name="上一份")).to_have_count(0)
    page.get_by_role("link", name="下一份").click()
    expect(page.get_by_role("link", name="下一份")).to_have_count(0)
    expect(page.get_by_role("link", name="上一份")).to_have_count(1)


def test_a_record_without_pages_or_form_is_still_shown(page: Page, shelf: Shelf) -> None:
    nothing = a_record(form=None, fields={}, rows=[], lane="parked", findings=[], programme=None)
    nothing["source"] = nothing["source"] | {"pages": [], "file_name": None, "subject": "", "received_at": None}
    nothing["matches"] = {"school": None, "certificate": None, "rows": []}
    shelf.keep(a_message("1"), nothing)
    page.goto(f"/records/{ID}")
    expect(page.get_by_role("heading", level=1)).to_have_text("（未识别出学校） 未识别表格")
    expect(page.get_by_text("这条材料没有可显示的页面。")).to_be_visible()
    page.goto("/")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_message_shows_its_troubles_its_pages_and_its_records(page: Page, shelf: Shelf) -> None:
    trouble = {"code": "file.encrypted", "message": "请去掉密码后重新发送。", "file_name": "附件.pdf"}
    shelf.keep(a_message("1", troubles=[trouble]), a_record(), picture=a_picture())
    page.goto("/messages")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="安徽职业技术学院+2023年证书申报").click()
    expect(page.get_by_text("请去掉密码后重新发送。")).to_be_visible()
    expect(page.get_by_role("row", name="附件2.pdf 1 已识别")).to_be_visible()
    page.get_by_text("邮件正文").click()
    expect(page.get_by_text("附件为我校汇总表，请查收。")).to_be_visible()
    page.get_by_role("link", name="安徽职业技术学院", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("安徽职业技术学院 申报学校汇总表")


def test_what_a_school_writes_is_never_markup(page: Page, shelf: Shelf) -> None:
    record = a_record(fields={"school": a_reading(ROBBERY)}, matches={"school": None, "certificate": None, "rows": []})
    record["source"] = record["source"] | {"subject": ROBBERY, "file_name": ROBBERY}
    mail = {"subject": ROBBERY, "sender": ROBBERY, "text": ROBBERY}
    shelf.keep(a_message("1", mail=mail), record, picture=a_picture())
    for path in ("/", f"/records/{ID}", "/messages", f"/messages/{a_message('1').sha256}"):
        page.goto(path)
        assert page.title() != "robbed"
        expect(page.get_by_text(ROBBERY).first).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/", f"/records/{ID}", "/messages", "/records/nothing"])
def test_no_page_is_wider_than_the_screen(page: Page, shelf: Shelf, path: str, size: tuple[int, int]) -> None:
    shelf.keep(a_message("1"), a_marked_record(), picture=a_picture())
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.route("**/records/nothing", lambda route: route.fulfill(body=route.fetch().text(), content_type="text/html"))
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("path", ["/", f"/records/{ID}", "/messages"])
def test_every_control_has_a_name_and_every_page_its_landmarks(page: Page, shelf: Shelf, path: str) -> None:
    shelf.keep(a_message("1"), a_marked_record(), picture=a_picture())
    page.goto(path)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    nameless = page.locator("a, button, input:not([type=hidden]), select, img").evaluate_all(
        "all => all.filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.hasAttribute('alt')"
        " || e.labels?.length)).map(e => e.outerHTML)"
    )
    assert nameless == []
