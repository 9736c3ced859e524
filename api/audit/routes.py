"""The audit log for those who may read it: a page and JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.accounts.actor import Actor
from api.accounts.http import REFUSED, needs
from api.audit.service import Asked, entries, entry_count, event_names, verify_store
from api.audit.verify import Kind
from api.audit.words import detail_words, event_word
from api.record import CHINA
from api.review.http import Reading
from api.review.templating import page
from api.store.tables import AuditRow

SIZE = 100
router = APIRouter(responses=REFUSED, tags=["audit"])
pages = APIRouter(include_in_schema=False)

Reader = Annotated[Actor, Depends(needs("audit"))]


class Choice(BaseModel):
    """Which entries; an empty value asks nothing."""

    by: str = Field("", max_length=64)
    event: str = Field("", max_length=40, description="A name, or its beginning before a dot.")
    record: str = Field("", max_length=40)
    since: date | None = Field(None, description="The first day, in Chinese time.")
    until: date | None = Field(None, description="The last day, in Chinese time.")

    @field_validator("since", "until", mode="before")
    @classmethod
    def _blank(cls, value: Any) -> Any:
        return value or None

    def asked(self) -> Asked:
        since = _midnight(self.since) if self.since else None
        until = _midnight(self.until + timedelta(days=1)) if self.until and self.until < date.max else None
        return Asked(self.by or None, self.event or None, self.record or None, since, until)


class PagedChoice(Choice):
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class ListChoice(Choice):
    page: int = Field(1, ge=1, le=100_000)


class EntryView(BaseModel):
    number: int
    at: datetime
    by: str = Field(description='Login name; "machine"; "cli:…" for a command; "" for a stranger.')
    event: str
    record: str | None
    detail: dict[str, Any]
    hash: str


class EntryList(BaseModel):
    total: int
    items: list[EntryView]


class FaultView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    kind: Kind
    message: str


class ReportView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    count: int = Field(description="So many entries from the beginning are sound.")
    hash: str = Field(description="Of the last of them.")
    fault: FaultView | None


@router.get("/api/audit", response_model=EntryList)
def list_entries(actor: Reader, chosen: Annotated[PagedChoice, Query()], session: Reading) -> EntryList:
    """The newest first."""
    found = entries(session, chosen.asked(), chosen.limit, chosen.offset)
    return EntryList(total=entry_count(session, chosen.asked()), items=[_view(row) for row in found])


@router.get("/api/audit/verify", response_model=ReportView)
def verify(actor: Reader, request: Request) -> ReportView:
    """Looks through the whole log."""
    report = verify_store(request.app.state.store)
    return ReportView.model_validate(report)


@pages.get("/audit")
def show_entries(
    request: Request, actor: Reader, chosen: Annotated[ListChoice, Query()], session: Reading
) -> HTMLResponse:
    total = entry_count(session, chosen.asked())
    kept = {key: str(value) for key, value in chosen.model_dump(exclude={"page"}).items() if value}
    found = [_view(row) for row in entries(session, chosen.asked(), SIZE, (chosen.page - 1) * SIZE)]
    values = {
        "entries": [(entry, event_word(entry.event), detail_words(entry.detail)) for entry in found],
        "events": {name: event_word(name) for name in event_names(session)},
        "chosen": chosen,
        "filtered": bool(kept),
        "total": total,
        "pages": max(1, -(-total // SIZE)),
        "link": lambda page: "/audit?" + urlencode(kept | {"page": page}),
    }
    return page(request, "audit.html", values)


@pages.post("/audit/verify")
def show_report(request: Request, actor: Reader) -> HTMLResponse:
    return page(request, "audit_report.html", {"report": verify_store(request.app.state.store)})


def _view(row: AuditRow) -> EntryView:
    """What was tampered with may be no JSON any more, and is shown as it is."""
    try:
        detail = json.loads(row.detail)
    except ValueError:
        detail = None
    detail = detail if isinstance(detail, dict) else {"?": str(row.detail)}
    made = {key: getattr(row, key) for key in ("number", "at", "by", "event", "record", "hash")}
    return EntryView.model_validate(made | {"detail": detail})


def _midnight(day: date) -> str:
    """The beginning of a day in China as the log writes times."""
    begins = datetime.combine(day, time(), CHINA)
    try:
        return begins.astimezone(UTC).isoformat(timespec="microseconds")
    except OverflowError:
        return ""
