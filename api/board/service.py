"""Who is missing, asked of a store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.board.missing import Due, Sent, who_is_missing
from api.errors import NotFound
from api.judging import registers_of
from api.store import across as sql
from corpora.programme import Programme, load_programmes


def missing(session: Session, key: str, today: date | None = None) -> tuple[Due, ...]:
    """`today`: None is today in the programme's zone. Raises NotFound when there is no such programme."""
    programme = find_programme(key)
    sent = [Sent(*row) for row in sql.submissions(session, programme.key)]
    day = today or datetime.now(UTC).astimezone(ZoneInfo(programme.timezone)).date()
    return who_is_missing(programme, registers_of(session).schools, sent, day)


def find_programme(key: str) -> Programme:
    """Raises NotFound."""
    programmes = load_programmes()
    found = next((one for one in programmes if one.key == key), None)
    if found is None:
        raise NotFound(f"没有“{key}”这个项目，可用：{'、'.join(one.key for one in programmes)}")
    return found
