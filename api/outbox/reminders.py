"""Reminders to the schools that a form is missing from: who, by which address, in which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import uuid4

from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.audit.log import append
from api.board.missing import KINDS, Due
from api.board.service import find_programme, missing
from api.errors import NotFound
from api.outbox import queries
from api.outbox.compose import Letter, compose
from api.outbox.deadline import chinese_day, deadline
from api.outbox.draft import pattern_of
from api.outbox.office import Office
from api.outbox.original import MACHINES, addresses
from api.outbox.replies import ID, LONGEST, OFF, new_row
from api.record import CHINA
from api.review.refusals import Refused
from api.store.engine import Store
from api.store.files import Files
from corpora.programme import Programme
from corpora.replies import replies
from corpora.vocabulary import vocabulary

SCHOOL, UNTIL = "{学校}", "{截止时间}"
"""What the text has for each school's own."""
MOST = 500
"""Mails of one order."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An address that a form of the school came from. shared: forms of other schools came from it too."""

    address: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Absentee:
    """A school that did not send the form. until: what it is told of the time. reminded: when it was last asked."""

    code: str
    name: str
    city: str
    kind: str
    until: str
    contacts: tuple[Contact, ...]
    reminded: datetime | None


@dataclass(frozen=True, slots=True)
class Reminding:
    """Who is missing in one form's round, and the words for all of them. id: of the order to be."""

    id: str
    programme: str
    form: str
    round: str
    subject: str
    text: str
    expected: int
    schools: tuple[Absentee, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person said yes to. schools: code and the address that was chosen for it."""

    id: str
    programme: str
    form: str
    text: str
    schools: Mapping[str, str]


def reminding(session: Session, office: Office, actor: Actor, programme: str, form: str, now: datetime) -> Reminding:
    """Raises Refused with 404 where the programme or the form is not known, or nobody is expected to send it."""
    try:
        rules = find_programme(programme)
        dues = missing(session, programme, actor.cities, _today(now))
    except NotFound as error:
        raise Refused(str(error), 404) from error
    due = next((one for one in dues if one.form == form), None)
    if due is None:
        raise Refused("这个项目没有规定学校都要报送这份材料", 404)
    words, texts = vocabulary(), replies().reminder
    pattern = pattern_of(rules, form)
    clause = next((one.clause for one in rules.expected if form in one.forms), "")
    text = texts.body.format(
        school=SCHOOL,
        deadline=UNTIL,
        programme=rules.name,
        form=words.form_title(form),
        today=chinese_day(_today(now)),
        clause=f"{rules.name}通知：“{clause}”",
        pattern=texts.pattern.format(pattern=pattern) if pattern else "",
        office=office.name or replies().phrases.unsigned,
    )
    return Reminding(
        id=uuid4().hex,
        programme=programme,
        form=form,
        round=due.round,
        subject=texts.subject.format(programme=rules.name, form=words.form_title(form)),
        text=text,
        expected=sum(one.expected for one in due.groups if _seen(actor, one.city)),
        schools=tuple(_absentees(session, office, actor, rules, due, _today(now))),
    )


def remind(store: Store, files: Files, office: Office, actor: Actor, wish: Wish, now: datetime) -> int:
    """Puts one mail for each school into the outbox; asking again changes nothing. Says how many are new.

    Raises Refused, before any is put there, also when a school is not missing or the address is none that is known.
    """
    if not office.sends:
        raise Refused(OFF, 409)
    if not ID.fullmatch(wish.id) or not wish.text.strip() or len(wish.text) > LONGEST:
        raise Refused("催报内容不正确，请重新起草")
    if not 0 < len(wish.schools) <= MOST:
        raise Refused(f"请选择 1 至 {MOST} 所学校")
    with store.reading() as session:
        made = reminding(session, office, actor, wish.programme, wish.form, now)
    known = {one.code: one for one in made.schools}
    rows = []
    for code, address in wish.schools.items():
        school = known.get(code)
        if school is None or address not in [one.address for one in school.contacts]:
            raise Refused("名单已有变化（有的学校已经报送，或地址不同），请重新核对", 409)
        id = sha256(f"{wish.id}/{code}".encode()).hexdigest()[:32]
        letter = Letter(
            sender=office.address,
            sender_name=office.name,
            to=address,
            subject=made.subject,
            text=wish.text.replace(SCHOOL, school.name).replace(UNTIL, school.until),
            message_id=f"<{id}@{office.host}>",
            at=now,
        )
        row = new_row(id, "reminder", actor, now, letter, files.put(compose(letter)))
        rows.append(row | {"programme": wish.programme, "form": wish.form, "school": code, "city": school.city or None})
    with store.session() as session:
        new = queries.add(session, rows)
        if new:
            told = {"order": wish.id, "programme": wish.programme, "form": wish.form, "count": new}
            append(session, actor, "reminder.queued", detail=told)
    return new


def _absentees(
    session: Session, office: Office, actor: Actor, rules: Programme, due: Due, today: date
) -> list[Absentee]:
    contacts = _contacts(session, office)
    since = due.first or date.min
    asked = queries.reminded(session, rules.key, due.form).items()
    reminded = {code: at for code, at in asked if at.astimezone(CHINA).date() >= since}  # in this round
    times = replies().reminder.times
    found = []
    for group in (one for one in due.groups if _seen(actor, one.city)):
        until = deadline(rules, due.form, group.kind, today, today)
        said = until.told(times) if until else times.no_window
        for one in group.missing:
            known = tuple(contacts.get(one.code, ()))
            kind = KINDS.get(group.kind, group.kind)
            found.append(Absentee(one.code, one.name, group.city, kind, said, known, reminded.get(one.code)))
    return sorted(found, key=lambda one: not one.contacts)  # those that can be written to first


def _contacts(session: Session, office: Office) -> dict[str, list[Contact]]:
    """By school, the addresses that its forms came from, the newest first and those of several schools last."""
    rows = [
        (code, address)
        for code, sender, _ in queries.senders(session)
        for address in addresses(sender)[:1]
        if address.lower() not in office.own and not MACHINES.match(address)
    ]
    schools = Counter(address.lower() for _, address in dict.fromkeys((c, a.lower()) for c, a in rows))
    found: dict[str, list[Contact]] = {}
    for code, address in rows:
        found.setdefault(code, []).append(Contact(address, schools[address.lower()] > 1))
    return {code: sorted(own, key=lambda one: one.shared) for code, own in found.items()}


def _seen(actor: Actor, city: str) -> bool:
    return not actor.cities or city in actor.cities


def _today(now: datetime) -> date:
    return now.astimezone(CHINA).date()
