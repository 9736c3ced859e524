"""What the office rules about signing in: pure values, made from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from api.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Oidc:
    """An OpenID Connect provider; `claim` of its ID token is the login name here."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "preferred_username"


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a session lasts, when sign-ins must wait, and who needs none.

    idle, absolute: a session ends when it was not used for so long, and so long after the sign-in.
    tries, address_tries: failures in a row of an account, of an address, after which one must wait.
    wait, longest_wait: the first wait; each failure more doubles it up to the longest.
    visitor: who looks in from this machine without having signed in (the demo); None: nobody.
    oidc: where users may sign in besides; None: nowhere.
    """

    idle: timedelta = timedelta(hours=8)
    absolute: timedelta = timedelta(hours=24)
    tries: int = 5
    address_tries: int = 30
    wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=30)
    visitor: Actor | None = None
    oidc: Oidc | None = None


def wait_after(failed: int, tries: int, policy: Policy) -> timedelta:
    """How long to wait after so many failures in a row, of which `tries` are free."""
    if failed < tries:
        return timedelta(0)
    doubled: int = 2 ** min(failed - tries, 20)
    return min(policy.longest_wait, policy.wait * doubled)
