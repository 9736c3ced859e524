"""The pages of mail to schools: a reply, the outbox, reminders. All work without script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.actor import Actor
from api.outbox import queries, reminders, replies, routes
from api.outbox.compose import laid_out
from api.outbox.draft import Key
from api.outbox.office import Office
from api.outbox.replies import OFF, Order, Picture, draft, keys, now
from api.outbox.routes import Id, Kept, Reader, Replier, Writing
from api.outbox.states import CANCELLABLE, KINDS, RETRIABLE, STATES, State
from api.review.http import Reading, Stored
from api.review.refusals import Refused
from api.review.templating import page
from corpora.programme import load_programmes

SIZE = 50

Target = Literal["records", "messages"]
Text = Annotated[str, Form(max_length=40_000)]
Word = Annotated[str, Form(max_length=80)]
Words = Annotated[list[str], Form(max_length=1000)]

router = APIRouter(include_in_schema=False)


def install(app: FastAPI, office: Office) -> None:
    """Puts the routes and pages on an application that has its store."""
    app.state.office = office
    app.include_router(routes.router)
    app.include_router(router)


@router.get("/{kind}/{id}/reply")
def show_reply(
    request: Request, kind: Target, id: Id, session: Reading, files: Stored, office: Writing, actor: Replier
) -> Response:
    try:
        made = draft(session, files, office, actor, kind, id, now=now())
    except Refused as error:
        return _error(request, error)
    return _reply(request, session, actor, office, kind, id, made)


@router.post("/{kind}/{id}/reply")
def change_reply(
    request: Request,
    kind: Target,
    id: Id,
    store: Kept,
    files: Stored,
    office: Writing,
    actor: Replier,
    mail: Word,
    do: Literal["redraft", "preview", "send"] = Form("preview"),
    text: Text = "",
    write: Words = [],  # noqa: B006 - FastAPI copies it
    picture: Words = [],  # noqa: B006
    drafted: Words = [],  # noqa: B006
    version: Words = [],  # noqa: B006
) -> Response:
    """redraft: the text anew from the ticked items. preview: how it will look. send: into the outbox."""
    numbers = {key: number for number, key in enumerate(keys(drafted), 1)}
    ticked = keys(picture)
    error = ""
    if do == "send":
        pictures = tuple(Picture(numbers[key], *key) for key in ticked if key in numbers)
        try:
            order = Order(mail, text, pictures, dict(keys(version)))
            kept = replies.send(store, files, office, actor, kind, id, order, now())
            return RedirectResponse(f"/outbox/{kept.id}", 303)
        except Refused as refused:
            if refused.status == 404:
                return _error(request, refused)
            error = refused.detail
    with store.reading() as session:
        try:
            made = draft(session, files, office, actor, kind, id, now=now(), chosen=keys(write), pictured=ticked)
        except Refused as refused:
            return _error(request, refused)
        edited: dict[str, Any] = {}
        if do != "redraft":
            edited = {"text": text, "numbers": numbers, "mail": mail, "versions": keys(version)}
            edited |= {"preview": _lines(text, numbers, ticked)} if do == "preview" else {}
        return _reply(request, session, actor, office, kind, id, made, error, edited)


def _reply(
    request: Request,
    session: Reading,
    actor: Actor,
    office: Office,
    kind: Target,
    id: str,
    made: replies.Draft,
    error: str = "",
    edited: dict[str, Any] | None = None,
) -> HTMLResponse:
    values = {
        "kind": kind,
        "id": id,
        "draft": made,
        "mail": made.id,
        "text": made.text,
        "numbers": made.numbers,
        "versions": list(made.versions.items()),
        "preview": None,
        "error": error,
        "off": "" if office.sends else OFF,
        "office": office,
        "before": queries.of_message(session, made.message, actor.cities),
        "states": STATES,
    }
    return page(request, "reply.html", values | (edited or {}), 409 if error else 200)


def _lines(text: str, numbers: dict[Key, int], ticked: Sequence[Key]) -> list[tuple[str, str]]:
    """Each line, or the address of the picture that stands there."""
    shown = {numbers[key]: key for key in ticked if key in numbers}
    lines = laid_out(text, list(shown))
    return [
        ("", f"/api/records/{shown[one.figure][0]}/findings/{shown[one.figure][1]}/picture.jpg")
        if one.figure
        else (one.text, "")
        for one in lines
    ]


@router.get("/outbox")
def show_outbox(
    request: Request,
    session: Reading,
    office: Writing,
    actor: Reader,
    state: Literal[State, ""] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=200_000)] = 1,
) -> HTMLResponse:
    counts = queries.states(session, actor.cities)
    total = counts.get(state, 0) if state else sum(counts.values())

    def link(**changed: Any) -> str:
        asked = {key: value for key, value in ({"state": state} | changed).items() if value}
        return f"/outbox?{urlencode(asked)}" if asked else "/outbox"

    values = {
        "mails": queries.newest(session, state, SIZE, (number - 1) * SIZE, actor.cities),
        "counts": counts,
        "state": state,
        "states": STATES,
        "kinds": KINDS,
        "off": "" if office.sends else OFF,
        "link": link,
        "number": number,
        "pages": max(1, -(-total // SIZE)),
        "programmes": [one for one in load_programmes() if one.expected],
    }
    return page(request, "outbox.html", values)


@router.get("/outbox/{id}")
def show_mail(request: Request, id: Id, session: Reading, actor: Reader) -> Response:
    found = queries.one(session, id, actor.cities)
    if found is None:
        return _error(request, Refused("没有这封邮件", 404))
    values = {"mail": found, "states": STATES, "kinds": KINDS, "retriable": RETRIABLE, "cancellable": CANCELLABLE}
    return page(request, "outbox_mail.html", values)


@router.post("/outbox/{id}/{action}")
def change_mail(request: Request, id: Id, action: Literal["retry", "cancel"], store: Kept, actor: Replier) -> Response:
    try:
        routes.change(store, actor, id, action)
    except Refused as error:
        return _error(request, error)
    return RedirectResponse(f"/outbox/{id}", 303)


@router.get("/reminders")
def show_reminders(
    request: Request,
    session: Reading,
    office: Writing,
    actor: Replier,
    programme: Annotated[str, Query(max_length=80)] = "",
    form: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    return _reminders(request, session, office, actor, programme, form)


@router.post("/reminders")
def post_reminders(
    request: Request,
    store: Kept,
    files: Stored,
    office: Writing,
    actor: Replier,
    mail: Word,
    programme: Word,
    form: Word,
    text: Text,
    do: Literal["preview", "send"] = Form("preview"),
    school: Words = [],  # noqa: B006
    yes: Word = "",
) -> Response:
    """school: `code address` of each that was ticked. Nothing is sent without the tick that says so."""
    chosen = {code: address for code, _, address in (one.partition(" ") for one in school)}
    edited: dict[str, Any] = {"text": text, "chosen": chosen, "mail": mail, "preview": True}
    if do == "send" and yes:
        try:
            wish = reminders.Wish(mail, programme, form, text, chosen)
            reminders.remind(store, files, office, actor, wish, now())
            return RedirectResponse("/outbox?state=waiting", 303)
        except Refused as error:
            edited |= {"error": error.detail, "preview": False}
    elif do == "send":
        edited |= {"error": "请先勾选确认，再发送"}
    with store.reading() as session:
        return _reminders(request, session, office, actor, programme, form, edited)


def _reminders(
    request: Request,
    session: Reading,
    office: Office,
    actor: Actor,
    programme: str,
    form: str,
    edited: dict[str, Any] | None = None,
) -> Response:
    programmes = [one for one in load_programmes() if one.expected]
    forms = [(one, key) for one in programmes for term in one.expected for key in term.forms]
    values: dict[str, Any] = {"forms": forms, "programme": programme, "form": form, "made": None, "error": ""}
    values |= {"off": "" if office.sends else OFF, "preview": False, "chosen": None}
    if programme and form:
        try:
            made = reminders.reminding(session, office, actor, programme, form, now())
        except Refused as error:
            return _error(request, error)
        values |= {"made": made, "text": made.text, "mail": made.id, "slots": (reminders.SCHOOL, reminders.UNTIL)}
    values |= edited or {}
    return page(request, "reminders.html", values, 409 if values["error"] else 200)


def _error(request: Request, error: Refused) -> HTMLResponse:
    return page(request, "error.html", {"detail": error.detail, "status": error.status}, error.status)
