"""Every page at a small and at a large screen: no serious fault, no complaint, nothing from elsewhere or inline."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from api.app import create_app
from api.judging import Judging
from api.outbox.office import Office
from api.precheck.checker import Desk as Checking
from api.precheck.checker import Precheck
from api.precheck.limits import Limiter
from api.worker import Pool
from tests.api.browser import WHOLE_WIDTH, faults, page_of, served
from tests.api.review.desk import Desk, reading, summary
from tests.api.signed import a_user, signed
from tests.desk.desks import HEFEI, seen

pytestmark = pytest.mark.slow

SIZES = [(1366, 768), (3840, 2160)]
OFFICE = Office("office@office.test", "某省办公室", frozenset({"office@office.test"}))
PAGES = [
    "/",
    "/?lane=ask&sort=due",
    "/records/{record}",
    "/records/{record}/reply",
    "/messages",
    "/messages/{message}",
    "/board",
    "/board?programme=anhui-2023",
    "/outbox",
    "/outbox/{mail}",
    "/reminders?programme=anhui-2023&form=anhui/summary",
    "/audit",
    "/admin/users",
    "/admin/users/clerk",
    "/account/password",
    "/login",
    "/precheck",
]
STRICT = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "object-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
INLINE = re.compile(r"<style|<[^>]+\s(?:style|on[a-z]+)\s*=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def never() -> Checking:
    raise AssertionError("the page alone is looked at")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, registers: Judging) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("pages"), registers=registers)
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(desk: Desk) -> FastAPI:
    a_user(desk.store, "clerk")
    unused = Precheck(Pool(never, size=1, tasks=1, seconds=1.0), 20_000_000, Limiter(1))
    made = create_app(desk.store, desk.files, office=OFFICE, precheck=unused)
    made.state.judging._indices = desk.judging._made()
    return made


@pytest.fixture(scope="module")
def places(desk: Desk, app: FastAPI) -> dict[str, str]:
    """A record, its message, and a reply that waits in the outbox."""
    phone = reading("phone", "1385560129", box=(0.2, 0.8, 0.4, 0.83))
    record = seen(desk, summary(HEFEI, total="250", contact_phone=phone))
    client = signed(app)
    draft = client.get(f"/api/records/{record}/reply").json()
    asked = {key: draft[key] for key in ("id", "text", "versions")}
    answer = client.post(f"/api/records/{record}/reply", json=asked)
    assert answer.status_code == 202, answer.text
    return {"record": record, "message": desk.row(record).message, "mail": answer.json()["id"]}


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as at:
        yield at


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_everybody_and_keeps_to_itself(
    browser: Browser, address: str, app: FastAPI, places: dict[str, str], path: str, size: tuple[int, int]
) -> None:
    """What the console says and what is asked of others is heard by `page_of`, under the policy as it is sent."""
    screen = {"viewport": {"width": size[0], "height": size[1]}, "reduced_motion": "reduce"}
    at = path.format(**places)
    with page_of(browser, address, app, "administrator", **screen) as page:
        check_policy(page, at)
        page.wait_for_timeout(300)
        assert page.evaluate(WHOLE_WIDTH) <= 0
    with page_of(browser, address, app, "administrator", bypass_csp=True, **screen) as page:
        page.goto(at)
        assert faults(page) == []


def check_policy(page: Page, at: str) -> None:
    answer = page.goto(at)
    assert answer is not None and answer.status == 200, at
    sent = answer.headers["content-security-policy"]
    assert dict(one.strip().split(" ", 1) for one in sent.split(";")) == STRICT
    assert INLINE.findall(answer.text()) == []
