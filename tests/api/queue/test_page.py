"""The queue in a real browser: by keyboard, with two people at once, and while mails come in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.store.tables import Record
from tests.api.browser import SIZES, WHOLE_WIDTH, faults, page_of, served
from tests.api.records import Shelf, a_message, a_picture, a_record
from tests.api.signed import a_user

pytestmark = pytest.mark.slow

READY: dict[str, Any] = {"lane": "ready", "findings": [], "matches": {"school": None, "certificate": None, "rows": []}}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    for number, lane in enumerate(("ready", "ask", "ready", "ready", "ask")):
        made.keep(
            a_message(str(number)), a_record(id=str(number) * 20, **(READY | {"lane": lane})), picture=a_picture()
        )
    yield made
    made.store.close()


@pytest.fixture
def app(shelf: Shelf) -> FastAPI:
    made = create_app(shelf.store, shelf.files)
    made.state.second_look_one_in = 0
    made.state.watch.pause = 0.2
    for name in ("li", "wang"):
        a_user(shelf.store, "clerk", name)
    return made


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as place:
        yield place


@pytest.fixture
def page(browser: Browser, address: str, app: FastAPI) -> Iterator[Page]:
    with page_of(browser, address, app, "li") as opened:
        yield opened


def states(shelf: Shelf) -> str:
    with shelf.store.reading() as session:
        return " ".join(row.state for row in session.query(Record).order_by(Record.id))


def test_ready_records_are_accepted_and_taken_back_by_keyboard_alone(page: Page, shelf: Shelf) -> None:
    page.goto("/?lane=ready")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("#picked")).to_have_text("已选 2 件，其中可通过 2 件")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="已通过 2 件")).to_be_visible()
    expect(page.locator("#batch")).to_be_focused()
    assert states(shelf).count("accepted") == 2
    page.keyboard.press("u")
    expect(page.get_by_text("2 件已恢复为待审核。")).to_be_visible()
    expect(page.locator("#batch")).to_be_focused()  # the keys are ready
    assert states(shelf).count("accepted") == 0
    page.keyboard.press("Shift+A")
    expect(page.get_by_role("heading", name="已通过 3 件")).to_be_visible()
    assert states(shelf) == "accepted review accepted accepted review"


def test_arrows_move_enter_opens_slash_searches_and_a_question_mark_helps(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="按键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("查找")).to_be_focused()
    page.keyboard.type("ajx")
    expect(page.get_by_label("查找")).to_have_value("ajx")
    page.keyboard.press("Escape")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile("/records/"))


def test_the_next_task_is_one_key_away(page: Page, shelf: Shelf) -> None:
    page.goto("/?lane=ask")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"/records/.*\?lane=ask$"))
    with shelf.store.reading() as session:
        assert [row.id[0] for row in session.query(Record).where(Record.assignee == "li")] == [page.url[-25]]


def test_two_people_on_one_record_know_of_each_other(page: Page, browser: Browser, app: FastAPI, address: str) -> None:
    page.goto(f"/records/{'1' * 20}")
    expect(page.locator("#lock")).to_be_hidden()
    with page_of(browser, address, app, "wang") as other:
        other.goto("/")
        expect(other.locator(f"tr[data-id='{'1' * 20}']")).to_contain_text("li正在审核")
        other.goto(f"/records/{'1' * 20}")
        expect(other.locator("#lock")).to_contain_text("li正在审核此件")
        other.get_by_role("button", name="由我接手").click()
        expect(other.locator("#lock")).to_be_hidden()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("#lock")).to_contain_text("wang已接手此件")
        other.goto("/")
        expect(other.locator("td .held")).to_have_count(0)


def test_what_comes_in_shows_itself_while_nobody_is_at_the_list(page: Page, shelf: Shelf) -> None:
    page.goto("/")
    expect(page.locator("tbody tr")).to_have_count(5)
    page.wait_for_timeout(500)
    shelf.keep(a_message("6"), a_record(id="6" * 20, **READY))
    expect(page.locator("tbody tr")).to_have_count(6)
    page.keyboard.press("j")
    page.keyboard.press("x")
    with shelf.store.session() as session:
        session.add(a_message("8", state="received"))
    expect(page.locator("#waiting")).to_have_text("另有 1 封邮件正在处理")
    shelf.keep(a_message("7"), a_record(id="7" * 20, **READY))
    expect(page.locator("#news")).to_contain_text("新到 1 件材料。")
    expect(page.locator("tbody tr")).to_have_count(6)
    page.keyboard.press("r")
    expect(page.locator("tbody tr")).to_have_count(7)


@pytest.mark.parametrize("size", SIZES)
def test_the_list_is_readable_by_all_at_every_size(
    browser: Browser, address: str, app: FastAPI, shelf: Shelf, size: tuple[int, int]
) -> None:
    with shelf.store.session() as session:
        session.get_one(Record, "1" * 20).assignee = "wang"
    screen = {"viewport": {"width": size[0], "height": size[1]}, "bypass_csp": True}
    with page_of(browser, address, app, "li", **screen) as page:
        for path in ("/", "/?lane=ready&assignee=none&sort=due", "/?q=没有这所学校"):
            page.goto(path)
            assert page.evaluate(WHOLE_WIDTH) == 0
            assert faults(page) == []
        page.goto("/?lane=ready")
        page.keyboard.press("Shift+A")
        expect(page.locator("#batch")).to_be_visible()
        assert faults(page) == []
        page.locator("summary", has_text="视图").click()
        page.keyboard.press("?")
        assert faults(page) == []
