"""The JSON API of grouped doubts and of aliases."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response

from api.accounts.actor import Actor
from api.accounts.http import REFUSED, needs
from api.learn import grouped, pages
from api.learn.aliases import Taught, Teacher
from api.learn.grouped import Answer, At
from api.learn.shapes import (
    AliasAsked,
    Aliases,
    AliasShown,
    AnswerAsked,
    AnswerShown,
    Applied,
    Doubts,
    DoubtView,
    DryRunView,
    ItemShown,
    TeachAsked,
    UndoAsked,
)
from api.review.choices import Kind
from api.review.decision_routes import Corrector, Deciding, Registers
from api.review.decision_shapes import Told
from api.review.http import Reading
from api.store.tables import Batch
from corpora.register import Alias

Teaching = Annotated[Actor, Depends(needs("teach"))]
Reader = Annotated[Actor, Depends(needs("read"))]
ANSWERS: dict[int | str, dict[str, Any]] = {404: {"model": Told}, 422: {"model": Told}, **REFUSED}
CHANGED: dict[int | str, dict[str, Any]] = {409: {"model": Told}, **ANSWERS}
router = APIRouter(tags=["learning"])


def install(app: FastAPI) -> None:
    """Puts the API and the page on an application that has its decisions."""
    app.include_router(router)
    app.include_router(pages.router)


@router.get("/api/doubts", responses=ANSWERS)
def get_doubts(
    session: Reading, actor: Reader, least: Annotated[int, Query(ge=1, le=1000, description="Places of one.")] = 2
) -> Doubts:
    """The same question in several open records, what stands in most places first."""
    found = grouped.doubts(session, actor)
    shown = [DoubtView.model_validate(one) for one in found if len(one.places) >= least]
    return Doubts(items=shown, alone=len(found) - len(shown))


@router.post("/api/doubts/apply", responses=ANSWERS)
def apply(asked: AnswerAsked, request: Request, actor: Corrector, decisions: Deciding, judging: Registers) -> Applied:
    """Answers a doubt in all these places as the caller's own choice; tells what came of each."""
    answer = Answer(asked.field, asked.written, asked.how, asked.key, asked.text)
    places = [At(one.record, one.row, one.version) for one in asked.places]
    return applied(grouped.apply(request.app.state.store, decisions, judging, actor, answer, places))


@router.post("/api/doubts/undo", responses=ANSWERS)
def undo(asked: UndoAsked, request: Request, actor: Corrector, decisions: Deciding) -> Applied:
    """Takes one's own answer back in all places but those that something happened to since."""
    batch = grouped.undo(request.app.state.store, decisions, actor, asked.id)
    if batch is None:
        raise HTTPException(404, "没有这次批量操作，或不是您做的")
    return applied(batch)


@router.get("/api/aliases", responses=ANSWERS)
def list_aliases(request: Request, session: Reading, _: Reader) -> Aliases:
    """The aliases that the office keeps, the newest first."""
    return Aliases(items=[_alias(one) for one in teacher_of(request).list(session)])


@router.post("/api/aliases/preview", responses=ANSWERS)
def preview(asked: AliasAsked, request: Request, actor: Teaching) -> DryRunView:
    """What an alias would change, and what stands against it. Nothing is kept."""
    return DryRunView.model_validate(teacher_of(request).dry_run(actor, _asked(asked)))


@router.post("/api/aliases", status_code=201, responses=CHANGED)
def teach(asked: TeachAsked, request: Request, actor: Teaching) -> DryRunView:
    """Keeps an alias after its dry run was seen, and matches the open records again."""
    return DryRunView.model_validate(teacher_of(request).teach(actor, _asked(asked), asked.dry_run))


@router.delete("/api/aliases", status_code=204, responses=ANSWERS)
def take_back(
    request: Request,
    actor: Teaching,
    kind: Kind,
    alias: Annotated[str, Query(max_length=200)],
    programme: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """Takes an alias back and matches the open records again."""
    teacher_of(request).take_back(actor, kind, alias, programme)
    return Response(status_code=204)


def teacher_of(request: Request) -> Teacher:
    state = request.app.state
    return Teacher(state.store, state.judging, state.decisions)


def applied(batch: Batch) -> Applied:
    told = batch.body
    items = [ItemShown(**item) for item in told["items"]]
    answer = AnswerShown(**told["answer"])
    return Applied(id=batch.id, at=batch.at, undone_at=batch.undone_at, answer=answer, items=items)


def _asked(asked: AliasAsked) -> Alias:
    return Alias(asked.kind, asked.alias.strip(), asked.target, asked.programme, asked.misread)


def _alias(one: Taught) -> AliasShown:
    held = one.alias
    return AliasShown(
        kind=held.kind,  # type: ignore[arg-type]
        alias=held.alias,
        target=held.target,
        name=one.name,
        programme=held.programme,
        misread=held.misread,
        by=one.by,
        at=one.at,
    )
