"""How the entries of the audit log hang together: pure.

An entry's hash is the SHA-256 of the hash before it and of its own text; its seal is an HMAC of that hash by a key that
is not in the database. So whoever can write the database, but has not the key, can neither change an entry nor begin
the chain anew from it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

START = "0" * 64
"""What stands for the hash before the first entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is hashed of an entry; `detail` is canonical JSON, `at` ISO 8601 in UTC."""

    number: int
    at: str
    by: str
    event: str
    record: str | None
    detail: str


def canonical(value: Mapping[str, Any]) -> str:
    """The one JSON text of a value: keys sorted, no spaces, nothing escaped that need not be.

    Raises TypeError, ValueError for what JSON has not.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def entry_hash(previous: str, entry: Entry) -> str:
    """SHA-256 (hex) of the hash before it and the canonical JSON of the entry's six values."""
    names = Entry.__dataclass_fields__
    return sha256((previous + canonical({name: getattr(entry, name) for name in names})).encode()).hexdigest()


def entry_seal(key: bytes, hash: str) -> str:
    """ "" without a key."""
    return _hmac(key, f"entry {hash}")


def head_seal(key: bytes, number: int, hash: str) -> str:
    """The seal of the end of the log. "" without a key."""
    return _hmac(key, f"head {number} {hash}")


def _hmac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), sha256).hexdigest() if key else ""
