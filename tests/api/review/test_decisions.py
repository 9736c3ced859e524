"""People at work on records that are really judged: what follows at once, what outlives a new look, who comes late."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.actor import Actor
from api.judging import Judging
from api.review.delegating import delegate
from api.review.edits import Value
from api.review.refusals import Conflict, Refused
from api.review.rules import ACTIONS, Action, Delegation
from api.store import across as across_sql
from api.store import changes as sql
from api.store import work
from api.store.tables import AuditRow, FindingRow
from tests.api.records import Shelf, a_message, a_record
from tests.api.review.desk import (
    ADMIN,
    APPROVER,
    AUDITOR,
    CLERK,
    IN_TIME,
    PEOPLE,
    REVIEWER,
    SCHOOL,
    Desk,
    decisions_on,
    reading,
    summary,
)  # fmt: skip

TOTAL = Value("total", None, "180")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def desk(request: pytest.FixtureRequest, tmp_path: Path, registers: Judging) -> Iterator[Desk]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    made = Desk(tmp_path, url, registers)
    yield made
    made.close()


def settle_all(desk: Desk, id: str, reason: str = "已核对") -> None:
    while codes := desk.codes(id):
        desk.do("settle", CLERK, id, desk.place(id, codes[0]), reason)


# --- what follows at once ---


def test_findings_and_lane_follow_a_correction(desk: Desk) -> None:
    id = desk.take(summary(total="250"))
    told = [(desk.codes(id), desk.row(id).lane)]
    desk.do("correct", CLERK, id, [TOTAL])
    told.append((desk.codes(id), desk.row(id).lane))
    desk.do("settle", CLERK, id, desk.place(id, "marks.unread"), "已与扫描件核对")
    told.append((desk.codes(id), desk.row(id).lane))
    assert told == [(["total.mismatch", "marks.unread"], "ask"), (["marks.unread"], "ask"), ([], "ready")]
    with desk.store.reading() as session:
        assert [one.code for one in session.query(FindingRow).filter_by(record=id)] == ["marks.unread"]


def test_a_blank_that_is_marked_so_is_the_schools(desk: Desk) -> None:
    id = desk.take(summary(date=reading("date", "2023", reading="not_found")))
    assert "field.unsure" in desk.codes(id)
    desk.do("correct", CLERK, id, [Value("date", None, None, "blank")])
    assert "date.missing" in desk.codes(id) and "field.unsure" not in desk.codes(id)


def test_a_misread_school_that_a_person_chose_is_judged_as_that_school(desk: Desk) -> None:
    id = desk.take(summary("某某某学校"))
    asked = desk.codes(id)
    assert ("school.unmatched" in asked, desk.row(id).city, desk.row(id).school_code) == (True, None, None)
    desk.do("choose", CLERK, id, "school", None, {"code": "s-1", "name": SCHOOL, "current_name": SCHOOL})
    row = desk.row(id)
    assert (set(desk.codes(id)) - set(asked), row.city, row.school_code) == ({"mail.misrouted"}, "合肥市", "s-1")
    assert "school.unmatched" not in desk.codes(id)
    assert desk.decisions.case(row).chain == ("city", "province")
    desk.do("undo", CLERK, id, None)
    assert (desk.codes(id), desk.row(id).city, desk.row(id).school_code) == (asked, None, None)


def test_the_offered_digit_of_a_broken_sum_is_taken(desk: Desk) -> None:
    form, doubtful = summary(), reading("integer", "780", confidence=0.6, options=("180",))
    id = desk.take(replace(form, fields=form.fields | {"total": doubtful}))
    place = desk.place(id, "total.mismatch")
    assert desk.body(id)["findings"][place]["offers"][0] == {"field": "total", "row": None, "text": "180"}
    desk.do("take_offer", CLERK, id, place, 0)
    assert (desk.body(id)["fields"]["total"]["value"], "total.mismatch" in desk.codes(id)) == (180, False)


def test_findings_across_documents_follow_and_can_be_settled(desk: Desk) -> None:
    first, second = desk.take(summary()), desk.take(summary(), "2", IN_TIME + timedelta(hours=1))
    assert "mail.duplicate" in desk.codes(second)
    desk.do("correct", CLERK, second, [Value("headcount", 1, "110"), Value("total", None, "190")])
    assert ("mail.supersedes" in [f["code"] for f in desk.body(second)["findings"]], desk.row(first).state) == (
        True, "superseded",
    )  # fmt: skip
    desk.do("undo", CLERK, second, None)
    assert ("mail.duplicate" in desk.codes(second), desk.row(first).state) == (True, "review")
    desk.do("settle", CLERK, second, desk.place(second, "mail.duplicate"), "学校重复发送")
    desk.do("correct", CLERK, first, [Value("contact_name", None, "李明")])  # judges all of the school's again
    assert "mail.duplicate" not in desk.codes(second)


# --- what outlives a new look ---


def test_peoples_work_outlives_a_new_look(desk: Desk) -> None:
    id = desk.take(summary(total="250"))
    desk.do("settle", CLERK, id, desk.place(id, "total.mismatch"), "以各行为准")
    desk.do("add_rows", CLERK, id, 3, [{"certificate": "网店运营推广", "level": "高级", "headcount": "70"}])
    desk.do("correct", CLERK, id, [Value("contact_name", None, "李明")])
    desk.do("mark", CLERK, id, "signatures.1", {"state": "typed"})
    before = desk.row(id)
    desk.reprocess(id)
    after = desk.row(id)
    assert (after.body, after.version, after.lane) == (before.body, before.version, before.lane)
    assert "signature.typed" not in desk.codes(id)  # of a document, signatures are not judged


def test_a_settled_finding_asks_again_when_what_it_was_about_changes(desk: Desk) -> None:
    id = desk.take(summary(total="250"))
    desk.do("settle", CLERK, id, desk.place(id, "total.mismatch"), "以各行为准")
    assert "total.mismatch" not in desk.codes(id)
    desk.do("correct", CLERK, id, [Value("headcount", 1, "90")])
    assert "total.mismatch" in desk.codes(id)  # 各行之和 is another now
    desk.do("undo", CLERK, id, None)
    assert "total.mismatch" not in desk.codes(id)


# --- late and beside each other ---


def test_of_two_at_once_one_is_told_what_the_other_did(desk: Desk) -> None:
    id = desk.take(summary(total="250"))

    def work_on(one: tuple[Actor, str]) -> Any:
        try:
            return desk.decisions.correct(one[0], id, [Value("total", None, one[1])], 1)
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(work_on, [(CLERK, "180"), (REVIEWER, "181")]))
    late = [one for one in found if isinstance(one, Conflict)]
    assert len(late) == 1
    assert (desk.row(id).version, [one.number for one in late[0].changes]) == (2, [1])
    assert "修改了“合计”" in late[0].detail


def test_every_change_is_in_the_history_and_the_audit_log_without_a_persons_data(desk: Desk) -> None:
    id = desk.take(summary())
    desk.do(
        "correct", CLERK, id, [Value("contact_name", None, "欧阳修文"), Value("contact_phone", None, "13800138000")]
    )
    desk.do("undo", CLERK, id, None)
    settle_all(desk, id, "问过欧阳修文")
    desk.do("decide", REVIEWER, id, "accept", "")
    desk.do("decide", ADMIN, id, "reopen", "欧阳修文来电")
    desk.do("decide", CLERK, id, "reject", "不符")
    with desk.store.reading() as session:
        rows = list(session.scalars(sa.select(AuditRow).order_by(AuditRow.number)))
        kinds = [(one.number, one.kind, one.by) for one in sql.changes(session, id)]
    assert kinds == [
        (1, "correct", "chu"), (2, "undo", "chu"), (3, "settle", "chu"), (4, "accept", "fu"), (5, "reopen", "guan"),
        (6, "reject", "chu"),
    ]  # fmt: skip
    assert [one.event for one in rows] == [
        "record.corrected", "record.undone", "record.settled", "record.accepted", "record.reopened", "record.rejected",
    ]  # fmt: skip
    assert not any("欧阳" in one.detail or "138" in one.detail for one in rows)


def test_specimens_are_kept_at_acceptance_and_forgotten_when_it_is_reopened(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    seal = {"page": 1, "box": [0.2, 0.1, 0.4, 0.3], "kind": "round", "owner": "same", "text": "某某学院", "print": "ab"}
    shelf.keep(a_message(), a_record(seals=[seal], findings=[]))
    id, code = a_record()["id"], "4134010869"
    with shelf.store.session() as session:
        one = work.record(session, id)
        assert one is not None
        one.school_code = code
    decisions = decisions_on(shelf.store, shelf.files)
    kept, version = [], 1
    steps: tuple[tuple[Actor, Action], ...] = ((CLERK, "accept"), (APPROVER, "reopen"))
    for actor, action in steps:
        version = decisions.decide(actor, id, action, "看错了", version).version
        with shelf.store.reading() as session:
            kept.append([one.body for one in across_sql.specimens(session, code)])
    shelf.store.close()
    assert kept == [[seal], []]


# --- whatever people do ---

TEXTS = st.sampled_from(["180", "250", "约60", "", "王小明"])
DONE = st.one_of(
    st.builds(
        lambda key, text: ("correct", [Value(key, None, text)]), st.sampled_from(["total", "contact_name"]), TEXTS
    ),
    st.builds(lambda row, text: ("correct", [Value("headcount", row, text)]), st.integers(1, 2), TEXTS),
    st.builds(lambda at: ("add_rows", at, [{"level": "初级"}]), st.integers(1, 3)),
    st.builds(lambda at: ("remove_rows", at, 1), st.integers(1, 2)),
    st.builds(lambda place: ("settle", place, "已核对"), st.integers(0, 2)),
    st.builds(lambda row: ("choose", "certificate", row, {"name": "网店运营推广"}), st.integers(1, 2)),
    st.builds(lambda state: ("mark", "signatures.1", {"state": state}), st.sampled_from(["absent", "signed"])),
    st.just(("undo", None)),
    st.builds(lambda number: ("undo", number), st.integers(1, 5)),
)


def attempt(desk: Desk, actor: Actor, id: str, what: str, *asked: Any) -> bool:
    try:
        return desk.do(what, actor, id, *asked).change is not None
    except Refused:
        return False


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(DONE, min_size=2, max_size=7))
def test_all_undone_nothing_is_changed(registers: Judging, steps: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), registers=registers)
        id = desk.take(summary(total="250"))
        before = desk.row(id)
        for step in steps:
            attempt(desk, CLERK, id, *step)
        while attempt(desk, CLERK, id, "undo", None):
            pass
        after = desk.row(id)
        with desk.store.reading() as session:
            left = [one.number for one in sql.changes(session, id) if one.undone_by is None and one.undoes is None]
        desk.close()
        assert (left, after.body, after.lane, after.city) == ([], before.body, before.lane, before.city)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nobody_gets_around_the_chain(registers: Judging, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), registers=registers)
        desk.hire(*PEOPLE)
        id = desk.take(summary(SCHOOL, total="250"))
        for _ in range(data.draw(st.integers(4, 12))):
            actor = data.draw(st.sampled_from(PEOPLE))
            if data.draw(st.booleans()):
                attempt(desk, actor, id, "settle", data.draw(st.integers(0, 3)), "已核对")
            had = [one["code"] for one in desk.body(id)["findings"] if one["severity"] == "error"]
            open_ones = set(had) & set(desk.codes(id))
            attempt(desk, actor, id, "decide", data.draw(st.sampled_from(ACTIONS)), "理由")
            assert not (desk.row(id).state == "accepted" and open_ones)
        reviews = desk.body(id).get("reviews", [])
        desk.close()
    at = {level: {one["by"] for one in reviews if one["level"] == level} for level in ("city", "province")}
    assert not at["city"] & at["province"] and AUDITOR.name not in {one["by"] for one in reviews}


def test_a_handed_over_task_is_done_in_the_others_name(desk: Desk) -> None:
    desk.hire(*PEOPLE)
    id = desk.take(summary(SCHOOL))
    settle_all(desk, id)
    now = datetime.now(UTC)
    with desk.store.session() as session:
        delegate(session, REVIEWER, Delegation("province", "fu", "reviewer", "chu", now, now + timedelta(days=1)))
        delegate(session, CLERK, Delegation("city", "chu", "clerk", "zhong", now, now + timedelta(days=1)))
    desk.do("decide", APPROVER, id, "accept", "")
    assert desk.body(id)["reviews"][-1] | {"at": ""} == {
        "action": "accept", "level": "city", "by": "zhong", "at": "", "reason": "", "behalf": "chu",
    }  # fmt: skip
    with pytest.raises(Refused, match="相邻两级"):
        desk.do("decide", CLERK, id, "accept", "")  # whose task the city's was


def test_a_correction_made_while_the_machine_looks_again_is_judged_too(desk: Desk) -> None:
    id = desk.take(summary(total="250"))
    judge = desk.pipeline.judge
    done: list[Any] = []

    def slow_judge(*asked: Any) -> Any:
        if not done:
            done.append(desk.do("correct", CLERK, id, [TOTAL]))
        return judge(*asked)

    desk.pipeline = replace(desk.pipeline, judge=cast(Any, slow_judge))
    desk.reprocess(id)
    assert (desk.codes(id), desk.body(id)["fields"]["total"]["value"]) == (["marks.unread"], 180)
