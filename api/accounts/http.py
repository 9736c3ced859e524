"""The signed-in user of a request, by cookie or by API token, and what she may do.

Every page and every route takes one of these:

    def show(actor: Signed): ...
    def correct(actor: Annotated[Actor, Depends(needs("correct"))]): ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, cast
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from api.accounts import sessions
from api.accounts.actor import Action, Actor, may
from api.accounts.errors import AccountError, MustWait
from api.accounts.policy import Policy
from api.review.templating import page

COOKIE = "yinjian"
LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
BEFORE_CHANGE = frozenset({"/account/password", "/logout"})
"""What may be asked for while the password is a one-time one."""

REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "没有登录，或令牌无效", "content": {"application/json": {}}},
    403: {"description": "没有权限", "content": {"application/json": {}}},
}
"""For the description of the API: what every route may answer."""

NOT_ALLOWED: dict[Action, str] = {
    "read": "您没有查看材料的权限",
    "correct": "您没有修改材料的权限",
    "decide": "您没有审核的权限",
    "assign": "您没有分派材料的权限",
    "bulk": "您没有批量处理的权限",
    "reply": "您没有回复学校的权限",
    "export": "您没有导出的权限",
    "teach": "您没有维护名录与别名的权限",
    "admin": "您没有管理的权限",
    "audit": "您没有查看审计日志的权限",
}


class SignInFirst(Exception):
    """请先登录。"""


class ChangePasswordFirst(Exception):
    """请先修改一次性密码。"""


def policy_of(request: Request) -> Policy:
    return cast(Policy, request.app.state.policy)


def is_local(request: Request) -> bool:
    """Whether somebody at this machine asks for this machine by its own name.

    The name is looked at too, since a page from elsewhere may have its own name point here.
    """
    asked = request.url.hostname or ""
    return request.client is not None and request.client.host in LOCAL and asked in LOCAL


_bearer = HTTPBearer(auto_error=False, description="API 令牌，由管理员生成")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="网页登录")


def signed_in(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Actor:
    """Who asks. Raises HTTPException 401 below /api and for a token; SignInFirst on pages.

    A request with a token is never answered by its cookie: it is exempt from the check for forged requests.
    """
    store, policy = request.app.state.store, policy_of(request)
    api = bearer is not None or request.url.path.startswith(("/api/", "/metrics"))
    must_change = False
    if bearer is not None:
        actor = sessions.by_token(store, bearer.credentials)
    elif found := sessions.by_cookie(store, cookie, policy) if cookie else None:
        actor, must_change = found
    else:
        actor = policy.visitor if is_local(request) else None
    if actor is None:
        if api:
            raise HTTPException(401, "请先登录，或提供有效的 API 令牌", {"WWW-Authenticate": "Bearer"})
        raise SignInFirst
    request.state.actor = actor
    if must_change and request.url.path not in BEFORE_CHANGE:
        if api:
            raise HTTPException(403, "请先在网页上修改一次性密码")
        raise ChangePasswordFirst
    return actor


Signed = Annotated[Actor, Depends(signed_in)]


def needs(action: Action) -> Callable[..., Actor]:
    """A dependency that gives the Actor who may do so, and else refuses with 403."""

    def allowed(actor: Signed) -> Actor:
        if not may(actor, action):
            raise HTTPException(403, NOT_ALLOWED[action])
        return actor

    return allowed


def watching(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> None:
    """For a monitor: anybody at this machine, else whoever has signed in or has a token."""
    if not is_local(request):
        signed_in(request, bearer, cookie)


def answer_strangers(app: FastAPI) -> None:
    """Who has not signed in and asks for a page is shown the way to the sign-in and back; wishes about accounts that
    cannot be are refused in Chinese."""

    @app.exception_handler(SignInFirst)
    async def show_the_way(request: Request, _: SignInFirst) -> Response:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        there = "/login?" + urlencode({"next": here if request.method == "GET" else "/"})
        if "HX-Request" in request.headers:  # htmx follows redirects by itself and would put the page into the page
            return Response(status_code=401, headers={"HX-Redirect": "/login"})
        return RedirectResponse(there, 303)

    @app.exception_handler(AccountError)
    async def refuse(request: Request, error: AccountError) -> Response:
        headers = {"Retry-After": str(error.seconds)} if isinstance(error, MustWait) else None
        if request.url.path.startswith("/api/"):
            return JSONResponse({"detail": str(error)}, error.status, headers)
        return page(request, "error.html", {"detail": str(error), "status": error.status}, error.status)

    @app.exception_handler(ChangePasswordFirst)
    async def show_the_form(request: Request, _: ChangePasswordFirst) -> Response:
        if "HX-Request" in request.headers:
            return Response(status_code=403, headers={"HX-Redirect": "/account/password"})
        return RedirectResponse("/account/password", 303)


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy on this machine, what the proxy says (X-Forwarded-For)."""
    return request.client.host if request.client else ""


def keep(response: Response, request: Request, word: str) -> None:
    """Gives the browser its session: for this site only, and out of reach of scripts."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, word, httponly=True, samesite="lax", secure=secure, path="/")


def is_forged(request: Request) -> bool:
    """Whether a page from elsewhere may have made the browser send this.

    Browsers say where a request comes from: by Sec-Fetch-Site where the connection is safe, by Origin otherwise. What
    bears a token by its header cannot be sent so.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    if request.headers.get("Authorization", "").lower().startswith("bearer "):
        return False
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "")
    return not origin or origin.partition("://")[2].lower() != request.headers.get("Host", "").lower()


def safe_next(wanted: str) -> str:
    """Where to go after signing in: a place on this site only."""
    plain = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if plain else "/"
