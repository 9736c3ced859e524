"""What of accounts is set up when the pages begin to be served."""

from __future__ import annotations

from datetime import timedelta

from api.accounts.actor import Actor
from api.accounts.http import LOCAL
from api.accounts.policy import Oidc, Policy
from api.accounts.users import add_first
from api.settings import Settings
from api.store.engine import Store


def first_user(store: Store) -> tuple[str, str] | None:
    """The first administrator's name and one-time password, when there was none and she was made just now."""
    with store.session() as session:
        return add_first(session)


def policy_from(settings: Settings, visitor: Actor | None = None) -> Policy:
    """visitor: let in without a sign-in, but only where nobody from elsewhere can ask."""
    oidc = None
    if settings.oidc_issuer:
        secret = settings.oidc_client_secret.get_secret_value()
        oidc = Oidc(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_claim)
    return Policy(
        idle=timedelta(seconds=settings.idle_seconds),
        absolute=timedelta(seconds=settings.session_seconds),
        tries=settings.sign_in_tries,
        address_tries=settings.address_tries,
        wait=timedelta(seconds=settings.sign_in_wait),
        visitor=visitor if settings.host in LOCAL else None,
        oidc=oidc,
    )
