"""The users: added, changed, disabled, given a password; in the caller's transaction, and told to the audit log."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts import sessions
from api.accounts.actor import MACHINE, ROLES, Actor, Role
from api.accounts.errors import (
    BadCity,
    BadName,
    BadRole,
    LastAdministrator,
    NameTaken,
    NoSuchUser,
    WeakPassword,
)
from api.accounts.passwords import fault_of, hash_password, one_time_password
from api.audit.log import append
from api.store.tables import User
from api.store.work import insert_new

FIRST = "admin"
_NAME = re.compile(r"[\w.@-]{1,64}")
ROLE_WORDS: dict[Role, str] = {
    "clerk": "初审",
    "reviewer": "复审",
    "approver": "终审",
    "administrator": "管理员",
    "auditor": "审计（只读）",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What shall become of a user; None stays as it is."""

    shown: str | None = None
    role: str | None = None
    cities: tuple[str, ...] | None = None
    disabled: bool | None = None


def plain_name(name: str) -> str:
    """A login name as it is kept: wide letters narrow, capitals small."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def users(session: Session) -> list[User]:
    return list(session.scalars(sa.select(User).order_by(User.disabled, User.name)))


def find(session: Session, name: str) -> User:
    """Raises NoSuchUser."""
    user = session.get(User, plain_name(name))
    if user is None:
        raise NoSuchUser
    return user


def add_user(
    session: Session,
    actor: Actor,
    name: str,
    role: str,
    *,
    shown: str = "",
    cities: Collection[str] = (),
    known_cities: Collection[str] | None = None,
) -> str:
    """A new user; gives the one-time password that is told to her. Raises BadName, NameTaken, BadRole, BadCity.

    known_cities: those that may be named; None: any.
    """
    name = plain_name(name)
    if not _NAME.fullmatch(name) or name == MACHINE.name:
        raise BadName
    word, now = one_time_password(), datetime.now(UTC)
    row = {
        "name": name,
        "shown": shown.strip()[:64] or name,
        "role": _role(role),
        "cities": _cities(cities, known_cities),
        "password": hash_password(word),
        "must_change": True,
        "disabled": False,
        "created_at": now,
        "changed_at": now,
    }
    if not insert_new(session, User, [row]):
        raise NameTaken
    append(session, actor, "user.added", detail={"user": name, "role": role, "cities": row["cities"]})
    return word


def add_first(session: Session) -> tuple[str, str] | None:
    """The first administrator's name and one-time password; None when there is an administrator."""
    if session.scalar(sa.select(sa.func.count()).select_from(User).where(User.role == "administrator")):
        return None
    try:
        return FIRST, add_user(session, MACHINE, FIRST, "administrator", shown="管理员")
    except NameTaken:  # by another process, a moment ago
        return None


def change_user(
    session: Session, actor: Actor, name: str, change: Change, known_cities: Collection[str] | None = None
) -> User:
    """Changes what is given. Raises NoSuchUser, BadRole, BadCity, LastAdministrator."""
    _lock_administrators(session)
    user = find(session, name)
    was = (user.role, list(user.cities), user.disabled, user.shown)
    user.shown = (change.shown or "").strip()[:64] or user.shown
    user.role = user.role if change.role is None else _role(change.role)
    user.cities = user.cities if change.cities is None else _cities(change.cities, known_cities)
    user.disabled = user.disabled if change.disabled is None else change.disabled
    if (user.role, list(user.cities), user.disabled, user.shown) == was:
        return user
    if was[0] == "administrator" and not was[2]:
        _keep_an_administrator(session)
    if user.disabled:
        sessions.end_all(session, user.name)
    detail = {"user": user.name, "role": user.role, "cities": user.cities, "disabled": user.disabled}
    append(session, actor, "user.changed", detail=detail)
    return user


def reset_password(session: Session, actor: Actor, name: str) -> str:
    """A one-time password in place of the old one; she is signed out everywhere. Raises NoSuchUser."""
    user, word = find(session, name), one_time_password()
    _set_password(session, user, word, must_change=True)
    append(session, actor, "user.password_reset", detail={"user": user.name})
    return word


def change_password(session: Session, actor: Actor, old: str, new: str) -> None:
    """One's own, after `old` was proved; all one's sessions end. Raises NoSuchUser, WeakPassword."""
    user = find(session, actor.name)
    if fault := "新密码与原密码相同" if new == old else fault_of(new, user.name):
        raise WeakPassword(fault)
    _set_password(session, user, new, must_change=False)
    append(session, actor, "user.password_changed", detail={"user": user.name})


def _set_password(session: Session, user: User, password: str, *, must_change: bool) -> None:
    user.password, user.must_change, user.changed_at = hash_password(password), must_change, datetime.now(UTC)
    sessions.end_all(session, user.name)


def _role(role: str) -> str:
    if role not in ROLES:
        raise BadRole
    return role


def _cities(cities: Collection[str], known: Collection[str] | None) -> list[str]:
    wanted = list(dict.fromkeys(city.strip() for city in cities if city.strip()))
    if known is not None and (strange := [city for city in wanted if city not in known]):
        raise BadCity("、".join(strange))
    return wanted


_ADMINISTRATORS = sa.select(User.disabled).where(User.role == "administrator").order_by(User.name)


def _lock_administrators(session: Session) -> None:
    """So that two of them cannot disable each other at once; SQLite has one writer at a time anyway."""
    session.execute(_ADMINISTRATORS.with_for_update())


def _keep_an_administrator(session: Session) -> None:
    session.flush()
    if all(session.scalars(_ADMINISTRATORS)):
        raise LastAdministrator
