"""Passwords: their hashes (argon2), their rules, and one-time ones. The door to pwdlib."""

from __future__ import annotations

import secrets
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST, LONGEST = 10, 256
_HASH = PasswordHash((Argon2Hasher(),))
_AT_ONCE = BoundedSemaphore(4)
"""A hash takes 64 MB on purpose; a crowd at the sign-in must not take all the memory."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_NOBODY = _HASH.hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASH.hash(password)


def check_password(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Whether the password is the one whose hash was kept, and a newer hash when the kept one is of an old kind.

    None (an unknown user, or one without a password) takes as long as any other and is never right.
    """
    with _AT_ONCE:
        right, newer = _HASH.verify_and_update(password[: LONGEST + 1], kept or _NOBODY)
    return (right, newer) if kept else (False, None)


def one_time_password() -> str:
    """About 79 bits in four groups that can be read aloud: no 0, O, 1, l, i."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def fault_of(password: str, name: str) -> str | None:
    """What is wrong with a new password, for its user; None: nothing."""
    if len(password) < SHORTEST:
        return f"密码至少 {SHORTEST} 个字符"
    if len(password) > LONGEST:
        return f"密码最多 {LONGEST} 个字符"
    if len(set(password)) < 5:
        return "密码中不同的字符太少"
    if name.lower() in password.lower() and len(name) > 3:
        return "密码中不要含有账号名"
    if password.lower() in "abcdefghijklmnopqrstuvwxyz" or password in "01234567890123456789":
        return "密码太容易猜到"
    return None
