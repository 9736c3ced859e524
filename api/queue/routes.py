"""The JSON API of the queue: bulk acceptance, tasks, saved views, who has a record in hand, progress."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal, cast
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.accounts.actor import Actor, may_assign
from api.accounts.http import REFUSED, needs
from api.queue import assignment, batches, holds, views
from api.queue.choice import Choice
from api.queue.progress import Progress, Watch
from api.review import queries
from api.review.decisions import Decisions
from api.review.http import Reading
from api.store.engine import Store
from api.store.tables import Batch, SavedView

LASTS = 600.0
"""Seconds of one stream of progress; the browser then asks again, and is asked again who it is."""

LOOK = 0.5
"""Seconds until it is seen that the watcher has gone, or that the server is to end."""

Reader = Annotated[Actor, Depends(needs("read"))]
Accepter = Annotated[Actor, Depends(needs("bulk"))]
Assigner = Annotated[Actor, Depends(needs("assign"))]
Corrector = Annotated[Actor, Depends(needs("correct"))]
Id = Annotated[str, Path(max_length=40)]


class Told(BaseModel):
    detail: str


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AcceptAsked(Asked):
    """Either some records, or (`ids` null) all ready ones of the filter in the address."""

    ids: list[Annotated[str, Field(max_length=40)]] | None = Field(None, max_length=batches.MOST)


class BatchItem(BaseModel):
    id: str
    outcome: Literal["accepted", "advanced", "aside", "refused", "missing"]
    school: str
    form: str | None
    detail: str = Field(description="Why it was refused.")
    back: str | None = Field(description="After an undo: empty, or why it could not be taken back.")


class BatchShown(BaseModel):
    """aside: drawn for a second look. left: how many more ready ones fit the filter."""

    id: str
    at: datetime
    undone_at: datetime | None
    items: list[BatchItem]


class AssigneeAsked(Asked):
    to: Annotated[str, Field(max_length=64)] | None = Field(description="A login name; null: nobody's.")


class Assigned(BaseModel):
    id: str
    assignee: str | None


class Next(BaseModel):
    id: str | None = Field(description="null: nothing is left that is nobody's.")


class HoldAsked(Asked):
    take_over: bool = False


class HoldShown(BaseModel):
    """mine: whether that is who asks. beat: seconds until the next sign of life."""

    by: str
    shown: str
    since: datetime
    until: datetime
    mine: bool
    beat: int = holds.BEAT


class ViewAsked(Asked):
    name: str = Field(min_length=1, max_length=40)
    query: str = Field(max_length=2000, description="As in the address of the list.")
    shared: bool = False


class ViewShown(BaseModel):
    id: str
    name: str
    query: str
    shared: bool
    owner: str


class Views(BaseModel):
    items: list[ViewShown]


ANSWERS: dict[int | str, dict[str, Any]] = {404: {"model": Told}, 422: {"model": Told}, **REFUSED}
router = APIRouter(tags=["queue"], responses=ANSWERS)


def store_of(request: Request) -> Store:
    return cast(Store, request.app.state.store)


def accept_chosen(request: Request, actor: Actor, ids: list[str] | None, chosen: Choice) -> Batch:
    """Accepts these, or all ready ones of the filter, with the second looks that the office has set."""
    store, one_in = store_of(request), request.app.state.second_look_one_in
    if ids is None:
        wanted = chosen.model_copy(update={"lane": "ready", "state": "review"}).filter(actor)
        with store.reading() as session:
            ids = queries.record_ids(session, wanted, batches.MOST)
    return batches.accept(store, cast(Decisions, request.app.state.decisions), actor, ids, one_in)


def assign_one(request: Request, actor: Actor, id: str, to: str | None) -> None:
    """Raises HTTPException 403, 404, 422."""
    if not may_assign(actor, to or actor.name):
        raise HTTPException(403, "只能把材料分派给自己；分派给他人请找管理员")
    with store_of(request).session() as session:
        record = queries.record(session, id, actor.cities)
        if record is None:
            raise HTTPException(404, "没有这条记录")
        if to is None and record.assignee not in (None, actor.name) and not may_assign(actor, record.assignee or ""):
            raise HTTPException(403, "这是别人的任务，只有本人或管理员可以放回")
        if to is not None and to not in assignment.people(session):
            raise HTTPException(422, "没有这个用户")
        assignment.assign(session, actor, id, to)


@router.post("/api/queue/accept")
def accept(asked: AcceptAsked, chosen: Annotated[Choice, Query()], request: Request, actor: Accepter) -> BatchShown:
    """Accepts ready records; tells what came of each. Some are drawn for a second look and stay."""
    return batch_shown(accept_chosen(request, actor, asked.ids, chosen))


@router.get("/api/queue/accepted/{id}")
def get_batch(id: Id, request: Request, actor: Accepter) -> BatchShown:
    """What came of one's own acceptance."""
    return _shown_or_404(batches.find(store_of(request), actor, id))


@router.post("/api/queue/accepted/{id}/undo")
def undo(id: Id, request: Request, actor: Accepter) -> BatchShown:
    """Takes it back, but for the records that something happened to since."""
    return _shown_or_404(batches.undo(store_of(request), request.app.state.decisions, actor, id))


@router.post("/api/queue/next")
def take_next(chosen: Annotated[Choice, Query()], request: Request, actor: Assigner) -> Next:
    """Makes the first record of the filter that is nobody's, by due day, one's own task."""
    with store_of(request).session() as session:
        return Next(id=assignment.take_next(session, actor, chosen.filter(actor)))


@router.put("/api/records/{id}/assignee")
def assign(id: Id, asked: AssigneeAsked, request: Request, actor: Assigner) -> Assigned:
    """Makes a record somebody's task, or nobody's."""
    assign_one(request, actor, id, asked.to)
    return Assigned(id=id, assignee=asked.to)


@router.post("/api/records/{id}/hold")
def hold(id: Id, asked: HoldAsked, request: Request, actor: Corrector) -> HoldShown:
    """Takes a record in hand or says that one still has it. Who finds another's name may look, or take it over."""
    with store_of(request).session() as session:
        if queries.record(session, id, actor.cities) is None:
            raise HTTPException(404, "没有这条记录")
        return HoldShown(**asdict(holds.hold(session, actor, id, take_over=asked.take_over)))


@router.delete("/api/records/{id}/hold", status_code=204)
def put_down(id: Id, request: Request, actor: Corrector) -> Response:
    """Puts a record down, if it is in one's own hand."""
    with store_of(request).session() as session:
        holds.release(session, actor, id)
    return Response(status_code=204)


@router.get("/api/views")
def list_views(session: Reading, actor: Reader) -> Views:
    """One's own, then those that others share."""
    return Views(items=[view_shown(one) for one in views.views(session, actor)])


@router.post("/api/views", status_code=201)
def keep_view(asked: ViewAsked, request: Request, actor: Reader) -> ViewShown:
    """Keeps a filter under a name; one's own of that name is replaced."""
    with store_of(request).session() as session:
        return view_shown(views.keep(session, actor, asked.name.strip(), plain_query(asked.query), asked.shared))


@router.delete("/api/views/{id}", status_code=204)
def drop_view(id: Id, request: Request, actor: Reader) -> Response:
    with store_of(request).session() as session:
        if not views.drop(session, actor, id):
            raise HTTPException(404, "没有这个视图，或不是您的")
    return Response(status_code=204)


@router.get("/api/events", response_class=EventSourceResponse)
async def events(request: Request, actor: Reader) -> AsyncIterator[ServerSentEvent]:
    """Tells how many mails wait and how many records there are (`progress`), whenever that changes."""
    watch: Watch = request.app.state.watch
    told: Progress | None = None
    end = time.monotonic() + LASTS
    yield ServerSentEvent(retry=5000, comment="印鉴")
    while time.monotonic() < end and not watch.ended and not await request.is_disconnected():
        if (now := await watch.now(actor.cities)) != told:
            told = now
            yield ServerSentEvent(event="progress", data=asdict(now))
        await asyncio.sleep(LOOK)


def plain_query(query: str) -> str:
    """A filter as it may stand in an address, without anything else. Raises HTTPException 422."""
    asked = {key: value for key, value in parse_qsl(query.removeprefix("?")) if key in Choice.model_fields}
    try:
        return Choice.model_validate(asked).query()
    except ValidationError:
        raise HTTPException(422, "这不是一个筛选条件") from None


def view_shown(view: SavedView) -> ViewShown:
    return ViewShown(id=view.id, name=view.name, query=view.query, shared=view.shared, owner=view.owner)


def batch_shown(batch: Batch) -> BatchShown:
    items = [BatchItem(**{key: item[key] for key in BatchItem.model_fields}) for item in batch.body["items"]]
    return BatchShown(id=batch.id, at=batch.at, undone_at=batch.undone_at, items=items)


def _shown_or_404(batch: Batch | None) -> BatchShown:
    if batch is None:
        raise HTTPException(404, "没有这次批量操作，或不是您做的")
    return batch_shown(batch)
