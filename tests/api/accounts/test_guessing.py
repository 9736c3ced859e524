"""Who guesses passwords waits longer and longer, whether the name is known or not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.accounts import signing, users
from api.accounts.actor import MACHINE
from api.accounts.errors import MustWait, WrongPassword
from api.accounts.policy import Policy, wait_after
from api.audit.service import Asked, entries
from api.store.engine import Store

POLICY = Policy(tries=3, address_tries=6, wait=timedelta(minutes=1), longest_wait=timedelta(minutes=10))
HERE, THERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/a.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def password(store: Store) -> str:
    with store.session() as session:
        return users.add_user(session, MACHINE, "li", "clerk")


def guess(store: Store, name: str = "li", password: str = "wrong", address: str = HERE) -> str:
    try:
        signing.sign_in(store, POLICY, name, password, address)
    except (WrongPassword, MustWait) as error:
        return type(error).__name__
    return "in"


def later(store: Store, minutes: float) -> None:
    """So much time goes by: everything that was noted is so much older."""
    seconds = minutes * 60
    shift = {
        "sqlite": f"strftime('%Y-%m-%d %H:%M:%f000', {{}}, '-{seconds} seconds')",
        "postgresql": f"{{}} - interval '{seconds} seconds'",
    }[store.engine.dialect.name]
    with store.engine.begin() as connection:
        changes = ", ".join(f"{column} = {shift.format(column)}" for column in ("last_at", "until"))
        connection.execute(sa.text(f"UPDATE attempts SET {changes}"))


def test_the_wait_doubles_up_to_the_longest() -> None:
    waits = [wait_after(failed, 3, POLICY).total_seconds() / 60 for failed in (0, 2, 3, 4, 5, 6, 7, 5000)]
    assert waits == [0, 0, 1, 2, 4, 8, 10, 10]


@pytest.mark.parametrize("name", ["li", "nobody"])
def test_after_some_wrong_passwords_one_must_wait_whoever_one_says_to_be(
    store: Store, password: str, name: str
) -> None:
    assert [guess(store, name) for _ in range(5)] == ["WrongPassword"] * 3 + ["MustWait"] * 2
    later(store, 1.1)
    assert [guess(store, name) for _ in range(2)] == ["WrongPassword", "MustWait"]
    later(store, 1.1)
    assert guess(store, name) == "MustWait"


def test_the_right_password_waits_too_and_then_ends_the_waiting(store: Store, password: str) -> None:
    assert [guess(store) for _ in range(3)] == ["WrongPassword"] * 3
    assert guess(store, password=password) == "MustWait"
    later(store, 1.1)
    assert guess(store, password=password) == "in"
    assert [guess(store) for _ in range(2)] == ["WrongPassword"] * 2
    assert guess(store, password=password) == "in"


def test_failures_are_forgotten_after_a_day(store: Store) -> None:
    assert [guess(store) for _ in range(2)] == ["WrongPassword"] * 2
    later(store, 60 * 25)
    assert [guess(store) for _ in range(2)] == ["WrongPassword"] * 2


def test_an_address_that_tries_many_names_must_wait_and_a_name_of_its_own_is_no_way_round(
    store: Store, password: str
) -> None:
    for number in range(5):
        assert guess(store, f"name{number}") == "WrongPassword"
        assert guess(store, password=password) == "in"
    assert guess(store, "name6") == "WrongPassword"
    assert guess(store, "name7") == guess(store, password=password) == "MustWait"
    assert guess(store, password=password, address=THERE) == "in"


def test_one_household_of_ipv6_is_one_address() -> None:
    assert signing.network_of("2001:db8:1:2:aaaa::1") == signing.network_of("2001:db8:1:2:bbbb::9")
    assert signing.network_of("2001:db8:1:3::1") != signing.network_of("2001:db8:1:2::1")
    assert [signing.network_of(one) for one in (HERE, "testclient")] == [HERE, "testclient"]


def test_many_guesses_at_once_are_no_more_than_are_allowed(store: Store, password: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: guess(store), range(12)))
    assert sorted(told) == ["MustWait"] * 9 + ["WrongPassword"] * 3


def test_each_failure_is_told_but_not_what_was_typed_for_a_name(store: Store, password: str) -> None:
    for name in ("li", "my secret typed in the wrong place", "li", "li", "li"):
        guess(store, name)
    with store.reading() as session:
        told = [(row.by, row.event, row.detail) for row in reversed(entries(session, Asked(), 9, 0))]
    here = f'{{"address":"{HERE}"}}'
    assert told[1:] == [
        ("li", "sign_in.refused", here),
        ("", "sign_in.refused", here),
        ("li", "sign_in.refused", here),
        ("li", "sign_in.refused", here),
        ("li", "sign_in.locked", here),
    ]


def test_a_disabled_user_is_refused_like_a_wrong_password(store: Store, password: str) -> None:
    with store.session() as session:
        users.change_user(session, MACHINE, "li", users.Change(disabled=True))
    assert guess(store, password=password) == "WrongPassword"
