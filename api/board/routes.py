"""The JSON API of the boards."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.http import REFUSED, needs
from api.board import service
from api.errors import NotFound
from api.review.http import Reading

router = APIRouter(dependencies=[Depends(needs("read"))], responses=REFUSED)


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


@router.get("/api/missing", response_model=list[DueView], tags=["boards"])
def get_missing(
    session: Reading, programme: Annotated[str, Query(max_length=80)], day: date | None = None
) -> list[DueView]:
    """Schools that have not sent what the programme expects, by form, city and kind, and day by day.

    day: in whose round to look; today when it is not given.
    """
    try:
        return [DueView.model_validate(due) for due in service.missing(session, programme, day)]
    except NotFound as error:
        raise HTTPException(404, str(error)) from error
