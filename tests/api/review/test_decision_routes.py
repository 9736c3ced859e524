"""The JSON API of decisions, as the record page and programs use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.accounts.actor import Actor
from api.accounts.http import signed_in
from api.app import create_app
from api.judging import Judging
from tests.api.review.desk import ADMIN, APPROVER, AUDITOR, CLERK, COLLEGE, REVIEWER, SCHOOL, Desk, summary
from tests.api.signed import HERE

HEFEI = Actor("he", "何飞", "clerk", ("合肥市",))
ELSEWHERE = Actor("wu", "吴湖", "clerk", ("芜湖市",))


class Caller:
    """Calls the API as whoever is signed in just now."""

    def __init__(self, desk: Desk):
        self.desk, self.actor = desk, CLERK
        app = create_app(desk.store, desk.files)
        app.state.judging._indices = desk.judging._made()
        app.dependency_overrides[signed_in] = lambda: self.actor
        self.client = TestClient(app, headers=HERE)

    def __call__(self, method: str, path: str, status: int = 200, /, **asked: Any) -> Any:
        answer = self.client.request(method, f"/api/{path}", json=asked or None)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def desk(tmp_path: Path, registers: Judging) -> Iterator[Desk]:
    made = Desk(tmp_path, registers=registers)
    yield made
    made.close()


@pytest.fixture
def call(desk: Desk) -> Caller:
    return Caller(desk)


def test_a_value_is_corrected_and_its_finding_goes(desk: Desk, call: Caller) -> None:
    id = desk.take(summary(total="250"))
    told = call("PATCH", f"records/{id}/values", version=1, changes=[{"field": "total", "text": "180"}])
    total = told["record"]["fields"]["total"]
    assert (total["value"], total["origin"], total["by"], total["machine"]["text"]) == (180, "person", "chu", "250")
    assert [one["code"] for one in told["record"]["findings"]] == ["marks.unread"]
    assert (told["record"]["version"], told["change"]["edits"]) == (
        2, [{"place": "fields.total", "heading": "合计", "before": "250", "after": "180"}],
    )  # fmt: skip


def test_who_comes_late_is_told_who_changed_what(desk: Desk, call: Caller) -> None:
    id = desk.take(summary(total="250"))
    asked = {"version": 1, "changes": [{"field": "total", "text": "180"}]}
    call("PATCH", f"records/{id}/values", **asked)
    call.actor = REVIEWER
    told = call("PATCH", f"records/{id}/values", 409, **asked)
    assert told["detail"].startswith("初晴 ") and "修改了“合计”" in told["detail"]
    assert (told["version"], [one["number"] for one in told["changes"]]) == (2, [1])


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        ("PATCH", "values", {"changes": [{"field": "total", "text": "180"}]}),
        ("POST", "matches", {"kind": "school", "key": None}),
        ("POST", "rows", {"action": "remove", "at": 1}),
        ("POST", "marks", {"signature": 1, "state": "absent"}),
        ("POST", "findings/0/settle", {"reason": "已核对"}),
        ("POST", "findings/0/offer", {"choice": 0}),
        ("POST", "decide", {"action": "accept"}),
        ("POST", "undo", {"number": None}),
    ],
)
def test_another_citys_record_is_not_there_and_an_auditor_only_reads(
    desk: Desk, call: Caller, method: str, path: str, asked: dict[str, Any]
) -> None:
    id = desk.take(summary())
    call.actor = ELSEWHERE
    assert call(method, f"records/{id}/{path}", 404, version=1, **asked) == {"detail": "没有这条记录"}
    call.actor = AUDITOR
    assert "权限" in call(method, f"records/{id}/{path}", 403, version=1, **asked)["detail"]
    assert desk.row(id).version == 1


def test_a_secondary_school_is_reviewed_by_its_city_and_the_province(desk: Desk, call: Caller) -> None:
    id = desk.take(summary(SCHOOL))
    version = 1
    for place in range(len(desk.body(id)["findings"])):
        version = call("POST", f"records/{id}/findings/{place}/settle", version=version, reason="已核对")["record"][
            "version"
        ]
    told = []
    for actor, status in ((APPROVER, 403), (CLERK, 200), (CLERK, 403), (APPROVER, 200)):
        call.actor = actor
        answer = call("POST", f"records/{id}/decide", status, version=version, action="accept")
        told.append(answer.get("detail") or (answer["record"]["state"], answer["record"]["level"]))
        version = answer["record"]["version"] if status == 200 else version
    assert told == [
        "这份材料现在由市级审核处理，不是您的审核级别",
        ("review", "city"),
        "这份材料现在由省级审核处理，不是您的审核级别",
        ("accepted", "province"),
    ]


def test_an_open_error_keeps_a_record_from_being_accepted(desk: Desk, call: Caller) -> None:
    id = desk.take(summary(total="250"))
    told = call("POST", f"records/{id}/decide", 422, version=1, action="accept")
    assert told["detail"].startswith("还有须处理的问题：合计不符（合计写作 250")
    place = desk.place(id, "total.mismatch")
    call("POST", f"records/{id}/findings/{place}/settle", version=1, reason="与学校电话核实，以各行为准")
    assert call("POST", f"records/{id}/decide", version=2, action="accept")["record"]["state"] == "accepted"


def test_what_is_returned_needs_a_reason_and_is_remembered(desk: Desk, call: Caller) -> None:
    id = desk.take(summary(total="250"))
    assert call("POST", f"records/{id}/decide", 422, version=1, action="return")["detail"] == "请写明理由"
    told = call("POST", f"records/{id}/decide", version=1, action="return", reason="合计有误")["record"]
    assert (told["state"], told["reviews"][-1]["reason"]) == ("returned", "合计有误")
    assert (
        "已退回"
        in call("PATCH", f"records/{id}/values", 422, version=2, changes=[{"field": "total", "text": "1"}])["detail"]
    )
    call("POST", f"records/{id}/decide", 403, version=2, action="reopen", reason="误退")
    call.actor = APPROVER
    assert (
        call("POST", f"records/{id}/decide", version=2, action="reopen", reason="误退")["record"]["state"] == "review"
    )


def test_history_tells_what_can_be_undone(desk: Desk, call: Caller) -> None:
    id = desk.take(summary(total="250"))
    call("PATCH", f"records/{id}/values", version=1, changes=[{"field": "total", "text": "170"}])
    call("PATCH", f"records/{id}/values", version=2, changes=[{"field": "total", "text": "180"}])
    call("POST", f"records/{id}/rows", version=3, action="paste", at=2, column="level", text="高级\t90\n")
    told = call("GET", f"records/{id}/history")
    assert [(one["number"], one["kind"], one["can_undo"]) for one in told["items"]] == [
        (3, "rows", True), (2, "correct", True), (1, "correct", False),
    ]  # fmt: skip
    assert "请先撤销那一次" in call("POST", f"records/{id}/undo", 422, version=4, number=1)["detail"]
    call("POST", f"records/{id}/undo", version=4, number=2)
    call("POST", f"records/{id}/undo", version=5, number=1)
    told = call("POST", f"records/{id}/undo", version=6)
    assert (told["record"]["fields"]["total"]["origin"], told["change"]["undoes"]) == ("machine", 3)


def test_another_school_is_searched_and_chosen(desk: Desk, call: Caller) -> None:
    id = desk.take(summary("某某某学校"))
    found = call("GET", "choices?kind=school&q=安徽医学高等&programme=anhui-2023")["items"][0]
    assert (found["name"], found["city"]) == (COLLEGE, "合肥市")
    told = call("POST", f"records/{id}/matches", version=1, kind="school", key=found["key"])["record"]
    assert (told["matches"]["school"]["reasons"], told["city"]) == (["person"], "合肥市")
    assert "名录中没有" in call("POST", f"records/{id}/matches", 422, version=2, kind="school", key="0")["detail"]
    told = call("POST", f"records/{id}/matches", version=2, kind="school", key=None)["record"]
    assert (told["matches"]["school"]["decided"], told["city"]) == (False, None)


def test_what_was_looked_at_twice_is_accepted_and_who_asks_has_no_say_in_the_sample(desk: Desk, call: Caller) -> None:
    colleges = (COLLEGE, "安徽新闻出版职业技术学院", "安徽职业技术学院", "安徽审计职业学院")
    ids = [desk.take(summary(college), str(n)) for n, college in enumerate(colleges)]
    for id in ids[:3]:
        desk.do("settle", CLERK, id, desk.place(id, "marks.unread"), "已核对")
        while codes := desk.codes(id):
            desk.do("settle", CLERK, id, desk.place(id, codes[0]), "已核对")
    call.actor = HEFEI
    call.client.app.state.second_look_one_in = 1  # type: ignore[attr-defined]
    call("POST", "queue/accept", 422, ids=ids, sample_one_in=1000)
    kinds = [one["outcome"] for one in call("POST", "queue/accept", ids=[*ids, "no-such"])["items"]]
    assert kinds == ["aside", "aside", "aside", "refused", "missing"]
    aside = ids[0]
    assert (desk.row(aside).lane, desk.codes(aside)) == ("ask", ["record.sample"])
    desk.do("settle", CLERK, aside, desk.place(aside, "record.sample"), "逐项核对无误")
    assert desk.row(aside).lane == "ready"
    assert [one["outcome"] for one in call("POST", "queue/accept", ids=[aside])["items"]] == ["accepted"]


def test_a_task_is_handed_over_and_taken_back(desk: Desk, call: Caller) -> None:
    desk.hire(REVIEWER, AUDITOR)
    call.actor = APPROVER
    asked = {"level": "province", "to": "fu", "until": "2199-01-01T00:00:00+08:00"}
    made = call("POST", "delegations", 201, **asked)
    call("POST", "delegations", 422, **(asked | {"to": "shen"}))
    call("POST", "delegations", 422, **(asked | {"until": "2000-01-01T00:00:00+08:00"}))
    call.actor = REVIEWER
    assert [one["number"] for one in call("GET", "delegations")["items"]] == [made["number"]]
    call("DELETE", f"delegations/{made['number']}", 404)
    call.actor = ADMIN
    call("DELETE", f"delegations/{made['number']}", 204)
    assert call("GET", "delegations") == {"items": []}


def test_what_another_has_in_hand_is_not_changed(desk: Desk, call: Caller) -> None:
    from api.queue.holds import hold

    id = desk.take(summary())
    with desk.store.session() as session:
        hold(session, REVIEWER, id)
    told = call("POST", f"records/{id}/decide", 423, version=1, action="accept")
    assert told["detail"] == "傅明正在处理这份材料，请先接手再操作"
