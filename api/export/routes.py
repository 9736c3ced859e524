"""The JSON API of exports: the file of a filter, what was exported, and the office's templates."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.accounts.actor import Actor
from api.accounts.http import REFUSED, Signed, needs
from api.audit.log import append
from api.export import templates
from api.export.columns import UnknownColumn, chosen_columns
from api.export.service import export_records
from api.export.workbook import LARGEST, BadTemplate
from api.export.writers import MEDIA_TYPES, Format, TooManyLines
from api.queue.choice import Choice
from api.record import CHINA
from api.review.http import Reading
from api.review.refusals import Refused
from api.store import exports
from api.store.tables import ExportTemplate

FORM_BYTES = 10_000
"""What a form adds to its file."""

router = APIRouter(dependencies=[Depends(needs("read"))], responses=REFUSED)
Exporter = Annotated[Actor, Depends(needs("export"))]
Teacher = Annotated[Actor, Depends(needs("teach"))]
Id = Annotated[str, Path(max_length=32)]
Columns = Annotated[
    list[str], Query(max_length=200, description="Keys or headings of columns, by commas or one each; none: all.")
]
MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "没有这个模板"}}
WRONG: dict[int | str, dict[str, Any]] = {
    411: {"description": "没有说明长度"}, 413: {"description": "文件过大"}, 422: {"description": "模板不能使用"}
}  # fmt: skip
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}, "name": {"type": "string"}},
                }
            }
        },
    }
}


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ExportView(_View):
    id: str
    at: datetime
    by: str
    format: Format
    file_name: str = Field(description="Empty: standard output.")
    records: int = Field(description="How many left in it, of the caller's cities.")


class ExportList(BaseModel):
    total: int
    items: list[ExportView]


class TemplateView(_View):
    id: str
    name: str
    file_name: str
    by: str
    made_at: datetime


@router.get("/api/export.{format}", response_class=Response, responses=MISSING, tags=["records"])
def download(
    format: Format,
    chosen: Annotated[Choice, Query()],
    request: Request,
    actor: Exporter,
    columns: Columns = [],  # noqa: B006 - FastAPI copies it
    template: Annotated[str, Query(max_length=80, description="Fill the office's template of this name (xlsx).")] = "",
    evidence: bool = False,
) -> Response:
    """The filter's records as JSON Lines, CSV or XLSX; that they left is noted."""
    if template and format != "xlsx":
        raise HTTPException(422, "模板只能导出为 Excel（xlsx）")
    out, state = io.BytesIO(), request.app.state
    stamp = datetime.now(CHINA).strftime("%Y%m%d-%H%M%S")
    file_name = f"{_plain(template) or 'yinjian'}-{stamp}.{format}"
    detail: dict[str, Any] = {"format": format}
    try:
        keys = chosen_columns(columns)
        detail |= {"template": template} if template else {"columns": sorted(keys)} if keys else {}
        with state.store.session() as session:
            filling = templates.content(session, state.files, template) if template else None
            how: dict[str, Any] = {"evidence": evidence, "columns": keys, "template": filling}
            how |= {"file_name": file_name, "by": actor.name}
            count = export_records(session, chosen.filter(actor), format, out, **how)
            append(session, actor, "export", detail=detail | {"count": count})
    except (TooManyLines, UnknownColumn, BadTemplate) as error:
        raise HTTPException(422, str(error)) from error
    except Refused as error:
        raise HTTPException(error.status, error.detail) from error
    return Response(out.getvalue(), media_type=MEDIA_TYPES[format], headers=_named(file_name))


@router.get("/api/exports", tags=["records"])
def list_exports(
    session: Reading,
    actor: Signed,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ExportList:
    """What was exported, the newest first; for some cities only, what had a record of theirs."""
    found = exports.left(session, actor.cities, limit, offset)
    items = [ExportView.model_validate(one) for one in found]
    return ExportList(total=exports.left_count(session, actor.cities), items=items)


@router.get("/api/export/templates", tags=["records"])
def list_templates(session: Reading) -> list[TemplateView]:
    return [TemplateView.model_validate(one) for one in exports.templates(session)]


@router.post(
    "/api/export/templates", status_code=201, responses=WRONG, openapi_extra=UPLOAD, tags=["records"],
    response_model=TemplateView,
)  # fmt: skip
async def keep_template(request: Request, actor: Teacher) -> TemplateView:
    """Keeps a workbook whose row with placeholders is repeated for each line; one of the same name is replaced."""
    return TemplateView.model_validate(await upload(request, actor))


@router.delete("/api/export/templates/{id}", status_code=204, responses=MISSING, tags=["records"])
def drop_template(request: Request, id: Id, actor: Teacher) -> None:
    drop(request, actor, id)


@router.get("/api/export/templates/{id}/file", response_class=Response, responses=MISSING, tags=["records"])
def get_template(request: Request, id: Id, session: Reading) -> Response:
    """The template as it was brought."""
    found = session.get(ExportTemplate, id)
    if found is None:
        raise HTTPException(404, "没有这个模板")
    data = request.app.state.files.get(found.content)
    return Response(data, media_type=MEDIA_TYPES["xlsx"], headers=_named(f"{_plain(found.name)}.xlsx"))


async def upload(request: Request, actor: Actor) -> ExportTemplate:
    """Keeps the workbook of a form. Raises HTTPException. The body is not read before it is known to be small."""
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise HTTPException(411, "请求没有说明长度")
    if int(length) > LARGEST + FORM_BYTES:
        raise HTTPException(413, f"模板过大，最多 {LARGEST // 1_000_000} MB")
    async with request.form(max_files=1, max_fields=5) as form:
        sent, name = form.get("file"), form.get("name")
        file_name, data = (sent.filename or "", await sent.read()) if isinstance(sent, UploadFile) else ("", b"")
    if not file_name or not data:
        raise HTTPException(422, "请选择一个 .xlsx 文件")
    return await run_in_threadpool(_keep, request, actor, name if isinstance(name, str) else "", file_name, data)


def drop(request: Request, actor: Actor, id: str) -> None:
    """Raises HTTPException 404."""
    try:
        with request.app.state.store.session() as session:
            templates.drop(session, actor, id)
    except Refused as error:
        raise HTTPException(error.status, error.detail) from error


def _keep(request: Request, actor: Actor, name: str, file_name: str, data: bytes) -> ExportTemplate:
    state = request.app.state
    try:
        with state.store.session() as session:
            made = templates.keep(session, state.files, actor, name, file_name, data)
            session.expunge(made)
            return made
    except BadTemplate as error:
        raise HTTPException(422, str(error)) from error
    except Refused as error:
        raise HTTPException(error.status, error.detail) from error


def _plain(name: str) -> str:
    """A name as a file may have it anywhere."""
    return "".join(c for c in name if c not in '\\/:*?"<>|' and c.isprintable()).strip(". ")


def _named(file_name: str) -> dict[str, str]:
    if file_name.isascii():
        return {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name)}"}
