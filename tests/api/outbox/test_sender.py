"""What waits in the outbox leaves once, by a real SMTP server, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.outbox import queries
from api.outbox.compose import Letter, compose
from api.outbox.office import Smtp, Tls
from api.outbox.sender import UNKNOWN, Sender
from api.outbox.states import LEASE, MOST_ATTEMPTS, pause
from api.store.engine import Store
from api.store.files import Files
from api.store.tables import AuditRow, Outgoing
from tests.api.outbox.servers import PASSWORD, Server, deliver, serving
from tests.api.records import Shelf

OFFICE = "office@office.test"
NOW = datetime.now(UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path, "" if request.param == "sqlite" else request.getfixturevalue("postgresql_url"))
    yield made
    made.store.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def queue(shelf: Shelf, number: int = 1, **changed: Any) -> str:
    id = f"{number:032x}"
    letter = Letter(OFFICE, "某办公室", f"school{number}@school.test", "Re: 汇总表", "正文", f"<{id}@office.test>", NOW)
    row: dict[str, Any] = {
        "id": id, "kind": "reply", "state": "waiting", "message": "0" * 64, "records": ["a"], "to": letter.to,
        "subject": letter.subject, "text": letter.text, "content": shelf.files.put(compose(letter)), "attempts": 0,
        "message_id": letter.message_id, "by": "li", "shown": "李明", "created_at": NOW + timedelta(seconds=number),
        "next_at": None, "started_at": None, "error": "",
    }  # fmt: skip
    with shelf.store.session() as session:
        queries.add(session, [row | changed])
    return id


def run(shelf: Shelf, server: Server) -> int:
    return deliver(Sender(shelf.store, shelf.files, server.smtp, OFFICE))


def mail(shelf: Shelf, id: str) -> Outgoing:
    with shelf.store.reading() as session:
        found = session.get(Outgoing, id)
        assert found
        return found


def told(shelf: Shelf) -> list[tuple[str, str | None, str]]:
    with shelf.store.reading() as session:
        rows = session.scalars(sa.select(AuditRow).order_by(AuditRow.number))
        return [(row.event, row.record, row.detail) for row in rows]


def again(shelf: Shelf, id: str) -> None:
    """As if the pause were over."""
    with shelf.store.session() as session:
        session.execute(sa.update(Outgoing).where(Outgoing.id == id).values(next_at=NOW - timedelta(days=1)))


def test_mails_leave_in_their_order_and_only_once(shelf: Shelf, server: Server) -> None:
    second, first = queue(shelf, 2), queue(shelf, 1)
    assert (run(shelf, server), run(shelf, server)) == (2, 0)
    assert [one.rcpt_tos for one in server.mails] == [["school1@school.test"], ["school2@school.test"]]
    assert {one.mail_from for one in server.mails} == {OFFICE}
    assert server.message()["Message-ID"] == f"<{first}@office.test>"
    sent = mail(shelf, second)
    assert (sent.state, sent.attempts, sent.error, sent.sent_at is not None) == ("sent", 1, "", True)
    assert told(shelf) == [
        ("reply.sent", "a", f'{{"attempts":1,"outbox":"{first}"}}'),
        ("reply.sent", "a", f'{{"attempts":1,"outbox":"{second}"}}'),
    ]


def test_a_server_that_is_busy_is_asked_again_after_a_growing_pause(shelf: Shelf, server: Server) -> None:
    id = queue(shelf)
    server.answers = ["451 4.3.0 try again later", "452 full"]
    assert run(shelf, server) == 0
    waiting = mail(shelf, id)
    assert (waiting.state, waiting.error) == ("waiting", "邮件服务器答复：451 4.3.0 try again later")
    assert waiting.next_at is not None and waiting.next_at > NOW
    assert run(shelf, server) == 0 and mail(shelf, id).attempts == 1  # not before its time
    for sent in (0, 1):
        again(shelf, id)
        assert run(shelf, server) == sent
    assert (mail(shelf, id).state, mail(shelf, id).attempts, len(server.mails)) == ("sent", 3, 1)
    assert [one[0] for one in told(shelf)] == ["reply.sent"]


def test_pauses_grow_to_some_hours_and_end_after_about_a_day() -> None:
    minutes = [pause(attempts) / timedelta(minutes=1) for attempts in range(1, MOST_ATTEMPTS)]
    assert minutes == [1, 4, 16, 64, 256, 360, 360]


def test_what_is_refused_for_good_fails_and_says_why(shelf: Shelf, server: Server) -> None:
    lost, refused, sent = queue(shelf, 1), queue(shelf, 2), queue(shelf, 3)
    server.refused_recipients = {"school1@school.test": "550 5.1.1 no such user"}
    server.answers = ["554 DT:SPM"]
    assert run(shelf, server) == 1
    assert [mail(shelf, id).state for id in (lost, refused, sent)] == ["failed", "failed", "sent"]
    assert mail(shelf, lost).error == "邮件服务器答复：550 5.1.1 no such user"
    assert mail(shelf, refused).error == "邮件服务器答复：554 DT:SPM"
    assert told(shelf)[0] == ("reply.failed", "a", f'{{"attempts":1,"code":550,"outbox":"{lost}"}}')


def test_the_last_attempt_fails(shelf: Shelf, server: Server) -> None:
    id = queue(shelf, attempts=MOST_ATTEMPTS - 1)
    server.answers = ["451 later"]
    run(shelf, server)
    assert (mail(shelf, id).state, mail(shelf, id).attempts) == ("failed", MOST_ATTEMPTS)


def test_a_process_that_died_on_the_way_sends_the_same_bytes_again(shelf: Shelf, server: Server) -> None:
    id = queue(shelf)
    run(shelf, server)  # the server took it, but nobody lived to note it:
    with shelf.store.session() as session:
        died = {"state": "sending", "sent_at": None, "started_at": datetime.now(UTC) - LEASE / 2}
        session.execute(sa.update(Outgoing).where(Outgoing.id == id).values(**died))
    assert run(shelf, server) == 0 and mail(shelf, id).state == "sending"  # another process may be at it
    with shelf.store.session() as session:
        session.execute(sa.update(Outgoing).values(started_at=datetime.now(UTC) - LEASE - timedelta(seconds=1)))
    assert run(shelf, server) == 0
    assert (mail(shelf, id).state, mail(shelf, id).error) == ("waiting", UNKNOWN)
    again(shelf, id)
    assert run(shelf, server) == 1
    assert server.mails[0].content == server.mails[1].content  # the Message-ID too
    assert mail(shelf, id).state == "sent"


def test_an_attempt_that_was_given_up_notes_nothing_any_more(shelf: Shelf) -> None:
    id = queue(shelf)
    with shelf.store.session() as session:
        taken = queries.claim(session, NOW + timedelta(minutes=1))
        assert taken and queries.claim(session, NOW + timedelta(minutes=1)) is None
    with shelf.store.session() as session:
        queries.recover(session, NOW + timedelta(hours=1), UNKNOWN)
        assert not queries.settle(session, id, taken.started_at or NOW, state="sent")
    assert mail(shelf, id).state == "waiting"


def test_a_server_that_is_away_or_refuses_the_password_keeps_the_mails_waiting(shelf: Shelf) -> None:
    first, second = queue(shelf, 1), queue(shelf, 2)
    with serving(PASSWORD) as server:
        wrong = replace(server.smtp, user="office", password="wrong")
        assert deliver(Sender(shelf.store, shelf.files, wrong, OFFICE)) == 0
        assert mail(shelf, first).error.startswith("邮件服务器不接受登录，请检查账号和授权码：535")
        assert (mail(shelf, first).state, mail(shelf, second).attempts) == ("waiting", 0)  # not one login for each
        again(shelf, first)
        right = replace(wrong, password=PASSWORD)
        assert deliver(Sender(shelf.store, shelf.files, right, OFFICE)) == 2
    third = queue(shelf, 3)
    assert deliver(Sender(shelf.store, shelf.files, server.smtp, OFFICE)) == 0
    assert (mail(shelf, third).state, mail(shelf, third).error[:9]) == ("waiting", "连接邮件服务器失败")


def test_a_mail_whose_bytes_are_gone_fails_and_the_next_one_leaves(shelf: Shelf, server: Server) -> None:
    gone, sent = queue(shelf, 1, content="f" * 64), queue(shelf, 2)
    assert run(shelf, server) == 1
    assert (mail(shelf, gone).state, mail(shelf, sent).state) == ("failed", "sent")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A PEM file with a certificate of localhost, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "certificate.pem"
    path.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(pem))
    return path


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_mail_leaves_by_tls_to_a_server_that_proves_its_name_and_to_no_other(
    shelf: Shelf, certificate: Path, monkeypatch: pytest.MonkeyPatch, tls: Tls
) -> None:
    id = queue(shelf)
    with serving(tls=tls, certificate=certificate) as server:
        assert run(shelf, server) == 0
        assert (mail(shelf, id).state, mail(shelf, id).error[:9]) == ("waiting", "连接邮件服务器失败")
        again(shelf, id)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # now it is one that this machine trusts
        assert run(shelf, server) == 1
    assert len(server.mails) == 1


def send_in_a_process(store: str, files: str, smtp: Smtp) -> None:
    asyncio.run(Sender(Store(store), Files(files), smtp, OFFICE).send_due())


@pytest.mark.slow
def test_a_killed_process_leaves_a_mail_that_is_sent_again_as_it_was(shelf: Shelf, server: Server) -> None:
    id = queue(shelf)
    server.slow = 60.0
    there = (shelf.store.url, shelf.files.url, server.smtp)
    process = multiprocessing.get_context("spawn").Process(target=send_in_a_process, args=there)
    process.start()
    assert server.taking.wait(60)
    process.kill()
    process.join()
    assert (mail(shelf, id).state, mail(shelf, id).attempts) == ("sending", 1)
    with shelf.store.session() as session:
        session.execute(sa.update(Outgoing).values(started_at=datetime.now(UTC) - LEASE - timedelta(seconds=1)))
    server.slow = 0.0
    assert run(shelf, server) == 0 and mail(shelf, id).error == UNKNOWN
    again(shelf, id)
    assert run(shelf, server) == 1
    first, second = (one.content for one in server.mails)
    assert first == second and mail(shelf, id).attempts == 2
