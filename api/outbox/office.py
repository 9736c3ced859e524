"""Who writes to the schools: the office's address, and whether mail leaves at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from api.settings import Settings
from corpora.programme import load_programmes

Tls = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class Smtp:
    """The server that mail leaves by. per_minute: mails at most, since providers stop who sends faster."""

    host: str
    port: int = 465
    tls: Tls = "tls"
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float = 60.0
    per_minute: int = 20


@dataclass(frozen=True, slots=True)
class Office:
    """address: what mail is from; "" while sending is not configured. own: all its mailboxes, lower case."""

    address: str = ""
    name: str = ""
    own: frozenset[str] = frozenset()

    @property
    def sends(self) -> bool:
        return bool(self.address)

    @property
    def host(self) -> str:
        """What ids of mails end with."""
        return self.address.rpartition("@")[2] or "localhost"


def office_of(settings: Settings) -> Office:
    """Without a server, nobody can send; the office's name and mailboxes are known all the same."""
    address = settings.smtp_from or settings.smtp_user
    programmes = [one for programme in load_programmes() for one in programme.mailboxes]
    known = [address, *(one.user for one in settings.mailboxes), *programmes]
    own = frozenset(one.lower() for one in known if "@" in one)
    return Office(address if settings.smtp_host and "@" in address else "", settings.smtp_name, own)


def smtp_of(settings: Settings) -> Smtp | None:
    """None while sending is not configured."""
    if not office_of(settings).sends:
        return None
    return Smtp(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_tls,
        settings.smtp_user,
        settings.smtp_password.get_secret_value(),
        settings.smtp_seconds,
        settings.smtp_per_minute,
    )
