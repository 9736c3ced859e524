"""The way to an OpenID Connect provider and back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Cookie, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.accounts import oidc, signing
from api.accounts.errors import NotKnownHere, StrangeAnswer
from api.accounts.http import address_of, keep, policy_of, safe_next
from api.accounts.policy import Oidc
from api.accounts.users import plain_name
from api.audit.log import append
from api.store.tables import User

BEGUN = "yinjian_oidc"
MINUTES = 10
"""How long one may take at the provider."""

router = APIRouter(include_in_schema=False)


@router.get("/login/oidc")
def leave(request: Request, wanted: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
    there, begun = oidc.begin(_provider(request), _back(request), safe_next(wanted))
    response = RedirectResponse(there, 303)
    secure = request.url.scheme == "https"
    response.set_cookie(
        BEGUN, begun.packed().encode().hex(), max_age=MINUTES * 60, httponly=True, samesite="lax", secure=secure,
        path="/login/oidc",
    )  # fmt: skip
    return response


@router.get("/login/oidc/back")
def come_back(
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    kept: Annotated[str, Cookie(alias=BEGUN)] = "",
) -> Response:
    """Only a user who was added here may come in; what the provider says decides nothing else."""
    provider = _provider(request)
    try:
        begun = oidc.Begun.unpacked(bytes.fromhex(kept).decode())
    except ValueError as error:
        raise StrangeAnswer from error
    name = plain_name(oidc.finish(provider, _back(request), begun, state, code))
    with request.app.state.store.session() as session:
        user, place = session.get(User, name), address_of(request)
        word = None
        if user is None or user.disabled:
            append(session, signing.STRANGER, "sign_in.refused", detail={"address": place, "by": "oidc"})
        else:
            word = signing.enter(session, policy_of(request), user, place, "oidc")
    if word is None:
        raise NotKnownHere
    response = RedirectResponse(begun.next, 303)
    response.delete_cookie(BEGUN, path="/login/oidc")
    keep(response, request, word)
    return response


def _provider(request: Request) -> Oidc:
    provider = policy_of(request).oidc
    if provider is None:
        raise HTTPException(404, "没有配置统一身份登录")
    return provider


def _back(request: Request) -> str:
    return str(request.url_for("come_back"))
