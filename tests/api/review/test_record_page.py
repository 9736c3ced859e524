"""The record page in a real browser: worked through by keyboard, beside its picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from api.accounts.actor import Actor
from api.app import create_app
from api.judging import Judging
from api.review.edits import Value
from api.store.tables import PageRow
from api.values import pack, unpack
from extractors.extraction import Extraction
from ingest.document import Box, Line
from ingest.document import Page as ReadPage
from tests.api.browser import SIZES, WHOLE_WIDTH, faults, page_of, served
from tests.api.records import a_picture
from tests.api.review.desk import IN_TIME, Desk, reading, summary
from tests.api.signed import a_user

pytestmark = pytest.mark.slow

WRITTEN = Line("联系电话：0551-62680000", Box(124, 440, 310, 458), 0.9, ((124, 310),) * 18, (0.9,) * 18)
PLAIN = (1 / 620, 0, 0, 0, 1 / 877, 0, 0, 0, 1)


PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def desk(tmp_path: Path, registers: Judging) -> Iterator[Desk]:
    made = Desk(tmp_path, registers=registers)
    yield made
    made.store.close()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    a_user(desk.store, "administrator")
    made = create_app(desk.store, desk.files)
    made.state.judging._indices = desk.judging._made()
    return made


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as at:
        yield at


@pytest.fixture
def page(browser: Browser, address: str, app: FastAPI) -> Iterator[Page]:
    with page_of(browser, address, app, "administrator", reduced_motion="reduce") as opened:
        yield opened


def seen(desk: Desk, extraction: Extraction, name: str = "1", received_at: datetime = IN_TIME) -> str:
    """A record whose pages have pictures, and one line of text."""
    id = desk.take(extraction, name, received_at)
    with desk.store.session() as session:
        for row in session.query(PageRow).filter_by(message=desk.row(id).message):
            read = unpack(ReadPage, desk.files.get(str(row.page)))
            read = replace(read, width=620, height=877, to_view=PLAIN, lines=(WRITTEN,))
            row.view, row.page = desk.files.put(a_picture()), desk.files.put(pack(ReadPage, read))
    return id


def doubtful() -> Extraction:
    """A sum that does not agree, and a phone that is one digit short."""
    phone = reading("phone", "1385560129", box=(0.2, 0.8, 0.4, 0.83))
    extraction = summary(contact_phone=phone, contact_name=reading("person", "王小明", box=(0.1, 0.8, 0.18, 0.83)))
    extraction.fields["total"] = reading("integer", "250", box=(0.7, 0.6, 0.8, 0.63))
    return extraction


def value(page: Page, key: str) -> Any:
    return page.locator(f"#in-f-{key}")


def test_a_record_is_corrected_confirmed_and_accepted_by_keyboard_only(page: Page, desk: Desk) -> None:
    other = seen(desk, summary("安徽化工学校"), "2", IN_TIME - timedelta(hours=1))
    id = seen(desk, doubtful())
    page.goto(f"/records/{id}")
    expect(value(page, "total")).to_be_focused()
    page.keyboard.type("180")
    page.keyboard.press("Enter")
    expect(value(page, "contact_phone")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="理由")).to_be_focused()
    page.keyboard.press("2")
    expect(page.get_by_role("group", name="印章签字待核对")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    expect(page.locator("#accept")).to_be_focused()
    expect(page.locator("#accept")).not_to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/records/{other}")
    body = desk.body(id)
    assert body["fields"]["total"]["value"] == 180
    assert body["fields"]["total"]["machine"]["value"] == 250
    settled = {one["code"]: one.get("settled", {}).get("reason") for one in body["findings"]}
    assert settled["phone.invalid"] == "已电话核实"
    assert [one["action"] for one in body["reviews"]] == ["accept"]


def test_what_is_open_keeps_the_record_from_being_accepted(page: Page, desk: Desk) -> None:
    id = seen(desk, doubtful())
    page.goto(f"/records/{id}")
    value(page, "contact_phone").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("还有须处理的问题")
    expect(value(page, "total")).to_be_focused()
    assert desk.body(id)["state"] == "review"


def test_escape_leaves_a_value_as_it_was(page: Page, desk: Desk) -> None:
    id = seen(desk, doubtful())
    page.goto(f"/records/{id}")
    page.keyboard.type("999")
    page.keyboard.press("Escape")
    expect(value(page, "total")).to_have_value("250")
    page.keyboard.press("Escape")
    expect(page.locator("#q-f-total")).to_be_focused()
    page.keyboard.press("b")
    expect(page.locator("[data-do=boxes]")).to_have_attribute("aria-pressed", "false")
    assert desk.row(id).version == 1


def test_a_change_is_undone_by_a_key_and_stands_in_the_history(page: Page, desk: Desk) -> None:
    id = seen(desk, doubtful())
    page.goto(f"/records/{id}")
    page.keyboard.type("180")
    page.keyboard.press("Enter")
    expect(page.get_by_text("机器识别：250")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(value(page, "total")).to_have_value("250")
    page.keyboard.press("Alt+h")
    expect(page.locator("#history-list li")).to_have_count(2)
    expect(page.locator("#history-list li").last).to_contain_text("250 → 180")
    assert desk.body(id)["fields"]["total"]["value"] == 250


def test_the_value_in_hand_is_framed_in_the_picture(page: Page, desk: Desk) -> None:
    id = seen(desk, doubtful())
    page.goto(f"/records/{id}")
    framed = page.locator(".boxes .mark.now polygon")
    expect(framed).to_have_count(1)
    page.wait_for_function("document.querySelector('.boxes .mark.now polygon').getBoundingClientRect().width > 80")
    box, view = framed.bounding_box(), page.locator("#viewer").bounding_box()
    assert box and view
    assert view["x"] < box["x"] and box["x"] + box["width"] < view["x"] + view["width"]
    assert view["y"] < box["y"] and box["y"] + box["height"] < view["y"] + view["height"]
    expect(page.locator(".boxlabel")).to_have_text("合计（人）")
    value(page, "contact_name").focus()
    expect(page.locator(".boxes .mark.now")).to_have_attribute("data-mark", "f-contact_name")


def test_a_click_on_the_picture_takes_the_text_into_the_value_in_hand(page: Page, desk: Desk) -> None:
    id = seen(desk, doubtful())
    page.goto(f"/records/{id}")
    expect(page.locator(".boxes .mark.now")).to_have_count(1)
    value(page, "contact_phone").focus()
    page.locator("[data-do=fit]").click()
    value(page, "contact_phone").focus()
    page.locator("[data-do=fit]").click()
    sheet = page.locator(".boxes svg").bounding_box()
    assert sheet
    page.mouse.click(sheet["x"] + sheet["width"] * 0.35, sheet["y"] + sheet["height"] * 0.512)
    expect(value(page, "contact_phone")).to_have_value("0551-62680000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("机器识别：1385560129")).to_be_visible()


def test_the_table_is_edited_like_a_sheet(page: Page, desk: Desk) -> None:
    id = seen(desk, doubtful())
    page.goto(f"/records/{id}")
    cells = page.locator("#grid tbody tr")
    page.get_by_label("第 1 行 级别").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("第 2 行 级别")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("第 2 行 考核人数")).to_be_focused()
    page.keyboard.press("Alt+Insert")
    expect(cells).to_have_count(3)
    expect(page.get_by_label("第 3 行 序号")).to_be_focused()
    page.keyboard.press("Alt+Delete")
    expect(cells).to_have_count(2)
    page.get_by_label("第 2 行 级别").focus()
    page.evaluate(PASTE, "中级\t60\r\n高级\t20\r\n")
    expect(cells).to_have_count(3)
    expect(page.get_by_label("第 3 行 级别")).to_have_value("高级")
    expect(page.get_by_label("第 3 行 考核人数")).to_have_value("20")


def test_a_return_needs_its_reasons_and_begins_with_what_is_open(page: Page, desk: Desk) -> None:
    id = seen(desk, doubtful())
    page.goto(f"/records/{id}")
    page.keyboard.press("Alt+t")
    reason = page.get_by_label("理由（学校或下一级会看到）")
    expect(reason).to_be_focused()
    expect(reason).to_have_value("""1. 合计写作 250，各行之和为 180，请核对。
2. “联系人电话”写作“1385560129”，不是有效的电话号码，请与学校核实。
3. 这是电子文档，看不到印章和签字，请与学校盖章签字的扫描件核对。""")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/")
    assert desk.body(id)["state"] == "returned"


def test_who_has_the_record_open_twice_is_told_what_changed(page: Page, desk: Desk) -> None:
    id = seen(desk, doubtful())
    page.goto(f"/records/{id}")
    desk.do("correct", Actor("administrator", "安宁", "administrator"), id, [Value("contact_name", None, "王晓明")])
    page.keyboard.type("180")
    with page.expect_response("**/values") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 409
    expect(page.get_by_role("alert")).to_contain_text("安宁")
    expect(value(page, "contact_name")).to_have_value("王晓明")
    expect(value(page, "total")).to_have_value("180")
    value(page, "total").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert desk.body(id)["fields"]["total"]["value"] == 180


def test_who_only_reads_can_change_nothing(browser: Browser, address: str, app: FastAPI, desk: Desk) -> None:
    id = seen(desk, doubtful())
    a_user(desk.store, "auditor")
    with page_of(browser, address, app, "auditor") as page:
        page.goto(f"/records/{id}")
        expect(value(page, "total")).to_have_attribute("readonly", "")
        expect(page.get_by_role("button", name="确认并说明理由")).to_have_count(0)
        page.keyboard.press("Control+Enter")
        expect(page).to_have_url(f"{address}/records/{id}")


def test_help_tells_the_keys(page: Page, desk: Desk) -> None:
    page.goto(f"/records/{seen(desk, doubtful())}")
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog", name="按键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(value(page, "total")).to_be_focused()


def test_the_schools_other_documents_are_a_key_away(page: Page, desk: Desk) -> None:
    id, other = seen(desk, doubtful()), seen(desk, summary(), "2")
    page.goto(f"/records/{id}")
    page.keyboard.press("Alt+m")
    expect(page.locator("#related a[data-number='1']")).to_be_focused()
    page.keyboard.press("1")
    page.wait_for_url(f"**/records/{other}")


@pytest.mark.parametrize("size", [*SIZES, (683, 384)])
def test_the_page_is_never_wider_than_the_screen(page: Page, desk: Desk, size: tuple[int, int]) -> None:
    id = seen(desk, doubtful())
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/records/{id}")
    expect(value(page, "total")).to_be_in_viewport()
    assert page.evaluate(WHOLE_WIDTH) == 0


@pytest.mark.parametrize("key", ["", "F1", "Alt+m", "Alt+t", "Alt+k"])
def test_axe_finds_no_serious_fault(browser: Browser, address: str, app: FastAPI, desk: Desk, key: str) -> None:
    id = seen(desk, doubtful())
    with page_of(browser, address, app, "administrator", bypass_csp=True, reduced_motion="reduce") as page:
        page.goto(f"/records/{id}")
        expect(page.locator(".boxes .mark.now")).to_have_count(1)
        if key:
            page.keyboard.press(key)
        assert faults(page) == []


def test_without_scripts_everything_can_be_read(browser: Browser, address: str, app: FastAPI, desk: Desk) -> None:
    id = seen(desk, doubtful())
    with page_of(browser, address, app, "administrator", java_script_enabled=False) as page:
        page.goto(f"/records/{id}#box-f-total")
        expect(page.get_by_alt_text("第 1 页")).to_be_visible()
        expect(page.locator("#box-f-total")).to_be_in_viewport()
        expect(value(page, "total")).to_have_value("250")
