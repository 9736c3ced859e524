"""The states of a mail in the outbox, and when a failed attempt is made again. Pure.

waiting -> sending -> sent
              |-> waiting (the server may take it later; or the process died, and nobody knows whether it left)
              |-> failed (refused for good, or tried too often)
waiting, failed -> cancelled; failed, cancelled -> waiting (by a person)
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

State = Literal["waiting", "sending", "sent", "failed", "cancelled"]

STATES: dict[State, str] = {
    "waiting": "等待发送",
    "sending": "正在发送",
    "sent": "已发送",
    "failed": "发送失败",
    "cancelled": "已取消",
}
KINDS = {"reply": "答复", "reminder": "催报"}

CANCELLABLE: tuple[State, ...] = ("waiting", "failed")
RETRIABLE: tuple[State, ...] = ("failed", "cancelled")
MOST_ATTEMPTS = 8
"""With the pauses below, over about a day."""
LEASE = timedelta(minutes=15)
"""An attempt that lasts longer is one whose process died: every wait for the server is far shorter."""


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 4, 16, 64 minutes and so on, six hours at most."""
    return min(timedelta(minutes=4 ** (min(attempts, 8) - 1)), timedelta(hours=6))
