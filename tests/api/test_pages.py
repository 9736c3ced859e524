"""The pages in a real browser: what a clerk sees, reaches by keyboard and may click."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from api.accounts.http import COOKIE
from api.app import create_app
from tests.api.records import Shelf, a_message, a_picture, a_reading, a_record
from tests.api.signed import a_user, cookie_of

pytestmark = pytest.mark.slow

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
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
SIZES = [(1366, 768), (3840, 2160), (800, 900)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, else Playwright's own. Not installed: a failure with CI=true, else a skip."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or playwright.chromium.executable_path
        if not Path(program).exists():
            if os.environ.get("CI") == "true":
                pytest.fail("Chromium is not installed; `make test` installs it")
            pytest.skip("Chromium is not installed")
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def address(shelf: Shelf) -> Iterator[str]:
    """The pages over the shelf, served on a free port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(shelf.store, shelf.files), log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def page(browser: Browser, address: str, shelf: Shelf) -> Iterator[Page]:
    """A page at 1366 x 768 that may ask nobody but us and may not complain (also of our content security policy)."""
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768}, locale="zh-CN")
    word = cookie_of(shelf.store, a_user(shelf.store).name)
    context.add_cookies([{"name": COOKIE, "value": word, "url": address}])
    opened = context.new_page()
    complaints: list[str] = []

    def note_request(request: Request) -> None:
        if not request.url.startswith(address):
            complaints.append(request.url)

    opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", note_request)
    yield opened
    context.close()
    assert complaints == []


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
    page.get_by_label("查找").fill("传感网")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("status")).to_have_text("共 1 条")
    page.locator("tbody tr").click()  # anywhere on the line
    expect(page.get_by_role("heading", level=1)).to_have_text("安徽职业技术学院 申报学校汇总表")
    page.get_by_role("link", name="返回列表").click()
    expect(page.get_by_label("查找")).to_have_value("传感网")


def test_nothing_found_offers_the_way_back(page: Page, shelf: Shelf) -> None:
    shelf.keep(a_message("1"), a_record())
    page.goto("/?q=没有这所学校")
    page.get_by_role("link", name="清除筛选条件").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_record_shows_findings_values_matches_seals_and_signatures(page: Page, shelf: Shelf) -> None:
    shelf.keep(a_message("1"), a_marked_record(), picture=a_picture())
    page.goto(f"/records/{ID}")
    for text in (
        "合计写作 1250，各行之和为 180",
        "原文：0551-6268 0000",
        "现名：安徽职业技术大学",
        "网店运营推广",
        "红色圆章“安徽职业技术学院”（本校公章）",
        "学校负责人：已签字",
        "填报人：未签字",
    ):
        expect(page.get_by_role("region", name="识别结果").get_by_text(text).first).to_be_visible()
    expect(page.locator("table.rows tbody tr")).to_have_count(2)


@pytest.mark.parametrize("size", SIZES)
def test_a_box_lies_over_its_value_at_every_size(page: Page, shelf: Shelf, size: tuple[int, int]) -> None:
    shelf.keep(a_message("1"), a_marked_record(), picture=a_picture())
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/records/{ID}")
    sheet = page.locator(".sheet img").bounding_box()
    box = page.locator("#box-f-school polygon").evaluate(
        "e => { const r = e.getBoundingClientRect(); return {...r.toJSON()} }"
    )
    assert sheet
    assert [
        (box["left"] - sheet["x"]) / sheet["width"],
        (box["top"] - sheet["y"]) / sheet["height"],
        (box["right"] - sheet["x"]) / sheet["width"],
        (box["bottom"] - sheet["y"]) / sheet["height"],
    ] == pytest.approx([0.3, 0.1, 0.6, 0.13], abs=0.004)


def test_boxes_and_values_lead_to_each_other(page: Page, shelf: Shelf) -> None:
    shelf.keep(a_message("1"), a_marked_record(), picture=a_picture(620, 2400))
    page.goto(f"/records/{ID}")
    page.get_by_role("link", name="联系人电话：在第 1 页上查看").click()
    expect(page.locator("#box-f-contact_phone")).to_be_focused()
    expect(page.locator("#box-f-contact_phone")).to_be_in_viewport()
    expect(page.locator("#f-contact_phone")).to_contain_class("on")
    page.locator("#box-r2-certificate").click()
    expect(page.locator("#r2-certificate a")).to_be_focused()
    expect(page.locator("#r2-certificate")).to_be_in_viewport()


def test_a_finding_leads_to_its_value(page: Page, shelf: Shelf) -> None:
    shelf.keep(a_message("1"), a_marked_record(), picture=a_picture())
    page.goto(f"/records/{ID}")
    page.get_by_role("link", name="第 2 行 职业技能等级证书").click()
    expect(page.locator("#r2-certificate a")).to_be_focused()


def test_every_box_can_be_reached_and_followed_by_keyboard(page: Page, shelf: Shelf) -> None:
    shelf.keep(a_message("1"), a_record(), picture=a_picture())
    page.goto(f"/records/{ID}")
    page.locator("#box-f-school").focus()
    expect(page.locator("#f-school")).to_contain_class("on")
    page.keyboard.press("Enter")
    expect(page.locator("#f-school a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#box-f-school")).to_be_focused()


def test_without_scripts_the_links_still_lead_there(browser: Browser, address: str, shelf: Shelf) -> None:
    shelf.keep(a_message("1"), a_record(), picture=a_picture(620, 2400))
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/records/{ID}#box-f-contact_phone")
    expect(page.locator("#box-f-contact_phone")).to_be_in_viewport()
    context.close()


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
