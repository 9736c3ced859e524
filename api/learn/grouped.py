"""Grouped doubts over the store: found, answered in all chosen places, and taken back as one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts.actor import Actor, may
from api.audit.log import append
from api.judging import Judging
from api.learn.doubts import KINDS, Doubt, asked, grouped, stands, texts_of
from api.review import choices, queries
from api.review.decisions import Decisions
from api.review.edits import Value
from api.review.refusals import Refused
from api.review.view import school_name
from api.store import changes
from api.store.engine import Store
from api.store.tables import Batch, FindingRow, Record
from corpora.form import load_forms

MOST = 500
"""Places of one answer."""
How = Literal["meant", "misread"]


@dataclass(frozen=True, slots=True)
class At:
    """A place, in the record's version that the asker saw."""

    record: str
    row: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says to a doubt. written: the text of the doubt.

    meant: that text stands on the paper and means `key`. misread: the paper says something else, the name of `key` or,
    where no register answers, `text`.
    """

    field: str
    written: str
    how: How
    key: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one place. number: of the change in the record's history; back: what an undo said, if one did."""

    record: str
    row: int | None
    outcome: Literal["applied", "unchanged", "refused", "missing"]
    school: str = ""
    detail: str = ""
    number: int | None = None
    back: str | None = None


def doubts(session: Session, actor: Actor) -> list[Doubt]:
    """All doubts of the open records that the actor may see."""
    texts = {form.key: texts_of(form) for form in load_forms()}
    asking = sa.select(FindingRow.record).where(FindingRow.severity != "info", FindingRow.field.is_not(None))
    seen = [Record.city.in_(actor.cities)] if actor.cities else []
    found = sa.select(Record.body, Record.version).where(Record.state == "review", Record.id.in_(asking), *seen)
    rows = session.execute(
        found.order_by(Record.received_at, Record.message, Record.place).execution_options(yield_per=200)
    )
    return grouped(one for body, version in rows for one in asked(body, version, texts.get(body["form"], ())))


def apply(
    store: Store, decisions: Decisions, judging: Judging, actor: Actor, answer: Answer, places: Sequence[At]
) -> Batch:
    """Gives the answer in each place as the person's own choice or correction; a record that refuses stays as it is.

    Raises Refused: 403; 422 for an answer that no register has or too many places.
    """
    if not may(actor, "correct"):
        raise Refused("您没有修改材料的权限", 403)
    if not 0 < len(places) <= MOST:
        raise Refused(f"请选择 1 至 {MOST} 处")
    name = _name(judging, answer)
    items: list[Item] = []
    for record in dict.fromkeys(place.record for place in places):
        items += _one(store, decisions, judging, actor, answer, [one for one in places if one.record == record])
    told = {"field": answer.field, "written": answer.written, "how": answer.how, "key": answer.key, "name": name}
    made = Batch(id=secrets.token_hex(8), kind="doubt", by=actor.name, at=datetime.now(UTC), undone_at=None,
                 body={"answer": told, "items": [asdict(item) for item in items]})  # fmt: skip
    with store.session() as session:
        session.add(made)
        session.flush()
        append(session, actor, "doubts.applied", detail={"batch": made.id, "field": answer.field, **_counts(items)})
    return made


def undo(store: Store, decisions: Decisions, actor: Actor, id: str) -> Batch | None:
    """Takes one's own answer back in all places, but where something happened since; None when there is none such."""
    batch = find(store, actor, id)
    if batch is None or batch.undone_at is not None:
        return batch
    items = [Item(**item) for item in batch.body["items"]]
    said: dict[tuple[str, int], str] = {}
    for item in reversed(items):  # the last change of a record first
        if item.number is not None and (item.record, item.number) not in said:
            said[item.record, item.number] = _taken_back(store, decisions, actor, item.record, item.number)
    told = [asdict(one) | {"back": said.get((one.record, one.number or 0))} for one in items]
    with store.session() as session:
        row = session.get_one(Batch, id)
        row.body, row.undone_at = batch.body | {"items": told}, datetime.now(UTC)
        append(session, actor, "doubts.undone", detail={"batch": id})
        undone: Batch = row
    return undone


def find(store: Store, actor: Actor, id: str) -> Batch | None:
    """One's own answer."""
    with store.reading() as session:
        mine = (Batch.id == id, Batch.by == actor.name, Batch.kind == "doubt")
        found: Batch | None = session.scalar(sa.select(Batch).where(*mine))
        return found


def _name(judging: Judging, answer: Answer) -> str:
    """What is meant, in words. Raises Refused."""
    if answer.field not in KINDS:
        if answer.how == "meant" or not answer.text.strip():
            raise Refused("请写明应为的文字")
        return answer.text.strip()
    found = choices.chosen(judging, answer.field, answer.key, None)  # type: ignore[arg-type]
    if found is None:
        raise Refused("名录中没有所选的学校或证书")
    return str(found.get("current_name") or found["name"])


def _one(
    store: Store, decisions: Decisions, judging: Judging, actor: Actor, answer: Answer, places: Sequence[At]
) -> list[Item]:
    """All places of one record."""
    id = places[0].record
    with store.reading() as session:
        record = queries.record(session, id, actor.cities)
    if record is None:
        return [Item(id, one.row, "missing", detail="没有这条记录") for one in places]
    school = school_name(record.body)
    gone = {one.row for one in places if not stands(record.body, answer.field, one.row, answer.written)}
    left = [one for one in places if one.row not in gone]
    items = [Item(id, one.row, "refused", school, "这里的内容已经改变") for one in places if one.row in gone]
    return items + (_answered(decisions, judging, actor, answer, left, record, school) if left else [])


def _answered(
    decisions: Decisions,
    judging: Judging,
    actor: Actor,
    answer: Answer,
    places: Sequence[At],
    record: Record,
    school: str,
) -> list[Item]:
    id, version = record.id, places[0].version
    known: dict[str, Any] | None = None
    if answer.field in KINDS:
        known = choices.chosen(judging, answer.field, answer.key, record.programme)  # type: ignore[arg-type]
    if answer.how == "misread":
        text = str(known["name"]) if known else answer.text.strip()
        try:
            made = decisions.correct(actor, id, [Value(answer.field, one.row, text) for one in places], version)
        except Refused as refused:
            return [Item(id, one.row, "refused", school, refused.detail) for one in places]
        return [_item(id, one.row, school, made.change.number if made.change else None) for one in places]
    items = []
    for one in places:
        try:
            made = decisions.choose(actor, id, answer.field, one.row, known, version)
        except Refused as refused:
            items.append(Item(id, one.row, "refused", school, refused.detail))
            continue
        version = made.version
        items.append(_item(id, one.row, school, made.change.number if made.change else None))
    return items


def _item(record: str, row: int | None, school: str, number: int | None) -> Item:
    return Item(record, row, "unchanged" if number is None else "applied", school, number=number)


def _taken_back(store: Store, decisions: Decisions, actor: Actor, record: str, number: int) -> str:
    with store.reading() as session:
        version = changes.version(session, record)
    try:
        decisions.undo(actor, record, number, version)
    except Refused as refused:
        return refused.detail
    return ""


def _counts(items: Sequence[Item]) -> dict[str, int]:
    outcomes = [item.outcome for item in items]
    return {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}
