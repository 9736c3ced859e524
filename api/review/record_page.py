"""The page of one record, and the parts of it that are fetched anew: facts after a change, history, related records."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.accounts.http import needs
from api.queue.pages import ListChoice
from api.record import decided_school
from api.review import queries
from api.review.decision_routes import Deciding, get_history
from api.review.decisions import Decisions
from api.review.http import Reading
from api.review.questions import choices, notes, questions
from api.review.templating import page
from api.review.view import record_view
from corpora.vocabulary import vocabulary

router = APIRouter(include_in_schema=False)

Reader = Annotated[Actor, Depends(needs("read"))]
Chosen = Annotated[ListChoice, Query()]


@router.get("/records/{id}")
def show_record(
    request: Request, id: str, chosen: Chosen, session: Reading, actor: Reader, decisions: Deciding
) -> HTMLResponse:
    values = _facts(decisions, session, id, actor)
    wanted = chosen.filter(actor)
    before, after = queries.neighbours(session, id, wanted)
    # What was just settled leaves the list: the next one is looked for among those that are still to be settled.
    _, pending = queries.neighbours(session, id, wanted if wanted.state else replace(wanted, state="review"))
    return page(
        request,
        "record.html",
        values
        | {
            "before": before,
            "after": after,
            "pending": pending,
            "preload": bool(pending and [*queries.page_views(session, pending, actor.cities), ""][0]),
            "here": urlencode(chosen.here()),
        },
    )


@router.get("/records/{id}/facts")
def show_facts(
    request: Request,
    id: str,
    session: Reading,
    actor: Reader,
    decisions: Deciding,
    keep: Annotated[str, Query(max_length=4000, description="Marks of the questions that are on the page.")] = "",
) -> HTMLResponse:
    """What changes with a decision or a correction."""
    return page(request, "record_facts.html", _facts(decisions, session, id, actor, keep.split()))


@router.get("/records/{id}/history")
def show_history(request: Request, id: str, session: Reading, actor: Reader) -> HTMLResponse:
    return page(request, "record_history.html", {"items": get_history(id, actor, session).items})


@router.get("/records/{id}/related")
def show_related(request: Request, id: str, session: Reading, actor: Reader) -> HTMLResponse:
    """The other records of the same mail, and those of the same school."""
    body = queries.record_body(session, id, actor.cities)
    message = queries.record_message(session, id)
    if body is None or message is None:
        raise HTTPException(404, "没有这条记录")
    mail = [one for one in queries.message_records(session, [message], actor.cities)[message] if one["id"] != id]
    seen = {id, *(one["id"] for one in mail)}
    code = decided_school(body)
    school = queries.school_records(session, code, actor.cities) if code else []
    values = {"mail": mail, "school": [one for one in school if one["id"] not in seen], "message": message}
    return page(request, "record_related.html", values)


def _facts(decisions: Decisions, session: Session, id: str, actor: Actor, keep: Collection[str] = ()) -> dict[str, Any]:
    """keep: as `questions` has it. `fixed`: why the actor cannot change anything, empty when she can."""
    record = queries.record(session, id, actor.cities)
    if record is None:
        raise HTTPException(404, "没有这条记录")
    body, words = record.body, vocabulary()
    view, task = record_view(body, words), decisions.task(session, actor, record)
    return {
        "record": body,
        "version": record.version,
        "view": view,
        "questions": questions(body, view, words, keep),
        "choices": choices(body, words),
        "notes": notes(body),
        "message": record.message,
        "pictures": queries.page_views(session, id, actor.cities),
        "task": task,
        "fixed": task.actions["correct"],
    }
