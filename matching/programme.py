"""Which programme a form was sent to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from corpora.programme import Programme
from extractors.subject import Subject


def choose_programme(
    form: str | None, subject: Subject, received_at: datetime | None, programmes: Sequence[Programme]
) -> Programme | None:
    """The programme that expects the form (or, for no known form, whose conventions the subject follows).

    Where several do: the one of the year in which the mail came, else of the year in its subject, else the latest.
    """
    fitting = [p for p in programmes if (form in p.forms if form else p.key == subject.programme)]

    def rank(programme: Programme) -> tuple[bool, bool, int]:
        came = received_at.astimezone(ZoneInfo(programme.timezone)).year if received_at else None
        return programme.year == came, programme.year == subject.year, programme.year

    return max(fitting, key=rank, default=None)
