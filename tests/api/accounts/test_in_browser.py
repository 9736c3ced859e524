"""Signing in and the administrator's pages in a real browser, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from api.accounts import tokens, users
from api.accounts.actor import MACHINE
from api.app import create_app
from tests.api.browser import SIZES, WHOLE_WIDTH, faults, page_of, served
from tests.api.records import Shelf
from tests.api.signed import a_user

pytestmark = pytest.mark.slow

NEW = "一个 很长的 新密码"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    shelf = Shelf(tmp_path)
    a_user(shelf.store, "administrator", "boss")
    yield create_app(shelf.store, shelf.files)
    shelf.store.close()


@pytest.fixture
def page(browser: Browser, app: FastAPI) -> Iterator[Page]:
    """Of the administrator."""
    with served(app) as address, page_of(browser, address, app, "boss", bypass_csp=True) as opened:
        yield opened


def test_a_new_user_signs_in_by_keyboard_and_changes_her_password(page: Page, app: FastAPI) -> None:
    page.goto("/admin/users")
    page.get_by_label("账号", exact=True).fill("li")
    page.get_by_label("姓名").fill("李四")
    page.get_by_label("角色").select_option("reviewer")
    page.get_by_role("button", name="新增").click()
    word = page.get_by_role("alert").locator("code").inner_text()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.goto("/messages")
    expect(page.get_by_label("账号")).to_be_focused()
    for text in ("li", word):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")
    expect(page.get_by_label("原密码")).to_be_focused()
    for text in (word, NEW, NEW):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation").get_by_role("link", name="材料")).to_have_attribute(
        "aria-current", "page", timeout=30_000
    )
    expect(page.get_by_role("link", name="李四")).to_be_visible()


@pytest.mark.parametrize("path", ["/login", "/account/password", "/admin/users", "/admin/users/li", "/audit"])
def test_the_pages_can_be_used_by_everybody_at_every_size(page: Page, app: FastAPI, path: str) -> None:
    with app.state.store.session() as session:
        users.add_user(session, MACHINE, "li", "clerk", cities=["合肥市"])
        tokens.add_token(session, MACHINE, "li", "报表", ["read"], 30)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path)
        assert page.evaluate(WHOLE_WIDTH) <= 0
    assert faults(page) == []


def test_the_log_is_verified_on_the_page(page: Page, app: FastAPI) -> None:
    with app.state.store.session() as session:
        users.add_user(session, MACHINE, "li", "clerk")
    page.goto("/audit")
    page.get_by_role("button", name="核对日志是否完好").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("审计日志完好")
    assert faults(page) == []
