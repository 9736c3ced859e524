"""The SQL of findings across documents. The commit is left to the caller; all are safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.store import work
from api.store.tables import PageRow, PlatformEntry, Record, Specimen

School = tuple[str, str]
"""A school's code and a programme's key: what findings across documents are judged within."""


def schools_of(session: Session, messages: Iterable[str]) -> set[School]:
    """Whose documents are in some messages. A record without a decided school touches all schools of its message."""
    named = sa.select(Record.school_code, Record.programme).where(
        Record.message.in_(list(messages)), Record.school_code.is_not(None), Record.programme.is_not(None)
    )
    return {(code, programme) for code, programme in session.execute(named.distinct()) if code and programme}


def all_schools(session: Session, programme: str | None = None) -> set[School]:
    named = sa.select(Record.school_code, Record.programme).where(Record.school_code.is_not(None))
    named = named.where(Record.programme == programme) if programme else named.where(Record.programme.is_not(None))
    return {(code, key) for code, key in session.execute(named.distinct()) if code and key}


def lock(session: Session, schools: Iterable[School]) -> None:
    """One transaction at a time judges a school. SQLite lets only one write anyway."""
    if session.get_bind().dialect.name == "postgresql":
        for code, programme in sorted(schools):
            key = {"key": f"yinjian.across/{programme}/{code}"}
            session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:key))"), key)


def documents(session: Session, school: School) -> list[Record]:
    """The school's records of known forms, and those of the same messages whose school is not decided."""
    code, programme = school
    of_programme = (Record.programme == programme, Record.form.is_not(None))
    ours = sa.select(Record.message).where(Record.school_code == code, *of_programme)
    undecided = sa.and_(Record.school_code.is_(None), Record.message.in_(ours))
    found = sa.select(Record).where(*of_programme, sa.or_(Record.school_code == code, undecided))
    return list(session.scalars(found.order_by(Record.id).execution_options(populate_existing=True)))


def office_files(session: Session, messages: Iterable[str]) -> set[str]:
    """The hashes of the files that are documents, not scans."""
    kinds = (PageRow.message.in_(list(messages)), PageRow.kind.in_(("docx", "xlsx")))
    return set(session.scalars(sa.select(PageRow.file).where(*kinds).distinct()))


def save_judged(session: Session, record: Record, body: dict[str, Any], now: datetime) -> None:
    """A new body, with its state, lane, findings and version; nothing is written when it is the old one."""
    if body == record.body:
        return
    record.version += 1
    record.body, record.state, record.lane, record.updated_at = body, body["state"], body["lane"], now
    session.flush()
    work.save_findings(session, record)


def submissions(session: Session, programme: str) -> list[tuple[str, str, datetime | None]]:
    """Form, school and receipt of everything that a school sent, but what was rejected."""
    sent = sa.select(Record.form, Record.school_code, Record.received_at).where(
        Record.programme == programme,
        Record.form.is_not(None),
        Record.school_code.is_not(None),
        Record.state != "rejected",
    )
    return [(form or "", code or "", received) for form, code, received in session.execute(sent)]


def platform(session: Session, school: School) -> list[PlatformEntry]:
    code, programme = school
    here = (PlatformEntry.school_code == code, PlatformEntry.programme == programme)
    return list(
        session.scalars(sa.select(PlatformEntry).where(*here).order_by(PlatformEntry.certificate, PlatformEntry.level))
    )


def save_platform(session: Session, programme: str, rows: Sequence[PlatformEntry]) -> None:
    """A new list in place of the programme's earlier one."""
    session.execute(sa.delete(PlatformEntry).where(PlatformEntry.programme == programme))
    session.add_all(rows)
    session.flush()


def specimens(session: Session, code: str) -> list[Specimen]:
    found = sa.select(Specimen).where(Specimen.school_code == code)
    return list(session.scalars(found.order_by(Specimen.kept_at, Specimen.record, Specimen.place)))


def drop_specimens(session: Session, record: Record) -> None:
    """What was kept of a record that is accepted no more."""
    session.execute(sa.delete(Specimen).where(Specimen.record == record.id))


def keep_specimens(session: Session, record: Record, now: datetime) -> int:
    """Keeps the school's own seals of an accepted record, unless it has specimens already; says how many."""
    if record.state != "accepted" or not record.school_code or specimens(session, record.school_code):
        return 0
    own = [(n, seal) for n, seal in enumerate(record.body["seals"]) if seal["owner"] == "same"]
    session.add_all(
        Specimen(school_code=record.school_code, record=record.id, place=n, kept_at=now, body=seal) for n, seal in own
    )
    session.flush()
    return len(own)
