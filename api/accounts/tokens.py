"""API tokens: made, listed, revoked. Each in the caller's transaction, each told to the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts.actor import SCOPES, Actor, Scope
from api.accounts.errors import BadScope, NoSuchToken
from api.accounts.sessions import TOKEN_PREFIX, digest
from api.accounts.users import find
from api.audit.log import append
from api.store.tables import ApiToken

SCOPE_WORDS: dict[Scope, str] = {"read": "查看", "review": "审核", "export": "导出", "admin": "管理"}


def tokens(session: Session, user: str | None = None) -> list[ApiToken]:
    """The newest first; of one user, or of all."""
    asked = sa.select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.id)
    return list(session.scalars(asked.where(ApiToken.user == user) if user is not None else asked))


def add_token(
    session: Session, actor: Actor, user: str, label: str, scopes: Collection[str], days: int | None
) -> tuple[ApiToken, str]:
    """A token that acts in the user's name, and its word, which is told this once.

    days: for how many it is valid; None: until it is revoked. Raises NoSuchUser, BadScope.
    """
    wanted = [scope for scope in SCOPES if scope in scopes]
    if not wanted or len(wanted) != len(set(scopes)):
        raise BadScope
    now, word = datetime.now(UTC), TOKEN_PREFIX + secrets.token_urlsafe(32)
    made = ApiToken(
        id=secrets.token_hex(6),
        hash=digest(word),
        user=find(session, user).name,
        label=label.strip()[:80],
        scopes=wanted,
        created_at=now,
        created_by=actor.name,
        expires_at=now + timedelta(days=days) if days else None,
    )
    session.add(made)
    session.flush()
    append(session, actor, "token.added", detail={"token": made.id, "user": made.user, "scopes": wanted})
    return made, word


def revoke_token(session: Session, actor: Actor, id: str) -> ApiToken:
    """Raises NoSuchToken."""
    token = session.get(ApiToken, id)
    if token is None or token.revoked_at is not None:
        raise NoSuchToken
    token.revoked_at = datetime.now(UTC)
    session.flush()
    append(session, actor, "token.revoked", detail={"token": id, "user": token.user})
    return token
