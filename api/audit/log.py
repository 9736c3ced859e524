"""Writes the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.audit.chain import Entry, canonical, entry_hash, entry_seal, head_seal
from api.store.tables import AuditHead, AuditRow

NOTHING: Mapping[str, Any] = MappingProxyType({})


def append(
    session: Session, actor: Actor, event: str, *, record: str | None = None, detail: Mapping[str, Any] = NOTHING
) -> None:
    """Adds an entry in the caller's transaction. Call it last there: whoever else writes one waits for the commit.

    event: like "sign_in", "record.accepted", at most 40 characters. detail: what JSON can say, and nothing personal
    (no name, no phone; field keys or a digest instead), since nothing can be taken out again.
    """
    # An update, not a question, so that SQLite too locks before it reads the number.
    raised = sa.update(AuditHead).values(number=AuditHead.number + 1).returning(AuditHead.number, AuditHead.hash)
    number, previous = session.execute(raised.execution_options(synchronize_session=False)).one()
    told = dict(detail) | ({"by_token": actor.token} if actor.token else {})
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    entry = Entry(number, at, actor.name, event, record, canonical(told))
    key: bytes = session.info.get("audit_key", b"")
    hash = entry_hash(previous, entry)
    made = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    session.execute(sa.insert(AuditRow).values(**made, hash=hash, seal=entry_seal(key, hash)))
    ended = sa.update(AuditHead).values(hash=hash, seal=head_seal(key, number, hash))
    session.execute(ended.execution_options(synchronize_session=False))
