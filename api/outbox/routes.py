"""The JSON API of mail to schools: drafts, the outbox, reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.actor import Actor
from api.accounts.http import REFUSED, needs
from api.audit.log import append
from api.outbox import queries, reminders, replies
from api.outbox.office import Office
from api.outbox.replies import OFF, Draft
from api.outbox.states import CANCELLABLE, RETRIABLE, State
from api.review.http import Reading, Stored
from api.review.refusals import Refused
from api.store.engine import Store
from api.store.tables import Outgoing

router = APIRouter(responses=REFUSED, tags=["outbox"])

Replier = Annotated[Actor, Depends(needs("reply"))]
Reader = Annotated[Actor, Depends(needs("read"))]
Id = Annotated[str, Path(max_length=64)]
Place = Annotated[int, Path(ge=0, le=10_000, description="In the record's `findings`, from 0.")]
MailId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="Of the mail to be: sent once.")]
Target = Literal["records", "messages"]
WRONG: dict[int | str, dict[str, Any]] = {
    404: {"description": "没有找到"},
    409: {"description": "现在不能这样做"},
}


def office_of(request: Request) -> Office:
    return cast(Office, request.app.state.office)


def store_of(request: Request) -> Store:
    return cast(Store, request.app.state.store)


Writing = Annotated[Office, Depends(office_of)]
Kept = Annotated[Store, Depends(store_of)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ItemView(_View):
    record: str
    place: int = Field(description="In the record's `findings`, from 0.")
    code: str
    title: str
    what: str
    todo: str
    clause: str
    chosen: bool = Field(description="Whether it is proposed to go in.")
    number: int | None = Field(None, description="In the text; null when it is not in it.")
    picture: str | None = Field(None, description="Address of its circled crop.")


class DraftView(BaseModel):
    """A proposal. `refusal`: why it cannot be sent as it is."""

    id: str
    to: str
    subject: str
    refusal: str
    text: str
    items: list[ItemView]
    versions: dict[str, int] = Field(description="Of the records that it was made from; to be sent back.")


class PictureAsked(_Asked):
    number: int = Field(ge=1, le=999, description="Of its line 【附图 n】 in the text.")
    record: str = Field(max_length=40)
    place: int = Field(ge=0, le=10_000)


class ReplyAsked(_Asked):
    id: MailId
    text: str = Field(min_length=1, max_length=replies.LONGEST)
    pictures: list[PictureAsked] = Field([], max_length=replies.MOST_PICTURES)
    versions: dict[str, int] = Field(max_length=1000)


class MailView(_View):
    id: str
    kind: Literal["reply", "reminder"]
    state: State
    message: str | None
    records: list[str]
    programme: str | None
    form: str | None
    school: str | None
    to: str
    subject: str
    text: str
    message_id: str
    by: str
    created_at: datetime
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    error: str


class MailList(BaseModel):
    states: dict[str, int]
    items: list[MailView]


class ContactView(_View):
    address: str
    shared: bool = Field(description="Forms of other schools came from it too.")


class AbsenteeView(_View):
    code: str
    name: str
    city: str
    kind: str
    until: str
    contacts: list[ContactView]
    reminded: datetime | None


class RemindingView(_View):
    id: str
    programme: str
    form: str
    round: str
    subject: str
    text: str = Field(description="{学校} and {截止时间} are put in for each school.")
    expected: int
    schools: list[AbsenteeView]


class ReminderAsked(_Asked):
    id: MailId
    programme: str = Field(max_length=80)
    form: str = Field(max_length=80)
    text: str = Field(min_length=1, max_length=replies.LONGEST)
    schools: dict[str, str] = Field(
        min_length=1, max_length=reminders.MOST, description="Code of the school: its address."
    )


class Queued(BaseModel):
    new: int


@router.get("/api/{kind}/{id}/reply", response_model=DraftView, responses=WRONG)
def get_reply(kind: Target, id: Id, session: Reading, files: Stored, office: Writing, actor: Replier) -> DraftView:
    """A reply drafted from what is open on a record, or on all records of a mail."""
    return _draft(replies.draft(session, files, office, actor, kind, id, now=replies.now()), office)


@router.post("/api/{kind}/{id}/reply", response_model=MailView, status_code=202, responses=WRONG)
def post_reply(
    kind: Target, id: Id, body: ReplyAsked, store: Kept, files: Stored, office: Writing, actor: Replier
) -> MailView:
    """Puts the reply into the outbox, from which it is sent."""
    pictures = tuple(replies.Picture(one.number, one.record, one.place) for one in body.pictures)
    order = replies.Order(body.id, body.text, pictures, body.versions)
    return MailView.model_validate(replies.send(store, files, office, actor, kind, id, order, replies.now()))


@router.get(
    "/api/records/{id}/findings/{place}/picture.jpg",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, **WRONG},
)
def get_picture(id: Id, place: Place, session: Reading, files: Stored, actor: Reader) -> Response:
    """The part of the page that a finding is about, circled."""
    return Response(replies.picture_of(session, files, actor, id, place), media_type="image/jpeg")


@router.get("/api/outbox", response_model=MailList)
def list_outbox(
    session: Reading,
    actor: Reader,
    state: Literal[State, ""] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> MailList:
    """Mail to schools, the newest first."""
    found = queries.newest(session, state, limit, offset, actor.cities)
    return MailList(states=queries.states(session, actor.cities), items=_mails(found))


@router.get("/api/outbox/{id}", response_model=MailView, responses=WRONG)
def get_mail(id: Id, session: Reading, actor: Reader) -> MailView:
    found = queries.one(session, id, actor.cities)
    if found is None:
        raise Refused("没有这封邮件", 404)
    return MailView.model_validate(found)


@router.post("/api/outbox/{id}/{action}", response_model=MailView, responses=WRONG)
def change_mail(id: Id, action: Literal["retry", "cancel"], store: Kept, actor: Replier) -> MailView:
    """Sends a failed or cancelled mail again, the same bytes; or keeps one that has not left from leaving."""
    return MailView.model_validate(change(store, actor, id, action))


@router.get("/api/reminders", response_model=RemindingView, responses=WRONG)
def get_reminders(
    session: Reading,
    office: Writing,
    actor: Replier,
    programme: Annotated[str, Query(max_length=80)],
    form: Annotated[str, Query(max_length=80)],
) -> RemindingView:
    """Who is missing from the round in hand, by which address they wrote before, and the words of a reminder."""
    made = reminders.reminding(session, office, actor, programme, form, replies.now())
    return RemindingView.model_validate(made)


@router.post("/api/reminders", response_model=Queued, status_code=202, responses=WRONG)
def post_reminders(body: ReminderAsked, store: Kept, files: Stored, office: Writing, actor: Replier) -> Queued:
    """Puts one reminder for each school into the outbox."""
    wish = reminders.Wish(body.id, body.programme, body.form, body.text, body.schools)
    return Queued(new=reminders.remind(store, files, office, actor, wish, replies.now()))


def change(store: Store, actor: Actor, id: str, action: Literal["retry", "cancel"]) -> Outgoing:
    """What a person does with a mail of the outbox. Raises Refused."""
    before, state, said = (
        (RETRIABLE, "waiting", "只有发送失败或已取消的邮件可以重发")
        if action == "retry"
        else (CANCELLABLE, "cancelled", "邮件正在发送或已经发出，不能取消")
    )
    values = {"state": state, "next_at": None} | ({"attempts": 0} if action == "retry" else {})
    with store.session() as session:
        found = queries.one(session, id, actor.cities)
        if found is None:
            raise Refused("没有这封邮件", 404)
        if not queries.change_state(session, id, before, **values):
            raise Refused(said, 409)
        record = found.records[0] if len(found.records) == 1 else None
        event = "retried" if action == "retry" else "cancelled"
        append(session, actor, f"{found.kind}.{event}", record=record, detail={"outbox": id})
        session.refresh(found)
        kept: Outgoing = found
    return kept


def _draft(made: Draft, office: Office) -> DraftView:
    return DraftView(
        id=made.id,
        to=made.original.to,
        subject=made.original.answer_subject,
        refusal=made.original.refusal or ("" if office.sends else OFF),
        text=made.text,
        items=[_item(made, one) for one in made.case.items],
        versions=dict(made.versions),
    )


def _item(made: Draft, item: Any) -> ItemView:
    shown = ItemView.model_validate(item)
    shown.number = made.numbers.get(item.key)
    if item.key in made.pictures:
        shown.picture = f"/api/records/{item.record}/findings/{item.place}/picture.jpg"
    return shown


def _mails(found: Sequence[Outgoing]) -> list[MailView]:
    return [MailView.model_validate(one) for one in found]
