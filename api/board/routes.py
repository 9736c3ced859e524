"""The boards: who is missing, and the dashboard, as JSON and as a page."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.accounts.actor import Actor
from api.accounts.http import REFUSED, Signed, needs
from api.board import queries, service
from api.board.missing import KINDS
from api.errors import NotFound
from api.review.http import Reading
from api.review.templating import page
from corpora.programme import load_programmes

router = APIRouter(dependencies=[Depends(needs("read"))], responses=REFUSED)
pages = APIRouter(include_in_schema=False)
Reader = Annotated[Actor, Depends(needs("read"))]
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "没有这个项目", "content": {"application/json": {}}}}


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AbsentView(_View):
    code: str
    name: str


class GroupView(_View):
    city: str
    kind: str
    expected: int
    missing: list[AbsentView]


class DayView(_View):
    day: date
    came: int = Field(description="Schools whose form came first on that day.")
    missing: int = Field(description="Schools still without it at the end of the day.")


class DueView(_View):
    form: str
    round: str
    first: date | None
    last: date | None
    expected: int
    missing: int
    groups: list[GroupView]
    days: list[DayView]


class RowView(_View):
    key: str | None
    received: int
    review: int
    accepted: int
    returned: int
    rejected: int
    superseded: int


class PeriodView(_View):
    first: date
    received: int
    settled: int
    open: bool = Field(description="Whether a window of the programme lies in it.")


class FiguresView(_View):
    total: RowView
    ready: int = Field(description="Open records that nothing is asked about.")
    weekly: bool = Field(description="Whether a period is a week from its Monday; else a day.")
    periods: list[PeriodView]
    cities: list[RowView]
    forms: list[RowView]
    straight: float | None = Field(description="Share of the accepted records that no person changed anything in.")
    minutes: float | None = Field(description="Median minutes from one decision of a person to her next.")
    measured: int = Field(description="Over how many decisions that is.")


class FindingCount(BaseModel):
    code: str
    records: int


class BoardView(BaseModel):
    programme: str | None
    figures: FiguresView
    findings: list[FindingCount]


@router.get("/api/board", responses=UNKNOWN, tags=["boards"])
def get_board(session: Reading, actor: Signed, programme: Annotated[str, Query(max_length=80)] = "") -> BoardView:
    """What came and was settled, by day, city and form, and how fast; of the caller's cities."""
    made = _board(session, programme, actor)
    return BoardView(
        programme=made.programme,
        figures=FiguresView.model_validate(made.figures),
        findings=[FindingCount(code=code, records=records) for code, records in made.findings],
    )


@pages.get("/board")
def show_board(
    request: Request, session: Reading, actor: Reader, programme: Annotated[str, Query(max_length=80)] = ""
) -> HTMLResponse:
    keys = queries.programmes(session, actor.cities)
    chosen = programme or (keys[0] if len(keys) == 1 else "")
    made = _board(session, chosen, actor)
    names = {one.key: one.name for one in load_programmes()}
    values = {"board": made, "keys": [(key, names.get(key, key)) for key in keys], "chosen": chosen, "kinds": KINDS}
    return page(request, "board.html", values)


def _board(session: Session, programme: str, actor: Actor) -> service.Board:
    try:
        return service.board(session, programme or None, actor.cities)
    except NotFound as error:
        raise HTTPException(404, str(error)) from error


@router.get("/api/missing", response_model=list[DueView], responses=UNKNOWN, tags=["boards"])
def get_missing(
    session: Reading, actor: Signed, programme: Annotated[str, Query(max_length=80)], day: date | None = None
) -> list[DueView]:
    """Schools of the caller's cities that have not sent what the programme expects, by form, city and kind.

    Who may see all cities is told of them day by day too. day: in whose round to look; today when it is not given.
    """
    try:
        return [DueView.model_validate(due) for due in service.missing(session, programme, actor.cities, day)]
    except NotFound as error:
        raise HTTPException(404, str(error)) from error
