"""Aliases that people teach: what stands against one, what it would change, kept and taken back.

Matching takes an alias as a sure name, so none is kept without a dry run that a person has seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.accounts.actor import Actor, may
from api.audit.log import append
from api.corrections import Body
from api.judging import Judging
from api.learn.doubts import KINDS
from api.record import decided_school
from api.review import queries
from api.review.again import Again
from api.review.decisions import Decisions
from api.review.refusals import Refused
from api.review.view import school_name
from api.store import across as across_sql
from api.store import changes, work
from api.store.engine import Store
from api.store.tables import Record, RegisterEntry
from corpora.programme import load_programmes
from corpora.register import Alias, Registers, entry_key
from matching.index import said_of
from matching.names import plain

LONGEST = 100
SHORTEST = 2
"""Characters that count of an alias: one alone would mean too much."""
OPEN = ("review",)


@dataclass(frozen=True, slots=True)
class Effect:
    """What would be decided otherwise in one place of a record. row: from 1; now, then: names, empty: undecided."""

    record: str
    school: str
    form: str | None
    state: str
    row: int | None
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """against: why the alias cannot be; empty when it can. settled: records decided on, which stay as they are.

    key: names what was seen, so that a yes is to that and nothing else.
    """

    alias: Alias
    against: str
    open: tuple[Effect, ...] = ()
    settled: tuple[Effect, ...] = ()

    @property
    def key(self) -> str:
        effects = [asdict(one) for one in (*self.open, *self.settled)]
        told = json.dumps([asdict(self.alias), effects], ensure_ascii=False)
        return sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Taught:
    """A kept alias. name: of its target; by: None when it came with a file."""

    alias: Alias
    name: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Teacher:
    """All that teaching needs."""

    store: Store
    judging: Judging
    decisions: Decisions

    def dry_run(self, actor: Actor, alias: Alias) -> DryRun:
        """What the alias would change in all records, by the judge that the machine uses. Raises Refused 403."""
        _allowed(actor)
        held = self.judging.registers()
        if against := refusal(alias, held):
            return DryRun(alias, against)
        again = Again(self.decisions.again.files, self.judging.supposing((*held.aliases, alias)))
        with self.store.reading() as session:
            found = [one for record in _with(session, alias) for one in _effects(session, record, again, alias.kind)]
        settled = tuple(one for one in found if one.state not in OPEN)
        return DryRun(alias, "", tuple(one for one in found if one.state in OPEN), settled)

    def teach(self, actor: Actor, alias: Alias, seen: str) -> DryRun:
        """Keeps the alias and matches the open records again. seen: the key of the dry run that was said yes to.

        Raises Refused: 403, 422 for what stands against it, 409 when the dry run would be another by now.
        """
        run = self.dry_run(actor, alias)
        if run.against:
            raise Refused(run.against)
        if run.key != seen:
            raise Refused("预览之后情况又有变化，请重新预览后再登记", 409)
        with self.store.session() as session:
            row = {"kind": "aliases", "key": entry_key(alias), "body": asdict(alias), "imported_at": datetime.now(UTC)}
            work.save_register(session, [row | {"by": actor.name}])
            session.flush()
            append(session, actor, "alias.taught", detail=_noted(alias))
        self._match_again(dict.fromkeys(one.record for one in run.open))
        return run

    def take_back(self, actor: Actor, kind: str, alias: str, programme: str) -> None:
        """Raises Refused 403, 404."""
        _allowed(actor)
        wanted = Alias(kind, alias, "", programme)
        with self.store.session() as session:
            row = session.get(RegisterEntry, ("aliases", entry_key(wanted)))
            if row is None:
                raise Refused("没有登记这个别名", 404)
            session.delete(row)
            session.flush()
            append(session, actor, "alias.taken_back", detail=_noted(wanted))
        with self.store.reading() as session:
            ids = [record.id for record in _with(session, wanted) if record.state in OPEN]
        self._match_again(ids)

    def list(self, session: Session) -> list[Taught]:
        """The aliases that the office keeps, the newest first."""
        rows = sa.select(RegisterEntry).where(RegisterEntry.kind == "aliases")
        found = session.scalars(rows.order_by(RegisterEntry.imported_at.desc(), RegisterEntry.key)).all()
        kept = [(Alias(**row.body), row) for row in found]
        return [Taught(one, self.name(one.kind, one.target), row.by, row.imported_at) for one, row in kept]

    def name(self, kind: str, target: str) -> str:
        school = self.judging.school(target) if kind == "school" else None
        return school.name if school else target

    def _match_again(self, ids: Iterable[str]) -> None:
        """Judges open records again, as the machine does after an import; who writes meanwhile is served first."""
        for id in ids:
            with self.store.reading() as session:
                record = queries.record(session, id)
                body = self.decisions.again(session, record, record.body) if record else None
            if record is None or body is None or body == record.body or record.state not in OPEN:
                continue
            self._save(record, body)

    def _save(self, read: Record, body: Body) -> None:
        touched = {(read.school_code, read.programme), (decided_school(body), body["programme"])}
        schools = {(code, programme) for code, programme in touched if code and programme}
        with self.store.session() as session:
            across_sql.lock(session, schools)
            record = changes.claim(session, read.id, read.version)
            if record is None:
                return
            record.body, record.updated_at = body, datetime.now(UTC)
            work.follow_body(record)
            session.flush()
            work.save_findings(session, record)
            self.decisions.across.judge(session, schools)


def refusal(alias: Alias, held: Registers) -> str:
    """Why the alias cannot be kept; empty when it can. Pure."""
    said = said_of(alias.kind, alias.alias)
    if alias.kind not in KINDS or len(said) < SHORTEST:
        return "别名太短，至少要有两个字"
    if len(alias.alias) > LONGEST:
        return f"别名太长，最多 {LONGEST} 个字"
    if alias.programme and alias.programme not in {one.key for one in load_programmes()}:
        return "没有这个项目"
    if alias.target not in {key for key, _ in _names(alias.kind, held)}:
        return "名录中没有所选的学校或证书"
    for target, name in _names(alias.kind, held):
        if said in (said_of(alias.kind, name), plain(name)):
            return f"与名录中的“{name}”同名" if target != alias.target else f"“{name}”本来就在名录中，不必登记"
    for other in held.aliases:
        apart = alias.programme and other.programme and alias.programme != other.programme
        if other.kind == alias.kind and said_of(other.kind, other.alias) == said and not apart:
            return "已经登记过" if other.target == alias.target else "这个写法已经登记为另一名称的别名"
    return ""


def _names(kind: str, held: Registers) -> Iterator[tuple[str, str]]:
    """All names of a register, each with its key."""
    if kind == "school":
        for school in held.schools:
            yield school.code, school.name
            yield from ((school.code, old.name) for old in school.former)
    else:
        yield from ((one.name, one.name) for one in held.certificates)


def _allowed(actor: Actor) -> None:
    if not may(actor, "teach"):
        raise Refused("您没有维护名录与别名的权限", 403)
    if actor.cities:
        raise Refused("别名对各市都有效，请由不限城市的管理员登记", 403)


def _noted(alias: Alias) -> dict[str, Any]:
    """For the audit log, which keeps no text of a form."""
    told = {"kind": alias.kind, "alias": sha256(entry_key(alias).encode()).hexdigest()[:16]}
    return told | ({"programme": alias.programme} if alias.programme else {})


def _with(session: Session, alias: Alias) -> Iterator[Record]:
    """The records that the alias may bear on: it stands in them, in the mail's subject or in a seal."""
    said = said_of(alias.kind, alias.alias)
    scope = [Record.programme == alias.programme] if alias.programme else []
    found = sa.select(Record).where(Record.form.is_not(None), *scope).order_by(Record.received_at, Record.id)
    for record in session.scalars(found.execution_options(yield_per=200)):
        if any(said in plain(text) for text in _texts(record.body, alias.kind)):
            yield record


def _texts(body: Body, kind: str) -> Iterator[str]:
    if kind == "school":
        yield body["source"]["subject"] or ""
        yield from (seal.get("text") or "" for seal in body["seals"])
    for values in (body["fields"], *body["rows"]):
        if kind in values:
            yield values[kind]["text"]


def _effects(session: Session, record: Record, again: Again, kind: str) -> Iterator[Effect]:
    before, after = _meant(record.body, kind), _meant(again(session, record, record.body), kind)
    for row, (now, then) in zip([None, *range(1, len(before))], zip(before, after, strict=False), strict=False):
        if now != then:
            yield Effect(record.id, school_name(record.body), record.form, record.state, row, now, then)


def _meant(body: Body, kind: str) -> Sequence[str]:
    """The decided names: of the field, then of each row."""
    matches = body["matches"]
    rows = [row.get("certificate") for row in matches.get("rows") or []] if kind == "certificate" else []
    return [str(one["name"]) if one and one.get("decided") else "" for one in (matches.get(kind), *rows)]
