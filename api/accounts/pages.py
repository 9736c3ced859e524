"""The pages about accounts: signing in and out, one's password, and the administrator's lists."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts import signing, tokens, users
from api.accounts.actor import SCOPES, Actor
from api.accounts.cities import known_cities
from api.accounts.errors import AccountError, MustWait, WrongPassword
from api.accounts.http import COOKIE, Signed, address_of, keep, needs, policy_of, safe_next
from api.review.http import Reading
from api.review.templating import page

router = APIRouter(include_in_schema=False)

Administrator = Annotated[Actor, Depends(needs("admin"))]
Text = Annotated[str, Form(max_length=1000, pattern=r"^[^\x00]*$")]
Lines = Annotated[str, Form(max_length=10_000, pattern=r"^[^\x00]*$")]
Word = Annotated[str | None, Cookie(alias=COOKIE)]


@router.get("/login")
def show_login(request: Request, wanted: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> HTMLResponse:
    return _login(request, safe_next(wanted))


@router.post("/login")
def login(
    request: Request,
    name: Text,
    password: Text,
    wanted: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    try:
        word = signing.sign_in(request.app.state.store, policy_of(request), name, password, address_of(request))
    except (WrongPassword, MustWait) as error:
        said = str(error) if isinstance(error, MustWait) else "账号或密码不对，或账号已停用。"
        return _login(request, safe_next(wanted), name, said, error.status)
    response = RedirectResponse(safe_next(wanted), 303)
    keep(response, request, word)
    return response


def _login(request: Request, wanted: str, name: str = "", error: str = "", status: int = 200) -> HTMLResponse:
    values = {"next": wanted, "name": name, "error": error, "oidc": policy_of(request).oidc is not None}
    return page(request, "login.html", values, status)


@router.post("/logout")
def logout(request: Request, actor: Signed, word: Word = None) -> Response:
    if word:
        signing.sign_out(request.app.state.store, actor, word)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/account/password")
def show_password(request: Request, actor: Signed) -> HTMLResponse:
    return page(request, "password.html", {"error": ""})


@router.post("/account/password")
def change_password(request: Request, actor: Signed, old: Text, new: Text, again: Text) -> Response:
    store, policy = request.app.state.store, policy_of(request)
    try:
        if new != again:
            raise AccountError("两次输入的新密码不一样")
        user = signing.prove(store, policy, actor.name, old, address_of(request))
        with store.session() as session:
            users.change_password(session, actor, old, new)
            word = signing.enter(session, policy, user, address_of(request), "password")
    except AccountError as error:
        return page(request, "password.html", {"error": str(error)}, error.status)
    response = RedirectResponse("/", 303)
    keep(response, request, word)
    return response


@router.get("/admin/users")
def show_users(request: Request, actor: Administrator, session: Reading) -> HTMLResponse:
    return _users(request, session)


@router.post("/admin/users")
def add_user(
    request: Request, actor: Administrator, name: Text, role: Text, shown: Text = "", cities: Lines = ""
) -> HTMLResponse:
    store = request.app.state.store
    filled = {"name": name, "role": role, "shown": shown, "cities": cities}
    try:
        with store.session() as session:
            known = known_cities(session)
            word = users.add_user(
                session, actor, name, role, shown=shown, cities=cities.splitlines(), known_cities=known
            )
    except AccountError as error:
        with store.reading() as session:
            return _users(request, session, error=str(error), filled=filled, status=error.status)
    with store.reading() as session:
        return _users(request, session, told=(users.plain_name(name), word))


def _users(request: Request, session: Reading, status: int = 200, **more: Any) -> HTMLResponse:
    values = {"users": users.users(session), "roles": users.ROLE_WORDS, "told": None, "error": "", "filled": {}}
    return page(request, "users.html", values | more, status)


@router.get("/admin/users/{name}")
def show_user(request: Request, name: str, actor: Administrator, session: Reading) -> HTMLResponse:
    return _user(request, session, name)


@router.post("/admin/users/{name}")
def change_user(
    request: Request,
    name: str,
    actor: Administrator,
    role: Text,
    shown: Text = "",
    cities: Lines = "",
    disabled: Annotated[bool, Form()] = False,
) -> Response:
    change = users.Change(shown, role, tuple(cities.splitlines()), disabled)
    store = request.app.state.store
    try:
        with store.session() as session:
            users.change_user(session, actor, name, change, known_cities(session))
    except AccountError as error:
        with store.reading() as session:
            return _user(request, session, name, error=str(error), status=error.status)
    return RedirectResponse("/admin/users", 303)


@router.post("/admin/users/{name}/password")
def reset_password(request: Request, name: str, actor: Administrator) -> HTMLResponse:
    with request.app.state.store.session() as session:
        word = users.reset_password(session, actor, name)
    with request.app.state.store.reading() as session:
        return _user(request, session, name, told=("一次性密码", word))


@router.post("/admin/users/{name}/tokens")
def add_token(
    request: Request,
    name: str,
    actor: Administrator,
    label: Text,
    scopes: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form(ge=0, le=3650)] = 90,
) -> HTMLResponse:
    store = request.app.state.store
    try:
        with store.session() as session:
            _, word = tokens.add_token(session, actor, name, label, scopes or [], days or None)
    except AccountError as error:
        with store.reading() as session:
            return _user(request, session, name, error=str(error), status=error.status)
    with store.reading() as session:
        return _user(request, session, name, told=("新令牌", word))


@router.post("/admin/tokens/{id}/revoke")
def revoke_token(request: Request, id: str, actor: Administrator) -> Response:
    with request.app.state.store.session() as session:
        user = tokens.revoke_token(session, actor, id).user
    return RedirectResponse(f"/admin/users/{user}", 303)


def _user(request: Request, session: Reading, name: str, status: int = 200, **more: Any) -> HTMLResponse:
    try:
        user = users.find(session, name)
    except AccountError as error:
        raise HTTPException(error.status, str(error)) from error
    values = {
        "user": user,
        "tokens": tokens.tokens(session, user.name),
        "roles": users.ROLE_WORDS,
        "scopes": {scope: tokens.SCOPE_WORDS[scope] for scope in SCOPES},
        "told": None,
        "error": "",
    }
    return page(request, "user.html", values | more, status)
