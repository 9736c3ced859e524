"""Sessions of signed-in users, and whom a cookie or an API token stands for.

What the browser holds is a random word; the store keeps its hash only.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts.actor import ROLES, Actor
from api.accounts.policy import Policy
from api.store.engine import Store
from api.store.tables import ApiToken, SignIn, User

OFTEN = timedelta(minutes=1)
"""How exactly the last use is kept, so that reading a page writes nothing most of the time."""
TOKEN_PREFIX = "yj_"


def digest(secret: str) -> str:
    """Random words are long, so that a plain hash is as good as a slow one."""
    return sha256(secret.encode()).hexdigest()


def begin(session: Session, user: str, policy: Policy, now: datetime | None = None) -> str:
    """A new session; what the cookie shall hold. Sessions that have ended are swept out."""
    now = now or datetime.now(UTC)
    ended = (SignIn.created_at < now - policy.absolute) | (SignIn.seen_at < now - policy.idle)
    session.execute(sa.delete(SignIn).where(ended))
    word = secrets.token_urlsafe(32)
    session.add(SignIn(id=digest(word), user=user, created_at=now, seen_at=now))
    session.flush()
    return word


def end(session: Session, word: str) -> None:
    session.execute(sa.delete(SignIn).where(SignIn.id == digest(word)))


def end_all(session: Session, user: str) -> None:
    """Signs a user out everywhere."""
    session.execute(sa.delete(SignIn).where(SignIn.user == user))


def by_cookie(store: Store, word: str, policy: Policy, now: datetime | None = None) -> tuple[Actor, bool] | None:
    """Whose session that is, and whether she must change her password; None when it has ended or never was."""
    now = now or datetime.now(UTC)
    with store.reading() as session:
        found = session.execute(
            sa.select(SignIn, User).join(User, User.name == SignIn.user).where(SignIn.id == digest(word))
        ).first()
    if found is None:
        return None
    signed, user = found
    if user.disabled or now - signed.created_at > policy.absolute or now - signed.seen_at > policy.idle:
        return None
    if now - signed.seen_at > OFTEN:
        with store.session() as session:
            session.execute(sa.update(SignIn).where(SignIn.id == signed.id).values(seen_at=now))
    return actor_of(user), user.must_change


def by_token(store: Store, word: str, now: datetime | None = None) -> Actor | None:
    """In whose name the API token acts; None when it is unknown, expired or revoked, or the user disabled."""
    now = now or datetime.now(UTC)
    if not word.startswith(TOKEN_PREFIX):
        return None
    with store.reading() as session:
        found = session.execute(
            sa.select(ApiToken, User).join(User, User.name == ApiToken.user).where(ApiToken.hash == digest(word))
        ).first()
    if found is None:
        return None
    token, user = found
    if user.disabled or token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= now):
        return None
    if token.used_at is None or now - token.used_at > OFTEN:
        with store.session() as session:
            session.execute(sa.update(ApiToken).where(ApiToken.id == token.id).values(used_at=now))
    return actor_of(user, frozenset(token.scopes), token.id)


def actor_of(user: User, scopes: frozenset[str] | None = None, token: str = "") -> Actor:
    assert user.role in ROLES
    return Actor(user.name, user.shown, user.role, tuple(user.cities), scopes, token)
