"""The list page of records, and what its buttons do without script: each answers with the way back to the list."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field
from sqlalchemy.orm import Session

from api.accounts.actor import Actor, may, may_assign
from api.queue import assignment, batches, holds, views
from api.queue.choice import Choice
from api.queue.routes import Accepter, Assigner, Id, Reader, accept_chosen, assign_one, plain_query, store_of
from api.queue.view import due_words, groups
from api.record import CHINA
from api.review import queries
from api.review.http import Reading
from api.review.templating import page
from api.store.tables import Batch
from corpora.vocabulary import vocabulary

SIZES = (25, 50, 100, 200)

router = APIRouter(include_in_schema=False)
Ids = Annotated[tuple[str, ...], Form(max_length=batches.MOST)]
Here = Annotated[str, Query(max_length=2000)]


class ListChoice(Choice):
    page: int = Field(1, ge=1, le=200_000)
    size: int = Field(50, ge=1, le=200)
    batch: str = Field("", max_length=32, description="Whose outcome is shown above the list.")

    def here(self) -> dict[str, str]:
        """What is chosen, with the size of a page."""
        return self.chosen() | ({"size": str(self.size)} if self.size != 50 else {})


@router.get("/")
def show_records(
    request: Request, chosen: Annotated[ListChoice, Query()], session: Reading, actor: Reader
) -> HTMLResponse:
    wanted, link = chosen.filter(actor), _linker(chosen.here())
    counts = queries.record_counts(session, wanted)
    rows = queries.record_rows(session, wanted, chosen.size, (chosen.page - 1) * chosen.size)
    people, today = assignment.people(session), datetime.now(CHINA).date()
    facets = wanted.facets() | ({"finding": wanted.finding} if wanted.finding else {})
    values = {
        "rows": rows,
        "held": holds.held_by_others(session, [row.id for row in rows], actor),
        "due": {row.id: due_words(row.due_on, today) for row in rows},
        "counts": counts,
        "groups": groups(counts, facets, vocabulary(), people, actor.name, link),
        "chosen": chosen,
        "total": counts.total,
        "empty": not chosen.narrowed() and counts.total == 0,
        "waiting": 0 if actor.cities else queries.message_count(session, "received"),
        "link": link,
        "here": urlencode(chosen.here()),
        "pages": max(1, -(-counts.total // chosen.size)),
        "sizes": SIZES,
        "views": views.views(session, actor),
        "people": {name: shown for name, shown in people.items() if may_assign(actor, name)},
        "shown_names": people,
        "batch": _batch(request, actor, chosen.batch) if chosen.batch else None,
        "ready": _ready(session, chosen, actor),
        "most": batches.MOST,
    }
    return page(request, "records.html", values)


@router.post("/queue/accept")
def accept(
    request: Request,
    chosen: Annotated[Choice, Query()],
    actor: Accepter,
    id: Ids = (),
    all: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    batch = accept_chosen(request, actor, None if all else list(id), chosen)
    return _back(chosen, batch=batch.id)


@router.post("/queue/accepted/{id}/undo")
def undo(request: Request, id: Id, chosen: Annotated[Choice, Query()], actor: Accepter) -> RedirectResponse:
    batches.undo(store_of(request), request.app.state.decisions, actor, id)
    return _back(chosen, batch=id)


@router.post("/queue/assign")
def assign(
    request: Request,
    chosen: Annotated[Choice, Query()],
    actor: Assigner,
    id: Ids = (),
    to: Annotated[str, Form(max_length=64)] = "",
) -> RedirectResponse:
    """to: a login name; empty: nobody."""
    for one in id:
        assign_one(request, actor, one, to or None)
    return _back(chosen)


@router.post("/queue/next")
def take_next(request: Request, chosen: Annotated[Choice, Query()], actor: Assigner) -> RedirectResponse:
    with store_of(request).session() as session:
        found = assignment.take_next(session, actor, chosen.filter(actor))
    if found is None:
        return _back(chosen, assignee="me")
    return RedirectResponse(f"/records/{found}?{chosen.query()}", 303)


@router.post("/queue/views")
def keep_view(
    request: Request,
    chosen: Annotated[Choice, Query()],
    actor: Reader,
    name: Annotated[str, Form(min_length=1, max_length=40)],
    shared: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    with store_of(request).session() as session:
        views.keep(session, actor, name.strip(), plain_query(chosen.query()), shared)
    return _back(chosen)


@router.post("/queue/views/{id}/drop")
def drop_view(request: Request, id: Id, chosen: Annotated[Choice, Query()], actor: Reader) -> RedirectResponse:
    with store_of(request).session() as session:
        if not views.drop(session, actor, id):
            raise HTTPException(404, "没有这个视图，或不是您的")
    return _back(chosen)


def _ready(session: Session, chosen: Choice, actor: Actor) -> int:
    """How many of the list could be accepted at once."""
    if not may(actor, "bulk") or chosen.lane not in ("", "ready") or chosen.state not in ("", "review"):
        return 0
    return queries.record_count(session, chosen.model_copy(update={"lane": "ready", "state": "review"}).filter(actor))


def _batch(request: Request, actor: Actor, id: str) -> Batch | None:
    return batches.find(store_of(request), actor, id)


def _back(chosen: Choice, **more: str) -> RedirectResponse:
    asked = urlencode(chosen.chosen() | more)
    return RedirectResponse(f"/?{asked}" if asked else "/", 303)


def _linker(here: dict[str, str]) -> Any:
    """A function for templates: the same list with some choices changed; an empty one is left out."""

    def link(**changed: Any) -> str:
        asked = {key: value for key, value in (here | changed).items() if value}
        return f"/?{urlencode(asked)}" if asked else "/"

    return link
