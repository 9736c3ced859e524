"""Two hundred records, four fifths of them ready, settled by keyboard alone, counting the keys.

The table of keys, and how long a page takes beside a bare one of the same server, is shown by `pytest -s`.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm.attributes import flag_modified

from api.app import create_app
from api.judging import Judging
from api.store.tables import Record
from extractors.extraction import Extraction
from tests.api.browser import page_of, served
from tests.api.review.desk import Desk, reading, summary
from tests.api.signed import a_user
from tests.desk.desks import seen

pytestmark = pytest.mark.slow

RECORDS, DOUBTFUL = 200, 40


def doubt(college: str, number: int) -> Extraction:
    """One or two doubtful fields, of three kinds in turn; the marks of an electronic document are asked for as well."""
    box = {"box": (0.2, 0.8, 0.4, 0.83)}
    if number % 3 == 0:
        return summary(college, total="250")
    if number % 3 == 1:
        return summary(college, contact_phone=reading("phone", "1385560129", **box))
    return summary(college, total="260", contact_phone=reading("phone", "1385560129", **box))


class Reviewer:
    """Presses keys, and counts them by what they are for."""

    def __init__(self, page: Page):
        self.page, self.keys = page, Counter[str]()

    def press(self, why: str, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.keys[why] += len(keys)


@pytest.fixture
def desk(tmp_path: Path, registers: Judging) -> Iterator[Desk]:
    """Each record as the pipeline saves it; four fifths are then said to ask nothing, as a scan that is in order does
    (one from an electronic document would ask for its marks)."""
    made = Desk(tmp_path, registers=registers)
    for number, college in enumerate(colleges(made)):
        if number % (RECORDS // DOUBTFUL) == 0:
            seen(made, doubt(college, number // (RECORDS // DOUBTFUL)), str(number))
        else:
            as_ready(made, seen(made, summary(college), str(number)))
    yield made
    made.close()


def colleges(desk: Desk) -> list[str]:
    """One for each record, those of the programme's province first: nothing is said across documents then."""
    schools = [
        one for one in desk.judging._made().registers.schools if one.status == "open" and one.kind != "secondary"
    ]
    names = {one.name: None for one in sorted(schools, key=lambda one: not one.province.startswith("安徽"))}
    return list(names)[:RECORDS]


def as_ready(desk: Desk, id: str) -> None:
    with desk.store.session() as session:
        row = session.get_one(Record, id)
        row.body |= {"findings": [], "lane": "ready"}
        flag_modified(row, "body")
        row.lane = "ready"


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    made = create_app(desk.store, desk.files)
    made.state.judging._indices = desk.judging._made()
    a_user(desk.store, "administrator")
    return made


def states(desk: Desk, lane: str = "") -> Counter[str]:
    with desk.store.reading() as session:
        rows = session.execute(sa.select(Record.state, Record.lane))
        return Counter(state for state, at in rows if not lane or at == lane)


def answer(reviewer: Reviewer, desk: Desk) -> None:
    """Whatever the focus is on: a wrong sum is overwritten, all else is confirmed with the first ready reason."""
    page = reviewer.page
    at = page.evaluate("document.activeElement.dataset.field || ''")
    if at == "total":
        reviewer.press("values", *"180", "Enter")
    else:
        reviewer.press("values", "Enter")
        page.wait_for_function("document.activeElement.name === 'reason'")
        reviewer.press("values", "1")


@pytest.fixture
def at_work(browser: Browser, app: FastAPI) -> Iterator[tuple[Page, Reviewer]]:
    with served(app) as address, page_of(browser, address, app, "administrator", reduced_motion="reduce") as page:
        yield page, Reviewer(page)


def test_two_hundred_records_are_settled_with_few_keys(at_work: tuple[Page, Reviewer], desk: Desk) -> None:
    page, reviewer = at_work
    ready, asking = states(desk, "ready").total(), states(desk, "ask").total()
    assert (ready, asking) == (RECORDS - DOUBTFUL, DOUBTFUL)

    page.goto("/")
    reviewer.press("bulk", "Shift+A")
    expect(page.locator("#batch")).to_be_visible(timeout=240_000)
    drawn = ready - states(desk)["accepted"]

    page.goto("/?state=review")
    reviewer.press("opening", "n")
    page.wait_for_url(re.compile("/records/"))
    fields, turns = 0, []
    for _ in range(DOUBTFUL + drawn):
        fields += settle(reviewer, desk)
        turns.append(turn(page, lambda: reviewer.press("accepting", "Enter")))
    report(reviewer, ready, drawn, fields)
    show_speed(page, turns)
    assert states(desk) == {"accepted": RECORDS}
    assert reviewer.keys["bulk"] <= ready
    assert reviewer.keys["values"] <= 6 * fields


def settle(reviewer: Reviewer, desk: Desk) -> int:
    """Answers what the record asks until the decision has the focus; gives the number of questions."""
    page, asked = reviewer.page, 0
    page.wait_for_function("document.activeElement !== document.body")
    while page.evaluate("document.activeElement.id") != "accept":
        place = page.evaluate("document.activeElement.id")
        answer(reviewer, desk)
        asked += 1
        assert asked < 12, place
        page.wait_for_function("id => document.activeElement.id !== id", arg=place)
    expect(page.locator("#accept")).not_to_have_attribute("aria-disabled", "true")
    return asked


def turn(page: Page, press: Callable[[], Any]) -> float:
    """Seconds from the key until the next page is there."""
    before, began = page.url, time.perf_counter()
    press()
    page.wait_for_url(lambda url: url != before, wait_until="domcontentloaded")
    return time.perf_counter() - began


def report(reviewer: Reviewer, ready: int, drawn: int, fields: int) -> None:
    keys, asking = reviewer.keys, DOUBTFUL + drawn
    lines = [
        ("ready, in bulk", ready, keys["bulk"]),
        ("doubtful fields", fields, keys["values"]),
        ("records accepted one by one", asking, keys["accepting"] + keys["opening"]),
        ("all records", RECORDS, keys.total()),
    ]
    print(f"\n{'':30}{'number':>8}{'keys':>8}{'each':>8}   ({drawn} drawn for a second look)")  # noqa: T201 - for -s
    for name, number, pressed in lines:
        print(f"{name:30}{number:8}{pressed:8}{pressed / number:8.2f}")  # noqa: T201


def show_speed(page: Page, turns: list[float]) -> None:
    def seconds(path: str) -> float:
        took = []
        for _ in range(5):
            began = time.perf_counter()
            page.goto(path, wait_until="domcontentloaded")
            took.append(time.perf_counter() - began)
        return median(took)

    bare = seconds("/login")
    shown = {"accept, then the next record": median(turns), "the list": seconds("/"), "/login": bare}
    for name, took in shown.items():
        print(f"{name:30}{took * 1000:8.0f} ms{took / bare:8.1f} x /login")  # noqa: T201
