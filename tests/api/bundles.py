"""A bundle of made-up documents as messages of a store, ready to be saved as the pipeline saves them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from api.across import Across
from api.store import across as sql
from api.store import work
from api.store.engine import Store
from api.store.tables import Record
from corpora.programme import Programme
from matching.across.filed import Cell, Cells, Content, Filed
from tests.api.records import MORNING
from tests.matching.bundles import A_SCHOOL, ANHUI


def body_of(one: Filed, programme: Programme) -> dict[str, Any]:
    """The document as a record of the contract."""
    school = {"code": A_SCHOOL.code, "name": A_SCHOOL.name, "decided": True, "score": 1.0, "reasons": ["exact"]}
    content = one.content
    return {
        "schema": 1,
        "id": one.id,
        "state": one.state,
        "level": None,
        "lane": "ready",
        "source": {
            "message_id": one.message,
            "received_at": one.received_at.isoformat() if one.received_at else None,
            "pages": [{"file_name": "a.pdf", "sha256": page, "page": 1} for page in one.pages],
        },
        "programme": programme.key,
        "form": one.form,
        "fields": _readings(content.fields),
        "rows": [_readings(row) for row in content.rows],
        "matches": _matches(content) | {"school": school if one.ours else None},
        "seals": [{"kind": "round", "owner": seal.owner, "code": seal.code} for seal in one.seals],
        "signatures": [{"role": s.role, "state": "signed"} for s in one.signatures for _ in range(s.signed)],
        "findings": [],
    }


def _readings(cells: Cells) -> dict[str, Any]:
    return {key: _reading(cell) for key, cell in cells.items()}


def _reading(cell: Cell) -> dict[str, Any]:
    return {"text": cell.text, "value": cell.value, "reading": cell.reading, "confidence": 0.98, "origin": "machine"}


def _matches(content: Content) -> dict[str, Any]:
    def match(cells: Cells) -> dict[str, Any] | None:
        cell = cells.get("certificate")
        return {"name": cell.name, "decided": cell.name is not None, "score": 1.0, "reasons": []} if cell else None

    return {"certificate": match(content.fields), "rows": [{"certificate": match(row)} for row in content.rows]}


def messages_of(documents: Iterable[Filed]) -> list[tuple[Filed, ...]]:
    ordered = sorted(documents, key=lambda one: (one.message, one.place))
    return [tuple(batch) for _, batch in groupby(ordered, key=lambda one: one.message)]


def record_of(one: Filed, programme: Programme) -> Record:
    body = body_of(one, programme)
    return Record(
        id=one.id, message=one.message, place=one.place, programme=programme.key, form=one.form, state=one.state,
        lane="ready", school_code=A_SCHOOL.code if one.ours else None, received_at=one.received_at,
        created_at=MORNING, updated_at=MORNING, body=body,
    )  # fmt: skip


def save(store: Store, batch: Sequence[Filed], programme: Programme = ANHUI) -> None:
    """One message with its records, as `Pipeline.save` does it."""
    message = batch[0].message
    with store.session() as session:
        work.add_message(session, message, kind="mail", name="", taken_at=MORNING, received_at=None)
    with store.session() as session:
        touched = sql.schools_of(session, [message]) | {(A_SCHOOL.code, programme.key)}
        sql.lock(session, touched)
        work.save_conclusion(session, message, None, [record_of(one, programme) for one in batch], "done")
        judge(session, touched)


def judge(session: Session, schools: set[sql.School]) -> None:
    Across(lambda code: A_SCHOOL if code == A_SCHOOL.code else None).judge(session, schools)


def kept(store: Store) -> dict[str, tuple[str, str, list[tuple[str, str, str]]]]:
    """What the store says of each record: state, lane, and its findings."""
    with store.reading() as session:
        return {
            one.id: (
                one.state,
                one.lane,
                [(f["code"], f["severity"], f["message"]) for f in one.body["findings"]],
            )
            for one in work.records(session)
        }
