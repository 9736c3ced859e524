"""The review chain: who may decide, what follows, and that no sequence of people gets around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from api.accounts.actor import Actor
from api.review.rules import (
    ACTIONS,
    TRANSITIONS,
    Action,
    Case,
    Decision,
    Delegation,
    State,
    Step,
    behalf,
    decided,
    refusal,
)

NOW = datetime(2023, 4, 3, tzinfo=UTC)
CLERK, SECOND, LAST = Actor("chu", "初审", "clerk"), Actor("fu", "复审", "reviewer"), Actor("zhong", "终审", "approver")
ADMIN, AUDITOR = Actor("guan", "管理员", "administrator"), Actor("shen", "审计", "auditor")
CHAINS: tuple[tuple[str, ...], ...] = ((), ("province",), ("city", "province"), ("city", "group", "province"))
STATES: tuple[State, ...] = ("received", "review", "accepted", "returned", "rejected", "superseded")


def case(chain: tuple[str, ...] = (), level: str | None = None, state: State = "review", **more: object) -> Case:
    return Case("r1", state, level, chain, **more)  # type: ignore[arg-type]


def after(one: Case, action: Action) -> tuple[State, str | None]:
    then = decided(one, Decision(action, one.due, "x", ""))
    return then.state, then.level


def test_the_table() -> None:
    assert dict(TRANSITIONS) == {
        ("review", "accept"): Step("accepted", 1, early="review"),
        ("review", "back"): Step("review", -1),
        ("review", "return"): Step("returned"),
        ("review", "reject"): Step("rejected"),
        ("accepted", "reopen"): Step("review", -1),
        ("returned", "reopen"): Step("review"),
        ("rejected", "reopen"): Step("review"),
    }


def test_the_table_with_two_levels() -> None:
    chain, wide = ("city", "province"), Actor("guan", "", "administrator")
    table = {
        (one.state, one.level, action): after(one, action)
        for state in STATES
        for one in [case(chain, level, state) for level in (["province"] if state == "accepted" else [None, "city"])]
        for action in ACTIONS
        if not refusal(one, wide, action)
    }
    assert table == {
        ("review", None, "accept"): ("review", "city"),
        ("review", None, "return"): ("returned", None),
        ("review", None, "reject"): ("rejected", None),
        ("review", "city", "accept"): ("accepted", "province"),
        ("review", "city", "back"): ("review", None),
        ("review", "city", "return"): ("returned", "city"),
        ("review", "city", "reject"): ("rejected", "city"),
        ("accepted", "province", "reopen"): ("review", "city"),
        ("returned", None, "reopen"): ("review", None),
        ("returned", "city", "reopen"): ("review", "city"),
        ("rejected", None, "reopen"): ("review", None),
        ("rejected", "city", "reopen"): ("review", "city"),
    }


def test_without_levels_there_is_one_step() -> None:
    assert (after(case(), "accept"), after(case(state="accepted"), "reopen")) == (("accepted", None), ("review", None))


@pytest.mark.parametrize(
    ("chain", "who"),
    [
        ((), [{"chu", "fu", "zhong", "guan"}]),
        (("province",), [{"chu", "fu", "zhong", "guan"}]),
        (("city", "province"), [{"chu", "guan"}, {"fu", "zhong", "guan"}]),
        (("city", "group", "province"), [{"chu", "guan"}, {"fu", "guan"}, {"zhong", "guan"}]),
    ],
)
def test_who_decides_which_level(chain: tuple[str, ...], who: list[set[str]]) -> None:
    found = [
        {one.name for one in (CLERK, SECOND, LAST, ADMIN, AUDITOR) if not refusal(case(chain, level), one, "accept")}
        for level in (None, *chain[:-1])
    ]
    assert found == who


def test_a_refusal_says_why() -> None:
    chain = ("city", "province")
    said = {
        refusal(case(chain), LAST, "accept"),
        refusal(case(chain), AUDITOR, "accept"),
        refusal(case(chain), CLERK, "back"),
        refusal(case(chain, "city", decisions=(Decision("accept", "city", "guan", ""),)), ADMIN, "accept"),
        refusal(case(errors=("合计写作 1250，各行之和为 1150",)), CLERK, "accept"),
        refusal(case(state="returned"), CLERK, "reopen"),
        refusal(case(state="superseded"), ADMIN, "accept"),
    }
    assert said == {
        "这份材料现在由市级审核处理，不是您的审核级别",
        "您没有审核的权限",
        "这是第一级审核，没有上一级可退",
        "相邻两级须由不同的人审核，“市级审核”已由您处理",
        "还有须处理的问题：合计写作 1250，各行之和为 1150",
        "只有终审人员或管理员可以重新打开",
        "已被新版替代的材料不能通过",
    }


def given(by: Actor, to: Actor, level: str, **more: object) -> Delegation:
    told: dict[str, object] = {"since": NOW, "until": NOW + timedelta(days=7)} | more
    return Delegation(level, by.name, by.role, to.name, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("delegation", "actor", "works"),
    [
        (given(LAST, SECOND, "province"), SECOND, True),
        (given(LAST, CLERK, "province"), CLERK, False),  # two ranks below
        (given(LAST, AUDITOR, "province"), AUDITOR, False),
        (given(SECOND, SECOND, "province"), SECOND, False),  # not hers to give
        (given(LAST, SECOND, "group"), SECOND, False),
        (given(LAST, SECOND, "province", until=NOW), SECOND, False),
        (given(LAST, SECOND, "province", since=NOW + timedelta(days=1)), SECOND, False),
        (given(LAST, SECOND, "province", record="r2"), SECOND, False),
        (given(LAST, SECOND, "province", programme="anhui-2023"), SECOND, False),
    ],
)
def test_a_task_can_be_handed_over(delegation: Delegation, actor: Actor, works: bool) -> None:
    one = case(("city", "group", "province"), "group")
    assert (refusal(one, actor, "accept", [delegation], NOW) == "") is works
    assert behalf(one, actor, [delegation], NOW) == (delegation.by if works else None)


def test_four_eyes_hold_for_whose_task_it_is_too() -> None:
    trail = (Decision("accept", "group", "zhong", ""),)
    one = case(("city", "group", "province"), "group", decisions=trail)
    assert "相邻两级" in refusal(one, SECOND, "accept", [given(LAST, SECOND, "province")], NOW)


def test_a_level_passed_as_another_schools_counts_for_nothing() -> None:
    assert case(("province",), "city").passed == 0
    assert after(case(("city", "province"), "province"), "accept") == ("accepted", "province")


PEOPLE = (
    *(Actor(f"{role}{n}", "", role) for role in ("clerk", "reviewer", "approver") for n in (1, 2)),
    ADMIN,
    AUDITOR,
)


class Chain(RuleBasedStateMachine):
    """People do whatever they may, in any order; findings come and go."""

    @initialize(chain=st.sampled_from(CHAINS))
    def begin(self, chain: tuple[str, ...]) -> None:
        self.case = case(chain)
        self.errors_then: tuple[str, ...] = ()

    @rule(errors=st.sampled_from([(), ("甲",)]))
    def find(self, errors: tuple[str, ...]) -> None:
        if self.case.state == "review":
            self.case = replace(self.case, errors=errors)

    @rule(actor=st.sampled_from(PEOPLE), action=st.sampled_from(ACTIONS), giver=st.sampled_from(PEOPLE))
    def act(self, actor: Actor, action: Action, giver: Actor) -> None:
        handed = [given(giver, actor, level) for level in self.case.chain]
        if not refusal(self.case, actor, action, handed, NOW):
            whose = behalf(self.case, actor, handed, NOW)
            level = None if action == "reopen" else self.case.due
            self.errors_then = self.case.errors
            self.case = decided(self.case, Decision(action, level, actor.name, "", behalf=whose))

    @invariant()
    def nothing_is_accepted_with_an_open_error(self) -> None:
        assert not (self.case.state == "accepted" and self.errors_then)

    @invariant()
    def nobody_decides_two_successive_levels(self) -> None:
        for at, level in enumerate(self.case.chain[:-1]):
            here, next_to = self.people_at(level), self.people_at(self.case.chain[at + 1])
            assert not here & next_to

    @invariant()
    def accepted_is_only_what_passed_every_level(self) -> None:
        if self.case.state == "accepted":
            assert self.case.chain == () or self.case.level == self.case.chain[-1]
            assert {one.level for one in self.case.decisions if one.action == "accept"} >= set(self.case.levels)

    def people_at(self, level: str) -> set[str]:
        here = [one for one in self.case.decisions if one.level == level]
        return {name for one in here for name in (one.by, one.behalf) if name}


TestChain = Chain.TestCase
TestChain.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
