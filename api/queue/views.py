"""Filters that people keep under a name. The commit is left to the caller."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.store.tables import SavedView


def views(session: Session, actor: Actor) -> list[SavedView]:
    """One's own, then those that others share, each by name."""
    seen = sa.or_(SavedView.owner == actor.name, SavedView.shared)
    return list(
        session.scalars(
            sa.select(SavedView).where(seen).order_by(SavedView.owner != actor.name, SavedView.name, SavedView.id)
        )
    )


def keep(session: Session, actor: Actor, name: str, query: str, shared: bool) -> SavedView:
    """Keeps a filter; one's own view of that name is replaced."""
    same = sa.select(SavedView).where(SavedView.owner == actor.name, SavedView.name == name)
    view = session.scalar(same)
    if view is None:
        view = SavedView(id=secrets.token_hex(8), owner=actor.name, name=name)
        session.add(view)
    view.query, view.shared, view.made_at = query, shared, datetime.now(UTC)
    session.flush()
    return view


def drop(session: Session, actor: Actor, id: str) -> bool:
    """Forgets one's own view (an administrator also another's that is shared); False when there is none such."""
    view = session.get(SavedView, id)
    if view is None or not (view.owner == actor.name or (view.shared and actor.role == "administrator")):
        return False
    session.delete(view)
    return True
