"""The accounts on the pages and in the API: users, tokens, forged requests, the audit log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.accounts.actor import Actor
from api.accounts.policy import Policy
from api.app import create_app
from api.audit.service import Asked, entries
from tests.api.records import Shelf, a_message, a_record
from tests.api.signed import HERE, a_user, signed, stranger

RECORD = "a1b2c3d4e5f60718293a"
NEW = "一个 很长的 新密码"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    made.keep(a_message("1"), a_record())
    yield made
    made.store.close()


@pytest.fixture
def app(shelf: Shelf) -> FastAPI:
    return create_app(shelf.store, shelf.files)


@pytest.fixture
def boss(app: FastAPI) -> TestClient:
    return signed(app, "administrator", "boss")


def once(text: str) -> str:
    """What a page tells this once."""
    found = re.search(r'class="told once".*?<code>(.*?)</code>', text, re.S)
    assert found is not None
    return found.group(1)


def told(app: FastAPI) -> list[tuple[str, str, str]]:
    with app.state.store.reading() as session:
        return [(row.by, row.event, row.detail) for row in reversed(entries(session, Asked(), 100, 0))]


def bearing(app: FastAPI, token: str) -> TestClient:
    return TestClient(app, headers={"Authorization": f"Bearer {token}"})


def test_an_administrator_adds_a_user_who_signs_in_and_is_later_shut_out(app: FastAPI, boss: TestClient) -> None:
    form = {"name": "Li", "role": "reviewer", "shown": "李四", "cities": "合肥市\n\n六安市\n"}
    word = once(boss.post("/admin/users", data=form).text)
    assert word not in boss.get("/admin/users").text
    client = stranger(app)
    client.post("/login", data={"name": "li", "password": word})
    client.post("/account/password", data={"old": word, "new": NEW, "again": NEW})
    assert client.get("/api/me").json() | {"may": []} == {
        "name": "li",
        "shown": "李四",
        "role": "reviewer",
        "cities": ["合肥市", "六安市"],
        "may": [],
    }
    boss.post("/admin/users/li", data={"role": "auditor", "shown": "李四", "cities": ""})
    assert (client.get("/api/me").json()["role"], client.get("/api/me").json()["cities"]) == ("auditor", [])
    boss.post("/admin/users/li", data={"role": "auditor", "shown": "李四", "disabled": "true"})
    assert client.get("/api/me").status_code == 401
    assert client.post("/login", data={"name": "li", "password": NEW}).status_code == 403


def test_a_reset_signs_out_everywhere_and_asks_for_a_new_password(app: FastAPI, boss: TestClient) -> None:
    client = signed(app, "clerk", "li")
    word = once(boss.post("/admin/users/li/password").text)
    assert client.get("/api/me").status_code == 401
    client.post("/login", data={"name": "li", "password": word})
    assert client.get("/messages").url.path == "/account/password"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "boss", "role": "clerk"}, "已经有人使用"),
        ({"name": "a b", "role": "clerk"}, "账号名须为"),
        ({"name": "machine", "role": "clerk"}, "账号名须为"),
        ({"name": "li", "role": "king"}, "没有这种角色"),
        ({"name": "li", "role": "clerk", "cities": "亚特兰蒂斯"}, "（亚特兰蒂斯）"),
    ],
)
def test_what_is_wrong_with_a_new_user_is_said_and_the_form_kept(
    boss: TestClient, form: dict[str, str], said: str
) -> None:
    answer = boss.post("/admin/users", data=form | {"shown": "李四"})
    assert answer.status_code in (409, 422)
    assert said in answer.text and 'value="李四"' in answer.text


@pytest.mark.parametrize("change", [{"role": "clerk"}, {"role": "administrator", "disabled": "true"}])
def test_the_last_administrator_cannot_be_taken_away(app: FastAPI, boss: TestClient, change: dict[str, str]) -> None:
    assert "最后一个" in boss.post("/admin/users/boss", data=change).text
    a_user(app.state.store, "administrator", "second")
    assert boss.post("/admin/users/boss", data=change, follow_redirects=False).status_code == 303
    assert boss.get("/admin/users", follow_redirects=False).status_code in (303, 403)


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "密码不对"),
        ("", "short", "short", "至少 10 个字符"),
        ("", NEW, NEW + "x", "两次输入的新密码不一样"),
        ("", "aaaaaaaaaaaa", "aaaaaaaaaaaa", "不同的字符太少"),
        ("", "mei123456789", "mei123456789", ""),
        ("", "meiling-123456", "meiling-123456", "不要含有账号名"),
    ],
)
def test_a_new_password_must_be_a_good_one(
    app: FastAPI, boss: TestClient, old: str, new: str, again: str, said: str
) -> None:
    word = once(boss.post("/admin/users", data={"name": "meiling", "role": "clerk"}).text)
    client = stranger(app)
    client.post("/login", data={"name": "meiling", "password": word})
    answer = client.post("/account/password", data={"old": old or word, "new": new, "again": again})
    assert (said in answer.text) if said else answer.status_code == 303


def test_a_token_acts_for_its_user_within_its_scopes_until_it_is_revoked(app: FastAPI, boss: TestClient) -> None:
    a_user(app.state.store, "clerk", "li")
    page = boss.post("/admin/users/li/tokens", data={"label": "报表", "scopes": ["read"], "days": "30"}).text
    machine = bearing(app, once(page))
    assert machine.get("/api/records").json()["total"] == 1
    assert machine.get("/api/export.csv").json() == {"detail": "您没有导出的权限"}
    assert machine.get("/api/users").status_code == 403
    (kept,) = boss.get("/api/tokens").json()
    assert (kept["label"], kept["user"], kept["scopes"], kept["created_by"]) == ("报表", "li", ["read"], "boss")
    assert once(page) not in str(kept)
    boss.post(f"/admin/tokens/{kept['id']}/revoke")
    assert machine.get("/api/records").status_code == 401
    assert boss.delete(f"/api/tokens/{kept['id']}").status_code == 404


def test_tokens_and_users_over_the_api(app: FastAPI, boss: TestClient) -> None:
    made = boss.post("/api/users", json={"name": "li", "role": "clerk", "shown": "李四"})
    assert (made.status_code, made.json()["name"]) == (201, "li")
    assert boss.patch("/api/users/li", json={"cities": ["合肥市"]}).json()["cities"] == ["合肥市"]
    assert boss.patch("/api/users/li", json={"role": "auditor"}).json()["cities"] == ["合肥市"]
    assert boss.get("/api/users/li").json()["role"] == "auditor"
    assert boss.get("/api/users/nobody").json() == {"detail": "没有这个账号。"}
    token = boss.post("/api/users/li/tokens", json={"label": "a", "scopes": ["read", "admin"], "days": None}).json()
    assert bearing(app, token["token"]).get("/api/audit").status_code == 200
    boss.patch("/api/users/li", json={"disabled": True})
    assert bearing(app, token["token"]).get("/api/audit").status_code == 401


def test_what_a_token_does_is_told_as_its_users_with_its_number(app: FastAPI, boss: TestClient) -> None:
    a_user(app.state.store, "clerk", "li")
    made = boss.post("/api/users/li/tokens", json={"label": "a", "scopes": ["export"]}).json()
    bearing(app, made["token"]).get("/api/export.csv")
    assert told(app)[-1] == ("li", "export", f'{{"by_token":"{made["id"]}","count":1,"format":"csv"}}')


@pytest.mark.parametrize("role", ["clerk", "reviewer", "approver", "auditor"])
def test_only_administrators_see_accounts(app: FastAPI, role: Any) -> None:
    client = signed(app, role)
    assert [client.get(path).status_code for path in ("/admin/users", "/api/users", "/api/tokens")] == [403] * 3
    assert client.get("/audit").status_code == (200 if role == "auditor" else 403)
    assert "账号</a>" not in client.get("/").text
    assert client.get("/api/export.csv").status_code == (403 if role == "auditor" else 200)


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://testserver.evil.test"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
        ({"Authorization": "Basic bGk6bGk="}, False),
    ],
)
def test_a_request_that_another_site_had_made_is_refused(app: FastAPI, headers: dict[str, str], passes: bool) -> None:
    client = signed(app)
    del client.headers["Sec-Fetch-Site"]
    answer = client.post("/api/users", json={"name": "li", "role": "clerk"}, headers=headers)
    assert answer.status_code == (201 if passes else 403)
    assert passes or "不是从本系统的网页发出的" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/users/a%00", None),
        ("GET", "/api/audit?by=%00", None),
        ("POST", "/api/users", {"name": "li", "role": "clerk", "shown": "\x00"}),
        ("POST", "/api/users", {"name": "li", "role": "clerk", "cities": ["\x00"]}),
        ("POST", "/api/users/boss/tokens", {"label": "\x00", "scopes": ["read"]}),
    ],
)
def test_the_one_character_that_postgresql_has_not_is_refused(
    boss: TestClient, method: str, path: str, body: dict[str, Any] | None
) -> None:
    assert boss.request(method, path, json=body).status_code == 422


def test_a_wrong_token_is_not_made_up_for_by_a_cookie(app: FastAPI) -> None:
    client = signed(app)
    assert client.get("/api/me", headers={"Authorization": "Bearer yj_x"}).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/records/x?q=1", "/records/x?q=1"),
        ("//evil.test/", "/"),
        ("https://evil.test/", "/"),
        ("/\\evil.test", "/"),
        ("/\t/evil.test", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_stays_here(app: FastAPI, boss: TestClient, wanted: str, goes: str) -> None:
    word = once(boss.post("/admin/users", data={"name": "li", "role": "clerk"}).text)
    form = {"name": "li", "password": word, "next": wanted}
    assert stranger(app).post("/login", data=form).headers["location"] == goes


def test_who_asked_for_a_page_comes_back_to_it(app: FastAPI) -> None:
    assert stranger(app).get("/messages?state=done").headers["location"] == "/login?next=%2Fmessages%3Fstate%3Ddone"
    part = stranger(app).get("/messages", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login")


def test_the_cookie_is_for_safe_connections_only_where_there_is_one(shelf: Shelf, boss: TestClient) -> None:
    word = once(boss.post("/admin/users", data={"name": "li", "role": "clerk"}).text)
    app = create_app(shelf.store, shelf.files)
    client = TestClient(app, base_url="https://office.test", headers=HERE, follow_redirects=False)
    assert "Secure" in client.post("/login", data={"name": "li", "password": word}).headers["set-cookie"]


def test_the_visitor_of_the_demo_is_let_in_from_this_machine_by_its_own_name_only(shelf: Shelf) -> None:
    visitor = Actor("demo", "演示管理员", "administrator")
    app = create_app(shelf.store, shelf.files, policy=Policy(visitor=visitor))
    asked = (("127.0.0.1", "localhost"), ("127.0.0.1", "evil.test"), ("192.0.2.1", "localhost"))
    answers = [
        TestClient(app, base_url=f"http://{name}:8000", client=(address, 1)).get("/api/me").status_code
        for address, name in asked
    ]
    assert answers == [200, 401, 401]


def test_metrics_are_for_this_machine_and_for_tokens(app: FastAPI, boss: TestClient) -> None:
    near = TestClient(app, base_url="http://localhost", client=("127.0.0.1", 1))
    far = TestClient(app, base_url="http://office.test", client=("192.0.2.1", 1), follow_redirects=False)
    assert (near.get("/metrics").status_code, far.get("/metrics").status_code) == (200, 401)
    assert boss.get("/metrics").status_code == 200


def test_the_audit_log_can_be_read_filtered_and_verified(app: FastAPI, boss: TestClient) -> None:
    boss.get("/api/export.csv")
    boss.post("/admin/users", data={"name": "li", "role": "clerk", "cities": "合肥市"})
    auditor = signed(app, "auditor")
    found = auditor.get("/api/audit?event=user").json()
    assert [(one["number"], one["by"], one["event"], one["detail"]) for one in found["items"]] == [
        (2, "boss", "user.added", {"cities": ["合肥市"], "role": "clerk", "user": "li"})
    ]
    page = auditor.get("/audit?by=boss&since=2020-01-01&until=9999-12-31").text
    assert "新增账号" in page and "共 2 条" in page
    assert "没有符合条件的记录" in auditor.get("/audit?until=2020-01-01").text
    assert auditor.get("/api/audit/verify").json()["count"] == 2
    assert "共 2 条" in auditor.post("/audit/verify").text
