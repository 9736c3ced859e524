"""Sends what waits in the outbox (door: aiosmtplib).

Before an attempt the mail is `sending` in the store, after it `sent`, `waiting` or `failed`. If the process dies in
between, nobody knows whether the server took it: it is sent again with the very same bytes and Message-ID.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any

import aiosmtplib

from api.accounts.actor import MACHINE
from api.audit.log import append
from api.logs import log
from api.outbox import queries
from api.outbox.office import Smtp
from api.outbox.states import MOST_ATTEMPTS, pause
from api.store.engine import Store
from api.store.files import Files
from api.store.tables import Outgoing

UNKNOWN = "上次发送中途中断，不能确定服务器是否已收下；将以同一编号重发"
GONE = "邮件内容已不在存储中，无法发送"
LOOK = 5.0  # seconds between two looks at the outbox

_logger = log(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed. lasting: another attempt would end the same way. ours: no other mail would get out."""

    said: str
    code: int = 0
    lasting: bool = False
    ours: bool = False


class Sender:
    """sender: the address that mail is from."""

    def __init__(self, store: Store, files: Files, smtp: Smtp, sender: str):
        self._store, self._files, self._smtp, self._sender = store, files, smtp, sender

    def run(self, stop: Event) -> None:
        """Until `stop` is set. What goes wrong with the store is logged and tried again."""
        while not stop.is_set():
            try:
                asyncio.run(self.send_due(stop.is_set))
            except Exception as error:  # noqa: BLE001 - mail must go out again once the store answers
                _logger.error("outbox.failed", error=type(error).__name__)
            stop.wait(LOOK)

    async def send_due(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Sends all mails that are due, one after the other on one connection; says how many left."""
        with self._store.session() as session:
            for died in queries.recover(session, _now(), UNKNOWN):
                _tell(session, died, died.state)
        sent, client = 0, None
        try:
            while not stopped():
                with self._store.session() as session:
                    mail = queries.claim(session, _now())
                if mail is None:
                    break
                client, failure = await self._attempt(client, mail)
                self._settle(mail, failure)
                sent += failure is None
                if failure and failure.ours:
                    break
                await asyncio.sleep(0 if failure else 60 / self._smtp.per_minute)
        finally:
            if client:
                await _close(client)
        return sent

    async def _attempt(
        self, client: aiosmtplib.SMTP | None, mail: Outgoing
    ) -> tuple[aiosmtplib.SMTP | None, Failure | None]:
        """Sends one mail; gives the connection for the next one and what went wrong."""
        try:
            content = self._files.get(mail.content)
        except FileNotFoundError:
            return client, Failure(GONE, lasting=True)
        try:
            client = client if client and client.is_connected else await self._connected()
        except (aiosmtplib.SMTPException, OSError) as error:
            return None, _failure(error, connecting=True)
        try:
            await client.sendmail(self._sender, [mail.to], content)
        except (aiosmtplib.SMTPException, OSError) as error:
            await _close(client)
            return None, _failure(error)
        return client, None

    async def _connected(self) -> aiosmtplib.SMTP:
        smtp = self._smtp
        client = aiosmtplib.SMTP(
            hostname=smtp.host,
            local_hostname=self._sender.rpartition("@")[2],  # the library would ask the network for our own name
            port=smtp.port,
            use_tls=smtp.tls == "tls",
            start_tls=smtp.tls == "starttls",
            username=smtp.user if smtp.password else None,
            password=smtp.password or None,
            timeout=smtp.seconds,
        )
        await client.connect()
        return client

    def _settle(self, mail: Outgoing, failure: Failure | None) -> None:
        """Notes the outcome. Nothing of the mail is logged but its number and the server's code."""
        assert mail.started_at is not None
        now = _now()
        if failure is None:
            values: dict[str, Any] = {"state": "sent", "sent_at": now, "error": ""}
        elif failure.lasting or mail.attempts >= MOST_ATTEMPTS:
            values = {"state": "failed", "error": failure.said}
        else:
            values = {"state": "waiting", "error": failure.said, "next_at": now + pause(mail.attempts)}
        if failure:
            _logger.warning("outbox.failed", outbox=mail.id, code=failure.code, state=values["state"])
        with self._store.session() as session:
            if queries.settle(session, mail.id, mail.started_at, **values):
                _tell(session, mail, values["state"], failure.code if failure else 0)


def _tell(session: Any, mail: Outgoing, state: str, code: int = 0) -> None:
    """Into the audit log: what left and what will not. Attempts that are made again are no event."""
    if state in ("sent", "failed"):
        record = mail.records[0] if len(mail.records) == 1 else None
        told = {"outbox": mail.id, "attempts": mail.attempts} | ({"code": code} if code else {})
        append(session, MACHINE, f"{mail.kind}.{state}", record=record, detail=told)


def _failure(error: Exception, connecting: bool = False) -> Failure:
    """5xx for a mail is final; whatever goes wrong before (the name, the password) is not the mail's fault."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Failure(f"邮件服务器不接受登录，请检查账号和授权码：{_said(error)}", error.code, ours=True)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        lasting = 500 <= error.code < 600 and not connecting
        return Failure(f"邮件服务器答复：{_said(error)}", error.code, lasting=lasting, ours=connecting)
    if isinstance(error, (aiosmtplib.SMTPTimeoutError, TimeoutError)):
        return Failure("邮件服务器没有及时答复", ours=True)
    return Failure(f"连接邮件服务器失败（{type(error).__name__}）", ours=True)


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    """Providers write GBK here; the library keeps what is not UTF-8 as surrogates."""
    raw = error.message.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return f"{error.code} {' '.join(text.split())}"[:500]


async def _close(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        client.close()


def _now() -> datetime:
    return datetime.now(UTC)
