"""The JSON API: records, messages, page pictures, export, health and metrics."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import text

from api.accounts.actor import Actor
from api.accounts.http import REFUSED, needs, watching
from api.audit.log import append
from api.export.schema import PUBLISHED, Lane, Record, State
from api.export.service import export_records
from api.export.writers import MEDIA_TYPES, Format, TooManyLines
from api.record import CHINA
from api.review import queries
from api.review.http import Reading
from api.review.metrics import metrics_text
from api.review.view import school_name, severity_counts
from api.store.exports import exports_of
from api.store.tables import Message

router = APIRouter(dependencies=[Depends(needs("read"))], responses=REFUSED)
watched = APIRouter(tags=["operation"])
"""What a monitor asks for."""


class Choice(BaseModel):
    """The filter of the record lists, as a query string. An empty value asks nothing; form `none`: no known form."""

    form: str = Field("", max_length=80)
    lane: Literal[Lane, ""] = ""
    state: Literal[State, ""] = ""
    programme: str = Field("", max_length=80)
    q: str = Field("", max_length=200, description="Words, all of which must occur.")

    def filter(self) -> queries.Filter:
        return queries.Filter(**{key: getattr(self, key) or None for key in Choice.model_fields})


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


class RecordList(BaseModel):
    """`total` records fit the filter; the counts tell what each other choice would give."""

    total: int
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
def list_records(chosen: Annotated[PagedChoice, Query()], session: Reading) -> RecordList:
    counts = queries.record_counts(session, chosen.filter())
    return RecordList(
        total=queries.record_count(session, chosen.filter()),
        lanes=counts.lanes,
        states=counts.states,
        forms={form or "none": count for form, count in counts.forms.items()},
        programmes={programme or "none": count for programme, count in counts.programmes.items()},
        items=[_summary(body) for body in queries.record_list(session, chosen.filter(), chosen.limit, chosen.offset)],
    )


@router.get("/api/records/{id}", responses={200: {"model": Record}, **MISSING}, tags=["records"])
def get_record(id: str, session: Reading) -> JSONResponse:
    body = queries.record_body(session, id)
    if body is None:
        raise HTTPException(404, "没有这条记录")
    exports = [
        {"at": one.at.astimezone(CHINA).isoformat(), "file_name": one.file_name, "format": one.format, "by": one.by}
        for one in exports_of(session, id)
    ]
    return JSONResponse(body | {"exports": exports})


@router.get("/api/export.{format}", response_class=Response, tags=["records"])
def download(
    format: Format,
    chosen: Annotated[Choice, Query()],
    request: Request,
    actor: Annotated[Actor, Depends(needs("export"))],
    evidence: bool = False,
) -> Response:
    """The filter's records as JSON Lines, CSV or XLSX; that they left is noted."""
    out, file_name = io.BytesIO(), f"yinjian.{format}"
    try:
        with request.app.state.store.session() as session:
            asked, by = chosen.filter(), actor.name
            count = export_records(session, asked, format, out, evidence=evidence, file_name=file_name, by=by)
            append(session, actor, "export", detail={"format": format, "count": count})
    except TooManyLines as error:
        raise HTTPException(422, str(error)) from error
    name = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(out.getvalue(), media_type=MEDIA_TYPES[format], headers=name)


@router.get("/api/messages", response_model=MessageList, tags=["messages"])
def list_messages(
    session: Reading,
    state: Annotated[str, Query(max_length=16)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> MessageList:
    """Every message that arrived, whatever became of it."""
    found = queries.message_list(session, state or None, limit, offset)
    records = queries.message_records(session, [one.sha256 for one in found])
    return MessageList(
        total=queries.message_count(session, state or None),
        states=queries.message_states(session),
        items=[_message(one, records[one.sha256]) for one in found],
    )


@router.get("/api/messages/{id}", response_model=MessageSummary, responses=MISSING, tags=["messages"])
def get_message(id: str, session: Reading) -> MessageSummary:
    found = queries.message(session, id)
    if found is None:
        raise HTTPException(404, "没有这封邮件")
    return _message(found, queries.message_records(session, [id])[id])


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


def _summary(body: queries.Body) -> RecordSummary:
    source = body["source"]
    return RecordSummary(
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
