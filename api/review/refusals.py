"""Why something that a person asked for is not done, in Chinese, and with which status of HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from api.review.history import sentence
from api.store.tables import Change


class Refused(Exception):
    """detail: for the person who asked."""

    def __init__(self, detail: str, status: int = 422):
        super().__init__(detail)
        self.detail, self.status = detail, status


class Conflict(Refused):
    """The record is in another version than the asker saw. changes: what was done to it since then."""

    def __init__(self, version: int, changes: Sequence[Change]):
        told = "；".join(sentence(one) for one in changes[-3:])
        said = f"{told}。请查看最新内容后再操作" if told else "系统已重新处理这份材料，请查看最新内容后再操作"
        super().__init__(said, 409)
        self.version, self.changes = version, list(changes)
