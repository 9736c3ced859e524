"""The cities that a user may be bound to: those of the registers, so that a slip of the pen hides nothing from her."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.judging import registers_of


def known_cities(session: Session) -> frozenset[str]:
    registers = registers_of(session)
    cities = {school.city for school in registers.schools} | {bureau.city for bureau in registers.bureaus}
    return frozenset(cities - {""})
