"""How often one address may ask. In memory: it is forgotten with the process."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from time import monotonic

HOUR = 3600.0
MOST_ADDRESSES = 10_000


class Limiter:
    """At most `per_hour` a time of an hour for each address; beyond MOST_ADDRESSES who asks anew must wait."""

    def __init__(self, per_hour: int, clock: Callable[[], float] = monotonic):
        self._per_hour, self._clock = per_hour, clock
        self._asked: dict[str, deque[float]] = {}
        self._lock = Lock()

    def wait(self, address: str) -> int:
        """Counts one more; seconds to wait when that is too many, which then does not count. 0: go on."""
        with self._lock:
            now = self._clock()
            for known in [key for key, times in self._asked.items() if times[-1] <= now - HOUR]:
                del self._asked[known]
            if address not in self._asked and len(self._asked) >= MOST_ADDRESSES:
                return int(HOUR)
            times = self._asked.setdefault(address, deque())
            while times and times[0] <= now - HOUR:
                times.popleft()
            if len(times) >= self._per_hour:
                return max(1, int(times[0] + HOUR - now) + 1)
            times.append(now)
            return 0
