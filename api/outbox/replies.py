"""Replies to one record or one whole mail: drafted for a person, and put into the outbox on her yes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.audit.log import append
from api.outbox import queries
from api.outbox.compose import Figure, Letter, compose, one_line
from api.outbox.deadline import deadline
from api.outbox.draft import Case, Item, Key, Part, Spot, items, numbered, spot_of, write
from api.outbox.office import Office
from api.outbox.original import Original, read_original
from api.record import CHINA
from api.review import queries as review
from api.review.refusals import Refused
from api.review.view import school_name
from api.store.engine import Store
from api.store.files import Files
from api.store.tables import Message, Outgoing, Record, RegisterEntry
from api.values import from_json
from corpora.programme import Programme, load_programmes
from corpora.register import Bureau, load_registers
from corpora.replies import replies
from corpora.vocabulary import vocabulary
from matching.bureaus import bureau_in, find_bureau

ID = re.compile(r"[0-9a-f]{32}")
LONGEST = 20_000
MOST_PICTURES = 40
OFF = "没有配置发信服务器，邮件不会发出；可以复制正文，用邮箱发送。管理员可设置 YINJIAN_SMTP_HOST 等"
NOT_BY_MAIL = "这份材料不是从邮箱收到的，没有可以回复的地址"
CHANGED = "材料已有变化，请重新起草后再发送"

Kind = Literal["records", "messages"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal. id: of the mail to be, so that it is sent once however often that is asked.

    versions: of the records that it was made from. pictures: the items that have one; pictured: those whose goes in.
    numbers: of the chosen items, as the text numbers them.
    """

    id: str
    message: str
    case: Case
    original: Original
    versions: Mapping[str, int]
    city: str | None
    chosen: frozenset[Key]
    pictures: frozenset[Key]
    pictured: frozenset[Key]
    numbers: Mapping[Key, int]
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A ticked picture: the number that the text gives it, and the finding that it shows."""

    number: int
    record: str
    place: int


@dataclass(frozen=True, slots=True)
class Order:
    """What a person said yes to."""

    id: str
    text: str
    pictures: tuple[Picture, ...]
    versions: Mapping[str, int]


def draft(
    session: Session,
    files: Files,
    office: Office,
    actor: Actor,
    kind: Kind,
    id: str,
    *,
    now: datetime,
    chosen: Collection[Key] | None = None,
    pictured: Collection[Key] | None = None,
) -> Draft:
    """A reply to the mail of a record, about that record; or about all of a mail's records that are still open.

    chosen, pictured: None for what is proposed. Raises Refused with 404.
    """
    message, records = _found(session, actor, kind, id)
    original = _original(files, office, message)
    office_of_sender = _bureau(session, message)
    today = now.astimezone(CHINA).date()
    received = message.received_at.astimezone(CHINA).date() if message.received_at else None
    titles = _titles(records)
    parts = tuple(
        _part(one, title, office_of_sender, received or today, today)
        for one, title in zip(records, titles, strict=True)
    )
    case = Case(
        addressee=_addressee(records, office_of_sender),
        subject=original.subject,
        received=received if message.kind == "mail" else None,
        parts=parts,
        office=office.name,
        today=today,
        you="贵单位" if office_of_sender else "贵校",
    )
    known = {one.key for one in case.items}
    taken = frozenset(one.key for one in case.items if one.chosen) if chosen is None else known & frozenset(chosen)
    shown = {one.key for one in case.items if one.spot and _has_picture(session, one)}
    wanted = taken & shown if pictured is None else taken & shown & frozenset(pictured)
    return Draft(
        id=uuid4().hex,
        message=message.sha256,
        case=case,
        original=original,
        versions={one.id: one.version for one in records},
        city=next((one.city for one in records if one.city), None),
        chosen=frozenset(taken),
        pictures=frozenset(shown),
        pictured=frozenset(wanted),
        numbers=numbered(case, taken),
        text=write(case, replies(), taken, wanted),
    )


def send(
    store: Store, files: Files, office: Office, actor: Actor, kind: Kind, id: str, order: Order, now: datetime
) -> Outgoing:
    """Puts a reply into the outbox; asking again with the same id changes nothing. Raises Refused."""
    if not ID.fullmatch(order.id):
        raise Refused("邮件编号不正确，请重新起草")
    with store.reading() as session:
        made = draft(session, files, office, actor, kind, id, now=now)
        if before := session.get(Outgoing, order.id):
            return _same(before, actor, made)
        _check(office, made, order)
        figures = tuple(
            Figure(one.number, picture_of(session, files, actor, one.record, one.place)) for one in order.pictures
        )
    message_id = f"<{order.id}@{office.host}>"
    subject = made.original.answer_subject
    letter = Letter(
        sender=office.address,
        sender_name=office.name,
        to=made.original.to,
        subject=subject,
        text=order.text,
        message_id=message_id,
        at=now,
        in_reply_to=made.original.message_id,
        references=made.original.references,
        figures=figures,
    )
    row = new_row(order.id, "reply", actor, now, letter, files.put(compose(letter)))
    row |= {"message": made.message, "records": sorted(made.versions), "city": made.city}
    with store.session() as session:
        if queries.add(session, [row]):
            record = next(iter(made.versions)) if len(made.versions) == 1 else None
            append(session, actor, "reply.queued", record=record, detail={"outbox": order.id})
        kept: Outgoing = session.scalars(sa.select(Outgoing).where(Outgoing.id == order.id)).one()
    return kept


def new_row(id: str, kind: str, actor: Actor, now: datetime, letter: Letter, content: str) -> dict[str, Any]:
    """The columns that every mail of the outbox has when it begins to wait."""
    return {
        "id": id,
        "kind": kind,
        "state": "waiting",
        "records": [],
        "to": letter.to,
        "subject": one_line(letter.subject),
        "text": letter.text,
        "content": content,
        "message_id": letter.message_id,
        "by": actor.name,
        "shown": actor.shown,
        "created_at": now,
        "attempts": 0,
        "error": "",
    }


def picture_of(session: Session, files: Files, actor: Actor, record: str, place: int) -> bytes:
    """The circled crop of a finding, JPEG. Raises Refused with 404 where there is none."""
    body = review.record_body(session, record, actor.cities)
    findings = body["findings"] if body else []
    spot = spot_of(body, findings[place]) if body and 0 <= place < len(findings) else None
    views = review.page_views(session, record, actor.cities) if spot else []
    view = views[spot.page - 1] if spot and spot.page <= len(views) else ""
    if not spot or not view:
        raise Refused("这个问题没有可以附上的图", 404)
    return cut(files, view, spot)


def cut(files: Files, view: str, spot: Spot) -> bytes:
    from api.drawing import circled
    from ingest.sheets import decode_picture  # OpenCV takes a while to load

    try:
        return circled(decode_picture(files.get(view)), spot.box)
    except FileNotFoundError:
        raise Refused("这一页的图像已不在存储中", 404) from None


def _found(session: Session, actor: Actor, kind: Kind, id: str) -> tuple[Message, list[Record]]:
    """The mail and the records that are answered."""
    if kind == "records":
        one = review.record(session, id, actor.cities)
        if one is None:
            raise Refused("没有这条记录", 404)
        return session.scalars(sa.select(Message).where(Message.sha256 == one.message)).one(), [one]
    message = review.message(session, id, actor.cities)
    if message is None:
        raise Refused("没有这封邮件", 404)
    mine = sa.select(Record).where(Record.message == id).order_by(Record.place)
    seen = [one for one in session.scalars(mine) if not actor.cities or one.city in actor.cities]
    return message, [one for one in seen if one.state in ("review", "returned")] or seen


def _original(files: Files, office: Office, message: Message) -> Original:
    if message.kind != "mail":
        return Original(refusal=NOT_BY_MAIL)
    try:
        raw = files.get(message.sha256)
    except FileNotFoundError:
        return Original(refusal="原邮件已不在存储中，不能回复")
    return read_original(raw, office.own, bool((message.mail or {}).get("auto_reply")))


def _bureau(session: Session, message: Message) -> Bureau | None:
    """The education office that sent the mail, by its subject or its sender's name."""
    mail = message.mail or {}
    imported = session.scalars(sa.select(RegisterEntry.body).where(RegisterEntry.kind == "bureaus"))
    bureaus = (*(from_json(Bureau, body) for body in imported), *_bundled_bureaus())
    return bureau_in(mail.get("subject", ""), bureaus) or find_bureau(mail.get("sender_name", ""), bureaus)


@cache
def _bundled_bureaus() -> tuple[Bureau, ...]:
    return tuple(load_registers().bureaus)


def _addressee(records: Sequence[Record], office: Bureau | None) -> str:
    if office:
        return office.name
    names = dict.fromkeys(name for one in records if (name := school_name(one.body)))
    return "、".join(names) or "老师您好"


def _titles(records: Sequence[Record]) -> list[str]:
    """What each is called; two of one form are told apart by their files."""
    words = vocabulary()
    files = [one.body["source"].get("file_name") or "" for one in records]
    names = [
        words.form_title(one.form) if one.form else file or "材料" for one, file in zip(records, files, strict=True)
    ]
    return [
        f"{name}（{file}）" if names.count(name) > 1 and file not in ("", name) else name
        for name, file in zip(names, files, strict=True)
    ]


def _part(record: Record, title: str, office: Bureau | None, sent: date, today: date) -> Part:
    body = record.body
    programme = _programme(record.programme)
    kind = "bureau" if office else body.get("school_kind")
    until = deadline(programme, record.form, kind, sent, today) if programme else None
    return Part(
        record=record.id,
        version=record.version,
        title=title,
        programme=programme.name if programme else "",
        items=tuple(items(body, programme, kind, replies(), vocabulary())),
        deadline=until or ("none" if programme else None),
    )


def _programme(key: str | None) -> Programme | None:
    return next((one for one in load_programmes() if one.key == key), None)


def _has_picture(session: Session, item: Item) -> bool:
    views = review.page_views(session, item.record)
    return item.spot is not None and item.spot.page <= len(views) and bool(views[item.spot.page - 1])


def _check(office: Office, made: Draft, order: Order) -> None:
    if not office.sends:
        raise Refused(OFF, 409)
    if not made.original.to:
        raise Refused(made.original.refusal, 409)
    if dict(order.versions) != dict(made.versions):
        raise Refused(CHANGED, 409)
    if not order.text.strip():
        raise Refused("正文是空的")
    if len(order.text) > LONGEST:
        raise Refused("正文过长")
    numbers = [one.number for one in order.pictures]
    if len(numbers) != len(set(numbers)) or len(numbers) > MOST_PICTURES:
        raise Refused("附图编号重复或过多")
    if any(one.record not in made.versions for one in order.pictures):
        raise Refused("附图不属于这份材料")


def _same(before: Outgoing, actor: Actor, made: Draft) -> Outgoing:
    """What was queued by the same wish."""
    if before.by != actor.name or before.message != made.message:
        raise Refused("邮件编号已被使用，请重新起草", 409)
    return before


def keys(texts: Iterable[str]) -> list[Key]:
    """`record:place` as forms send it; what is none is left out."""
    found = [text.rpartition(":") for text in texts]
    return [(record, int(place)) for record, _, place in found if place.isdigit() and len(place) < 6]


def now() -> datetime:
    return datetime.now(UTC)
