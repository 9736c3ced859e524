"""From a real mailbox to records: each message once, whatever the server does, and nothing changed on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from api import commands
from api.house import House
from api.settings import MailboxSettings
from api.store.tables import Message, Position, Record
from tests.api.builders import house, mail
from tests.ingest.dovecot import Dovecot, IdProxy, dovecot, id_proxy

pytestmark = pytest.mark.slow
SUBJECTS = [f"第{number}职业技术学院+2023年证书申报" for number in range(5)]


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        for subject in SUBJECTS:
            running.append(mail(subject))
        running.append(mail("垃圾箱学院+2023年证书申报"), folder="Junk")
        yield running


def mailbox(server: Dovecot, proxy: IdProxy) -> MailboxSettings:
    return MailboxSettings(
        host="127.0.0.1", user=server.user, password=SecretStr(server.password), port=proxy.port, tls=False
    )


def stored(opened: House) -> tuple[int, int, int]:
    """How many messages, records and places on the server are known."""
    with opened.store.reading() as session:
        tables = (Message, Record, Position)
        messages, records, places = (session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables)
    return messages or 0, records or 0, places or 0


def test_a_mailbox_that_demands_id_is_taken_once_and_left_as_it_was(server: Dovecot, tmp_path: Path) -> None:
    before = server.flags()
    with id_proxy(server.port) as proxy, house(tmp_path / "data", mailboxes=(mailbox(server, proxy),)) as opened:
        first, troubles = commands.poll(opened)
        again, _ = commands.poll(opened)
        assert (troubles, first.new, again.new) == ([], 6, 0)
        assert stored(opened) == (6, 6, 6)
    assert server.flags() == before


def test_a_new_uidvalidity_brings_no_second_copy(server: Dovecot, tmp_path: Path) -> None:
    with id_proxy(server.port) as proxy, house(tmp_path / "data", mailboxes=(mailbox(server, proxy),)) as opened:
        commands.poll(opened)
        server.reset_uidvalidity()
        summary, troubles = commands.poll(opened)
        messages, records, _ = stored(opened)
        assert (troubles, summary.new, messages, records) == ([], 0, 6, 6)


def test_a_wrong_password_is_told_and_stops_nothing_else(server: Dovecot, tmp_path: Path) -> None:
    with id_proxy(server.port) as proxy:
        right = mailbox(server, proxy)
        wrong = right.model_copy(update={"password": SecretStr("wrong"), "name": "other"})
        with house(tmp_path / "data", mailboxes=(wrong, right)) as opened:
            summary, troubles = commands.poll(opened)
            assert (summary.new, len(troubles)) == (6, 1)
            assert "授权码" in troubles[0] and "wrong" not in troubles[0]
