"""How long a sign-in lasts, and what ends it before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.accounts import sessions, tokens, users
from api.accounts.actor import MACHINE, Actor
from api.accounts.policy import Policy
from api.store.engine import Store
from api.store.tables import SignIn
from tests.api.signed import a_user

POLICY = Policy(idle=timedelta(hours=8), absolute=timedelta(hours=24))
START = datetime.now(UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/a.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    store = Store(url)
    a_user(store, "clerk", "li", cities=["合肥市"])
    yield store
    store.close()


@pytest.fixture
def word(store: Store) -> str:
    with store.session() as session:
        return sessions.begin(session, "li", POLICY, START)


def who(store: Store, word: str, hours: float) -> Actor | None:
    found = sessions.by_cookie(store, word, POLICY, START + timedelta(hours=hours))
    return found[0] if found else None


def test_a_session_stands_for_its_user(store: Store, word: str) -> None:
    assert who(store, word, 1) == Actor("li", "li", "clerk", ("合肥市",))
    assert who(store, word + "x", 1) is None


def test_a_session_ends_when_it_is_not_used(store: Store, word: str) -> None:
    assert [who(store, word, hours) is not None for hours in (7.9, 15.8, 23.7)] == [True] * 3
    assert who(store, word, 24.1) is None


def test_an_unused_session_ends_sooner(store: Store, word: str) -> None:
    assert who(store, word, 8.1) is None


def test_the_table_holds_nothing_that_a_cookie_could_be_made_of(store: Store, word: str) -> None:
    with store.reading() as session:
        assert word not in str(session.execute(sa.select(SignIn.id)).all())


def test_sessions_that_ended_are_swept_out_at_the_next_sign_in(store: Store, word: str) -> None:
    with store.session() as session:
        sessions.begin(session, "li", POLICY, START + timedelta(hours=9))
        assert session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 1


def test_a_disabled_user_has_no_session_and_no_token(store: Store, word: str) -> None:
    with store.session() as session:
        _, token = tokens.add_token(session, MACHINE, "li", "a", ["read"], None)
    assert sessions.by_token(store, token) is not None
    with store.session() as session:
        users.change_user(session, MACHINE, "li", users.Change(disabled=True))
    assert (who(store, word, 1), sessions.by_token(store, token)) == (None, None)


def test_a_token_expires(store: Store) -> None:
    with store.session() as session:
        made, token = tokens.add_token(session, MACHINE, "li", "a", ["read"], 30)
    days = [sessions.by_token(store, token, START + timedelta(days=days)) for days in (29, 31)]
    assert days == [Actor("li", "li", "clerk", ("合肥市",), frozenset({"read"}), made.id), None]
