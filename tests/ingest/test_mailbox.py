"""The mailbox door against a real Dovecot, behind a proxy that refuses folders until it has seen ID."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient import IMAPClient

from ingest.mailbox import Fetched, LoginRefused, Mailbox, MailboxError, MailboxSettings, backoff, uids, watch
from tests.ingest.dovecot import Dovecot, IdProxy, dovecot, id_proxy

RECEIVED = datetime(2023, 3, 28, 1, 12, tzinfo=UTC)


def message(number: int, size: int = 0) -> bytes:
    return b"Subject: %d\r\n\r\n%s\r\n" % (number, b"x" * size)


class Memory:
    """The caller's side: which UIDs it has stored, by folder and UIDVALIDITY."""

    def __init__(self) -> None:
        self.taken: dict[tuple[str, int], set[int]] = {}

    def known(self, folder: str, uidvalidity: int) -> set[int]:
        return self.taken.get((folder, uidvalidity), set())

    def store(self, fetched: Fetched) -> bytes:
        self.taken.setdefault((fetched.folder, fetched.uidvalidity), set()).add(fetched.uid)
        return fetched.raw

    def poll(self, mailbox: Mailbox) -> list[bytes]:
        return [self.store(fetched) for fetched in mailbox.fetch_new(self.known)]


@pytest.fixture(scope="module")
def one_server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def server(one_server: Dovecot) -> Dovecot:
    """The server with both folders empty."""
    for folder in ("INBOX", "Junk"):
        one_server.delete_all(folder)
    return one_server


@pytest.fixture
def proxy(server: Dovecot) -> Iterator[IdProxy]:
    with id_proxy(server.port) as proxy:
        yield proxy


@pytest.fixture
def settings(server: Dovecot, proxy: IdProxy) -> MailboxSettings:
    return MailboxSettings("127.0.0.1", server.user, server.password, proxy.port, ssl=False, timeout=20)


@pytest.mark.slow
def test_takes_each_message_once_with_its_receipt_time_and_bytes(server: Dovecot, settings: MailboxSettings) -> None:
    for number in (1, 2):
        server.append(message(number), received_at=RECEIVED)
    memory = Memory()
    with Mailbox(settings) as mailbox:
        fetched = list(mailbox.fetch_new(memory.known))
        for one in fetched:
            memory.store(one)
        again = memory.poll(mailbox)
        server.append(message(3))
        later = memory.poll(mailbox)
    assert [(one.folder, one.received_at, one.raw) for one in fetched] == [
        ("INBOX", RECEIVED, message(1)),
        ("INBOX", RECEIVED, message(2)),
    ]
    assert (again, later) == ([], [message(3)])


@pytest.mark.slow
def test_says_who_it_is_before_it_looks_at_folders_and_only_once_a_connection(
    server: Dovecot, settings: MailboxSettings, proxy: IdProxy
) -> None:
    memory = Memory()
    with Mailbox(settings) as mailbox:
        memory.poll(mailbox)
        memory.poll(mailbox)
    after_login = proxy.commands[proxy.commands.index("LOGIN") + 1 :]
    assert after_login[:4] == ["CAPABILITY", "ID", "LIST", "EXAMINE"] or after_login[:3] == ["ID", "LIST", "EXAMINE"]
    assert proxy.commands.count("ID") == proxy.commands.count("LOGIN") == 1
    assert {"SELECT", "UID STORE", "STORE", "EXPUNGE"}.isdisjoint(proxy.commands)


@pytest.mark.slow
def test_leaves_the_flags_as_they_were(server: Dovecot, settings: MailboxSettings) -> None:
    server.append(message(1))
    before = server.flags()
    with Mailbox(settings) as mailbox:
        assert Memory().poll(mailbox) == [message(1)]
    assert server.flags() == before
    assert "Seen" not in "".join(before)


@pytest.mark.slow
def test_polls_the_junk_folder_by_its_mark_and_by_its_chinese_name(server: Dovecot, settings: MailboxSettings) -> None:
    server.append(message(1), "Junk")
    server.create("&V4NXPpCuTvY-")
    server.append(message(2), "&V4NXPpCuTvY-")
    with Mailbox(settings) as mailbox:
        found = {(one.folder, one.raw) for one in mailbox.fetch_new(Memory().known)}
    server.delete_all("&V4NXPpCuTvY-")
    assert found == {("Junk", message(1)), ("垃圾邮件", message(2))}


@pytest.mark.slow
def test_polls_only_the_folders_it_was_told(server: Dovecot, settings: MailboxSettings) -> None:
    server.append(message(1))
    server.append(message(2), "Junk")
    with Mailbox(replace(settings, folders=("Junk",))) as mailbox:
        assert Memory().poll(mailbox) == [message(2)]


@pytest.mark.slow
def test_lists_everything_again_after_a_new_uidvalidity(server: Dovecot, settings: MailboxSettings) -> None:
    server.append(message(1))
    memory = Memory()
    with Mailbox(settings) as mailbox:
        memory.poll(mailbox)
    server.reset_uidvalidity()
    with Mailbox(settings) as mailbox:
        assert memory.poll(mailbox) == [message(1)]
    assert len({uidvalidity for folder, uidvalidity in memory.taken if folder == "INBOX"}) == 2


@pytest.mark.slow
def test_goes_on_where_it_was_after_the_connection_was_cut_inside_a_message(
    server: Dovecot, settings: MailboxSettings, proxy: IdProxy
) -> None:
    server.append(message(1))
    server.append(message(2, 300_000))
    server.append(message(3))
    memory = Memory()
    proxy.cut_after = 5_000
    taken: list[bytes] = []
    with Mailbox(settings) as mailbox:
        with pytest.raises(MailboxError, match="读取失败"):
            for one in mailbox.fetch_new(memory.known):
                taken.append(memory.store(one))
        taken += memory.poll(mailbox)
    assert taken == [message(1), message(2, 300_000), message(3)]
    assert proxy.commands.count("ID") == proxy.commands.count("LOGIN") == 2


@pytest.mark.slow
def test_opens_a_new_connection_when_the_idle_one_is_gone(
    server: Dovecot, settings: MailboxSettings, proxy: IdProxy
) -> None:
    memory = Memory()
    with Mailbox(settings) as mailbox:
        memory.poll(mailbox)
        proxy.cut()
        server.append(message(1))
        assert memory.poll(mailbox) == [message(1)]


@pytest.mark.slow
def test_passes_over_a_message_that_a_person_moved_meanwhile(server: Dovecot, settings: MailboxSettings) -> None:
    server.append(message(1))
    server.append(message(2))
    with Mailbox(settings) as mailbox:
        messages = mailbox.fetch_new(Memory().known)
        first = next(messages)
        server.delete_all()
        assert [first.raw, *(one.raw for one in messages)] == [message(1)]


@pytest.mark.slow
def test_tells_the_operator_about_a_refused_login_without_the_password(
    server: Dovecot, settings: MailboxSettings
) -> None:
    wrong = replace(settings, password="WRONGCODE98765")
    with Mailbox(wrong) as mailbox, pytest.raises(LoginRefused) as caught:
        memory = Memory()
        memory.poll(mailbox)
    assert "授权码" in caught.value.message
    assert "WRONGCODE98765" not in caught.value.message + repr(wrong)
    assert caught.value.refused


@pytest.mark.slow
def test_finds_all_uids_in_windows_of_a_large_folder(server: Dovecot) -> None:
    for number in range(5):
        server.append(message(number))
    with IMAPClient("127.0.0.1", server.port, ssl=False, timeout=20) as client:
        client.login(server.user, server.password)
        opened = client.select_folder("INBOX", readonly=True)
        assert uids(client, opened[b"EXISTS"], window=2) == set(client.search("ALL"))


@pytest.mark.slow
def test_watch_reports_trouble_waits_and_goes_on(server: Dovecot, settings: MailboxSettings) -> None:
    server.append(message(1))
    memory, troubles, waits = Memory(), [], []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        mailbox.settings = settings
        return len(waits) == 3

    with Mailbox(replace(settings, password="MISTYPED")) as mailbox:
        taken = [
            memory.store(one)
            for one in watch(mailbox, memory.known, wait=wait, report=lambda e, s: troubles.append((type(e), s)))
        ]
    assert taken == [message(1)]
    assert troubles == [(LoginRefused, waits[0])]
    assert waits[1:] == [90.0, 90.0]


def test_a_server_that_speaks_gbk_when_it_refuses_is_quoted_readably() -> None:
    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"* OK ready\r\n")
                for line in lines:
                    tag, command = line.split()[:2]
                    answer = b" OK done\r\n" if command == b"CAPABILITY" else " NO 请使用授权码登录\r\n".encode("gbk")
                    connection.sendall(b"* CAPABILITY IMAP4rev1 ID\r\n" * (command == b"CAPABILITY") + tag + answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        settings = MailboxSettings("127.0.0.1", "a@qq.test", "secret", listener.getsockname()[1], ssl=False, timeout=5)
        with Mailbox(settings) as mailbox, pytest.raises(LoginRefused, match="请使用授权码登录"):
            list(mailbox.fetch_new(Memory().known))


def test_a_server_that_is_not_there_is_an_error_that_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with (
        Mailbox(MailboxSettings("127.0.0.1", "a@126.test", "x", port, timeout=2)) as mailbox,
        pytest.raises(MailboxError, match=r"邮箱 a@126.test（127.0.0.1） 读取失败"),
    ):
        list(mailbox.fetch_new(Memory().known))


@pytest.mark.slow
def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_login(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    files = ["-keyout", str(key), "-out", str(certificate)]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files, *subject], check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            context.wrap_socket(connection, server_side=True)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        settings = MailboxSettings("127.0.0.1", "a@126.test", "x", listener.getsockname()[1], timeout=5)
        with Mailbox(settings) as mailbox, pytest.raises(MailboxError, match="安全证书无效，未登录"):
            list(mailbox.fetch_new(Memory().known))


def test_a_password_typed_with_a_chinese_keyboard_is_told_before_it_is_sent() -> None:
    with Mailbox(MailboxSettings("127.0.0.1", "a@126.test", "ＡＢＣ")) as mailbox, pytest.raises(LoginRefused):
        list(mailbox.fetch_new(Memory().known))


@given(failures=st.integers(1, 10_000), refused=st.booleans(), roll=st.floats(0, 1))
def test_the_wait_grows_within_its_limits(failures: int, refused: bool, roll: float) -> None:
    first, longest = (300, 7200) if refused else (5, 600)
    delay = backoff(failures, refused=refused, roll=roll)
    assert first <= delay <= longest
    assert delay <= backoff(failures + 1, refused=refused, roll=roll)
