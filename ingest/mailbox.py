"""The door to IMAPClient: new messages of one mailbox, raw, without touching anything in it.

NetEase (126, 163) and QQ are the mission: ID goes out before any folder is opened, on every connection; folders are
opened read-only and bodies fetched with PEEK; only ascending or single UIDs are asked for, and each answer's UID is
checked.

How to use it right:

    with Mailbox(settings) as mailbox:
        for fetched in mailbox.fetch_new(known):   # known(folder, uidvalidity) -> UIDs that were stored before
            store(fetched.raw)                     # durably first,
            remember(fetched)                      # then note folder, uidvalidity and uid

When the server gives a folder a new UIDVALIDITY, `known` has nothing for it and every message comes again; the same
message can also lie in two folders. So the caller tells copies by the hash of `raw`. `watch` does this for ever, with
back-off.
"""

from __future__ import annotations

import contextlib
import random
import ssl
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any

from imapclient import IMAPClient, SocketTimeout, imap_utf7
from imapclient.exceptions import IMAPClientError, LoginError

from ingest.charset import decode

Known = Callable[[str, int], Container[int]]

_JUNK_NAMES = {"junk", "junk e-mail", "junk email", "spam", "bulk mail", "垃圾邮件", "垃圾箱", "垃圾邮件箱", "广告邮件"}
_UNSELECTABLE = {b"\\noselect", b"\\nonexistent"}
_CLIENT = {"name": "yinjian", "version": "1.0", "vendor": "yinjian"}
_CONNECT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """password: for 126, 163 and QQ the authorization code (授权码), not the web password.

    folders: those to poll, by their readable names; empty for INBOX and whatever the server has as junk folders.
    timeout: seconds to wait for an answer. ssl: the certificate is checked.
    """

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    ssl: bool = True
    folders: tuple[str, ...] = ()
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message as it lies on the server. received_at: INTERNALDATE, aware; None when the server does not say."""

    folder: str
    uidvalidity: int
    uid: int
    received_at: datetime | None
    raw: bytes


class MailboxError(Exception):
    """邮箱暂时无法读取，系统会自动重试。

    The message is Chinese, for the operator, and never holds the password.
    """

    refused = False
    """True when the server turned the login down: asking again soon would lock the account."""

    def __init__(self, message: str):
        self.message = message
        super().__init__(message)


class LoginRefused(MailboxError):
    """邮箱登录被拒绝，请检查授权码。"""

    refused = True


def backoff(failures: int, *, refused: bool, roll: float) -> float:
    """Seconds to wait after so many failures in a row (from 1): doubling, from 5 s to 10 min, and from 5 min to 2 h
    when the login was refused, because hammering locks the account. roll: 0..1, spreads the wait over its upper half.
    """
    first, longest = (300.0, 7200.0) if refused else (5.0, 600.0)
    ceiling = min(longest, first * 2.0 ** min(failures - 1, 16))
    return max(first, ceiling * (0.5 + roll / 2))


def watch(
    mailbox: Mailbox,
    known: Known,
    *,
    wait: Callable[[float], bool],
    report: Callable[[MailboxError, float], None],
    interval: float = 90.0,
) -> Iterator[Fetched]:
    """New messages for ever: polls every `interval` seconds, and after trouble waits as `backoff` says.

    wait: sleeps so many seconds and returns True when it is time to end (threading.Event.wait fits).
    report: is told each trouble with the seconds until the next try.
    """
    failures = 0
    while True:
        try:
            yield from mailbox.fetch_new(known)
            failures, delay = 0, interval
        except MailboxError as error:
            failures += 1
            delay = backoff(failures, refused=error.refused, roll=random.random())
            report(error, delay)
        if wait(delay):
            return


class Mailbox:
    """One mailbox on one connection, opened when first needed and kept between polls."""

    def __init__(self, settings: MailboxSettings):
        self.settings = settings
        self._client: Any = None

    def __enter__(self) -> Mailbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Logs out. Never raises: a connection that is gone is closed too."""
        client, self._client = self._client, None
        if client is not None:
            try:
                client.logout()
            except (IMAPClientError, OSError):
                _shut(client)

    def fetch_new(self, known: Known) -> Iterator[Fetched]:
        """Messages that `known(folder, uidvalidity)` does not contain, folder by folder, oldest first.

        Each is taken as delivered once the caller asks for the next; messages already yielded stay valid whatever
        comes after. Raises MailboxError when the server cannot be reached or refuses; the connection is dropped then,
        and the next call starts anew.
        """
        try:
            client = self._connected()
            for name in self._folders(client):
                yield from self._fetch_folder(client, name, known)
        except LoginError as error:
            self._drop()
            raise LoginRefused(self._login_message(error)) from None
        except ssl.SSLCertVerificationError as error:
            self._drop()
            raise MailboxError(f"{self._where} 的安全证书无效，未登录：{error.verify_message}") from None
        except (IMAPClientError, OSError) as error:
            self._drop()
            raise MailboxError(f"{self._where} 读取失败：{self._said(error)}") from None

    # --- connection

    def _connected(self) -> Any:
        """The kept connection when it still answers, else a new one."""
        if self._client is not None:
            try:
                self._client.noop()
                return self._client
            except (IMAPClientError, OSError):  # servers drop idle connections
                self._drop()
        settings = self.settings
        if not (settings.user + settings.password).isascii():
            raise LoginRefused(f"{self._where} 的账号或授权码含有非英文字符，请检查是否用了中文输入法。")
        timeout = SocketTimeout(connect=min(_CONNECT_SECONDS, settings.timeout), read=settings.timeout)
        self._client = client = IMAPClient(settings.host, settings.port, ssl=settings.ssl, timeout=timeout)
        client.normalise_times = False  # INTERNALDATE keeps its zone
        client.folder_encode = False  # names are decoded here: one odd folder may not hide the others
        client.login(settings.user, settings.password)
        client.capabilities()  # what holds after login
        if client.has_capability("ID"):
            client.id_(_CLIENT)
        return client

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            _shut(client)

    # --- folders and messages

    def _folders(self, client: Any) -> list[bytes]:
        """Wire names of the folders to poll."""
        if self.settings.folders:
            return [imap_utf7.encode(name) for name in self.settings.folders]
        junk = [
            _wire(name) for flags, delimiter, name in client.list_folders() if _is_junk(flags, delimiter, _wire(name))
        ]
        return [b"INBOX", *(name for name in junk if name.upper() != b"INBOX")]

    def _fetch_folder(self, client: Any, name: bytes, known: Known) -> Iterator[Fetched]:
        folder = _readable(name)
        opened = client.select_folder(name, readonly=True)
        uidvalidity = int(opened.get(b"UIDVALIDITY", 0))
        seen = known(folder, uidvalidity)
        for uid in sorted(uid for uid in uids(client, int(opened.get(b"EXISTS", 0))) if uid not in seen):
            answer = client.fetch([uid], ["INTERNALDATE", "BODY.PEEK[]"]).get(uid, {})
            raw = answer.get(b"BODY[]")
            if isinstance(raw, bytes):  # else a person moved it meanwhile, or the server answered for another UID
                yield Fetched(folder, uidvalidity, uid, answer.get(b"INTERNALDATE"), raw)

    # --- what the operator reads

    @property
    def _where(self) -> str:
        return f"邮箱 {self.settings.user}（{self.settings.host}）"

    def _login_message(self, error: LoginError) -> str:
        return (
            f"{self._where} 登录被拒绝。请检查：授权码是否正确、是否过期或被撤销（须填授权码，不是网页登录密码）；"
            f"网页邮箱里 IMAP 服务是否开启；是否登录过于频繁。服务器答复：{self._said(error)}"
        )

    def _said(self, error: BaseException) -> str:
        """What the server said, on one line, whatever its charset; without the password."""
        cause: BaseException | None = error
        said = str(error) or type(error).__name__
        while cause is not None:
            spoken = [argument for argument in cause.args if isinstance(argument, bytes)]
            if spoken:
                said = decode(spoken[0])
            cause = cause.__context__
        return " ".join(said.replace(self.settings.password, "***").split())[:300]


def uids(client: Any, exists: int, window: int = 50_000) -> set[int]:
    """All UIDs of the open folder; in windows of message numbers when one answer would pass imaplib's 1 MB a line."""
    if exists <= window:
        return set(client.search("ALL"))
    lows = range(1, exists + 1, window)
    return {uid for low in lows for uid in client.search([f"{low}:{min(low + window - 1, exists)}"])}


def _shut(client: Any) -> None:
    with contextlib.suppress(IMAPClientError, OSError):
        client.shutdown()


def _wire(name: Any) -> bytes:
    return name if isinstance(name, bytes) else str(name).encode("utf-8")


def _readable(name: bytes) -> str:
    try:
        return str(imap_utf7.decode(name)) if name.isascii() else decode(name)
    except ValueError:
        return decode(name)


def _is_junk(flags: tuple[bytes, ...], delimiter: bytes | None, name: bytes) -> bool:
    lower = {flag.lower() for flag in flags}
    if lower & _UNSELECTABLE:
        return False
    last = name.rsplit(delimiter, 1)[-1] if delimiter else name
    return b"\\junk" in lower or b"\\spam" in lower or _readable(last).strip().lower() in _JUNK_NAMES
