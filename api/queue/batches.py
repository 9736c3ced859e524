"""Acceptance of many ready records at once: some are drawn for a second look, all is told, and one undo takes it back.

Which ones are drawn depends on the record and a key of the house alone: neither another choice nor another try draws
others.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.audit.log import append
from api.queue.holds import held_by_others
from api.review.decisions import Decisions, Outcome
from api.review.refusals import Refused
from api.review.view import school_name
from api.store.engine import Store
from api.store.tables import Batch, Record

MOST = 500
"""Records of one acceptance."""

Came = Literal["accepted", "advanced", "aside", "refused", "missing"]


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one record. version: after it; detail: why it was refused; back: what an undo said, when one did.

    accepted: for good; advanced: to the next level; aside: drawn for a second look.
    """

    id: str
    outcome: Came
    school: str = ""
    form: str | None = None
    detail: str = ""
    version: int = 0
    back: str | None = None


def drawn(ids: Iterable[str], one_in: int, key: bytes) -> set[str]:
    """About one in so many; nobody without the key can tell which."""

    def number(id: str) -> int:
        return int.from_bytes(hmac.digest(key, f"second look/{id}".encode(), "sha256"))

    return {id for id in ids if number(id) % one_in == 0}


def accept(store: Store, decisions: Decisions, actor: Actor, ids: Sequence[str], one_in: int) -> Batch:
    """Accepts what may be accepted. one_in: how many records there are to one second look; 0: none is drawn."""
    wanted = list(dict.fromkeys(ids))[:MOST]
    with store.reading() as session:
        told = _told(session, actor, wanted)
        held = held_by_others(session, list(told), actor)
    free = [id for id in wanted if id not in held]
    aside = drawn(free, one_in, store.audit_key) if one_in else set()
    found = {id: Item(id, "refused", detail=f"{shown}正在审核此件") for id, shown in held.items()}
    for some, sampled in (([id for id in free if id in aside], 1), ([id for id in free if id not in aside], None)):
        for id, outcome, came in decisions.bulk_accept(actor, some, sampled) if some else []:
            found[id] = _item(id, outcome, came)
    items = [asdict(found[id]) | told.get(id, {}) for id in wanted]
    batch = Batch(id=secrets.token_hex(8), by=actor.name, at=datetime.now(UTC), body={"items": items})
    with store.session() as session:
        session.add(batch)
        session.flush()
        append(session, actor, "records.accepted", detail={"batch": batch.id, **_counts(items)})
    return batch


def undo(store: Store, decisions: Decisions, actor: Actor, id: str) -> Batch | None:
    """Takes one's own acceptance back, but for the records that something happened to since; None when there is none.

    Second looks stay: they would be drawn again.
    """
    batch = find(store, actor, id)
    if batch is None or batch.undone_at is not None:
        return batch
    items = [_taken_back(decisions, actor, Item(**item)) for item in batch.body["items"]]
    with store.session() as session:
        row = session.get_one(Batch, id)
        row.body, row.undone_at = {"items": [asdict(item) for item in items]}, datetime.now(UTC)
        append(session, actor, "records.accepted_undone", detail={"batch": id})
        undone: Batch = row
    return undone


def find(store: Store, actor: Actor, id: str) -> Batch | None:
    """One's own acceptance."""
    with store.reading() as session:
        mine = (Batch.id == id, Batch.by == actor.name, Batch.kind == "accept")
        found: Batch | None = session.scalar(sa.select(Batch).where(*mine))
        return found


def _taken_back(decisions: Decisions, actor: Actor, item: Item) -> Item:
    if item.outcome not in ("accepted", "advanced"):
        return item
    try:
        decisions.take_back(actor, item.id, item.version)
        said = ""
    except Refused as refused:
        said = refused.detail
    return Item(**(asdict(item) | {"back": said}))


def _item(id: str, outcome: str, came: Outcome | str) -> Item:
    detail, version = (came, 0) if isinstance(came, str) else ("", came.version)
    return Item(id, outcome, detail=detail, version=version)  # type: ignore[arg-type]


def _told(session: Session, actor: Actor, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Of whom those are that the actor may see."""
    seen = [Record.city.in_(actor.cities)] if actor.cities else []
    rows = session.scalars(sa.select(Record).where(Record.id.in_(list(ids)), *seen))
    return {row.id: {"school": school_name(row.body), "form": row.form} for row in rows}


def _counts(items: Sequence[dict[str, Any]]) -> dict[str, int]:
    outcomes = [item["outcome"] for item in items]
    return {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}
