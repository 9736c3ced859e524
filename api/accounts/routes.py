"""The JSON API of accounts: oneself, the users, their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from api.accounts import signing, tokens, users
from api.accounts.actor import ROLES, Action, Actor, Role, Scope, may
from api.accounts.cities import known_cities
from api.accounts.http import REFUSED, Signed, address_of, needs, policy_of
from api.review.http import Reading

router = APIRouter(responses=REFUSED, tags=["accounts"])

Administrator = Annotated[Actor, Depends(needs("admin"))]
MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "没有这个账号或令牌"}}
CLASH: dict[int | str, dict[str, Any]] = {409: {"description": "与现有的账号冲突"}}


Plain = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""PostgreSQL's texts have every character but this one."""


class Me(BaseModel):
    name: str
    shown: str
    role: Role
    cities: list[str] = Field(description="Empty: all.")
    may: list[Action]


class UserView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    shown: str
    role: Role
    cities: list[str]
    disabled: bool
    must_change: bool = Field(description="The password is a one-time one.")
    created_at: datetime


class NewUser(BaseModel):
    name: Plain = Field(max_length=64)
    role: Role
    shown: Plain = Field("", max_length=64)
    cities: list[Plain] = Field([], max_length=500)


class UserChange(BaseModel):
    """What is left out stays as it is."""

    role: Role | None = None
    shown: Plain | None = Field(None, max_length=64)
    cities: list[Plain] | None = Field(None, max_length=500)
    disabled: bool | None = None


class OneTime(BaseModel):
    name: str
    password: str = Field(description="Told this once; it must be changed at the first sign-in.")


class PasswordChange(BaseModel):
    old: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


class TokenView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    user: str
    label: str
    scopes: list[Scope]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


class NewToken(BaseModel):
    label: Plain = Field(max_length=80)
    scopes: list[Scope] = Field(min_length=1, max_length=8)
    days: int | None = Field(90, ge=1, le=3650, description="null: valid until it is revoked.")


class MadeToken(TokenView):
    token: str = Field(description="Told this once.")


@router.get("/api/me", response_model=Me)
def get_me(actor: Signed) -> Me:
    """Who one is, and what one may do."""
    allowed = [action for action in sorted(ROLES["administrator"]) if may(actor, action)]
    return Me(name=actor.name, shown=actor.shown, role=actor.role, cities=list(actor.cities), may=allowed)


@router.post("/api/me/password", status_code=204, responses=MISSING | {429: {"description": "失败次数过多"}})
def change_password(request: Request, actor: Signed, body: PasswordChange) -> None:
    """Ends all sessions of oneself."""
    store = request.app.state.store
    signing.prove(store, policy_of(request), actor.name, body.old, address_of(request))
    with store.session() as session:
        users.change_password(session, actor, body.old, body.new)


@router.get("/api/users", response_model=list[UserView])
def list_users(actor: Administrator, session: Reading) -> list[UserView]:
    return [UserView.model_validate(user) for user in users.users(session)]


@router.post("/api/users", response_model=OneTime, status_code=201, responses=CLASH)
def add_user(request: Request, actor: Administrator, body: NewUser) -> OneTime:
    with request.app.state.store.session() as session:
        known = known_cities(session)
        word = users.add_user(
            session, actor, body.name, body.role, shown=body.shown, cities=body.cities, known_cities=known
        )
    return OneTime(name=users.plain_name(body.name), password=word)


@router.get("/api/users/{name}", response_model=UserView, responses=MISSING)
def get_user(name: str, actor: Administrator, session: Reading) -> UserView:
    return UserView.model_validate(users.find(session, name))


@router.patch("/api/users/{name}", response_model=UserView, responses=MISSING | CLASH)
def change_user(request: Request, name: str, actor: Administrator, body: UserChange) -> UserView:
    cities = None if body.cities is None else tuple(body.cities)
    change = users.Change(body.shown, body.role, cities, body.disabled)
    with request.app.state.store.session() as session:
        return UserView.model_validate(users.change_user(session, actor, name, change, known_cities(session)))


@router.post("/api/users/{name}/password", response_model=OneTime, responses=MISSING)
def reset_password(request: Request, name: str, actor: Administrator) -> OneTime:
    """Gives a one-time password; the user is signed out everywhere."""
    with request.app.state.store.session() as session:
        word = users.reset_password(session, actor, name)
    return OneTime(name=users.plain_name(name), password=word)


@router.get("/api/tokens", response_model=list[TokenView])
def list_tokens(actor: Administrator, session: Reading) -> list[TokenView]:
    return [TokenView.model_validate(token) for token in tokens.tokens(session)]


@router.post("/api/users/{name}/tokens", response_model=MadeToken, status_code=201, responses=MISSING)
def add_token(request: Request, name: str, actor: Administrator, body: NewToken) -> MadeToken:
    with request.app.state.store.session() as session:
        made, word = tokens.add_token(session, actor, name, body.label, body.scopes, body.days)
        return MadeToken(**TokenView.model_validate(made).model_dump(), token=word)


@router.delete("/api/tokens/{id}", status_code=204, responses=MISSING)
def revoke_token(request: Request, id: str, actor: Administrator) -> None:
    with request.app.state.store.session() as session:
        tokens.revoke_token(session, actor, id)
