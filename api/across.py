"""Findings across documents, kept true: after a message is saved, all records of its schools are judged again.

Whatever the order of taking, the outcome is that of the documents that are there (`matching.across`). Findings made so
carry `origin: across` and replace the earlier ones; those of the record alone are left as they are. A person's decision
is never changed: only `review` becomes `superseded`, and comes back when its reason is gone. Empty templates that came
along are no documents of the school.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from api.corrections import asks, with_settled
from api.store import across as sql
from api.store.tables import Record
from corpora.programme import Programme, load_programmes
from corpora.register import School
from matching.across.filed import Cell, Cells, Content, Filed, Impression, Judged, PlatformRow, Said, Signed
from matching.across.judge import judge_across
from matching.across.rounds import round_of

Body = dict[str, Any]
SURE = 0.9


def nobody(code: str) -> School | None:
    """No register."""
    return None


@dataclass(frozen=True, slots=True)
class Across:
    """school_of: the register's entry for a code."""

    school_of: Callable[[str], School | None] = nobody

    def judge(self, session: Session, schools: Iterable[sql.School]) -> None:
        """Judges all records of these schools again, in the session's transaction."""
        wanted = sorted(set(schools))
        sql.lock(session, wanted)
        programmes = {programme.key: programme for programme in load_programmes()}
        for code, key in wanted:
            if programme := programmes.get(key):
                self._judge(session, code, programme)

    def _judge(self, session: Session, code: str, programme: Programme) -> None:
        records = [one for one in sql.documents(session, (code, programme.key)) if not _is_template(one.body)]
        office = sql.office_files(session, {record.message for record in records})
        school = self.school_of(code)
        judged = judge_across(
            (_filed(record, code, programme, school, office) for record in records),
            programme,
            school,
            platform=[_platform_row(row) for row in sql.platform(session, (code, programme.key))],
            specimens=[_impression(one.body) for one in sql.specimens(session, code)],
        )
        now = datetime.now(UTC)
        for record in records:
            if record.school_code == code:
                sql.save_judged(session, record, judged_body(record.body, record.own_lane, judged), now)


def judged_body(body: Body, own_lane: str, judged: Judged) -> Body:
    """The record with the findings across documents that are true now, its lane and its state by them. Pure."""
    found = [_finding(said) for said in judged.said if said.record == body["id"]]
    state = body["state"]
    if state in ("review", "superseded"):
        state = "superseded" if body["id"] in judged.superseded else "review"
    told = with_settled(body | {"state": state, "lane": own_lane, "findings": own_findings(body) + found})
    open_ones = any(asks(finding) for finding in told["findings"] if finding.get("origin") == "across")
    return told | {"lane": "ask" if open_ones and told["lane"] == "ready" else told["lane"]}


def own_findings(body: Body) -> list[Body]:
    """Those of the record alone."""
    return [finding for finding in body["findings"] if finding.get("origin") != "across"]


def _finding(said: Said) -> Body:
    one = said.finding
    told = {"code": one.code, "severity": one.severity, "field": one.field, "row": one.row, "message": one.message}
    return told | {"origin": "across", "related": list(said.related)}


def _is_template(body: Body) -> bool:
    return any(finding["code"] == "form.blank" for finding in body["findings"])


# --- from the record of the contract to what the core compares ---


def _filed(record: Record, code: str, programme: Programme, school: School | None, office: set[str]) -> Filed:
    body, kind = record.body, school.standing if school else None
    pages = body["source"]["pages"]
    return Filed(
        id=record.id,
        message=record.message,
        place=record.place,
        received_at=record.received_at,
        form=record.form or "",
        state=body["state"],
        content=content_of(body),
        round=round_of(programme, record.form or "", kind, record.received_at),
        pages=tuple(f"{page['sha256']}/{page['page']}" for page in pages),
        seals=tuple(_impression(seal) for seal in body["seals"] if seal["kind"] != "riding"),
        signatures=_signed(body["signatures"]),
        attached=tuple(_plain_content(version) for version in body.get("versions", ())),
        electronic=bool(pages) and all(page["sha256"] in office for page in pages),
        ours=record.school_code == code,
    )


def content_of(body: Body) -> Content:
    """What a record says, with the certificates that were decided on."""
    matches = body["matches"]
    listed = matches.get("rows") or []
    rows = [
        _cells(row, listed[place].get("certificate") if place < len(listed) else None)
        for place, row in enumerate(body["rows"])
    ]
    return Content(_cells(body["fields"], matches.get("certificate")), tuple(rows))


def _plain_content(version: Body) -> Content:
    return Content(_cells(version["fields"], None), tuple(_cells(row, None) for row in version["rows"]))


def _cells(readings: Mapping[str, Body], certificate: Body | None) -> Cells:
    cells = {key: _cell(reading) for key, reading in readings.items()}
    if certificate and "certificate" in cells:
        one, decided = cells["certificate"], bool(certificate.get("decided"))
        name = certificate.get("name") if decided else None
        cells["certificate"] = Cell(one.text, one.value, one.reading, one.doubtful or not decided, name)
    return cells


def _cell(reading: Body) -> Cell:
    sure = reading.get("origin") == "person" or reading.get("confidence", 1.0) >= SURE
    return Cell(reading["text"], reading["value"], reading["reading"], bool(reading.get("doubt")) or not sure)


def _impression(seal: Body) -> Impression:
    return Impression(
        seal.get("owner") or "unknown", seal.get("print") or "", seal.get("code") or "", seal.get("diameter")
    )


def _signed(signatures: Iterable[Body]) -> tuple[Signed, ...]:
    states: dict[str, list[str]] = {}
    for one in signatures:
        states.setdefault(one["role"], []).append(one["state"])
    return tuple(Signed(role, of.count("signed"), of.count("unsure")) for role, of in sorted(states.items()))


def _platform_row(row: Any) -> PlatformRow:
    return PlatformRow(row.certificate, row.level, row.headcount)
