"""Users of the tests, and clients signed in as them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.accounts import sessions
from api.accounts.actor import Actor, Role
from api.accounts.http import COOKIE
from api.accounts.policy import Policy
from api.store.engine import Store
from api.store.tables import User
from api.store.work import insert_new

HERE = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a request that a page of ours makes."""


def a_user(store: Store, role: Role = "administrator", name: str = "", cities: Collection[str] = ()) -> Actor:
    """A user of that role, who need not change her password and has none; by default named like her role."""
    now = datetime.now(UTC)
    user = {"name": name or role, "shown": name or role, "role": role, "cities": list(cities), "password": None}
    with store.session() as session:
        insert_new(
            session, User, [user | {"must_change": False, "disabled": False, "created_at": now, "changed_at": now}]
        )
    return Actor(name or role, name or role, role, tuple(cities))


def cookie_of(store: Store, user: str) -> str:
    """What the browser of a signed-in user holds."""
    with store.session() as session:
        return sessions.begin(session, user, Policy())


def signed(app: FastAPI, role: Role = "administrator", name: str = "", cities: Collection[str] = ()) -> TestClient:
    """A client signed in as a user of that role; use it with `with` where the application's lifespan matters."""
    store = app.state.store
    actor = a_user(store, role, name, cities)
    return TestClient(app, headers=HERE, cookies={COOKIE: cookie_of(store, actor.name)})


def stranger(app: FastAPI) -> TestClient:
    """A client that has not signed in and follows no redirect."""
    return TestClient(app, headers=HERE, follow_redirects=False)
