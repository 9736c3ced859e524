"""The page of the pre-check and its JSON API. Whoever reaches the address may ask; nobody signs in."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.accounts.http import address_of
from api.errors import ChildDied, TooSlow
from api.outbox.compose import one_line
from api.precheck.checker import Checked, Precheck
from api.review.refusals import Refused
from api.review.templating import page

FORM_BYTES = 10_000
"""What a form adds to its file."""

pages = APIRouter(include_in_schema=False)
router = APIRouter(tags=["precheck"])


class ToldView(BaseModel):
    code: str
    title: str
    what: str
    todo: str
    clause: str
    doubtful: bool = Field(description="We may have misread it.")


class CheckedView(BaseModel):
    title: str
    known: bool
    school: str
    told: list[ToldView]
    unsure: list[str] = Field(description="What we could not read surely; no mistake of the school's.")
    values: list[tuple[str, str]]


class Results(BaseModel):
    forms: list[CheckedView]


class Queue(BaseModel):
    waiting: int
    most_bytes: int


def install(app: FastAPI, precheck: Precheck | None) -> None:
    """Without one there is no such page."""
    if precheck:
        app.state.precheck = precheck
        app.include_router(router)
        app.include_router(pages)


def precheck_of(request: Request) -> Precheck:
    found: Precheck = request.app.state.precheck
    return found


Checking = Annotated[Precheck, Depends(precheck_of)]
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
WRONG: dict[int | str, dict[str, Any]] = {
    code: {"description": said}
    for code, said in {
        411: "没有说明长度", 413: "文件过大", 422: "没有文件，或无法检查", 429: "次数过多", 503: "排队已满"
    }.items()
}  # fmt: skip


@router.get("/api/precheck")
def get_queue(precheck: Checking) -> Queue:
    """How many files wait."""
    return Queue(waiting=precheck.waiting, most_bytes=precheck.most_bytes)


@router.post("/api/precheck", response_model=Results, responses=WRONG, openapi_extra=UPLOAD)
async def check(request: Request, precheck: Checking) -> Results:
    """What would be said of one file. It is not kept."""
    return Results(forms=[_view(one) for one in await _check(request, precheck)])


@pages.get("/precheck")
def show(request: Request, precheck: Checking) -> HTMLResponse:
    return _page(request, precheck)


@pages.post("/precheck")
async def show_results(request: Request, precheck: Checking) -> HTMLResponse:
    try:
        found = await _check(request, precheck)
    except HTTPException as error:
        return _page(request, precheck, error=str(error.detail), status=error.status_code)
    return _page(request, precheck, found=found)


def _page(
    request: Request,
    precheck: Precheck,
    found: tuple[Checked, ...] | None = None,
    error: str = "",
    status: int = 200,
) -> HTMLResponse:
    values = {
        "found": found,
        "error": error,
        "waiting": precheck.waiting,
        "megabytes": precheck.most_bytes // 1_000_000,
        "data": lambda jpeg: f"data:image/jpeg;base64,{b64encode(jpeg).decode()}",
    }
    return page(request, "precheck.html", values, status)


async def _check(request: Request, precheck: Precheck) -> tuple[Checked, ...]:
    """Raises HTTPException, in Chinese. The body is not read before it is known to be small and welcome."""
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise HTTPException(411, "请求没有说明长度")
    if int(length) > precheck.most_bytes + FORM_BYTES:
        raise HTTPException(413, f"文件过大，最多 {precheck.most_bytes // 1_000_000} MB")
    try:
        precheck.admit(address_of(request))
    except Refused as refused:
        raise HTTPException(refused.status, refused.detail) from refused
    async with request.form(max_files=1, max_fields=5) as form:
        upload = form.get("file")
        name, data = (upload.filename or "", await upload.read()) if isinstance(upload, UploadFile) else ("", b"")
    if not name or not data:
        raise HTTPException(422, "请选择一个文件")
    try:
        return await run_in_threadpool(precheck.check, one_line(name).replace("/", "_").replace("\\", "_"), data)
    except Refused as refused:
        raise HTTPException(refused.status, refused.detail) from refused
    except TooSlow as error:
        raise HTTPException(422, "检查超过了时限，请减少页数或降低分辨率后再试") from error
    except ChildDied as error:
        raise HTTPException(422, "这个文件无法检查，请另存为 PDF 或图片后再试") from error


def _view(checked: Checked) -> CheckedView:
    return CheckedView(
        title=checked.title,
        known=checked.known,
        school=checked.school,
        told=[
            ToldView(
                code=one.item.code,
                title=one.item.title,
                what=one.item.what,
                todo=one.item.todo,
                clause=one.item.clause,
                doubtful=not one.item.chosen,
            )
            for one in checked.told
        ],
        unsure=list(checked.unsure),
        values=list(checked.values),
    )
