"""A chain of three levels, each by a person of its own in a browser; and a clerk of another city, who finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm.attributes import flag_modified

from api.app import create_app
from api.judging import Judging
from api.store.tables import Record
from tests.api.browser import page_of, served
from tests.api.review.desk import SCHOOL, Desk, summary
from tests.api.signed import a_user
from tests.desk.desks import seen

pytestmark = pytest.mark.slow

PROGRAMME = "jiangsu-2023-second"
"""Secondary schools: the city, the group's leader, the province."""


@pytest.fixture
def desk(tmp_path: Path, registers: Judging) -> Iterator[Desk]:
    made = Desk(tmp_path, registers=registers)
    yield made
    made.close()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    a_user(desk.store, "clerk", "hefei", ("合肥市",))
    a_user(desk.store, "clerk", "wuhu", ("芜湖市",))
    for role in ("reviewer", "approver"):
        a_user(desk.store, role)
    made = create_app(desk.store, desk.files)
    made.state.judging._indices = desk.judging._made()
    return made


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as at:
        yield at


@pytest.fixture
def record(desk: Desk) -> str:
    """Of a secondary school of 合肥市, sent in by the programme of three levels; nothing is asked about it."""
    id = seen(desk, summary(SCHOOL))
    with desk.store.session() as session:
        row = session.get_one(Record, id)
        row.body |= {"programme": PROGRAMME, "findings": [], "lane": "ready"}
        flag_modified(row, "body")
        row.programme, row.lane = PROGRAMME, "ready"
    assert desk.decisions.case(desk.row(id)).chain == ("city", "group", "province")
    return id


def accept(page: Page, record: str) -> None:
    page.goto(f"/records/{record}")
    expect(page.locator("#accept")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: record not in url)


def test_three_people_of_three_levels_accept_one_after_the_other(
    browser: Browser, address: str, app: FastAPI, desk: Desk, record: str
) -> None:
    passed = []
    for person in ("hefei", "reviewer", "approver"):
        with page_of(browser, address, app, person) as page:
            accept(page, record)
        row = desk.row(record)
        passed.append((row.state, row.body["level"]))
    assert passed == [("review", "city"), ("review", "group"), ("accepted", "province")]
    assert [one["by"] for one in desk.body(record)["reviews"]] == ["hefei", "reviewer", "approver"]


def test_who_is_not_at_the_level_cannot_accept_and_what_was_sent_back_comes_round_again(
    browser: Browser, address: str, app: FastAPI, desk: Desk, record: str
) -> None:
    with page_of(browser, address, app, "approver") as page:
        page.goto(f"/records/{record}")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").first).to_contain_text("不是您的审核级别")
    with page_of(browser, address, app, "hefei") as page:
        accept(page, record)
    with page_of(browser, address, app, "reviewer") as page:
        page.goto(f"/records/{record}")
        page.keyboard.press("Alt+u")
        page.keyboard.type("请核对人数")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url: record not in url)
    assert (desk.row(record).state, desk.body(record)["level"]) == ("review", None)
    with page_of(browser, address, app, "hefei") as page:
        accept(page, record)
    assert desk.body(record)["level"] == "city"


def test_a_clerk_of_another_city_finds_neither_the_record_nor_anything_of_it(
    browser: Browser, address: str, app: FastAPI, desk: Desk, record: str
) -> None:
    shown = ("pages/1.jpg", "pages/1/lines.json", "history", "evidence.zip", "review-sheet.pdf", "")
    with page_of(browser, address, app, "wuhu") as page:
        page.goto("/")
        expect(page.locator(f"[data-id='{record}']")).to_have_count(0)
        expect(page.get_by_text(SCHOOL)).to_have_count(0)
        at = [f"/records/{record}", f"/records/{record}/reply", f"/messages/{desk.row(record).message}"]
        at += [f"/api/records/{record}/{one}".rstrip("/") for one in shown]
        assert {path: page.request.get(path).status for path in at} == dict.fromkeys(at, 404)
        left = page.request.get("/api/export.jsonl")
        assert (left.status, left.body()) == (200, b"")
    with page_of(browser, address, app, "hefei") as page:
        page.goto("/")
        expect(page.locator(f"[data-id='{record}']")).to_have_count(1)
        assert record.encode() in page.request.get("/api/export.jsonl").body()
