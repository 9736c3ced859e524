"""`yinjian serve`: the pages, the JSON API, the pipeline and the poller in one process (door: uvicorn)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from api.engine import Engine
from api.house import House, open_house
from api.poller import Poller
from api.settings import Settings
from api.store import work


def serve(settings: Settings) -> None:
    """Runs until it is told to stop (Ctrl-C, SIGTERM)."""
    import uvicorn

    from api.app import create_app

    with open_house(settings) as house, working(house):
        app = create_app(house.store, house.files)
        uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)


def work_and_poll(house: House) -> None:
    """Processes and polls until it is interrupted."""
    with working(house):
        Event().wait()


@contextmanager
def working(house: House) -> Iterator[Engine]:
    """Processes what is stored and polls the mailboxes, beside whatever the caller does."""
    stop = Event()
    with house.engine() as engine:
        # Stored, but never handed over because a process was killed in between.
        with house.store.reading() as session:
            engine.send(work.unfinished(session))
        if house.settings.mailboxes:
            Thread(target=Poller(house, engine.send).run, args=(stop,), name="yinjian-poller", daemon=True).start()
        try:
            yield engine
        finally:
            stop.set()
