"""Signing in and out: the password proved, guessing slowed down, each told to the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts import sessions
from api.accounts.actor import Actor
from api.accounts.errors import MustWait, WrongPassword
from api.accounts.passwords import check_password
from api.accounts.policy import Policy, wait_after
from api.accounts.users import plain_name
from api.audit.log import append
from api.store.engine import Store
from api.store.tables import Attempts, User
from api.store.work import insert_new

STRANGER = Actor("", "未登录者", "auditor")
FORGET = timedelta(days=1)
"""Failures are forgotten when there was none for so long."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """A try that was counted before its password was looked at, so that many at once are no way round."""

    account: str
    address: str
    locks: bool


def sign_in(store: Store, policy: Policy, name: str, password: str, address: str) -> str:
    """A new session; what the cookie shall hold. Raises WrongPassword, MustWait."""
    user = prove(store, policy, name, password, address)
    with store.session() as session:
        return enter(session, policy, user, address, "password")


def prove(store: Store, policy: Policy, name: str, password: str, address: str) -> User:
    """The user whose password that is. Raises WrongPassword, MustWait.

    Whether the name is known shows neither in the answer nor in the time that it takes. `by` of a failure in the audit
    log is a known name or nothing: what else was typed there may well be a password.
    """
    name = plain_name(name)
    tried = _count(store, policy, name, address, datetime.now(UTC))
    with store.reading() as session:
        user = session.get(User, name)
    right, newer = check_password(password, user.password if user else None)
    with store.session() as session:
        if user is not None and right and not user.disabled:
            _forgive(session, tried)
            if newer:
                session.execute(sa.update(User).where(User.name == name).values(password=newer))
            return user
        known = sessions.actor_of(user) if user else STRANGER
        append(session, known, "sign_in.refused", detail={"address": address})
        if tried.locks:
            append(session, known, "sign_in.locked", detail={"address": address})
    raise WrongPassword


def enter(session: Session, policy: Policy, user: User, address: str, by: str) -> str:
    """The session of a user who has proved who she is, by "password" or "oidc"."""
    word = sessions.begin(session, user.name, policy)
    append(session, sessions.actor_of(user), "sign_in", detail={"address": address, "by": by})
    return word


def sign_out(store: Store, actor: Actor, word: str) -> None:
    with store.session() as session:
        sessions.end(session, word)
        append(session, actor, "sign_out")


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the half that a household has to itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else str(parsed)


def _count(store: Store, policy: Policy, name: str, address: str, now: datetime) -> _Tried:
    """Counts a try for the account and for the address. Raises MustWait, and then counts nothing."""
    account, place = sessions.digest(f"account {name}"), sessions.digest(f"address {network_of(address)}")
    with store.session() as session:
        locks = [
            _raise(session, key, tries, policy, now)
            for key, tries in ((account, policy.tries), (place, policy.address_tries))
        ]
    return _Tried(account, place, any(locks))


def _raise(session: Session, key: str, tries: int, policy: Policy, now: datetime) -> bool:
    """Counts one more; whether from now on one must wait."""
    session.execute(sa.delete(Attempts).where(Attempts.key == key, Attempts.last_at < now - FORGET))
    insert_new(session, Attempts, [{"key": key, "failed": 0, "last_at": now, "until": None}])
    here = sa.update(Attempts).where(Attempts.key == key).execution_options(synchronize_session=False)
    locked = here.values(failed=Attempts.failed + 1, last_at=now).returning(Attempts.failed, Attempts.until)
    failed, until = session.execute(locked).one()
    if until is not None and until > now:
        raise MustWait(ceil((until - now).total_seconds()))  # the caller's transaction is undone
    wait = wait_after(failed, tries, policy)
    if wait:
        session.execute(here.values(until=now + wait))
    return bool(wait)


def _forgive(session: Session, tried: _Tried) -> None:
    """The account's failures are over; the address keeps those that others had there, or one account of one's own
    would let one guess at all the rest."""
    session.execute(sa.delete(Attempts).where(Attempts.key == tried.account))
    here = sa.update(Attempts).where(Attempts.key == tried.address, Attempts.failed > 0)
    values = {"failed": Attempts.failed - 1, "until": None}
    session.execute(here.values(values).execution_options(synchronize_session=False))
