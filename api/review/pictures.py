"""The JSON API of a record's pages: the picture, what was read on it, and crops of it.

Nothing may be shown from a browser's cache without asking, for whoever asks must be signed in; but asking costs little,
since every answer is marked by the hash of what it was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.accounts.http import REFUSED, Signed, needs
from api.review import queries
from api.review.http import Reading, Stored
from api.review.sheet import PageText, crop_pixels, page_text
from api.store.files import Files
from api.store.tables import PageRow
from api.values import unpack
from ingest.document import Page

router = APIRouter(dependencies=[Depends(needs("read"))], responses=REFUSED, tags=["pages"])

NUMBER = r"(0(\.\d{1,6})?|1(\.0{1,6})?)"
"""A fraction of the page."""


class Missing(BaseModel):
    detail: str


MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Missing}, 304: {"description": "没有变化"}}
JPEG = {200: {"content": {"image/jpeg": {}}}, **MISSING}


@router.get("/api/records/{id}/pages/{number}.jpg", response_class=Response, responses=JPEG)
def get_picture(
    request: Request,
    id: str,
    number: int,
    session: Reading,
    actor: Signed,
    files: Stored,
    width: Annotated[int, Query(ge=0, le=2000, description="At most so many pixels wide; 0: as it was kept.")] = 0,
) -> Response:
    """The page as an ordinary viewer shows it; boxes are fractions of this picture. `number` from 1."""
    row = _shown(session, id, number, actor)
    if not width:
        return _kept(request, row.view, lambda: _view(files, row))
    return _kept(request, f"{row.view}-{width}", lambda: _made_smaller(_view(files, row), width))


@router.get("/api/records/{id}/pages/{number}/crop.jpg", response_class=Response, responses=JPEG)
def get_crop(
    request: Request,
    id: str,
    number: int,
    session: Reading,
    actor: Signed,
    files: Stored,
    box: Annotated[
        str, Query(pattern=rf"^{NUMBER}(,{NUMBER}){{3}}$", description="x0,y0,x1,y1: fractions of the page.")
    ],
    around: Annotated[float, Query(ge=0, le=10, description="How much around it, in heights of the box.")] = 0.5,
    turn: Annotated[int, Query(ge=0, le=270, multiple_of=90, description="Turned clockwise by so many degrees.")] = 0,
) -> Response:
    """A part of the page's picture with a little around it."""
    row = _shown(session, id, number, actor)
    x0, y0, x1, y1 = (float(part) for part in box.split(","))
    if x0 >= x1 or y0 >= y1:
        raise HTTPException(422, "请求参数不正确：box的左上角须在右下角之前")
    return _kept(
        request, f"{row.view}-{box}-{around}-{turn}", lambda: _cut(_view(files, row), (x0, y0, x1, y1), around, turn)
    )


@router.get("/api/records/{id}/pages/{number}/lines.json", response_model=PageText, responses=MISSING)
def get_lines(request: Request, id: str, number: int, session: Reading, actor: Signed, files: Stored) -> Response:
    """Every line that was read on the page, with its place; none where nothing could be read.

    It is what a click on the picture takes.
    """
    row = _row(session, id, number, actor)
    if row is None:
        raise HTTPException(404, "没有这一页")
    return _kept(
        request, f"{row.page}-lines", lambda: _lines(files, row).model_dump_json().encode(), "application/json"
    )


def _lines(files: Files, row: PageRow) -> PageText:
    try:
        return page_text(unpack(Page, files.get(row.page or "")))
    except FileNotFoundError:
        return PageText(turn=0, lines=[])


def _row(session: Session, id: str, number: int, actor: Actor) -> PageRow | None:
    rows = queries.page_rows(session, id, actor.cities)
    return rows[number - 1] if 1 <= number <= len(rows) else None


def _shown(session: Session, id: str, number: int, actor: Actor) -> PageRow:
    row = _row(session, id, number, actor)
    if row is None or not row.view:
        raise HTTPException(404, "没有这一页的图像")
    return row


def _view(files: Files, row: PageRow) -> bytes:
    return _file(files, row.view, "这一页的图像已不在存储中")


def _file(files: Files, key: str, gone: str) -> bytes:
    try:
        return files.get(key)
    except FileNotFoundError:
        raise HTTPException(404, gone) from None


def _made_smaller(data: bytes, width: int) -> bytes:
    from ingest.sheets import decode_picture, encode_jpeg, shrunk  # OpenCV takes a while to load

    return encode_jpeg(shrunk(decode_picture(data), width), 80)


def _cut(data: bytes, box: tuple[float, float, float, float], around: float, turn: int) -> bytes:
    from ingest.sheets import decode_picture, encode_jpeg, turned

    picture = decode_picture(data)
    height, width = picture.shape[:2]
    left, top, right, bottom = crop_pixels(box, width, height, around)
    return encode_jpeg(turned(picture[top:bottom, left:right], turn))


def _kept(request: Request, made_of: str, make: Callable[[], bytes], kind: str = "") -> Response:
    """The answer, or only that the asker's copy is still good."""
    tag = f'"{sha256(made_of.encode()).hexdigest()[:32]}"'
    headers: Mapping[str, str] = {"Cache-Control": "private, no-cache", "ETag": tag}
    if tag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    data = make()
    kind = kind or ("image/png" if data.startswith(b"\x89PNG") else "image/jpeg")
    return Response(data, media_type=kind, headers=headers)
