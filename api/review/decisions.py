"""What people do with a record: corrections, findings settled, decisions, undo.

Each is one transaction: the record in its next version, the row of its history, the findings of the school's other
documents, the audit log. Who comes with an old version is told who changed what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.accounts.actor import Actor, may
from api.across import Across
from api.audit.log import append
from api.corrections import SAMPLED, Body, asks
from api.queue.holds import held_by_others
from api.record import decided_school
from api.review import edits as make
from api.review import history, queries, rules
from api.review.again import Again
from api.review.edits import Edit, Hand, Value, Wrong
from api.review.refusals import Conflict, Refused
from api.store import across as across_sql
from api.store import changes as sql
from api.store import work
from api.store.engine import Store
from api.store.tables import Change, Record
from corpora.form import FormSpec, load_forms
from corpora.programme import load_programmes
from corpora.register import School
from corpora.vocabulary import vocabulary

CHINA = ZoneInfo("Asia/Shanghai")
EVENTS = {
    "correct": "record.corrected",
    "offer": "record.corrected",
    "match": "record.matched",
    "rows": "record.rows_changed",
    "mark": "record.marked",
    "settle": "record.settled",
    "undo": "record.undone",
    "sample": "record.sampled",
    "accept": "record.accepted",
    "back": "record.sent_back",
    "return": "record.returned",
    "reject": "record.rejected",
    "reopen": "record.reopened",
}
ASIDE = "批量通过时抽中本件，请逐项核对后再审核通过。"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The record after a change, and the row of its history; None when nothing changed."""

    body: Body
    version: int
    change: Change | None


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be decided next. number: of which level, from 1. actions: why the actor may not; "" when she may."""

    level: str | None
    number: int
    of: int
    actions: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Made:
    """A change that is ready to be written. judged: whether the columns follow the body anew."""

    kind: str
    body: Body
    edits: tuple[Edit, ...] = ()
    reason: str = ""
    detail: Mapping[str, Any] | None = None
    undoes: int | None = None
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Decisions:
    """again: judges a record anew; school_of: the register's entry for a code."""

    store: Store
    again: Again
    across: Across

    # --- changes of what the record says ---

    def correct(self, actor: Actor, id: str, values: Sequence[Value], version: int) -> Outcome:
        return self._edit(actor, id, version, "correct", lambda b, form, hand: make.corrections(b, form, values, hand))

    def choose(self, actor: Actor, id: str, kind: str, row: int | None, found: Body | None, version: int) -> Outcome:
        """found: the match that is chosen (code, name, current_name); None gives it back to the machine."""
        place = f"matches.rows.{row}" if row else f"matches.{kind}"
        return self._edit(actor, id, version, "match", lambda body, _, hand: make.choice(body, place, found, hand))

    def add_rows(self, actor: Actor, id: str, at: int, rows: Sequence[make.Row], version: int) -> Outcome:
        return self._edit(actor, id, version, "rows", lambda b, form, hand: make.added(b, form, at, rows, hand))

    def remove_rows(self, actor: Actor, id: str, at: int, count: int, version: int) -> Outcome:
        return self._edit(actor, id, version, "rows", lambda body, _, hand: make.removed(body, at, count, hand))

    def paste(self, actor: Actor, id: str, at: int, column: str, text: str, version: int) -> Outcome:
        return self._edit(
            actor, id, version, "rows", lambda b, form, hand: make.pasted(b, form, at, column, text, hand)
        )

    def mark(self, actor: Actor, id: str, place: str, said: Mapping[str, str], version: int) -> Outcome:
        """place: `seals.1` with an owner, `signatures.2` with a state."""
        return self._edit(actor, id, version, "mark", lambda body, _, hand: make.mark(body, place, said, hand))

    def settle(self, actor: Actor, id: str, place: int, reason: str, version: int) -> Outcome:
        """place: of the finding, from 0."""
        if not reason.strip():
            raise Refused("请写明理由")
        return self._edit(
            actor, id, version, "settle", lambda body, _, hand: make.settled(body, place, reason, hand), reason
        )

    def take_offer(self, actor: Actor, id: str, place: int, number: int, version: int) -> Outcome:
        return self._edit(actor, id, version, "offer", lambda b, form, hand: make.offered(b, form, place, number, hand))

    def undo(self, actor: Actor, id: str, number: int | None, version: int) -> Outcome:
        """Takes back the change of that number, or the last one; the undo of an undo does it again."""

        def made(session: Session, record: Record, _: Hand) -> _Made:
            change = history.to_undo(sql.changes(session, id), number, record.body)
            edits = make.reversed_edits([Edit(**one) for one in change.edits])
            body = self.again(session, record, make.applied(record.body, edits))
            return _Made("undo", body, edits, undoes=change.number)

        return self._change(actor, id, version, "correct", made)

    # --- decisions ---

    def decide(self, actor: Actor, id: str, action: rules.Action, reason: str, version: int) -> Outcome:
        """Raises Refused (403) for who may not, (422) for an open error or a reason that is lacking."""
        if action != "accept" and not reason.strip():
            raise Refused("请写明理由")

        def made(session: Session, record: Record, hand: Hand) -> _Made:
            case, given = self.case(record), delegations_of(session, actor)
            now = datetime.now(UTC)
            if why := rules.refusal(case, actor, action, given, now):
                raise Refused(why, 422 if action == "accept" and case.errors and why.startswith("还有") else 403)
            behalf = rules.behalf(case, actor, given, now) if action != "reopen" else None
            level = None if action == "reopen" else case.due
            decision = rules.Decision(action, level, hand.by, hand.at, reason.strip(), behalf)
            return _Made(action, _after(record.body, rules.decided(case, decision)), (), reason.strip(),
                         _told(record.body, decision), judged=False)  # fmt: skip

        return self._change(actor, id, version, "decide", made)

    def take_back(self, actor: Actor, id: str, version: int) -> Outcome:
        """Takes back one's own acceptance that made the record this version: nothing may have happened to it since."""

        def made(session: Session, record: Record, _: Hand) -> _Made:
            change = next(reversed(sql.changes(session, id)), None)
            if change is None or (change.kind, change.by) != ("accept", actor.name):
                raise Refused("只能撤销自己刚才的通过")
            chain, level = self.case(record).chain, change.detail.get("level")
            place = chain.index(level) if level in chain else 0
            before = {"state": "review", "level": chain[place - 1] if place else None}
            body = record.body | before | {"reviews": record.body["reviews"][:-1]}
            return _Made("undo", body, undoes=change.number, judged=False)

        return self._change(actor, id, version, "decide", made)

    def bulk_accept(self, actor: Actor, ids: Sequence[str], one_in: int | None) -> list[tuple[str, str, Outcome | str]]:
        """Accepts what is ready; one in so many is put aside for a second look.

        Gives for each id what came of it (accepted, advanced, aside, refused, missing) and the record or the reason.
        """
        if not may(actor, "bulk"):
            raise Refused("您没有批量处理的权限", 403)
        with self.store.reading() as session:
            found = {id: queries.record(session, id, actor.cities) for id in dict.fromkeys(ids)}
        ready = [id for id, one in found.items() if one and one.lane == "ready" and one.state == "review"]
        fresh = [id for id in ready if not _sampled(cast(Record, found[id]).body)]
        aside = set(history.sample(fresh, one_in)) if one_in else set()
        return [(id, *self._bulk_one(actor, id, one, id in aside)) for id, one in found.items()]

    def _bulk_one(self, actor: Actor, id: str, record: Record | None, aside: bool) -> tuple[str, Outcome | str]:
        if record is None:
            return "missing", "没有这条记录"
        if record.lane != "ready" or record.state != "review":
            return "refused", "只有“可通过”的待审材料可以批量通过"
        try:
            if aside:
                return "aside", self._change(actor, id, record.version, "bulk", _put_aside)
            outcome = self.decide(actor, id, "accept", "", record.version)
        except Refused as refused:
            return "refused", refused.detail
        return ("accepted" if outcome.body["state"] == "accepted" else "advanced"), outcome

    # --- what may be done ---

    def task(self, session: Session, actor: Actor, record: Record) -> Task:
        case, given, now = self.case(record), delegations_of(session, actor), datetime.now(UTC)
        actions: dict[str, str] = {action: rules.refusal(case, actor, action, given, now) for action in rules.ACTIONS}
        actions["correct"] = _no_edit(actor, record)
        level = case.due if record.state == "review" else None
        return Task(level, case.place + 1, len(case.levels), actions)

    def case(self, record: Record) -> rules.Case:
        body, words = record.body, vocabulary()
        school = self.school(record)
        programme = next((one for one in load_programmes() if one.key == record.programme), None)
        chain = programme.chain(school.standing if school else None) if programme else ()
        open_ones = [one for one in body["findings"] if one["severity"] == "error" and asks(one)]
        errors = tuple(f"{words.codes.get(one['code'], '')}（{one['message']}）" for one in open_ones)
        decisions = tuple(rules.Decision(**one) for one in body.get("reviews") or ())
        return rules.Case(
            record.id, cast(rules.State, record.state), body["level"], tuple(chain), record.programme, errors, decisions
        )

    def school(self, record: Record) -> School | None:
        return self.across.school_of(record.school_code) if record.school_code else None

    # --- how a change is made ---

    def _edit(
        self,
        actor: Actor,
        id: str,
        version: int,
        kind: str,
        edit: Callable[[Body, FormSpec | None, Hand], Iterable[Edit]],
        reason: str = "",
    ) -> Outcome:
        def made(session: Session, record: Record, hand: Hand) -> _Made | None:
            form = next((one for one in load_forms() if one.key == record.form), None)
            edits = tuple(one for one in edit(record.body, form, hand) if one.before != one.after)
            if not edits:
                return None
            return _Made(kind, self.again(session, record, make.applied(record.body, edits)), edits, reason)

        return self._change(actor, id, version, "correct", made)

    def _change(
        self,
        actor: Actor,
        id: str,
        version: int,
        right: str,
        make_it: Callable[[Session, Record, Hand], _Made | None],
    ) -> Outcome:
        """Makes the change from what is there, then writes it if that is still there: judging holds no lock.

        Raises Refused: 404 for no such record or another city's, 423 when another has it in hand, 403, 422; Conflict.
        """
        now = datetime.now(UTC)
        with self.store.reading() as session:
            record = queries.record(session, id, actor.cities)
            if record is None:
                raise Refused("没有这条记录", 404)
            if other := held_by_others(session, [id], actor, now):
                raise Refused(f"{other[id]}正在处理这份材料，请先接手再操作", 423)
            if record.version != version:
                raise Conflict(record.version, sql.changes(session, id, version))
            if right == "correct" and (why := _no_edit(actor, record)):
                raise Refused(why, 403 if not may(actor, "correct") else 422)
            try:
                made = make_it(session, record, Hand(actor.name, now.astimezone(CHINA).isoformat(timespec="seconds")))
            except Wrong as wrong:
                raise Refused(str(wrong)) from wrong
        if made is None:
            return Outcome(record.body, record.version, None)
        return self._write(actor, record, made, now)

    def _write(self, actor: Actor, read: Record, made: _Made, now: datetime) -> Outcome:
        touched = {(read.school_code, read.programme)}
        touched.add((decided_school(made.body), made.body["programme"]))
        schools = {(code, programme) for code, programme in touched if code and programme}
        with self.store.session() as session:
            across_sql.lock(session, schools)  # before the row is: two that wait for one another would never end
            record = sql.claim(session, read.id, read.version)
            if record is None:
                late, version = sql.changes(session, read.id, read.version), sql.version(session, read.id)
                session.expunge_all()  # or the rollback would empty them
                raise Conflict(version, late)
            record.body, record.updated_at = made.body, now
            record.state, record.lane = made.body["state"], made.body["lane"]
            if made.judged:
                work.follow_body(record)
                record.programme, record.form = made.body["programme"], made.body["form"]
            session.flush()
            work.save_findings(session, record)
            change = _row(session, actor, record, made, now)
            across_sql.keep_specimens(session, record, now)
            if record.state == "review":
                across_sql.drop_specimens(session, record)
            self.across.judge(session, schools)
            session.flush()
            places = [one.place for one in made.edits]
            told = {"number": change.number, "places": places} if places else {"number": change.number}
            event = "record.advanced" if (made.kind, record.state) == ("accept", "review") else EVENTS[made.kind]
            append(session, actor, event, record=record.id, detail=told | {"level": record.body["level"]})
            return Outcome(record.body, record.version, change)


def delegations_of(session: Session, actor: Actor) -> list[rules.Delegation]:
    """What was handed over to the actor."""
    return [
        rules.Delegation(
            one.level, one.by, cast(Any, one.role), one.to, one.since, one.until, one.programme, one.record
        )
        for one in sql.delegations_to(session, actor.name)
    ]


def _no_edit(actor: Actor, record: Record) -> str:
    if not may(actor, "correct"):
        return "您没有修改材料的权限"
    if record.state != "review":
        return f"{vocabulary().states[record.state]}的材料不能修改"
    return ""


def _after(body: Body, case: rules.Case) -> Body:
    told = [{key: value for key, value in asdict(one).items() if value is not None or key == "level"}
            for one in case.decisions]  # fmt: skip
    return body | {"state": case.state, "level": case.level, "reviews": told}


def _told(body: Body, decision: rules.Decision) -> Body:
    """What is remembered of a decision: for the reply to the school, what was open then."""
    answers = decision.action in ("return", "reject")
    open_ones = [one for one in body["findings"] if asks(one)] if answers else []
    return {"level": decision.level, "behalf": decision.behalf} | ({"findings": open_ones} if answers else {})


def _put_aside(session: Session, record: Record, hand: Hand) -> _Made:
    finding = {"code": SAMPLED, "severity": "warning", "field": None, "row": None, "message": ASIDE}
    body = record.body | {"findings": [*record.body["findings"], finding], "lane": "ask"}
    return _Made("sample", body, judged=False)


def _sampled(body: Body) -> bool:
    return any(one["code"] == SAMPLED for one in body["findings"])


def _row(session: Session, actor: Actor, record: Record, made: _Made, now: datetime) -> Change:
    change = Change(
        record=record.id,
        number=sql.next_number(session, record.id),
        at=now,
        by=actor.name,
        shown=actor.shown,
        kind=made.kind,
        version=record.version,
        reason=made.reason,
        edits=[asdict(one) for one in made.edits],
        detail=dict(made.detail or {}),
        undoes=made.undoes,
    )
    session.add(change)
    if made.undoes is not None:
        undone = cast(Change, session.get(Change, (record.id, made.undoes)))
        undone.undone_by = change.number
        if undone.undoes is not None:  # done again
            again = cast(Change, session.get(Change, (record.id, undone.undoes)))
            again.undone_by = None
    session.flush()
    return change
