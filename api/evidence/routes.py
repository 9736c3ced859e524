"""Evidence packs and review sheets for those who may export."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.accounts.http import REFUSED, needs
from api.audit.log import append
from api.evidence.pack import evidence_pack
from api.evidence.review_sheet import review_sheet
from api.review import queries
from api.review.decisions import Decisions
from api.review.http import Reading, Stored
from api.store import changes
from api.store.files import Files
from api.store.tables import Record

router = APIRouter(responses=REFUSED, tags=["evidence"])
Exporter = Annotated[Actor, Depends(needs("export"))]
PACK: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}}},
    404: {"description": "没有这条记录"},
    409: {"description": "原件已不在存储中"},
}
SHEET: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}, 404: PACK[404]}


def install(app: FastAPI) -> None:
    app.include_router(router)


@router.get("/api/records/{id}/evidence.zip", response_class=Response, responses=PACK)
def get_record_pack(request: Request, id: str, actor: Exporter, session: Reading, files: Stored) -> Response:
    """All that proves how one record was dealt with."""
    return _packed(request, session, files, actor, [_record(session, id, actor)], f"evidence-{id}.zip")


@router.get("/api/messages/{id}/evidence.zip", response_class=Response, responses=PACK)
def get_message_pack(request: Request, id: str, actor: Exporter, session: Reading, files: Stored) -> Response:
    """The same for a mail: the records of it that the caller may see."""
    message = queries.message(session, id, actor.cities)
    found = queries.message_records(session, [id], actor.cities)[id] if message else []
    records = [_record(session, body["id"], actor) for body in found]
    if not records:
        raise HTTPException(404, "没有这封邮件")
    return _packed(request, session, files, actor, records, f"evidence-{id[:16]}.zip")


@router.get("/api/records/{id}/review-sheet.pdf", response_class=Response, responses=SHEET)
def get_review_sheet(request: Request, id: str, actor: Exporter, session: Reading) -> Response:
    """The review sheet (审核单) to be printed and signed."""
    record = _record(session, id, actor)
    chain = _decisions(request).case(record).chain
    data = review_sheet(record.body, chain, changes.changes(session, record.id), datetime.now(UTC))
    _note(request, actor, "review_sheet", record.id)
    return _sent(data, "application/pdf", f"review-sheet-{record.id}.pdf")


def _packed(
    request: Request, session: Session, files: Files, actor: Actor, records: list[Record], name: str
) -> Response:
    message = records[0].message
    seen, all_ = (len(queries.message_records(session, [message], cities)[message]) for cities in (actor.cities, ()))
    decisions, now = _decisions(request), datetime.now(UTC)
    try:
        data = evidence_pack(session, files, decisions, records, now, whole=seen == all_)
    except FileNotFoundError as error:
        raise HTTPException(409, "原邮件或页面图片已不在存储中，不能导出证据包") from error
    for record in records:
        _note(request, actor, "evidence", record.id)
    return _sent(data, "application/zip", name)


def _record(session: Session, id: str, actor: Actor) -> Record:
    record = queries.record(session, id, actor.cities)
    if record is None:
        raise HTTPException(404, "没有这条记录")
    return record


def _decisions(request: Request) -> Decisions:
    found: Decisions = request.app.state.decisions
    return found


def _note(request: Request, actor: Actor, event: str, record: str) -> None:
    with request.app.state.store.session() as session:
        append(session, actor, event, record=record)


def _sent(data: bytes, kind: str, name: str) -> Response:
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
