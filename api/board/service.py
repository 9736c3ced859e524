"""Who is missing, and the dashboard, asked of a store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.board import queries
from api.board.figures import Figures, figures
from api.board.missing import Due, Sent, who_is_missing
from api.errors import NotFound
from api.judging import registers_of
from api.store import across as sql
from corpora.programme import Programme, load_programmes
from matching.timing import stretches

COMMONEST = 15
"""Findings that the dashboard lists."""


def missing(session: Session, key: str, cities: tuple[str, ...] = (), today: date | None = None) -> tuple[Due, ...]:
    """cities: those whose schools are told, () for all. today: None is today in the programme's zone.

    Raises NotFound when there is no such programme.
    """
    programme = find_programme(key)
    sent = [Sent(*row) for row in sql.submissions(session, programme.key)]
    day = today or datetime.now(UTC).astimezone(ZoneInfo(programme.timezone)).date()
    return _of_cities(who_is_missing(programme, registers_of(session).schools, sent, day), cities)


@dataclass(frozen=True, slots=True)
class Board:
    """The dashboard of one programme, or (None) of all."""

    programme: str | None
    figures: Figures
    findings: tuple[tuple[str, int], ...]
    due: tuple[Due, ...]


def board(session: Session, key: str | None, cities: tuple[str, ...] = (), today: date | None = None) -> Board:
    """cities: those whose records are counted, () for all. Raises NotFound when there is no such programme."""
    programme = find_programme(key) if key else None
    windows = [
        (one.first, one.last)
        for window in (programme.windows if programme else ())
        for one in stretches(window)
        if one.first != date.min
    ]
    return Board(
        key,
        figures(queries.facts(session, key, cities), queries.decisions(session, key, cities), windows),
        tuple(queries.commonest(session, key, cities, COMMONEST)),
        missing(session, key, cities, today) if key else (),
    )


def _of_cities(due: tuple[Due, ...], cities: tuple[str, ...]) -> tuple[Due, ...]:
    """Only the schools of these cities; day by day is known of all together only."""
    if not cities:
        return due
    kept = []
    for one in due:
        groups = tuple(group for group in one.groups if group.city in cities)
        kept.append(replace(one, groups=groups, expected=sum(group.expected for group in groups), days=()))
    return tuple(kept)


def find_programme(key: str) -> Programme:
    """Raises NotFound."""
    programmes = load_programmes()
    found = next((one for one in programmes if one.key == key), None)
    if found is None:
        raise NotFound(f"没有“{key}”这个项目，可用：{'、'.join(one.key for one in programmes)}")
    return found
