"""The pages: lists of records and messages, one record, one message."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.accounts.http import needs
from api.review import queries
from api.review.http import Reading
from api.review.routes import Choice
from api.review.templating import page

SIZE = 50
"""Lines of one page of a list."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read"))])


class ListChoice(Choice):
    page: int = Field(1, ge=1, le=200_000)

    def chosen(self) -> dict[str, str]:
        """What of the filter is set, for links; without the page."""
        return {key: str(value) for key, value in self.model_dump(exclude={"page"}).items() if value}


@router.get("/")
def show_records(request: Request, chosen: Annotated[ListChoice, Query()], session: Reading) -> HTMLResponse:
    wanted = chosen.filter()
    total = queries.record_count(session, wanted)
    values = {
        "records": queries.record_list(session, wanted, SIZE, (chosen.page - 1) * SIZE),
        "counts": queries.record_counts(session, wanted),
        "chosen": chosen,
        "total": total,
        "empty": not chosen.chosen() and total == 0,
        "waiting": queries.message_count(session, "received"),
        "link": _linker("/", chosen.chosen()),
        "here": urlencode(chosen.chosen()),
        "pages": _pages(total),
    }
    return page(request, "records.html", values)


@router.get("/messages")
def show_messages(
    request: Request,
    session: Reading,
    state: Annotated[str, Query(max_length=16)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=200_000)] = 1,
) -> HTMLResponse:
    found = queries.message_list(session, state or None, SIZE, (number - 1) * SIZE)
    total = queries.message_count(session, state or None)
    values = {
        "messages": found,
        "records": queries.message_records(session, [one.sha256 for one in found]),
        "states": queries.message_states(session),
        "state": state,
        "total": total,
        "number": number,
        "pages": _pages(total),
        "link": _linker("/messages", {"state": state} if state else {}),
    }
    return page(request, "messages.html", values)


@router.get("/messages/{id}")
def show_message(request: Request, id: str, session: Reading) -> HTMLResponse:
    found = queries.message(session, id)
    if found is None:
        raise HTTPException(404, "没有这封邮件")
    values = {
        "message": found,
        "records": queries.message_records(session, [id])[id],
        "sheets": queries.message_pages(session, id),
    }
    return page(request, "message.html", values)


def _pages(total: int) -> int:
    return max(1, -(-total // SIZE))


def _linker(path: str, chosen: dict[str, str]) -> Any:
    """A function for templates: the same list with some choices changed; an empty one is left out."""

    def link(**changed: Any) -> str:
        asked = {key: value for key, value in (chosen | changed).items() if value}
        return f"{path}?{urlencode(asked)}" if asked else path

    return link
