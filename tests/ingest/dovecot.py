"""A real IMAP server for tests, and a proxy in front of it that behaves as NetEase does.

with dovecot() as server, id_proxy(server.port) as proxy:
    server.append(raw)
    ...  # log in at 127.0.0.1, proxy.port, as server.user with server.password, without TLS
    server.reset_uidvalidity()
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

USER = "submit@126.test"
PASSWORD = "AUTHCODE123456"

_CONFIG = """
base_dir = {base}/run
state_dir = {base}/run
log_path = {base}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{base}/mail/%u:UTF-8
first_valid_uid = {uid}
mail_max_userip_connections = 5
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
_UNPRIVILEGED = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server with one account. `base` is its folder."""

    base: Path
    port: int
    user: str = USER
    password: str = PASSWORD

    def append(self, raw: bytes, folder: str = "INBOX", received_at: datetime | None = None) -> None:
        """Puts a message in; lines end in CRLF afterwards. `folder` as on the wire."""
        with self._login() as imap:
            imap.append(folder, "", imaplib.Time2Internaldate(received_at) if received_at else "", raw)

    def create(self, folder: str) -> None:
        """`folder` as on the wire (modified UTF-7)."""
        with self._login() as imap:
            imap.create(folder)

    def delete_all(self, folder: str = "INBOX") -> None:
        """What a person does in the webmail."""
        with self._login() as imap:
            _, answers = imap.select(folder)
            if answers != [b"0"]:
                imap.store("1:*", "+FLAGS", r"\Deleted")
                imap.expunge()

    def flags(self, folder: str = "INBOX") -> list[str]:
        """The flags of each message, without changing them."""
        with self._login() as imap:
            imap.select(folder, readonly=True)
            _, answers = imap.fetch("1:*", "(FLAGS)")
            return [re.sub(r".*FLAGS \((.*?)\).*", r"\1", str(answer)) for answer in answers]

    def reset_uidvalidity(self) -> None:
        """Forgets the numbering, as a server does after a repair."""
        time.sleep(1.1)  # a new UIDVALIDITY is made from the clock's seconds
        for path in (self.base / "mail" / self.user).rglob("dovecot*"):
            path.unlink()

    def _login(self) -> imaplib.IMAP4:
        imap = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        imap.login(self.user, self.password)
        return imap


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A server on a free port of this machine's loopback, all its files in one folder of its own.

    Skips the test where Dovecot is not installed, and fails it there under CI=true.
    """
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("dovecot is not installed (dovecot-imapd)")
    # Not pytest's tmp_path: that is closed to the account which owns the mail when we run as root.
    with tempfile.TemporaryDirectory(prefix="yinjian-dovecot-") as folder:
        server = Dovecot(Path(folder), _free_port())
        _configure(server)
        with subprocess.Popen([program, "-F", "-c", str(server.base / "dovecot.conf")]) as process:
            try:
                _wait_for(server.port, process)
                yield server
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(20)


def _configure(server: Dovecot) -> None:
    is_root = os.getuid() == 0
    owner = pwd.getpwnam("mail") if is_root else pwd.getpwuid(os.getuid())
    group = str(owner.pw_gid)
    (server.base / "run").mkdir()
    mail = server.base / "mail"
    mail.mkdir()
    if is_root:  # Dovecot never lets root own mail
        server.base.chmod(0o755)
        os.chown(mail, owner.pw_uid, owner.pw_gid)
    else:
        import grp

        group = grp.getgrgid(owner.pw_gid).gr_name
    config = _CONFIG.format(base=server.base, port=server.port, uid=owner.pw_uid, gid=owner.pw_gid)
    if not is_root:
        config += _UNPRIVILEGED.format(user=owner.pw_name, group=group)
    (server.base / "dovecot.conf").write_text(config)
    (server.base / "users").write_text(f"{server.user}:{{PLAIN}}{server.password}\n")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail("dovecot did not start")


@dataclass
class IdProxy:
    """Refuses to open or look at a folder until ID was sent on the connection, as NetEase does.

    commands: what clients asked, without tags and arguments, in order. cut_after: ends the connection after that many
    bytes of one answer (once), as a bad line does.
    """

    upstream: int
    port: int = 0
    commands: list[str] = field(default_factory=list)
    cut_after: int | None = None
    _open: list[socket.socket] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", self.upstream))
                self._open += [client, server]
                threading.Thread(target=self._requests, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answers, args=(server, client), daemon=True).start()

    def cut(self) -> None:
        """Ends every open connection."""
        ends, self._open = self._open, []  # a client may be back before the last one is closed
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _requests(self, client: socket.socket, server: socket.socket) -> None:
        identified = False
        with contextlib.suppress(OSError), client.makefile("rb") as lines:
            for line in lines:
                tag, _, rest = line.partition(b" ")
                words = rest.upper().split()
                command = b" ".join(words[:2] if words[:1] == [b"UID"] else words[:1]).decode()
                self.commands.append(command)
                identified = identified or command == "ID"
                if command in ("SELECT", "EXAMINE", "STATUS") and not identified:
                    refusal = f" NO {command} Unsafe Login. Please contact kefu@188.com for help\r\n"
                    client.sendall(tag + refusal.encode())
                else:
                    server.sendall(line)
            server.shutdown(socket.SHUT_WR)

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if self.cut_after is not None and len(data) > self.cut_after:
                    client.sendall(data[: self.cut_after])
                    self.cut_after = None
                    self.cut()
                    return
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def id_proxy(upstream: int) -> Iterator[IdProxy]:
    """The proxy in front of a server's port, on a free port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = IdProxy(upstream, int(listener.getsockname()[1]))
        thread = threading.Thread(target=proxy.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            proxy.cut()
            thread.join(5)
