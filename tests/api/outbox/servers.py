"""A real SMTP server on a free port, which may be told to refuse."""

from __future__ import annotations

import asyncio
import email
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from api.outbox.office import Smtp, Tls
from api.outbox.sender import Sender

PASSWORD = "AUTHCODE123456"


@dataclass
class Server:
    """answers: what the server says to the next mails, in turn; then "250 OK". mails: those that it took.

    taking: set once a mail's content has come. slow: seconds before it is answered then.
    """

    port: int = 0
    tls: Tls = "none"
    slow: float = 0.0
    taking: Event = field(default_factory=Event)
    answers: list[str] = field(default_factory=list)
    refused_recipients: dict[str, str] = field(default_factory=dict)
    mails: list[Envelope] = field(default_factory=list)

    @property
    def smtp(self) -> Smtp:
        return Smtp("localhost", self.port, self.tls, seconds=10.0, per_minute=6000)

    def message(self, number: int = 0) -> EmailMessage:
        content = self.mails[number].content
        assert isinstance(content, bytes)
        read = email.message_from_bytes(content, policy=default)
        assert isinstance(read, EmailMessage)
        return read

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(envelope)
        self.taking.set()
        await asyncio.sleep(self.slow)
        return answer


@contextmanager
def serving(password: str = "", tls: Tls = "none", certificate: Path | None = None) -> Iterator[Server]:
    """password: asked for at the sign-in, without TLS; "" for none. certificate: a PEM file with its key, for TLS."""
    server = Server(tls=tls)
    options: dict[str, Any] = {}
    if password:

        def authenticate(_: Any, __: Any, ___: Any, ____: str, given: Any) -> AuthResult:
            assert isinstance(given, LoginPassword)
            return AuthResult(success=given.password == password.encode(), handled=False)

        options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        options["ssl_context" if tls == "tls" else "tls_context"] = context
    with socket.socket() as free:  # the controller cannot be told "any port"
        free.bind(("127.0.0.1", 0))
        server.port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def deliver(sender: Sender) -> int:
    """One look at the outbox, on a thread of its own: on the tests' own a browser's event loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(sender.send_due())).result()
