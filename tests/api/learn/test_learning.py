"""Doubts answered in many records at once, and answers kept as aliases, on a store as the pipeline fills it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.accounts.actor import Role
from api.app import create_app
from api.judging import Judging
from api.learn import grouped
from api.learn.aliases import Teacher, refusal
from api.learn.grouped import Answer, At
from api.review.refusals import Refused
from api.store.tables import Batch
from corpora.register import Alias, Certificate, FormerName, Registers, School
from tests.api.review.desk import ADMIN, AUDITOR, CLERK, COLLEGE, IN_TIME, ROWS, SCHOOL, Desk, summary
from tests.api.signed import signed

WRITTEN, MEANT = "运雒平台应用", "传感网应用开发"
ALIAS = Alias("certificate", WRITTEN, MEANT)


@pytest.fixture
def desk(tmp_path: Path, registers: Judging) -> Iterator[Desk]:
    made = Desk(tmp_path, registers=registers)
    yield made
    made.close()


SCHOOLS = {"1": COLLEGE, "2": "安庆职业技术学院", "3": "芜湖职业技术学院"}


def take(desk: Desk, name: str, rows: int = 1, school: str = "") -> str:
    """A summary with rows of which the register does not know the certificate."""
    told = tuple((WRITTEN, level, "100") for level in ("中级", "初级")[:rows])
    form = summary(school or SCHOOLS[name], total=str(100 * rows + 80), rows=(*told, ROWS[1]))
    return desk.take(form, name, IN_TIME + timedelta(hours=int(name)))


def teacher(desk: Desk) -> Teacher:
    return Teacher(desk.store, desk.judging, desk.decisions)


def places(desk: Desk) -> list[At]:
    with desk.store.reading() as session:
        (doubt,) = grouped.doubts(session, CLERK)
    return [At(one.record, one.row, one.version) for one in doubt.places]


def answer(desk: Desk, how: grouped.How = "meant", at: list[At] | None = None) -> Batch:
    said = Answer("certificate", WRITTEN, how, MEANT)
    return grouped.apply(desk.store, desk.decisions, desk.judging, CLERK, said, at or places(desk))


def outcomes(batch: Batch) -> list[tuple[str, int, str, str]]:
    return [(one["record"], one["row"], one["outcome"], one["detail"]) for one in batch.body["items"]]


def certificate(desk: Desk, id: str, row: int = 1) -> Any:
    match = desk.body(id)["matches"]["rows"][row - 1]["certificate"]
    return match["name"] if match["decided"] else None


def test_one_answer_is_given_everywhere_and_taken_back_everywhere(desk: Desk) -> None:
    a, b = take(desk, "1"), take(desk, "2", rows=2)
    before = [desk.body(id) for id in (a, b)]
    made = answer(desk)
    assert outcomes(made) == [(a, 1, "applied", ""), (b, 1, "applied", ""), (b, 2, "applied", "")]
    assert [certificate(desk, a), certificate(desk, b), certificate(desk, b, 2)] == [MEANT] * 3
    assert desk.body(a)["matches"]["rows"][0]["certificate"]["by"] == CLERK.name
    assert not any(code.startswith("certificate.") for id in (a, b) for code in desk.codes(id))
    with desk.store.reading() as session:
        assert grouped.doubts(session, CLERK) == []
    undone = grouped.undo(desk.store, desk.decisions, CLERK, made.id)
    assert undone is not None and [one["back"] for one in undone.body["items"]] == ["", "", ""]
    assert [desk.body(id) for id in (a, b)] == before


def test_what_the_machine_misread_is_corrected_in_the_text(desk: Desk) -> None:
    a, b = take(desk, "1", rows=2), take(desk, "2")
    made = answer(desk, "misread")
    assert [desk.body(id)["rows"][0]["certificate"]["text"] for id in (a, b)] == [MEANT, MEANT]
    assert [one["number"] for one in made.body["items"]] == [1, 1, 1]
    undone = grouped.undo(desk.store, desk.decisions, CLERK, made.id)
    assert undone is not None and [one["back"] for one in undone.body["items"]] == ["", "", ""]
    assert [desk.body(id)["rows"][0]["certificate"]["text"] for id in (a, b)] == [WRITTEN, WRITTEN]


def test_a_record_that_somebody_changed_refuses_alone(desk: Desk) -> None:
    from api.review.edits import Value

    a, b, c = take(desk, "1"), take(desk, "2"), take(desk, "3")
    seen = places(desk)
    desk.do("correct", ADMIN, a, [Value("total", None, "181")])
    desk.do("correct", ADMIN, b, [Value("certificate", 1, "Web前端开发")])
    made = answer(desk, at=[*seen, At("gone", 1, 1)])
    assert [(id, outcome) for id, _, outcome, _ in outcomes(made)] == [
        (a, "refused"), (b, "refused"), (c, "applied"), ("gone", "missing"),
    ]  # fmt: skip
    assert [detail[:6] for *_, detail in outcomes(made)][1:] == ["这里的内容已", "", "没有这条记录"]
    desk.do("correct", ADMIN, c, [Value("certificate", 1, "Web前端开发")])
    undone = grouped.undo(desk.store, desk.decisions, CLERK, made.id)
    assert undone is not None
    assert [bool(one["back"]) for one in undone.body["items"]] == [False, False, True, False]
    assert undone.body["items"][2]["back"].startswith("之后又有修改")


def test_only_what_she_may_see_and_do_is_a_persons_to_answer(desk: Desk) -> None:
    id, other = take(desk, "1", school=SCHOOL), take(desk, "2")
    assert desk.body(id)["city"] == "合肥市" != desk.body(other)["city"]
    here = replace(CLERK, cities=("合肥市",))
    with desk.store.reading() as session:
        (doubt,) = grouped.doubts(session, here)
    assert [one.record for one in doubt.places] == [id]
    said = Answer("certificate", WRITTEN, "meant", MEANT)
    made = grouped.apply(desk.store, desk.decisions, desk.judging, here, said, [At(other, 1, 1)])
    assert outcomes(made) == [(other, 1, "missing", "没有这条记录")]
    with pytest.raises(Refused, match="没有修改材料的权限"):
        grouped.apply(desk.store, desk.decisions, desk.judging, AUDITOR, said, [At(id, 1, 1)])
    with pytest.raises(Refused, match="名录中没有"):
        grouped.apply(desk.store, desk.decisions, desk.judging, CLERK, replace(said, key="没有的证书"), [At(id, 1, 1)])


def test_an_alias_is_tried_before_it_is_kept_and_then_matches(desk: Desk) -> None:
    open_one, accepted = take(desk, "1"), take(desk, "2", school=SCHOOL)
    for place in range(len(desk.body(accepted)["findings"])):
        if desk.body(accepted)["findings"][place]["severity"] != "info":
            desk.do("settle", CLERK, accepted, place, "已核对")
    for level in ("初审", "终审"):
        if desk.body(accepted)["state"] == "review":
            desk.do("decide", ADMIN if level == "终审" else CLERK, accepted, "accept", "")
    assert desk.body(accepted)["state"] == "accepted"
    held, kept = desk.body(open_one), desk.body(accepted)

    run = teacher(desk).dry_run(ADMIN, ALIAS)
    assert [(one.record, one.row, one.now, one.then) for one in run.open] == [(open_one, 1, "", MEANT)]
    assert [(one.record, one.state, one.then) for one in run.settled] == [(accepted, "accepted", MEANT)]
    assert desk.body(open_one) == held

    with pytest.raises(Refused, match="重新预览"):
        teacher(desk).teach(ADMIN, ALIAS, "seen nothing")
    teacher(desk).teach(ADMIN, ALIAS, run.key)
    assert (certificate(desk, open_one), desk.body(accepted)) == (MEANT, kept)
    assert certificate(desk, take(desk, "3")) == MEANT
    with desk.store.reading() as session:
        (listed,) = teacher(desk).list(session)
    assert (listed.alias, listed.name, listed.by) == (ALIAS, MEANT, ADMIN.name)

    teacher(desk).take_back(ADMIN, "certificate", WRITTEN, "")
    assert (certificate(desk, open_one), desk.body(accepted)) == (None, kept)
    with desk.store.reading() as session:
        assert teacher(desk).list(session) == []


def test_an_alias_of_a_programme_holds_in_no_other(desk: Desk) -> None:
    id = take(desk, "1")
    own, other = replace(ALIAS, programme="anhui-2023"), replace(ALIAS, programme="anhui-2022")
    again = desk.judging.supposing([other])
    assert again is not None
    run = teacher(desk).dry_run(ADMIN, own)
    assert [one.record for one in run.open] == [id]
    teacher(desk).teach(ADMIN, own, run.key)
    assert certificate(desk, id) == MEANT
    assert desk.judging.known(None).certificates.alias(WRITTEN) is None


def test_teaching_is_an_administrators_for_all_cities(desk: Desk) -> None:
    for actor in (CLERK, replace(ADMIN, cities=("合肥市",))):
        with pytest.raises(Refused) as refused:
            teacher(desk).dry_run(actor, ALIAS)
        assert refused.value.status == 403


HELD = Registers(
    schools=(School("s-1", "庐州职业学院", former=(FormerName("庐州工业学校"),)), School("s-2", "庐州师范学院")),
    certificates=(Certificate("网店运营推广"), Certificate("新媒体运营")),
    aliases=(Alias("certificate", "网推", "网店运营推广", "anhui-2023"), Alias("school", "庐职", "s-1")),
)


@pytest.mark.parametrize(
    ("alias", "against"),
    [
        (Alias("certificate", "网运", "网店运营推广"), ""),
        (Alias("certificate", "新媒体 运营（中级）", "网店运营推广"), "与名录中的“新媒体运营”同名"),
        (Alias("certificate", "网店运营推广", "网店运营推广"), "“网店运营推广”本来就在名录中，不必登记"),
        (Alias("school", "庐州工业学校", "s-2"), "与名录中的“庐州工业学校”同名"),
        (Alias("certificate", "网推", "新媒体运营"), "这个写法已经登记为另一名称的别名"),
        (Alias("certificate", "网推", "网店运营推广", "anhui-2023"), "已经登记过"),
        (Alias("school", "庐职", "s-2"), "这个写法已经登记为另一名称的别名"),
        (Alias("certificate", "网", "网店运营推广"), "别名太短，至少要有两个字"),
        (Alias("certificate", "网运", "没有的证书"), "名录中没有所选的学校或证书"),
        (Alias("certificate", "网运", "网店运营推广", "nowhere-1"), "没有这个项目"),
    ],
)
def test_an_alias_that_collides_is_refused(alias: Alias, against: str) -> None:
    assert refusal(alias, HELD) == against


# --- over HTTP ---


def client_of(desk: Desk, role: Role, name: str) -> TestClient:
    app = create_app(desk.store, desk.files)
    app.state.judging._indices = desk.judging._indices
    return signed(app, role, name)


def test_doubts_are_answered_and_taught_over_the_api(desk: Desk) -> None:
    a, b = take(desk, "1"), take(desk, "2")
    take(desk, "3", school="没有这所学校的名字")
    li, guan = client_of(desk, "clerk", "li"), client_of(desk, "administrator", "guan")
    (doubt,) = li.get("/api/doubts?least=3").json()["items"]
    assert (doubt["kind"], doubt["text"], doubt["records"]) == ("certificate", WRITTEN, 3)
    at = [{key: one[key] for key in ("record", "row", "version")} for one in doubt["places"]][:2]
    asked = {"field": "certificate", "written": WRITTEN, "how": "meant", "key": MEANT, "places": at}
    done = li.post("/api/doubts/apply", json=asked).json()
    assert [(one["record"], one["outcome"]) for one in done["items"]] == [(a, "applied"), (b, "applied")]
    assert guan.post("/api/doubts/undo", json={"id": done["id"]}).status_code == 404
    assert li.post("/api/doubts/undo", json={"id": done["id"]}).json()["undone_at"]
    assert li.post(f"/api/queue/accepted/{done['id']}/undo").status_code == 404

    wish = {"kind": "certificate", "alias": WRITTEN, "target": MEANT}
    assert li.post("/api/aliases/preview", json=wish).status_code == 403
    run = guan.post("/api/aliases/preview", json=wish).json()
    assert (run["against"], len(run["open"]), run["settled"]) == ("", 3, [])
    assert guan.post("/api/aliases", json=wish | {"dry_run": "no"}).status_code == 409
    assert guan.post("/api/aliases", json=wish | {"dry_run": run["key"]}).status_code == 201
    assert guan.post("/api/aliases/preview", json=wish).json()["against"] == "已经登记过"
    (kept,) = li.get("/api/aliases").json()["items"]
    assert {key: kept[key] for key in ("alias", "name", "by", "programme")} == {
        "alias": WRITTEN, "name": MEANT, "by": "guan", "programme": "",
    }  # fmt: skip
    params = {"kind": "certificate", "alias": WRITTEN}
    assert li.request("DELETE", "/api/aliases", params=params).status_code == 403
    assert guan.request("DELETE", "/api/aliases", params=params).status_code == 204
    assert guan.request("DELETE", "/api/aliases", params=params).json() == {"detail": "没有登记这个别名"}
    events = [one["event"] for one in guan.get("/api/audit").json()["items"]]
    assert {"doubts.applied", "doubts.undone", "alias.taught", "alias.taken_back"} <= set(events)
