"""Which round of its programme a document belongs to: resends and sets are looked for within one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from corpora.programme import Programme
from matching.timing import nearest


def round_of(programme: Programme, form: str, kind: str | None, received_at: datetime | None) -> str:
    """The last day of the nearest round; empty where there is only one, or none, or no receipt time.

    Monthly reports have no rounds here: they are told apart by the month that they are about (`SeriesRule`).
    """
    window = programme.window(form, kind)
    if window is None or len(window.rounds) < 2 or received_at is None:
        return ""
    return nearest(window, received_at.astimezone(ZoneInfo(programme.timezone)).date()).last.isoformat()
