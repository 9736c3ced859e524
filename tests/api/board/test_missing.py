"""Who is missing, by city and kind, day by day; asked of the core, the API and the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from api.app import create_app
from api.board.missing import Absent, Day, Due, Group, Sent, who_is_missing
from api.store.engine import Store
from api.store.files import Files
from corpora.register import School
from corpora.terms import Expected, Round, Window
from tests.api.bundles import save
from tests.api.signed import signed
from tests.matching.bundles import ANHUI, a_summary

SCHOOLS = (
    School("1", "甲学院", "higher_vocational", "安徽省", "合肥市"),
    School("2", "乙学院", "higher_vocational", "安徽省", "合肥市"),
    School("3", "丙大学", "undergraduate", "安徽省", "芜湖市"),
    School("4", "丁中专", "secondary", "安徽省", "芜湖市", "芜湖市教育局"),
    School("5", "戊学院", "higher_vocational", "江苏省", "南京市"),
    School("6", "己学院", "higher_vocational", "安徽省", "合肥市", status="gone"),
)
PROGRAMME = ANHUI.model_copy(
    update={
        "expected": (Expected(clause="…", forms=("anhui/summary",), kinds=("higher_vocational", "undergraduate")),),
        "windows": (
            Window(
                clause="…",
                forms=("anhui/summary",),
                rounds=(
                    Round(name="春季", first=date(2023, 3, 20), last=date(2023, 3, 22)),
                    Round(name="秋季", first=date(2023, 9, 18), last=date(2023, 9, 20)),
                ),
            ),
        ),
    }
)


def sent(school: str, day: int, month: int = 3, form: str = "anhui/summary") -> Sent:
    return Sent(form, school, datetime(2023, month, day, 17, 30, tzinfo=UTC))  # after midnight in China


def test_expected_are_the_open_schools_of_the_province_and_the_kinds() -> None:
    [due] = who_is_missing(PROGRAMME, SCHOOLS, [], date(2023, 3, 21))
    assert due == Due(
        "anhui/summary", "春季", date(2023, 3, 20), date(2023, 3, 22), 3,
        (
            Group("合肥市", "higher_vocational", 2, (Absent("1", "甲学院"), Absent("2", "乙学院"))),
            Group("芜湖市", "undergraduate", 1, (Absent("3", "丙大学"),)),
        ),
        (Day(date(2023, 3, 20), 0, 3), Day(date(2023, 3, 21), 0, 3)),
    )  # fmt: skip


def test_a_school_is_missing_until_its_form_first_came_by_chinese_time() -> None:
    arrivals = [sent("1", 19), sent("1", 20), sent("3", 22), sent("2", 20, form="anhui/increase"), sent("5", 20)]
    [due] = who_is_missing(PROGRAMME, SCHOOLS, arrivals, date(2023, 4, 30))
    assert (due.missing, [group.missing for group in due.groups]) == (1, [(Absent("2", "乙学院"),), ()])
    assert due.days == (
        Day(date(2023, 3, 20), 1, 2),
        Day(date(2023, 3, 21), 0, 2),
        Day(date(2023, 3, 22), 0, 2),
        Day(date(2023, 3, 23), 1, 1),
    )


def test_each_round_is_counted_by_itself() -> None:
    arrivals = [sent("1", 20), sent("2", 18, month=9)]
    spring, autumn = (who_is_missing(PROGRAMME, SCHOOLS, arrivals, date(2023, m, 21))[0] for m in (3, 9))
    assert [(due.round, due.missing) for due in (spring, autumn)] == [("春季", 2), ("秋季", 2)]
    assert autumn.groups[0].missing == (Absent("1", "甲学院"),)


def test_without_a_window_everything_that_came_counts() -> None:
    free = PROGRAMME.model_copy(update={"windows": ()})
    [due] = who_is_missing(free, SCHOOLS, [sent("1", 20)], date(2023, 3, 25))
    assert (due.last, due.missing, due.days[0]) == (None, 2, Day(date(2023, 3, 21), 1, 2))


def test_the_api_and_the_command_line_say_the_same(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'yinjian.sqlite'}")
    save(store, [a_summary("first", [("甲类运维", "初级", 20)])])
    client = signed(create_app(store, Files(str(tmp_path / "files"))))
    answer = client.get("/api/missing", params={"programme": "anhui-2023", "day": "2023-03-25"})
    assert answer.status_code == 200
    due = next(one for one in answer.json() if one["form"] == "anhui/summary")
    assert due["round"] == "春季"
    assert due["missing"] == sum(len(group["missing"]) for group in due["groups"]) > 100
    assert client.get("/api/missing", params={"programme": "none"}).status_code == 404
    command = [sys.executable, "-m", "api", "missing", "--programme", "anhui-2023", "--day", "2023-03-25"]
    environment = os.environ | {"YINJIAN_DATABASE_URL": store.url, "COLUMNS": "200"}
    called = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert f"应报 {due['expected']}，未报 {due['missing']}" in called.stdout


def test_who_has_some_cities_is_told_of_their_schools_only(tmp_path: Path) -> None:
    app = create_app(Store(f"sqlite:///{tmp_path / 'yinjian.sqlite'}"), Files(str(tmp_path / "files")))
    asked = {"programme": "anhui-2023", "day": "2023-03-25"}
    told = signed(app, "clerk", "he", ("合肥市",)).get("/api/missing", params=asked).json()
    assert {group["city"] for due in told for group in due["groups"]} == {"合肥市"}
    assert all(due["missing"] == sum(len(group["missing"]) for group in due["groups"]) for due in told)
    assert [due["days"] for due in told] == [[]] * len(told)


def test_what_was_rejected_was_not_sent(tmp_path: Path) -> None:
    from api.store import across as sql

    store = Store(f"sqlite:///{tmp_path / 'yinjian.sqlite'}")
    save(store, [replace(a_summary("first", [("甲类运维", "初级", 20)]), state="rejected")])
    with store.reading() as session:
        assert sql.submissions(session, "anhui-2023") == []
