"""The pages of messages: their list, and one message."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from api.accounts.http import Signed, needs
from api.review import queries
from api.review.http import Reading
from api.review.templating import page

SIZE = 50
"""Lines of one page of a list."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read"))])


@router.get("/messages")
def show_messages(
    request: Request,
    session: Reading,
    actor: Signed,
    state: Annotated[str, Query(max_length=16)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=200_000)] = 1,
) -> HTMLResponse:
    seen = actor.cities
    found = queries.message_list(session, state or None, SIZE, (number - 1) * SIZE, seen)
    total = queries.message_count(session, state or None, seen)
    values = {
        "messages": found,
        "records": queries.message_records(session, [one.sha256 for one in found], seen),
        "states": queries.message_states(session, seen),
        "state": state,
        "total": total,
        "number": number,
        "pages": _pages(total),
        "link": _linker("/messages", {"state": state} if state else {}),
    }
    return page(request, "messages.html", values)


@router.get("/messages/{id}")
def show_message(request: Request, id: str, session: Reading, actor: Signed) -> HTMLResponse:
    found = queries.message(session, id, actor.cities)
    if found is None:
        raise HTTPException(404, "没有这封邮件")
    values = {
        "message": found,
        "records": queries.message_records(session, [id], actor.cities)[id],
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
