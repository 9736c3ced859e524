"""Which round of its programme a document belongs to: resends and sets are looked for within one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from corpora.programme import Programme


def round_of(programme: Programme, form: str, kind: str | None, received_at: datetime | None) -> str:
    """The name (else the place) of the nearest round; empty where there is only one, or none, or no receipt time."""
    window = programme.window(form, kind)
    if window is None or len(window.rounds) < 2 or received_at is None:
        return ""
    day = received_at.astimezone(ZoneInfo(programme.timezone)).date()
    far = [max(((one.first or one.last) - day).days, (day - one.last).days, 0) for one in window.rounds]
    nearest = far.index(min(far))
    return window.rounds[nearest].name or str(nearest + 1)
