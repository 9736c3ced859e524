"""The page of exports: what leaves, in which columns, by which template, and what left before. No script is needed."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from api.accounts.actor import Actor
from api.accounts.users import users
from api.export import routes
from api.export.columns import UnknownColumn, catalogue, chosen_columns
from api.export.routes import Id, Teacher
from api.export.rows import BACK, Column
from api.export.workbook import LARGEST, TOLD
from api.queue.choice import Choice
from api.queue.routes import Reader
from api.queue.view import chosen_words
from api.review import queries
from api.review.http import Reading
from api.review.templating import page
from api.store import exports
from corpora.vocabulary import vocabulary

SIZE = 25

router = APIRouter(include_in_schema=False)


class ExportChoice(Choice):
    """The list's filter, and what stands in the address for the next time."""

    columns: list[str] = Field([], max_length=200)
    evidence: bool = False
    page: int = Field(1, ge=1, le=400_000)

    def chosen(self) -> dict[str, str]:
        return Choice.model_validate(self.model_dump(include=set(Choice.model_fields))).chosen()


def install(app: FastAPI) -> None:
    """Puts the routes and pages on an application that has its store and files."""
    app.include_router(routes.router)
    app.include_router(router)


@router.get("/exports")
def show_exports(
    request: Request, chosen: Annotated[ExportChoice, Query()], session: Reading, actor: Reader
) -> HTMLResponse:
    return _page(request, session, actor, chosen)


@router.post("/exports/templates")
async def keep_template(request: Request, chosen: Annotated[Choice, Query()], actor: Teacher) -> RedirectResponse:
    await routes.upload(request, actor)
    return _back(chosen)


@router.post("/exports/templates/{id}/drop")
def drop_template(request: Request, id: Id, chosen: Annotated[Choice, Query()], actor: Teacher) -> RedirectResponse:
    routes.drop(request, actor, id)
    return _back(chosen)


def _page(request: Request, session: Reading, actor: Actor, chosen: ExportChoice) -> HTMLResponse:
    try:
        ticked = chosen_columns(chosen.columns)
    except UnknownColumn as error:
        raise HTTPException(422, str(error)) from error
    people = {one.name: one.shown for one in users(session)}
    total = exports.left_count(session, actor.cities)
    here = chosen.chosen()
    more = [("columns", key) for key in chosen.columns] + ([("evidence", "true")] if chosen.evidence else [])

    def link(**changed: Any) -> str:
        return f"/exports?{urlencode([*here.items(), *more, *changed.items()])}"

    values = {
        "chosen": chosen,
        "here": here,
        "tail": f"?{urlencode(here)}" if here else "",
        "filter": chosen_words(here, vocabulary(), people, actor.name),
        "count": queries.record_count(session, chosen.filter(actor)),
        "groups": _groups(),
        "ticked": ticked,
        "left": exports.left(session, actor.cities, SIZE, (chosen.page - 1) * SIZE),
        "people": people,
        "templates": exports.templates(session),
        "told": list(TOLD),
        "megabytes": LARGEST // 1_000_000,
        "link": link,
        "pages": max(1, -(-total // SIZE)),
    }
    return page(request, "exports.html", values)


def _groups() -> dict[str, list[Column]]:
    """The columns by what they tell of."""
    groups: dict[str, list[Column]] = {"材料": [], "内容": [], "核对": []}
    for column in catalogue():
        name = "核对" if column.key in BACK else "材料" if column.key.startswith("#") else "内容"
        groups[name].append(column)
    return groups


def _back(chosen: Choice) -> RedirectResponse:
    asked = chosen.query()
    return RedirectResponse(f"/exports?{asked}#templates" if asked else "/exports#templates", 303)
