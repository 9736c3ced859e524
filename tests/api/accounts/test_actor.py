"""What each role may do, and what a token's scopes leave of it."""

from __future__ import annotations

from typing import get_args

import pytest

from api.accounts.actor import MACHINE, Action, Actor, Role, may, may_assign

ACTIONS: tuple[Action, ...] = get_args(Action)
DESK = {"read", "correct", "decide", "assign", "bulk", "reply", "export"}


def allowed(role: Role, *scopes: str) -> set[str]:
    actor = Actor("li", "李", role, scopes=frozenset(scopes) if scopes else None)
    return {action for action in ACTIONS if may(actor, action)}


def test_each_role_may_do_its_own() -> None:
    assert {role: allowed(role) for role in get_args(Role)} == {
        "clerk": DESK,
        "reviewer": DESK,
        "approver": DESK,
        "administrator": DESK | {"teach", "admin", "audit"},
        "auditor": {"read", "audit"},
    }


@pytest.mark.parametrize(
    ("role", "scopes", "left"),
    [
        ("clerk", ("read",), {"read"}),
        ("clerk", ("review",), {"read", "correct", "decide", "assign", "bulk", "reply"}),
        ("clerk", ("read", "export"), {"read", "export"}),
        ("clerk", ("admin",), {"read"}),
        ("auditor", ("review", "export"), {"read"}),
        ("auditor", ("admin",), {"read", "audit"}),
        ("administrator", ("admin",), {"read", "teach", "admin", "audit"}),
        ("administrator", ("strange",), set()),
    ],
)
def test_a_token_may_no_more_than_both_its_scopes_and_its_users_role(
    role: Role, scopes: tuple[str, ...], left: set[str]
) -> None:
    assert allowed(role, *scopes) == left


def test_a_token_without_scopes_may_nothing_and_nobody_what_is_no_action() -> None:
    assert not any(may(Actor("li", "李", "administrator", scopes=frozenset()), action) for action in ACTIONS)
    assert not may(MACHINE, "sing")


def test_a_record_is_taken_by_oneself_or_given_by_an_administrator() -> None:
    clerk, auditor = Actor("li", "李", "clerk"), Actor("wu", "吴", "auditor")
    asked = ((clerk, "li"), (clerk, "wang"), (auditor, "wu"), (MACHINE, "wang"))
    assert [may_assign(actor, to) for actor, to in asked] == [True, False, False, True]
