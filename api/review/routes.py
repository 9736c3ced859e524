"""The JSON API: records, messages, health and metrics."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import text

from api.accounts.http import REFUSED, Signed, needs, watching
from api.export.schema import PUBLISHED, Lane, State
from api.queue.choice import Choice
from api.record import CHINA
from api.review import queries
from api.review.decision_routes import Deciding
from api.review.decision_shapes import OpenRecord
from api.review.http import Reading
from api.review.metrics import metrics_text
from api.review.view import school_name, severity_counts
from api.store.exports import exports_of
from api.store.tables import Message
from api.store.tables import Record as RecordRow

router = APIRouter(dependencies=[Depends(needs("read"))], responses=REFUSED)
watched = APIRouter(tags=["operation"])
"""What a monitor asks for."""


class PagedChoice(Choice):
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=10_000_000)


class RecordSummary(BaseModel):
    id: str
    form: str | None
    programme: str | None
    lane: Lane
    state: State
    school: str
    subject: str | None
    sender: str | None
    received_at: str | None
    findings: dict[str, int] = Field(description="How many of each severity.")
    level: str | None
    city: str | None
    kind: str | None
    due: date | None
    assignee: str | None
    version: int


class RecordList(BaseModel):
    """`total` records fit the filter; the counts tell what each other choice would give.

    `counts` has every filter by its name, and among its values `none` for the records that have none.
    """

    total: int
    counts: dict[str, dict[str, int]]
    lanes: dict[str, int]
    states: dict[str, int]
    forms: dict[str, int]
    programmes: dict[str, int]
    items: list[RecordSummary]


class Trouble(BaseModel):
    code: str
    message: str
    file_name: str = ""


class MessageSummary(BaseModel):
    id: str = Field(description="sha256 of the message's bytes.")
    kind: str
    name: str
    state: str
    subject: str
    sender: str
    received_at: datetime | None
    taken_at: datetime
    troubles: list[Trouble]
    records: list[str] = Field(description="Ids of the records found in it.")


class MessageList(BaseModel):
    total: int
    states: dict[str, int]
    items: list[MessageSummary]


class Trouble404(BaseModel):
    detail: str


MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Trouble404}}


@router.get("/api/records", response_model=RecordList, tags=["records"])
def list_records(chosen: Annotated[PagedChoice, Query()], session: Reading, actor: Signed) -> RecordList:
    wanted = chosen.filter(actor)
    counts = queries.record_counts(session, wanted)
    return RecordList(
        total=counts.total,
        counts=counts.facets | {"finding": counts.findings},
        lanes=counts.lanes,
        states=counts.states,
        forms={form or "none": count for form, count in counts.forms.items()},
        programmes={programme or "none": count for programme, count in counts.programmes.items()},
        items=[_summary(row) for row in queries.record_rows(session, wanted, chosen.limit, chosen.offset)],
    )


@router.get("/api/records/{id}", responses={200: {"model": OpenRecord}, **MISSING}, tags=["records"])
def get_record(id: str, session: Reading, actor: Signed, decisions: Deciding) -> JSONResponse:
    record = queries.record(session, id, actor.cities)
    if record is None:
        raise HTTPException(404, "没有这条记录")
    exports = [
        {"at": one.at.astimezone(CHINA).isoformat(), "file_name": one.file_name, "format": one.format, "by": one.by}
        for one in exports_of(session, id)
    ]
    task = asdict(decisions.task(session, actor, record))
    task["actions"] = {action: why or None for action, why in task["actions"].items()}
    return JSONResponse(record.body | {"exports": exports, "version": record.version, "task": task})


@router.get("/api/messages", response_model=MessageList, tags=["messages"])
def list_messages(
    session: Reading,
    actor: Signed,
    state: Annotated[str, Query(max_length=16)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> MessageList:
    """Every message that arrived, whatever became of it; for some cities only, those with a record of theirs."""
    seen = actor.cities
    found = queries.message_list(session, state or None, limit, offset, seen)
    records = queries.message_records(session, [one.sha256 for one in found], seen)
    return MessageList(
        total=queries.message_count(session, state or None, seen),
        states=queries.message_states(session, seen),
        items=[_message(one, records[one.sha256]) for one in found],
    )


@router.get("/api/messages/{id}", response_model=MessageSummary, responses=MISSING, tags=["messages"])
def get_message(id: str, session: Reading, actor: Signed) -> MessageSummary:
    found = queries.message(session, id, actor.cities)
    if found is None:
        raise HTTPException(404, "没有这封邮件")
    return _message(found, queries.message_records(session, [id], actor.cities)[id])


@router.get("/api/schema/record.json", response_class=FileResponse, tags=["schema"])
def get_schema() -> FileResponse:
    """The JSON Schema of a record."""
    return FileResponse(PUBLISHED, media_type="application/schema+json")


@watched.get("/health")
def health(session: Reading) -> dict[str, str]:
    """Answers once the store answers."""
    session.execute(text("SELECT 1"))
    return {"status": "ok"}


@watched.get("/metrics", response_class=Response, dependencies=[Depends(watching)], responses=REFUSED)
def metrics(session: Reading) -> Response:
    body, kind = metrics_text(session)
    return Response(body, headers={"Content-Type": kind})


def _summary(row: RecordRow) -> RecordSummary:
    body = row.body
    source = body["source"]
    return RecordSummary(
        **{key: getattr(row, key) for key in ("level", "city", "kind", "assignee", "version")},
        due=row.due_on,
        **{key: body[key] for key in ("id", "form", "programme", "lane", "state")},
        **{key: source.get(key) for key in ("subject", "sender", "received_at")},
        school=school_name(body),
        findings=severity_counts(body["findings"]),
    )


def _message(found: Message, records: list[queries.Body]) -> MessageSummary:
    mail = found.mail or {}
    return MessageSummary(
        id=found.sha256,
        kind=found.kind,
        name=found.name,
        state=found.state,
        subject=mail.get("subject", ""),
        sender=mail.get("sender", ""),
        received_at=found.received_at,
        taken_at=found.taken_at,
        troubles=[Trouble.model_validate(trouble) for trouble in found.troubles or []],
        records=[body["id"] for body in records],
    )
