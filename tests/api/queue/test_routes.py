"""The queue over HTTP: tasks, locks, saved views, bulk acceptance and progress, by JSON and by forms without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.accounts.actor import Role
from api.app import create_app
from api.queue.batches import drawn
from api.store.tables import Record
from tests.api.records import Shelf, a_message, a_record
from tests.api.signed import signed

READY: dict[str, Any] = {"lane": "ready", "findings": [], "matches": {"school": None, "certificate": None, "rows": []}}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path, "" if request.param == "sqlite" else request.getfixturevalue("postgresql_url"))
    yield made
    made.store.close()


@pytest.fixture
def app(shelf: Shelf) -> FastAPI:
    made = create_app(shelf.store, shelf.files)
    made.state.second_look_one_in = 0
    return made


def keep(shelf: Shelf, id: str, city: str | None = None, **changed: Any) -> str:
    """A record of 20 times that letter."""
    shelf.keep(a_message(id), a_record(id=id * 20, **(READY | changed)))
    with shelf.store.session() as session:
        session.get_one(Record, id * 20).city = city
    return id * 20


def user(app: FastAPI, name: str, role: Role = "clerk", cities: tuple[str, ...] = ()) -> TestClient:
    return signed(app, role, name, cities)


def listed(client: TestClient, query: str = "") -> str:
    return "".join(sorted(item["id"][0] for item in client.get(f"/api/records?{query}").json()["items"]))


def state(client: TestClient, id: str) -> str:
    return str(client.get(f"/api/records/{id}").json()["state"])


# --- whose task ---


def test_the_next_record_is_the_first_due_that_is_nobodys_and_in_nobodys_hand(app: FastAPI, shelf: Shelf) -> None:
    for id, due in (("a", "2023-04-09"), ("b", "2023-04-03"), ("c", "2023-04-03"), ("d", None)):
        keep(
            shelf,
            id,
            lane="ask",
            due=due,
            source=a_record()["source"] | {"received_at": f"2023-03-1{ord(id) % 10}T09:00+08:00"},
        )
    keep(shelf, "e", due="2023-04-01")
    li, wang = user(app, "li"), user(app, "wang")
    wang.post(f"/api/records/{'c' * 20}/hold", json={})
    taken = [li.post("/api/queue/next").json()["id"][0] for _ in range(4)]
    assert taken == ["b", "a", "d", "e"]
    assert li.post("/api/queue/next").json() == {"id": None}
    assert (listed(wang, "assignee=none"), listed(wang, "assignee=me")) == ("c", "")
    assert wang.get("/api/records").json()["counts"]["assignee"] == {"li": 4, "none": 1}


def test_a_clerk_takes_and_puts_back_her_own_tasks_only(app: FastAPI, shelf: Shelf) -> None:
    id = keep(shelf, "a")
    li, wang, head = user(app, "li"), user(app, "wang"), user(app, "head", "administrator")
    path = f"/api/records/{id}/assignee"
    assert li.put(path, json={"to": "li"}).json() == {"id": id, "assignee": "li"}
    assert li.put(path, json={"to": "wang"}).status_code == 403
    assert wang.put(path, json={"to": None}).status_code == 403
    assert head.put(path, json={"to": "nobody-here"}).json() == {"detail": "没有这个用户"}
    assert head.put(path, json={"to": "wang"}).json()["assignee"] == "wang"
    assert wang.put(path, json={"to": None}).json()["assignee"] is None


def test_records_of_another_city_are_not_there(app: FastAPI, shelf: Shelf) -> None:
    keep(shelf, "a", "合肥市")
    keep(shelf, "b", "芜湖市")
    keep(shelf, "c")
    clerk = user(app, "wu", cities=("芜湖市",))
    assert listed(clerk) == "b"
    assert clerk.get("/api/records").json()["counts"]["city"] == {"芜湖市": 1}
    assert clerk.put(f"/api/records/{'a' * 20}/assignee", json={"to": "wu"}).status_code == 404
    assert clerk.post(f"/api/records/{'a' * 20}/hold", json={}).status_code == 404
    done = clerk.post("/api/queue/accept", json={"ids": ["a" * 20, "b" * 20]}).json()["items"]
    assert [(one["outcome"], one["school"]) for one in done] == [("missing", ""), ("accepted", "安徽职业技术学院")]
    assert clerk.post("/api/queue/next").json() == {"id": None}


# --- the soft lock ---


def test_a_second_person_is_told_and_may_take_over_knowingly(app: FastAPI, shelf: Shelf) -> None:
    path = f"/api/records/{keep(shelf, 'a')}/hold"
    li, wang = user(app, "li"), user(app, "wang")

    def held(client: TestClient, **asked: bool) -> tuple[str, bool]:
        told = client.post(path, json=asked).json()
        return told["by"], told["mine"]

    assert held(li) == ("li", True)
    assert held(wang) == ("li", False)
    assert held(li) == ("li", True)
    assert held(wang, take_over=True) == ("wang", True)
    assert held(li) == ("wang", False)
    assert li.delete(path).status_code == 204
    assert held(li) == ("wang", False)
    assert wang.delete(path).status_code == 204
    assert held(li) == ("li", True)


def test_who_may_only_read_takes_nothing_in_hand(app: FastAPI, shelf: Shelf) -> None:
    id = keep(shelf, "a")
    auditor = user(app, "shen", "auditor")
    assert auditor.post(f"/api/records/{id}/hold", json={}).status_code == 403
    assert auditor.post("/api/queue/accept", json={}).status_code == 403
    page = auditor.get("/").text
    assert ("取下一件" in page, "通过所选" in page) == (False, False)


# --- saved views ---


def test_a_view_is_ones_own_unless_it_is_shared(app: FastAPI) -> None:
    li, wang = user(app, "li"), user(app, "wang")
    asked = {"name": "到期的", "query": "?due=days&assignee=me&page=3&nonsense=1"}
    mine = li.post("/api/views", json=asked).json()
    assert (mine["query"], mine["owner"]) == ("assignee=me&due=days", "li")
    assert wang.get("/api/views").json() == {"items": []}
    again = li.post("/api/views", json=asked | {"shared": True}).json()
    assert again == mine | {"shared": True}
    assert wang.get("/api/views").json() == {"items": [again]}
    assert wang.delete(f"/api/views/{mine['id']}").status_code == 404
    assert li.delete(f"/api/views/{mine['id']}").status_code == 204
    assert li.post("/api/views", json={"name": "x", "query": "lane=green"}).status_code == 422


# --- bulk acceptance ---


def test_all_of_a_filter_is_accepted_and_what_refused_says_why(app: FastAPI, shelf: Shelf) -> None:
    keep(shelf, "a")
    keep(shelf, "b")
    keep(shelf, "c", lane="ask")
    li, wang = user(app, "li"), user(app, "wang")
    wang.post(f"/api/records/{'b' * 20}/hold", json={})
    made = li.post("/api/queue/accept?q=安徽职业", json={}).json()
    assert {one["id"][0]: (one["outcome"], one["detail"]) for one in made["items"]} == {
        "a": ("accepted", ""),
        "b": ("refused", "wang正在审核此件"),
    }
    some = li.post("/api/queue/accept", json={"ids": ["c" * 20, "x"]}).json()["items"]
    assert [one["outcome"] for one in some] == ["refused", "missing"]
    assert (state(li, "a" * 20), state(li, "b" * 20)) == ("accepted", "review")
    assert li.get(f"/api/queue/accepted/{made['id']}").json() == made


def test_one_undo_takes_all_back_but_what_went_on(app: FastAPI, shelf: Shelf) -> None:
    a, b = keep(shelf, "a"), keep(shelf, "b")
    li, head = user(app, "li"), user(app, "head", "administrator")
    made = li.post("/api/queue/accept", json={"ids": [a, b]}).json()
    version = head.get(f"/api/records/{b}").json()["version"]
    head.post(f"/api/records/{b}/decide", json={"action": "reopen", "reason": "再看", "version": version})
    assert head.post(f"/api/queue/accepted/{made['id']}/undo").status_code == 404
    undone = li.post(f"/api/queue/accepted/{made['id']}/undo").json()
    assert undone["items"][0]["back"] == ""
    assert "head" in undone["items"][1]["back"]
    assert (state(li, a), state(li, b)) == ("review", "review")
    assert li.post(f"/api/queue/accepted/{made['id']}/undo").json() == undone
    assert li.post("/api/queue/accept", json={"ids": [a]}).json()["items"][0]["outcome"] == "accepted"


def test_some_are_drawn_for_a_second_look_whatever_is_chosen(app: FastAPI, shelf: Shelf) -> None:
    ids = [keep(shelf, letter) for letter in "abcdefgh"]
    app.state.second_look_one_in = 3
    aside = drawn(ids, 3, shelf.store.audit_key)
    assert 0 < len(aside) < len(ids)
    li = user(app, "li")
    outcomes: dict[str, str] = {}
    for some in (ids[:1], ids[1:4], ids[4:]):
        made = li.post("/api/queue/accept", json={"ids": some}).json()
        outcomes |= {one["id"]: one["outcome"] for one in made["items"]}
        li.post(f"/api/queue/accepted/{made['id']}/undo")
    assert outcomes == {id: "aside" if id in aside else "accepted" for id in ids}
    again = li.post("/api/queue/accept", json={}).json()["items"]
    assert {one["id"]: one["outcome"] for one in again} == {id: "accepted" for id in ids if id not in aside}
    assert listed(li, "finding=record.sample") == "".join(id[0] for id in sorted(aside))


def test_about_one_in_so_many_is_drawn_and_the_key_decides() -> None:
    ids = [f"{number:020x}" for number in range(4000)]
    first, other = drawn(ids, 20, b"one"), drawn(ids, 20, b"two")
    assert 150 < len(first) < 250
    assert len(first & other) < 30
    assert drawn(ids[:100], 20, b"one") == first & set(ids[:100])


# --- without script ---


def test_the_buttons_of_the_list_work_without_script(app: FastAPI, shelf: Shelf) -> None:
    a, b = keep(shelf, "a"), keep(shelf, "b")
    li = user(app, "li")
    page = li.post("/queue/accept?lane=ready", data={"id": [a]})
    assert page.url.query.startswith(b"lane=ready&batch=")
    assert "已通过 1 件" in page.text
    back = li.post(f"/queue/accepted/{page.url.params['batch']}/undo?lane=ready")
    assert "1 件已恢复为待审核" in back.text
    assert "我" in li.post("/queue/assign", data={"id": [a, b], "to": "li"}).text
    assert listed(li, "assignee=me") == "ab"
    li.post("/queue/assign", data={"id": [a]})
    taken = li.post("/queue/next?lane=ready", follow_redirects=False)
    assert taken.headers["location"] == f"/records/{a}?lane=ready"
    kept = li.post("/queue/views?due=over", data={"name": "逾期"})
    assert 'href="/?due=over">逾期</a>' in kept.text
    assert "逾期" not in li.post(f"/queue/views/{li.get('/api/views').json()['items'][0]['id']}/drop").text


def test_the_list_shows_who_works_on_what_and_what_is_due(app: FastAPI, shelf: Shelf) -> None:
    id = keep(shelf, "a", due="2023-04-03")
    li, wang = user(app, "li"), user(app, "wang")
    li.post(f"/api/records/{id}/hold", json={})
    li.put(f"/api/records/{id}/assignee", json={"to": "li"})
    page = wang.get("/?sort=due").text
    assert "li正在审核" in page
    assert "过期" in page
    assert 'aria-sort="ascending"' in page


def test_what_somebody_has_in_hand_is_settled_by_nobody_else(app: FastAPI, shelf: Shelf) -> None:
    id = keep(shelf, "a")
    li, wang = user(app, "li"), user(app, "wang")
    li.post(f"/api/records/{id}/hold", json={})
    asked = {"action": "accept", "version": 1}
    refused = wang.post(f"/api/records/{id}/decide", json=asked)
    assert (refused.status_code, refused.json()) == (423, {"detail": "li正在处理这份材料，请先接手再操作"})
    wang.post(f"/api/records/{id}/hold", json={"take_over": True})
    assert li.post(f"/api/records/{id}/decide", json=asked).status_code == 423
    assert wang.post(f"/api/records/{id}/decide", json=asked).status_code == 200
