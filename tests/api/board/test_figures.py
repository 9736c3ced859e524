"""The dashboard: what came, what was settled, how fast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from api.app import create_app
from api.board.figures import Decision, Fact, Figures, Period, Row, figures
from api.judging import Judging
from api.review.edits import Value
from api.store.tables import Record
from tests.api.review.desk import CLERK, SCHOOL, Desk, summary
from tests.api.signed import signed

CHINA = timezone(timedelta(hours=8))
MONDAY = datetime(2023, 3, 27, 9, tzinfo=CHINA)
WINDOW = (date(2023, 3, 20), date(2023, 3, 28))


def fact(day: int, state: str = "review", settled: int | None = None, **changed: object) -> Fact:
    """A summary that came `day` days after that Monday and was settled so many days after it."""
    told = {"form": "anhui/summary", "city": "合肥市", "lane": "ask", "touched": False} | changed
    done = MONDAY + timedelta(days=settled) if settled is not None else None
    return Fact(state=state, received_at=MONDAY + timedelta(days=day), settled_at=done, **told)  # type: ignore[arg-type]


def test_an_empty_board_has_no_figures() -> None:
    nothing = Row(None, 0, 0, 0, 0, 0, 0)
    assert figures([], [], [WINDOW]) == Figures(nothing, 0, (), False, (), (), None, None, 0)


def test_records_are_counted_by_day_city_and_form() -> None:
    facts = [
        fact(0, lane="ready"),
        fact(0, "accepted", 2),
        fact(1, "returned", 2, city="芜湖市", form="anhui/progress"),
        fact(1, "superseded", city=None),
    ]
    made = figures(facts, [], [WINDOW])
    assert made.periods == (
        Period(date(2023, 3, 27), 2, 0, True),
        Period(date(2023, 3, 28), 2, 0, True),
        Period(date(2023, 3, 29), 0, 2, False),
    )
    assert (made.total, made.ready, made.weekly) == (Row(None, 4, 1, 1, 1, 0, 1), 1, False)
    assert made.cities == (
        Row("合肥市", 2, 1, 1, 0, 0, 0),
        Row("芜湖市", 1, 0, 0, 1, 0, 0),
        Row(None, 1, 0, 0, 0, 0, 1),
    )
    assert made.forms == (Row("anhui/summary", 3, 1, 1, 0, 0, 1), Row("anhui/progress", 1, 0, 0, 1, 0, 0))


def test_a_day_is_a_day_in_china() -> None:
    late = Fact("anhui/summary", None, "review", "ask", datetime(2023, 3, 27, 16, 30, tzinfo=UTC))
    assert [one.first for one in figures([late], [], []).periods] == [date(2023, 3, 28)]


def test_a_long_time_is_shown_by_weeks_from_monday() -> None:
    made = figures([fact(1), fact(2), fact(80)], [], [WINDOW])
    assert made.weekly
    assert (made.periods[0], made.periods[-1]) == (
        Period(date(2023, 3, 27), 2, 0, True),
        Period(date(2023, 6, 12), 1, 0, False),
    )
    assert sum(one.received for one in made.periods) == 3


def test_straight_through_are_the_accepted_ones_that_nobody_touched() -> None:
    facts = [fact(0, "accepted", 1), fact(0, "accepted", 1, touched=True), fact(0), fact(0, "returned", 1)]
    assert figures(facts, [], []).straight == 0.5


def test_minutes_are_between_the_decisions_of_one_person_without_her_breaks() -> None:
    minutes = (0, 2, 6, 60, 63)
    decisions = [Decision("a", MONDAY + timedelta(minutes=one)) for one in minutes]
    other = Decision("b", MONDAY + timedelta(minutes=1))
    made = figures([], [*reversed(decisions), other], [])
    assert (made.minutes, made.measured) == (3.0, 3)  # 2, 4 and 3; the break of 54 is none


@pytest.fixture
def desk(tmp_path: Path, registers: Judging) -> Iterator[Desk]:
    made = Desk(tmp_path, registers=registers)
    yield made
    made.store.close()


def version(desk: Desk, id: str) -> int:
    with desk.store.reading() as session:
        return session.get_one(Record, id).version


def test_the_board_counts_what_the_store_holds_of_ones_own_cities(desk: Desk) -> None:
    one, two = desk.take(summary(total="190"), "1"), desk.take(summary(school=SCHOOL), "2")
    desk.decisions.correct(CLERK, one, [Value("total", None, text="180")], version(desk, one))
    desk.decisions.decide(CLERK, two, "return", "请重新盖章", version(desk, two))
    app = create_app(desk.store, desk.files)
    board = signed(app).get("/api/board", params={"programme": "anhui-2023"}).json()
    total = board["figures"]["total"]
    assert (total["received"], total["review"], total["returned"]) == (2, 1, 1)
    city = signed(app, "clerk", "other", ["芜湖市"]).get("/api/board").json()
    assert city["figures"]["total"]["received"] == 0
    page = signed(app, "auditor").get("/board", params={"programme": "anhui-2023"}).text
    assert '<th scope="row">2023-03-27</th><td class="right num">2</td>' in page
    assert "催报" not in page  # an auditor reads only


def test_a_programme_that_is_not_there_is_told(desk: Desk) -> None:
    client = signed(create_app(desk.store, desk.files))
    assert client.get("/api/board", params={"programme": "nowhere"}).status_code == 404
    assert client.get("/board", params={"programme": "nowhere"}).status_code == 404
