"""Which processes work: each holds a name by a lock of its machine, says that it lives, and sees who no longer does."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.store import work
from api.store.engine import Store
from api.store.tables import UtcTime, Worker

DEAD_AFTER = 4  # missed beats


class Slot:
    """A name `host:number` that no other process of this machine has, for the life of the process.

    The number is the lowest free one, so that whoever comes after a killed process takes up its work at once.
    """

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        host = socket.gethostname()
        number = 0
        while True:
            self._descriptor = os.open(folder / f"{host}-{number}.lock", os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                os.close(self._descriptor)
                number += 1
        self.executor = f"{host}:{number}"

    def close(self) -> None:
        os.close(self._descriptor)


class Presence:
    """The heartbeat of one process, in the store and by the store's clock.

    A row stays when its process ends: if work was under way, a peer takes it over as from the dead.
    """

    def __init__(self, store: Store, executor: str, seconds: float):
        self._store, self._executor = store, executor
        self._silence = timedelta(seconds=seconds * DEAD_AFTER)
        self._last = time.monotonic()

    def beat(self) -> bool:
        """Says that this process lives; False when it was silent itself for so long (the machine slept, the database
        was away) that its peers may have been too: then let them beat first."""
        now = time.monotonic()
        regular = now - self._last < self._silence.total_seconds()
        with self._store.session() as session:
            moment = _now(session)
            work.insert_new(session, Worker, [{"executor": self._executor, "beat_at": moment}])
            session.execute(sa.update(Worker).where(Worker.executor == self._executor).values(beat_at=moment))
        self._last = now
        return regular

    def dead(self) -> list[str]:
        """The processes that have been silent for too long."""
        with self._store.reading() as session:
            now = _now(session)
            rows = session.execute(sa.select(Worker.executor, Worker.beat_at).order_by(Worker.executor)).all()
        return [name for name, beat in rows if now - beat > self._silence and name != self._executor]

    def forget(self, executors: Sequence[str]) -> None:
        with self._store.session() as session:
            session.execute(sa.delete(Worker).where(Worker.executor.in_(executors)))


def _now(session: Session) -> datetime:
    """The store's clock: the machines' own may differ."""
    if session.get_bind().dialect.name == "sqlite":
        clock = sa.func.strftime("%Y-%m-%d %H:%M:%f", "now", type_=UtcTime())
    else:
        clock = sa.func.clock_timestamp(type_=UtcTime())
    return session.scalars(sa.select(clock)).one()
