"""Signing in at an OpenID Connect provider (code flow with PKCE). The door to Authlib, joserfc and httpx."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.accounts.errors import ProviderFailed, StrangeAnswer
from api.accounts.policy import Oidc

SECONDS = 10.0
"""How long the provider may take for an answer."""
LEEWAY = 60
"""Seconds that its clock may differ from ours."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by public keys only."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser keeps while its user is at the provider: that it comes back is how we know that it left."""

    state: str
    nonce: str
    verifier: str
    next: str

    def packed(self) -> str:
        return json.dumps([self.state, self.nonce, self.verifier, self.next])

    @classmethod
    def unpacked(cls, text: str) -> Begun:
        """Raises StrangeAnswer."""
        try:
            state, nonce, verifier, wanted = (str(part) for part in json.loads(text))
        except (ValueError, TypeError) as error:
            raise StrangeAnswer from error
        return cls(state, nonce, verifier, wanted)


def begin(provider: Oidc, back: str, wanted: str) -> tuple[str, Begun]:
    """Where to send the browser, and what it shall keep. Raises ProviderFailed."""
    begun = Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), wanted)
    described = _described(provider)
    with _client(provider, back) as client:
        address, _ = client.create_authorization_url(
            described["authorization_endpoint"], state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
        )
    return str(address), begun


def finish(provider: Oidc, back: str, begun: Begun, state: str, code: str) -> str:
    """The login name that the provider vouches for. Raises ProviderFailed, StrangeAnswer."""
    if not secrets.compare_digest(begun.state.encode(), state.encode()):
        raise StrangeAnswer
    described = _described(provider)
    try:
        with _client(provider, back) as client:
            token = client.fetch_token(described["token_endpoint"], code=code, code_verifier=begun.verifier)
    except (httpx.HTTPError, AuthlibBaseError, ValueError) as error:
        raise ProviderFailed from error
    try:
        keys = KeySet.import_key_set(_asked(described["jwks_uri"]))
        signed = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        options = {"iss": {"essential": True, "value": described["issuer"]}, "aud": {"value": provider.client_id}}
        params = {"nonce": begun.nonce, "client_id": provider.client_id}
        CodeIDToken(signed.claims, signed.header, options, params).validate(leeway=LEEWAY)
        name = signed.claims[provider.claim]
    except (JoseError, AuthlibBaseError, KeyError, ValueError, TypeError) as error:
        raise StrangeAnswer from error
    if not isinstance(name, str):
        raise StrangeAnswer
    return name


def _client(provider: Oidc, back: str) -> OAuth2Client:
    return OAuth2Client(
        provider.client_id,
        provider.client_secret,
        scope="openid profile email",
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=SECONDS,
        trust_env=False,
    )


def _described(provider: Oidc) -> Mapping[str, Any]:
    """What the provider says of itself."""
    described: dict[str, Any] = _asked(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    if any(not isinstance(described.get(key), str) for key in needed):
        raise ProviderFailed
    if described["issuer"].rstrip("/") != provider.issuer.rstrip("/"):
        raise ProviderFailed
    return described


def _asked(address: str) -> Any:
    try:
        answer = httpx.get(address, timeout=SECONDS, trust_env=False)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ProviderFailed from error
    if not isinstance(found, dict):
        raise ProviderFailed
    return found
