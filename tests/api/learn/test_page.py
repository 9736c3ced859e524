"""The page of grouped doubts in a real browser, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.judging import Judging
from api.store.tables import PageRow
from tests.api.browser import SIZES, WHOLE_WIDTH, faults, page_of, served
from tests.api.learn.test_learning import MEANT, WRITTEN, certificate, take
from tests.api.records import a_picture
from tests.api.review.desk import Desk
from tests.api.signed import a_user

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(tmp_path: Path, registers: Judging) -> Iterator[Desk]:
    made = Desk(tmp_path, registers=registers)
    for name in ("1", "2", "3"):
        take(made, name)
    with made.store.session() as session:
        session.execute(sa.update(PageRow).values(view=made.files.put(a_picture())))
    yield made
    made.close()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    made = create_app(desk.store, desk.files)
    made.state.judging._indices = desk.judging._indices
    a_user(desk.store, "clerk", "li")
    a_user(desk.store, "administrator", "guan")
    return made


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as place:
        yield place


@pytest.fixture
def page(browser: Browser, address: str, app: FastAPI) -> Iterator[Page]:
    with page_of(browser, address, app, "li") as opened:
        yield opened


def meant(desk: Desk) -> list[str | None]:
    with desk.store.reading() as session:
        ids = session.scalars(sa.text("SELECT id FROM records ORDER BY received_at")).all()
    return [certificate(desk, id) for id in ids]


def choose_by_keyboard(page: Page) -> None:
    page.goto("/doubts")
    doubt = page.get_by_role("region", name=f"“{WRITTEN}”")
    expect(doubt.get_by_role("img")).to_have_count(3)
    doubt.get_by_label("其他：").focus()
    page.keyboard.type(MEANT)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="已处理 3 处")).to_be_visible()


def test_a_grouped_doubt_is_fixed_once_for_all_and_undone_once(page: Page, desk: Desk) -> None:
    choose_by_keyboard(page)
    assert meant(desk) == [MEANT] * 3
    expect(page.get_by_role("button", name="以后都这样认")).to_have_count(0)  # she may not teach
    page.get_by_role("button", name="全部撤销").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="已撤销")).to_be_visible()
    expect(page.get_by_role("cell", name="已撤销")).to_have_count(3)
    assert meant(desk) == [None] * 3


def test_only_the_chosen_places_are_changed(page: Page, desk: Desk) -> None:
    page.goto("/doubts")
    page.get_by_text("适用的材料（3 处").click()
    page.get_by_role("checkbox", name="安庆职业技术学院").uncheck()
    page.get_by_label("其他：").fill(MEANT)
    page.get_by_role("button", name="一次改好所选材料").click()
    expect(page.get_by_role("heading", name="已处理 2 处")).to_be_visible()
    assert meant(desk) == [MEANT, None, MEANT]


def test_a_name_that_no_register_has_is_told(page: Page, desk: Desk, address: str) -> None:
    said: dict[str, str | float | bool] = {"field": "certificate", "written": WRITTEN, "other": "没有的证书"}
    answer = page.request.post("/doubts/apply", form=said, headers={"Origin": address})
    assert (answer.status, "名录中没有“没有的证书”" in answer.text()) == (422, True)


def test_an_answer_is_remembered_after_its_dry_run_and_taken_back(
    browser: Browser, address: str, app: FastAPI, desk: Desk
) -> None:
    with page_of(browser, address, app, "guan") as page:
        choose_by_keyboard(page)
        page.get_by_role("button", name="全部撤销").click()
        page.get_by_text("登记一个写法").click()
        page.get_by_label("写法", exact=True).fill(WRITTEN)
        page.get_by_label("认作").fill(MEANT)
        page.get_by_role("button", name="预览", exact=True).click()
        expect(page.get_by_text("待审核的材料中有 3 处会改变")).to_be_visible()
        assert meant(desk) == [None] * 3
        page.get_by_role("button", name="确认登记").click()
        expect(page.get_by_role("row", name=WRITTEN)).to_contain_text("guan")
        assert meant(desk) == [MEANT] * 3
        page.get_by_role("button", name=f"撤回“{WRITTEN}”").click()
        expect(page.get_by_text("还没有登记")).to_be_visible()
        assert meant(desk) == [None] * 3


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_page_fits_and_is_accessible(browser: Browser, address: str, app: FastAPI, width: int, height: int) -> None:
    size = {"viewport": {"width": width, "height": height}, "bypass_csp": True}
    with page_of(browser, address, app, "guan", **size) as page:
        page.goto("/doubts")
        assert page.evaluate(WHOLE_WIDTH) == 0
        assert faults(page) == []
        choose_by_keyboard(page)
        page.get_by_role("button", name="以后都这样认").click()
        expect(page.get_by_role("heading", name="预览")).to_be_visible()
        assert page.evaluate(WHOLE_WIDTH) == 0
        assert faults(page) == []
