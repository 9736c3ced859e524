"""Who acts, and what each role may do: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["clerk", "reviewer", "approver", "administrator", "auditor"]
Action = Literal["read", "correct", "decide", "assign", "bulk", "reply", "export", "teach", "admin", "audit"]
Scope = Literal["read", "review", "export", "admin"]

_DESK: frozenset[Action] = frozenset({"read", "correct", "decide", "assign", "bulk", "reply", "export"})

ROLES: dict[Role, frozenset[Action]] = {
    "clerk": _DESK,
    "reviewer": _DESK,
    "approver": _DESK,
    "administrator": _DESK | {"teach", "admin", "audit"},
    "auditor": frozenset({"read", "audit"}),
}
"""What each role may do; `decide` is further bound to the review level that is the role's."""

SCOPES: dict[Scope, frozenset[Action]] = {
    "read": frozenset({"read"}),
    "review": frozenset({"read", "correct", "decide", "assign", "bulk", "reply"}),
    "export": frozenset({"read", "export"}),
    "admin": frozenset({"read", "teach", "admin", "audit"}),
}
"""What each scope of an API token leaves of its user's role."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `cities`: the only ones whose records may be seen; empty: all."""

    name: str
    """Login name: what audit and history keep."""
    shown: str
    """Name for people."""
    role: Role
    cities: tuple[str, ...] = ()
    scopes: frozenset[str] | None = None
    """Of an API token; None: a signed-in person, all that the role allows."""
    token: str = ""
    """Number of the API token that acts in the user's name; the audit log notes it."""


MACHINE = Actor("machine", "系统", "administrator")


def may(actor: Actor, action: str) -> bool:
    """Whether the role allows the action and, for an API token, one of its scopes does too."""
    if action not in ROLES[actor.role]:
        return False
    return actor.scopes is None or any(action in allowed for scope, allowed in SCOPES.items() if scope in actor.scopes)


def may_assign(actor: Actor, to: str) -> bool:
    """Whether a record may be given to the user of that login name: to oneself, or by an administrator to anyone."""
    return may(actor, "assign") and (actor.role == "administrator" or to == actor.name)
