"""The contract's record, built from what the stages emitted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any, Literal

from extractors.extraction import Extraction, Finding, Reading, Signature
from ingest.document import DigitalSignature, Document, Mail

Lane = Literal["ready", "ask", "parked"]
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the later stages say of one Extraction. `matches`: as the contract writes them; `findings`: all of them.

    city: of the school, else of the office that sent it; None when neither is known. school_kind: as programmes rule
    by it. due: the last day of the round that it belongs to.
    """

    lane: Lane
    programme: str | None = None
    matches: dict[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    seals: tuple[dict[str, Any], ...] = ()
    city: str | None = None
    school_kind: str | None = None
    due: date | None = None


def record_id(message: str, document: Document, extraction: Extraction, taken: Mapping[str, Any]) -> str:
    """Stable: made of the message's hash and the first page's. `taken`: ids that this message already has."""
    first = document.pages[extraction.pages[0]] if extraction.pages else None
    name = f"{message}/{first.sha256}/{first.number}" if first else message
    number = 0
    while True:
        own = sha256((f"{name}/{number}" if number else name).encode()).hexdigest()[:20]
        if own not in taken:
            return own
        number += 1  # two forms that begin on one page, or the same page sent twice


def build_record(
    identity: str,
    mail: Mail,
    received_at: datetime | None,
    document: Document,
    extraction: Extraction,
    judged: Judgement,
) -> dict[str, Any]:
    """One JSON object of the contract, as the machine sees it (state `review`)."""
    pages = [document.pages[place] for place in extraction.pages]
    electronic = list(dict.fromkeys(document.pages[place].file_name for place in extraction.attached))
    digital = [s for s in document.digital_signatures if s.sha256 in {page.sha256 for page in pages}]
    first = pages[0].file_name if pages else next((t.file_name for t in document.troubles if t.file_name), None)
    return {
        "schema": 1,
        "id": identity,
        "state": "review",
        "level": None,
        "lane": judged.lane,
        "source": {
            "message_id": mail.message_id or None,
            "subject": mail.subject,
            "sender": mail.sender,
            "received_at": received_at.astimezone(CHINA).isoformat() if received_at else None,
            "file_name": first,
            "pages": [{"file_name": p.file_name, "sha256": p.sha256, "page": p.number} for p in pages],
            **({"electronic": electronic} if electronic else {}),
        },
        "programme": judged.programme,
        "form": extraction.form,
        "city": judged.city,
        "school_kind": judged.school_kind,
        "due": judged.due.isoformat() if judged.due else None,
        "fields": {key: _reading(reading) for key, reading in extraction.fields.items()},
        "rows": [{key: _reading(reading) for key, reading in row.items()} for row in extraction.rows],
        **({"versions": [_version(*version) for version in extraction.versions]} if extraction.versions else {}),
        "matches": {"school": None, "certificate": None, "rows": []} | judged.matches,
        "seals": list(judged.seals),
        "signatures": [_signature(signature) for signature in extraction.signatures],
        **({"digital_signatures": [_digital(one) for one in digital]} if digital else {}),
        "findings": [_finding(finding) for finding in judged.findings],
    }


def decided_school(body: Mapping[str, Any]) -> str | None:
    """The code of the school that a record is of; None while it is not decided."""
    school = body["matches"].get("school") or {}
    return school.get("code") if school.get("decided") else None


def _version(fields: Mapping[str, Reading], rows: Sequence[Mapping[str, Reading]]) -> dict[str, Any]:
    """What an electronic version says, to be held against the scan."""

    def told(readings: Mapping[str, Reading]) -> dict[str, Any]:
        return {k: {"text": one.text, "value": one.value, "reading": one.reading} for k, one in readings.items()}

    return {"fields": told(fields), "rows": [told(row) for row in rows]}


def _reading(reading: Reading) -> dict[str, Any]:
    told: dict[str, Any] = {
        "text": reading.text,
        "value": reading.value,
        "reading": reading.reading,
        "confidence": round(reading.confidence, 4),
        "page": reading.page,
        "box": list(reading.box) if reading.box else None,
        "origin": "machine",
    }
    if reading.quad:
        told["quad"] = [[round(x, 5), round(y, 5)] for x, y in reading.quad]
    if reading.doubt:
        told["doubt"] = reading.doubt
    if reading.options:
        told["options"] = list(reading.options)
    return told


def _digital(signature: DigitalSignature) -> dict[str, Any]:
    return {
        "file_name": signature.file_name,
        "signer": signature.signer,
        "signed_at": signature.signed_at.astimezone(CHINA).isoformat() if signature.signed_at else None,
        "intact": signature.intact,
        "covers_file": signature.covers_file,
        "altered": signature.altered,
        "trusted": signature.trusted,
    }


def _signature(signature: Signature) -> dict[str, Any]:
    return {
        "role": signature.role,
        "state": signature.state,
        "page": signature.page,
        "box": list(signature.box) if signature.box else None,
        "confidence": signature.confidence,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "field": finding.field,
        "row": finding.row,
        "message": finding.message,
        **({"offers": [asdict(one) for one in finding.offers]} if finding.offers else {}),
    }
