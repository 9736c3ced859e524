"""Signing in at a provider: only whom it vouches for, and only who has an account here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey

from api.accounts.policy import Oidc, Policy
from api.app import create_app
from api.audit.service import Asked, entries
from tests.api.accounts.provider import Provider, running
from tests.api.records import Shelf
from tests.api.signed import a_user, stranger


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running(Provider()) as made:
        yield made


@pytest.fixture
def app(tmp_path: Path, provider: Provider) -> Iterator[FastAPI]:
    shelf = Shelf(tmp_path)
    policy = Policy(oidc=Oidc(provider.issuer, "yinjian", "secret"))
    a_user(shelf.store, "reviewer", "li")
    yield create_app(shelf.store, shelf.files, policy=policy)
    shelf.store.close()


def through(client: TestClient, provider: Provider, **changed: str) -> Any:
    """To the provider and back."""
    left = client.get("/login/oidc?next=/messages")
    state, code = provider.sign_in(left.headers["location"])
    return client.get("/login/oidc/back", params={"state": state, "code": code} | changed)


def test_who_is_vouched_for_is_signed_in(app: FastAPI, provider: Provider) -> None:
    client = stranger(app)
    assert "/login/oidc?next=/messages" in client.get("/login?next=/messages").text
    back = through(client, provider)
    assert (back.status_code, back.headers["location"]) == (303, "/messages")
    assert client.get("/api/me").json()["name"] == "li"
    with app.state.store.reading() as session:
        (entry,) = entries(session, Asked(), 9, 0)
    assert (entry.by, entry.event, entry.detail) == ("li", "sign_in", '{"address":"testclient","by":"oidc"}')


def test_who_has_no_account_here_stays_out(app: FastAPI, provider: Provider) -> None:
    provider.claims = {"preferred_username": "stranger"}
    client = stranger(app)
    back = through(client, provider)
    assert (back.status_code, "没有账号" in back.text) == (403, True)
    assert client.get("/api/me").status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "other"},
        {"aud": "other"},
        {"iss": "https://other.test"},
        {"exp": 1},
        {"preferred_username": None},
        {"preferred_username": ["li"]},
    ],
)
def test_a_token_that_is_not_for_us_and_now_is_refused(
    app: FastAPI, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = {"preferred_username": "li"} | claims
    assert through(stranger(app), provider).status_code == 403


def test_a_token_that_another_key_signed_is_refused(app: FastAPI, provider: Provider) -> None:
    provider.shown_key = RSAKey.generate_key(2048, {"kid": "1"})
    assert through(stranger(app), provider).status_code == 403


def test_who_did_not_leave_from_here_does_not_come_back(app: FastAPI, provider: Provider) -> None:
    client = stranger(app)
    assert through(client, provider, state="other").status_code == 403
    state, code = provider.sign_in(client.get("/login/oidc").headers["location"])
    assert stranger(app).get("/login/oidc/back", params={"state": state, "code": code}).status_code == 403


def test_a_provider_that_does_not_answer_is_told(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    policy = Policy(oidc=Oidc("http://127.0.0.1:9", "yinjian", "secret"))
    left = stranger(create_app(shelf.store, shelf.files, policy=policy)).get("/login/oidc")
    assert (left.status_code, "暂时不能用" in left.text) == (502, True)
    shelf.store.close()


def test_without_a_provider_there_is_no_such_way(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    client = stranger(create_app(shelf.store, shelf.files))
    assert ("统一身份" in client.get("/login").text, client.get("/login/oidc").status_code) == (False, 404)
    shelf.store.close()
