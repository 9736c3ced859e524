"""What every answer has in common: its session, its headers, and how an error is told."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, Any, cast

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from api.accounts.http import is_forged
from api.logs import log
from api.review.templating import page
from api.store.files import Files

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send the origin of forms as "null"
    "Cross-Origin-Resource-Policy": "same-origin",
}
FORGED = "这个请求不是从本系统的网页发出的，已拒绝；用程序调用接口请使用 API 令牌"
SAID = {
    400: "请求的内容无法解析",
    404: "没有找到所请求的内容",
    405: "不支持这种请求方式",
    422: "请求参数不正确",
    500: "服务出错，请稍后再试；若仍不行，请联系管理员",
}
MALFORMED: dict[int | str, dict[str, Any]] = {
    status: {
        "description": SAID[status],
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}
            }
        },
    }
    for status in (400, 422)
}
"""For the description of the API: how every route answers what it cannot take."""

WRONG = {
    "int_parsing": "应为整数",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
    "literal_error": "不在可选值之内",
    "string_too_long": "文字过长",
    "missing": "缺少此参数",
}


def session(request: Request) -> Iterator[Session]:
    """A reading session for one request."""
    with request.app.state.store.reading() as opened:
        yield opened


def files(request: Request) -> Files:
    return cast(Files, request.app.state.files)


Reading = Annotated[Session, Depends(session)]
Stored = Annotated[Files, Depends(files)]


def guard(app: FastAPI) -> None:
    """Puts the headers on every answer: nothing from elsewhere, nothing inline, nothing kept by caches.

    An error that nobody expected is logged by its class and place only, since its message may quote what was read.
    """

    @app.middleware("http")
    async def add_headers(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        try:
            if is_forged(request):
                response = _told(request, 403, FORGED)
            elif b"%00" in request.scope["query_string"] + request.scope.get("raw_path", b""):
                response = _told(request, 422, SAID[422])  # PostgreSQL has no such character
            else:
                response = await answer(request)
        except Exception as error:  # noqa: BLE001 - the outermost place, and the server would log the message
            place = traceback.extract_tb(error.__traceback__)[-1]
            log(__name__).error("request.failed", error=type(error).__name__, place=f"{place.name}:{place.lineno}")
            response = _told(request, 500, SAID[500])
        response.headers.update(HEADERS)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def answer_errors(app: FastAPI) -> None:
    """Errors in Chinese: JSON below /api, a page elsewhere. What was sent is never repeated."""

    @app.exception_handler(HTTPException)
    async def told(request: Request, error: HTTPException) -> Response:
        chinese = isinstance(error.detail, str) and not error.detail.isascii()
        detail = error.detail if chinese else SAID.get(error.status_code, SAID[500])
        response = _told(request, error.status_code, detail)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def refused(request: Request, error: RequestValidationError) -> Response:
        wrong = [f"{one['loc'][-1]}{WRONG.get(one['type'], '不正确')}" for one in error.errors()]
        return _told(request, 422, f"{SAID[422]}：{'；'.join(wrong)}")


def _told(request: Request, status: int, detail: str) -> Response:
    if request.url.path.startswith(("/api/", "/metrics", "/health")):
        return JSONResponse({"detail": detail}, status)
    return page(request, "error.html", {"detail": detail, "status": status}, status)
