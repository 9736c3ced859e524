"""From the mailboxes to stored messages.

A message is stored durably, then its place on the server is noted, then it is handed over. Nothing on the
server is changed. After a new UIDVALIDITY everything comes again and is told apart by the hash of its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

from api.house import House
from api.intake import Item, Taken, take
from api.logs import log
from api.settings import MailboxSettings
from api.store import work

if TYPE_CHECKING:
    from ingest.mailbox import Fetched, Known, Mailbox, MailboxError

_logger = log(__name__)


class Poller:
    """Polls all configured mailboxes. send: takes the ids of the messages that are to be processed."""

    def __init__(self, house: House, send: Callable[[Iterable[str]], None]):
        self._house, self._send = house, send

    def run(self, stop: Event) -> None:
        """Polls, each mailbox on a connection and thread of its own, until `stop` is set."""
        mailboxes = self._house.settings.mailboxes
        threads = [Thread(target=self._watch, args=(one, stop), daemon=True) for one in mailboxes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _watch(self, settings: MailboxSettings, stop: Event) -> None:
        from ingest.mailbox import watch

        def report(error: MailboxError, delay: float) -> None:
            _logger.warning("poll.failed", mailbox=settings.host, error=type(error).__name__, again=round(delay))

        with _open(settings) as mailbox:
            interval = self._house.settings.poll_seconds
            for fetched in watch(
                mailbox, known(self._house, settings), wait=stop.wait, report=report, interval=interval
            ):
                taken = keep(self._house, settings, fetched)
                if taken.new:
                    self._send([taken.message])


def fetch_all(house: House, trouble: Callable[[str], None]) -> Iterator[Taken]:
    """Takes what is new in every mailbox, once; `trouble` is told, in Chinese, what went wrong with one."""
    from ingest.mailbox import MailboxError

    for settings in house.settings.mailboxes:
        with _open(settings) as mailbox:
            try:
                for fetched in mailbox.fetch_new(known(house, settings)):
                    yield keep(house, settings, fetched)
            except MailboxError as error:
                trouble(error.message)


def known(house: House, settings: MailboxSettings) -> Known:
    """Which messages of a mailbox were stored before."""

    def uids(folder: str, uidvalidity: int) -> set[int]:
        with house.store.reading() as session:
            return work.known_uids(session, mailbox_name(settings), folder, uidvalidity)

    return uids


def keep(house: House, settings: MailboxSettings, fetched: Fetched) -> Taken:
    """Stores one message, and then where it was."""
    taken = take(house.store, house.files, Item("mail", fetched.raw), datetime.now(UTC), fetched.received_at)
    with house.store.session() as session:
        place = (fetched.folder, fetched.uidvalidity, fetched.uid)
        work.add_position(session, mailbox_name(settings), *place, taken.message)
    return taken


def mailbox_name(settings: MailboxSettings) -> str:
    """Stays the same when the server's port or the password changes."""
    return settings.name or f"{settings.user}@{settings.host}"


def _open(settings: MailboxSettings) -> Mailbox:
    from ingest.mailbox import Mailbox
    from ingest.mailbox import MailboxSettings as Door

    password = settings.password.get_secret_value()
    return Mailbox(Door(settings.host, settings.user, password, settings.port, settings.tls, settings.folders))
