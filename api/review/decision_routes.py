"""The JSON API of what people do with records: correct, choose, settle, decide, undo, hand over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api.accounts.actor import Actor
from api.accounts.http import REFUSED, Signed, needs
from api.across import Across
from api.judging import Judging
from api.record import CHINA
from api.review import choices, delegating, history, queries
from api.review.again import Again
from api.review.decision_shapes import (
    PLAIN,
    Changed,
    ChangeShown,
    Choices,
    ChoiceShown,
    ConflictTold,
    DecisionAsked,
    DelegationAsked,
    Delegations,
    DelegationShown,
    EditShown,
    History,
    MarkAsked,
    MatchAsked,
    OfferAsked,
    RowsAsked,
    SettleAsked,
    Told,
    UndoAsked,
    ValuesAsked,
)
from api.review.decisions import Decisions, Outcome
from api.review.edits import Value, heading, told
from api.review.http import Reading
from api.review.refusals import Conflict, Refused
from api.review.rules import Delegation
from api.store import changes as sql
from api.store.tables import Change, DelegationRow


def install(app: FastAPI) -> None:
    """Puts the routes, what they need and how their refusals are told on an application that has its store."""
    judging = Judging(app.state.store)
    app.state.judging = judging
    app.state.decisions = Decisions(app.state.store, Again(app.state.files, judging), Across(judging.school))
    app.include_router(router)

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        more: dict[str, Any] = {}
        if isinstance(error, Conflict):
            rows = [_change(one).model_dump(mode="json") for one in error.changes]
            more = {"version": error.version, "changes": rows}
        return JSONResponse({"detail": error.detail} | more, error.status)


def decisions_of(request: Request) -> Decisions:
    return cast(Decisions, request.app.state.decisions)


def judging_of(request: Request) -> Judging:
    return cast(Judging, request.app.state.judging)


Deciding = Annotated[Decisions, Depends(decisions_of)]
Registers = Annotated[Judging, Depends(judging_of)]
Corrector = Annotated[Actor, Depends(needs("correct"))]
Decider = Annotated[Actor, Depends(needs("decide"))]
Id = Annotated[str, Path(max_length=40, pattern=PLAIN)]
Place = Annotated[int, Path(ge=0, le=10_000, description="In the record's `findings`, from 0.")]


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Told}, 422: {"model": Told}, **REFUSED}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Changed},
    409: {"model": ConflictTold},
    423: {"model": Told},
    **NOT_FOUND,
}
router = APIRouter(tags=["decisions"])


@router.patch("/api/records/{id}/values", responses=ANSWERS)
def change_values(id: Id, asked: ValuesAsked, actor: Corrector, decisions: Deciding) -> JSONResponse:
    """Corrects fields and cells; all of them are one change."""
    values = [Value(one.field, one.row, one.text, one.reading) for one in asked.changes]
    return _told(decisions.correct(actor, id, values, asked.version))


@router.post("/api/records/{id}/matches", responses=ANSWERS)
def choose_match(
    id: Id, asked: MatchAsked, actor: Corrector, decisions: Deciding, registers: Registers, session: Reading
) -> JSONResponse:
    """Chooses the school or a certificate."""
    record = queries.record(session, id, actor.cities)
    if record is None:
        raise Refused("没有这条记录", 404)
    found = None
    if asked.key is not None:
        found = choices.chosen(registers, asked.kind, asked.key, record.programme)
        if found is None:
            raise Refused("名录中没有这所学校" if asked.kind == "school" else "名录中没有这个证书")
    row = asked.row if asked.kind == "certificate" else None
    return _told(decisions.choose(actor, id, asked.kind, row, found, asked.version))


@router.get("/api/choices", responses=NOT_FOUND)
def list_choices(
    actor: Signed,
    registers: Registers,
    kind: choices.Kind,
    q: Annotated[str, Query(max_length=100, pattern=PLAIN)],
    programme: Annotated[str | None, Query(max_length=80, pattern=PLAIN)] = None,
) -> Choices:
    """Schools or certificates whose name holds the words, else those like them; at most twenty."""
    found = choices.search(registers, kind, q, programme)
    return Choices(items=[ChoiceShown(**{key: getattr(one, key) for key in ChoiceShown.model_fields}) for one in found])


@router.post("/api/records/{id}/rows", responses=ANSWERS)
def change_rows(id: Id, asked: RowsAsked, actor: Corrector, decisions: Deciding) -> JSONResponse:
    """Adds or removes rows, or pastes cells of a spreadsheet."""
    if asked.action == "add":
        outcome = decisions.add_rows(actor, id, asked.at, asked.rows, asked.version)
    elif asked.action == "remove":
        outcome = decisions.remove_rows(actor, id, asked.at, asked.count, asked.version)
    else:
        outcome = decisions.paste(actor, id, asked.at, asked.column, asked.text, asked.version)
    return _told(outcome)


@router.post("/api/records/{id}/marks", responses=ANSWERS)
def change_mark(id: Id, asked: MarkAsked, actor: Corrector, decisions: Deciding) -> JSONResponse:
    """Says whose a seal is, or whether somebody signed."""
    if asked.seal and asked.owner:
        outcome = decisions.mark(actor, id, f"seals.{asked.seal}", {"owner": asked.owner}, asked.version)
    elif asked.signature and asked.state:
        outcome = decisions.mark(actor, id, f"signatures.{asked.signature}", {"state": asked.state}, asked.version)
    else:
        raise Refused("请指明印章及其单位，或签字及其状态")
    return _told(outcome)


@router.post("/api/records/{id}/findings/{place}/settle", responses=ANSWERS)
def settle_finding(id: Id, place: Place, asked: SettleAsked, actor: Corrector, decisions: Deciding) -> JSONResponse:
    """Confirms a finding with a reason: it asks no more, while what it is about is unchanged."""
    return _told(decisions.settle(actor, id, place, asked.reason, asked.version))


@router.post("/api/records/{id}/findings/{place}/offer", responses=ANSWERS)
def take_offer(id: Id, place: Place, asked: OfferAsked, actor: Corrector, decisions: Deciding) -> JSONResponse:
    """Corrects a figure as the finding offers it."""
    return _told(decisions.take_offer(actor, id, place, asked.choice, asked.version))


@router.post("/api/records/{id}/decide", responses=ANSWERS)
def decide(id: Id, asked: DecisionAsked, actor: Decider, decisions: Deciding) -> JSONResponse:
    """Accepts (at the last level for good), goes back a level, returns to the school, rejects, or reopens."""
    return _told(decisions.decide(actor, id, asked.action, asked.reason, asked.version))


@router.post("/api/records/{id}/undo", responses=ANSWERS)
def undo(id: Id, asked: UndoAsked, actor: Corrector, decisions: Deciding) -> JSONResponse:
    """Takes back the last change, or a named one if nothing later touched the same place."""
    return _told(decisions.undo(actor, id, asked.number, asked.version))


@router.get("/api/records/{id}/history", responses=NOT_FOUND)
def get_history(id: Id, actor: Signed, session: Reading) -> History:
    """Every change, the newest first."""
    record = queries.record(session, id, actor.cities)
    if record is None:
        raise Refused("没有这条记录", 404)
    rows = sql.changes(session, id)
    open_ = record.state == "review"
    items = [_change(one, open_ and not history.no_undo(rows, one, record.body)) for one in reversed(rows)]
    return History(version=record.version, items=items)


@router.post("/api/delegations", status_code=201, responses=NOT_FOUND)
def hand_over(asked: DelegationAsked, actor: Decider, request: Request) -> DelegationShown:
    """Hands a level's task over to another person for a time."""
    return _hand_over(request, actor, asked, None)


@router.post("/api/records/{id}/delegations", status_code=201, responses=NOT_FOUND)
def hand_over_one(
    id: Id, asked: DelegationAsked, actor: Decider, request: Request, session: Reading
) -> DelegationShown:
    """Hands this record over to another person for a time."""
    if queries.record(session, id, actor.cities) is None:
        raise Refused("没有这条记录", 404)
    return _hand_over(request, actor, asked, id)


@router.get("/api/delegations", responses=REFUSED)
def list_delegations(actor: Signed, session: Reading) -> Delegations:
    """What one has given and got; an administrator sees all."""
    return Delegations(items=[DelegationShown.model_validate(one) for one in delegating.listed(session, actor)])


@router.delete("/api/delegations/{number}", status_code=204, responses=NOT_FOUND)
def end_delegation(number: Annotated[int, Path(ge=1, le=2**31 - 1)], actor: Decider, request: Request) -> Response:
    """Takes a task back before its time is over."""
    with request.app.state.store.session() as session:
        delegating.end(session, actor, number)
    return Response(status_code=204)


def _hand_over(request: Request, actor: Actor, asked: DelegationAsked, record: str | None) -> DelegationShown:
    since = asked.since or datetime.now(UTC)
    given = Delegation(asked.level, actor.name, actor.role, asked.to, since, asked.until, asked.programme, record)
    with request.app.state.store.session() as session:
        row: DelegationRow = delegating.delegate(session, actor, given, asked.reason)
        return DelegationShown.model_validate(row)


def _told(outcome: Outcome) -> JSONResponse:
    change = _change(outcome.change).model_dump(mode="json") if outcome.change else None
    return JSONResponse({"record": outcome.body | {"version": outcome.version}, "change": change})


def _change(one: Change, can_undo: bool = False) -> ChangeShown:
    edits = [
        EditShown(
            place=edit["place"],
            heading=heading(edit["place"]),
            before=told(edit["place"], edit["before"]),
            after=told(edit["place"], edit["after"]),
        )
        for edit in one.edits
    ]
    kept = {key: getattr(one, key) for key in ("number", "by", "shown", "kind", "reason", "undoes", "undone_by")}
    return ChangeShown(
        **kept, at=one.at.astimezone(CHINA), can_undo=can_undo, sentence=history.sentence(one), edits=edits
    )
