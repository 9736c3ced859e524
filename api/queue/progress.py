"""How far the reading of mails is, told to who watches: one question to the store for all watchers of one scope.

A watcher of some cities hears of their records only: of which city an unread mail is, nobody knows.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import sqlalchemy as sa
from fastapi.concurrency import run_in_threadpool

from api.store.engine import Store
from api.store.tables import Message, Record

PAUSE = 2.0
"""Seconds between two questions."""


@dataclass(frozen=True, slots=True)
class Progress:
    """waiting: mails that are not read yet, None for who sees some cities only. records: how many may be seen.

    changed: when one of them changed last (ISO 8601).
    """

    waiting: int | None
    records: int
    changed: str | None


@dataclass
class Watch:
    """Answers from memory while the last answer is fresh. ended: whether the server is about to end."""

    store: Store
    pause: float = PAUSE
    ended: bool = False
    _last: dict[tuple[str, ...], tuple[float, Progress]] = field(default_factory=dict)
    _asking: dict[tuple[str, ...], asyncio.Lock] = field(default_factory=dict)

    async def now(self, cities: tuple[str, ...]) -> Progress:
        async with self._asking.setdefault(cities, asyncio.Lock()):
            at, known = self._last.get(cities, (0.0, None))
            if known is None or time.monotonic() - at >= self.pause:
                known = await run_in_threadpool(ask, self.store, cities)
                self._last[cities] = (time.monotonic(), known)
            return known


def ask(store: Store, cities: tuple[str, ...]) -> Progress:
    seen = [Record.city.in_(cities)] if cities else []
    with store.reading() as session:
        count, changed = session.execute(sa.select(sa.func.count(), sa.func.max(Record.updated_at)).where(*seen)).one()
        unread = sa.select(sa.func.count()).select_from(Message).where(Message.state == "received")
        waiting = None if cities else session.scalar(unread) or 0
    return Progress(waiting, count, changed.isoformat() if changed else None)
