"""Signing in and out on the pages, and what a stranger gets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.accounts import users
from api.accounts.actor import MACHINE
from api.app import create_app
from api.audit.service import Asked, entries
from tests.api.records import Shelf
from tests.api.signed import HERE, signed, stranger

OPEN = {"/login", "/login/oidc", "/login/oidc/back", "/health", "/metrics"}
"""What answers whoever asks; /metrics looks for itself."""
NEW = "一个 很长的 新密码"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def app(shelf: Shelf) -> FastAPI:
    return create_app(shelf.store, shelf.files)


def added(app: FastAPI, name: str = "li", role: str = "clerk") -> str:
    """A new user's one-time password."""
    with app.state.store.session() as session:
        return users.add_user(session, MACHINE, name, role)


def told(app: FastAPI) -> list[tuple[str, str]]:
    """Who did what, by the audit log."""
    with app.state.store.reading() as session:
        return [(row.by, row.event) for row in reversed(entries(session, Asked(), 100, 0))]


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of all that is answered but files."""
    found: list[tuple[str, str]] = []
    routers = [getattr(route, "original_router", None) for route in app.routes]
    for route in [route for router in routers if router for route in router.routes]:
        assert isinstance(route, APIRoute)
        found += [(method, route.path) for method in route.methods or ()]
    return sorted(found)


def test_every_page_and_every_route_asks_who_one_is(app: FastAPI) -> None:
    client = stranger(app)
    answers = {
        (method, path): client.request(method, path.replace("{number}", "1").replace("{format}", "csv"))
        for method, path in routes(app)
        if path not in OPEN
    }
    assert len(answers) > 20
    strange = {
        asked: answer.status_code
        for asked, answer in answers.items()
        if (answer.status_code != 401 if asked[1].startswith("/api/") else not _is_sent_to_sign_in(answer))
    }
    assert strange == {}


def _is_sent_to_sign_in(answer: Any) -> bool:
    return bool(answer.status_code == 303 and answer.headers["location"].startswith("/login?next="))


def test_a_new_user_signs_in_and_must_change_her_password_first(app: FastAPI) -> None:
    word, client = added(app), stranger(app)
    answer = client.post("/login", data={"name": " LI ", "password": word, "next": "/messages"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/messages")
    assert "HttpOnly" in answer.headers["set-cookie"] and "SameSite=lax" in answer.headers["set-cookie"]
    assert client.get("/messages").headers["location"] == "/account/password"
    assert client.get("/api/me").json() == {"detail": "请先在网页上修改一次性密码"}
    changed = client.post("/account/password", data={"old": word, "new": NEW, "again": NEW})
    assert changed.headers["location"] == "/"
    assert client.get("/messages").status_code == 200
    assert client.get("/api/me").json() == {
        "name": "li",
        "shown": "li",
        "role": "clerk",
        "cities": [],
        "may": ["assign", "bulk", "correct", "decide", "export", "read", "reply"],
    }
    assert told(app) == [
        ("machine", "user.added"),
        ("li", "sign_in"),
        ("li", "user.password_changed"),
        ("li", "sign_in"),
    ]


def test_who_signs_out_is_a_stranger_again(app: FastAPI) -> None:
    client = signed(app, "clerk")
    cookie = dict(client.cookies)
    assert client.post("/logout", follow_redirects=False).headers["location"] == "/login"
    again = TestClient(app, headers=HERE, cookies=cookie)
    assert again.get("/api/me").status_code == 401
    assert told(app) == [("clerk", "sign_out")]
