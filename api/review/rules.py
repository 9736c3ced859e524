"""Who may decide what about a record, and what comes of it: one table of transitions. Pure.

A record is reviewed level after level, as its programme rules for its kind of school (初审 → 复审 → 终审). Its `level`
is the last one that it has passed. Where the programme rules no levels, there is one step. Four eyes: who decided a
level never decides the one before or after it, of the same record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from api.accounts.actor import Actor, Role, may
from corpora.vocabulary import vocabulary

State = Literal["received", "review", "accepted", "returned", "rejected", "superseded"]
Action = Literal["accept", "back", "return", "reject", "reopen"]
ACTIONS: tuple[Action, ...] = ("accept", "back", "return", "reject", "reopen")


@dataclass(frozen=True, slots=True)
class Step:
    """Where an action leads. levels: how many are passed more; `early`: the state while levels are still ahead."""

    to: State
    levels: int = 0
    early: State | None = None


TRANSITIONS: Mapping[tuple[State, Action], Step] = {
    ("review", "accept"): Step("accepted", 1, early="review"),
    ("review", "back"): Step("review", -1),
    ("review", "return"): Step("returned"),
    ("review", "reject"): Step("rejected"),
    ("accepted", "reopen"): Step("review", -1),  # the last level decides again
    ("returned", "reopen"): Step("review"),
    ("rejected", "reopen"): Step("review"),
}
NAMES: Mapping[Action, str] = {
    "accept": "通过",
    "back": "退回上一级",
    "return": "退回学校",
    "reject": "不予受理",
    "reopen": "重新打开",
}
REOPENERS: tuple[Role, ...] = ("approver", "administrator")
RANKS: Mapping[Role, int] = {"auditor": -1, "clerk": 0, "reviewer": 1, "approver": 2, "administrator": 3}


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided. level: the one that was decided; None where there are no levels, and for `reopen`.

    at: ISO 8601; behalf: whose task it was, when it was handed over.
    """

    action: Action
    level: str | None
    by: str
    at: str
    reason: str = ""
    behalf: str | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """A level's task handed to another person for a time. programme, record: the only one it is for; None: all."""

    level: str | None
    by: str
    role: Role
    to: str
    since: datetime
    until: datetime
    programme: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A record as far as decisions mind it. chain: its levels, first to last, empty where none are ruled.

    errors: what its unsettled findings of severity error say; decisions: all so far, the first one first.
    """

    id: str
    state: State
    level: str | None
    chain: tuple[str, ...]
    programme: str | None = None
    errors: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def levels(self) -> tuple[str | None, ...]:
        return self.chain or (None,)

    @property
    def passed(self) -> int:
        """How many levels it has passed."""
        if self.state == "accepted":
            return len(self.levels)
        # A level that is not of the chain was passed as another school's record, whose last may be this one's first.
        return min(self.chain.index(self.level) + 1, len(self.chain) - 1) if self.level in self.chain else 0

    @property
    def place(self) -> int:
        """Which level is to decide, from 0; of an accepted record the last one."""
        return min(self.passed, len(self.levels) - 1)

    @property
    def due(self) -> str | None:
        """The level that is to decide."""
        return self.levels[self.place]


def roles_at(place: int, of: int) -> tuple[Role, ...]:
    """Whose the level at `place` (from 0) of so many is. An only step is anybody's who decides at all."""
    if of == 1:
        return ("clerk", "reviewer", "approver", "administrator")
    if place == 0:
        return ("clerk", "administrator")
    if place < of - 1:
        return ("reviewer", "administrator")
    return ("reviewer", "approver", "administrator") if of == 2 else ("approver", "administrator")


def behalf(case: Case, actor: Actor, delegations: Iterable[Delegation], now: datetime) -> str | None:
    """Whose task the actor does when she decides the level that is due by a delegation; None when it is her own.

    The giver's role must be the level's; the actor's may be one rank below it, and no auditor's.
    """
    if _fits(case, actor):
        return None
    roles = roles_at(case.place, len(case.levels))
    least = min(RANKS[role] for role in roles)
    for one in delegations:
        meant = (one.to, one.level) == (actor.name, case.due) and one.since <= now < one.until
        here = one.programme in (None, case.programme) and one.record in (None, case.id)
        if meant and here and one.role in roles and RANKS[actor.role] >= max(0, least - 1):
            return one.by
    return None


def refusal(
    case: Case,
    actor: Actor,
    action: Action,
    delegations: Iterable[Delegation] = (),
    now: datetime | None = None,
) -> str:
    """Why the actor may not, in Chinese; empty when she may."""
    words = vocabulary()
    if (case.state, action) not in TRANSITIONS:
        return f"{words.states[case.state]}的材料不能{NAMES[action]}"
    if not may(actor, "decide"):
        return "您没有审核的权限"
    if action == "reopen":
        return "" if actor.role in REOPENERS else "只有终审人员或管理员可以重新打开"
    given = behalf(case, actor, delegations, now) if now else None
    if not _fits(case, actor) and given is None:
        return f"这份材料现在由{_office(case)}处理，不是您的审核级别"
    if wrong := _four_eyes(case, {actor.name, given} - {None}):
        return wrong
    if action == "back" and case.place == 0:
        return "这是第一级审核，没有上一级可退"
    if action == "accept" and case.errors:
        return f"还有须处理的问题：{'；'.join(case.errors)}"
    return ""


def decided(case: Case, decision: Decision) -> Case:
    """The case after a decision that nothing is to be said against (`refusal`)."""
    step = TRANSITIONS[case.state, decision.action]
    passed = case.passed + step.levels
    level = case.levels[passed - 1] if passed else None
    state = step.early if step.early and passed < len(case.levels) else step.to
    return replace(case, state=state, level=level, decisions=(*case.decisions, decision))


def _fits(case: Case, actor: Actor) -> bool:
    return actor.role in roles_at(case.place, len(case.levels))


def _office(case: Case) -> str:
    """Whose task it is: 市级审核."""
    return vocabulary().levels.get(case.due or "", case.due or "审核人员")


def _four_eyes(case: Case, people: Set[str | None]) -> str:
    """Whoever decided, or had somebody decide for her, a level next to the one that is due."""
    next_to = {case.chain[at] for at in (case.place - 1, case.place + 1) if 0 <= at < len(case.chain)}
    for one in case.decisions:
        if one.level is not None and one.level in next_to and people & {one.by, one.behalf}:
            name = vocabulary().levels.get(one.level, one.level)
            return f"相邻两级须由不同的人审核，“{name}”已由您处理"
    return ""
