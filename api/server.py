"""`yinjian serve`: the pages, the JSON API, the pipeline and the poller in one process (door: uvicorn)."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from types import FrameType

from api.accounts.actor import Actor
from api.engine import Engine
from api.errors import NoSuchAddress, PortTaken
from api.house import House, open_house
from api.poller import Poller
from api.settings import Settings
from api.store import work

STOP_SECONDS = 10.0  # that a stop waits for the mail in hand


def serve(
    settings: Settings,
    tell: Callable[[str], None],
    welcome: Callable[[str, str], None],
    ports: int = 1,
    visitor: Actor | None = None,
) -> None:
    """Runs until it is told to stop (Ctrl-C, SIGTERM). tell: is given the address; ports: as of `bound`.

    welcome: is given the name and the one-time password of the first administrator, when she was made just now.
    visitor: who looks in from this machine without a sign-in (the demo), where others cannot ask at all.

    Raises PortTaken and NoSuchAddress before anything else is done.
    """
    import uvicorn

    from api.accounts.set_up import first_user, policy_from
    from api.app import create_app
    from api.outbox.office import office_of
    from api.precheck.checker import open_precheck

    with bound(settings.host, settings.port, ports) as place:
        tell(f"http://{settings.host}:{place.getsockname()[1]}/")
        with (
            open_house(settings) as house,
            open_precheck(settings) as precheck,
            working(house),
            suppress(KeyboardInterrupt),
        ):
            policy = policy_from(settings, visitor)
            if not policy.visitor and (made := first_user(house.store)):
                welcome(*made)
            app = create_app(house.store, house.files, policy=policy, office=office_of(settings), precheck=precheck)
            app.state.second_look_one_in = settings.second_look_one_in
            config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3)

            class Server(uvicorn.Server):
                def handle_exit(self, sig: int, frame: FrameType | None) -> None:
                    app.state.watch.ended = True  # the streams of progress, which would keep it from ending
                    super().handle_exit(sig, frame)

            Server(config).run(sockets=[place])


def bound(host: str, port: int, ports: int = 1) -> socket.socket:
    """A socket on the first free one of so many ports from `port`. Raises PortTaken, NoSuchAddress."""
    for number in range(port, min(port + ports, 65536)):
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
            place = socket.socket(family, kind, protocol)
        except OSError as error:
            raise NoSuchAddress(host) from error
        try:
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            place.bind(address)
            return place
        except OSError as error:
            place.close()
            if error.errno != errno.EADDRINUSE:
                raise NoSuchAddress(f"{host}:{number}") from error
    raise PortTaken(f"{host}:{port}")


def work_and_poll(house: House) -> None:
    """Processes and polls until it is interrupted."""
    with working(house):
        Event().wait()


def work_only(house: House) -> None:
    """Processes, beside other processes on the same store, until it is interrupted; they poll and serve."""
    with working(house, poll=False):
        Event().wait()


@contextmanager
def working(house: House, poll: bool = True) -> Iterator[Engine]:
    """Processes what is stored and polls the mailboxes, beside whatever the caller does."""
    stop = Event()
    with house.engine() as engine:
        # Stored, but never handed over because a process was killed in between.
        with house.store.reading() as session:
            engine.send(work.unfinished(session))
        if poll and house.settings.mailboxes:
            Thread(target=Poller(house, engine.send).run, args=(stop,), name="yinjian-poller", daemon=True).start()
        sender = send_mail(house, stop) if poll else None
        try:
            yield engine
        finally:
            stop.set()
            if sender:
                sender.join(STOP_SECONDS)  # so that a mail on its way is not left in doubt


def send_mail(house: House, stop: Event) -> Thread | None:
    """Sends what waits in the outbox, on a thread of its own; None while sending is not configured."""
    from api.outbox.office import office_of, smtp_of
    from api.outbox.sender import Sender

    smtp = smtp_of(house.settings)
    if smtp is None:
        return None
    sender = Sender(house.store, house.files, smtp, office_of(house.settings).address)
    thread = Thread(target=sender.run, args=(stop,), name="yinjian-sender", daemon=True)
    thread.start()
    return thread
