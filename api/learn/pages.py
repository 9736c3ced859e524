"""The page of grouped doubts and of what was taught; its forms work without script."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.accounts.actor import Actor, may
from api.accounts.http import needs
from api.judging import Judging
from api.learn import grouped
from api.learn.aliases import LONGEST, DryRun, Teacher
from api.learn.doubts import Doubt, Place
from api.learn.grouped import Answer, At
from api.queue import assignment
from api.review import choices, queries
from api.review.choices import Kind
from api.review.decision_routes import Corrector, Deciding, Registers
from api.review.http import Reading
from api.review.refusals import Refused
from api.review.templating import page
from corpora.programme import load_programmes
from corpora.register import Alias

SHOWN, CROPS = 20, 6
"""Doubts on a page; pictures of one."""

router = APIRouter(include_in_schema=False)
Reader = Annotated[Actor, Depends(needs("read"))]
Teaching = Annotated[Actor, Depends(needs("teach"))]
Text = Annotated[str, Form(max_length=2000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, Form(max_length=200, pattern=r"^[^\x00]*$")]
At_ = Annotated[tuple[str, ...], Form(max_length=grouped.MOST)]


@router.get("/doubts")
def show_doubts(
    request: Request,
    session: Reading,
    actor: Reader,
    batch: Annotated[str, Query(max_length=32)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    return _shown(request, session, actor, batch=batch, number=number)


@router.post("/doubts/apply")
def apply(
    request: Request,
    session: Reading,
    actor: Corrector,
    decisions: Deciding,
    judging: Registers,
    field: Short,
    written: Text,
    at: At_ = (),
    how: Annotated[Literal["meant", "misread"], Form()] = "misread",
    key: Short = "",
    other: Text = "",
) -> Response:
    """at: `record/row/version`, row 0 for a field. other: a name, instead of a candidate."""
    try:
        places = [_at(one) for one in at]
        answer = _answer(judging, field, written, how, key, other.strip())
        made = grouped.apply(request.app.state.store, decisions, judging, actor, answer, places)
    except Refused as refused:
        return _shown(request, session, actor, error=refused.detail, status=refused.status)
    return RedirectResponse(f"/doubts?batch={made.id}", 303)


@router.post("/doubts/undo")
def undo(
    request: Request, actor: Corrector, decisions: Deciding, id: Annotated[str, Form(max_length=32)]
) -> RedirectResponse:
    grouped.undo(request.app.state.store, decisions, actor, id)
    return RedirectResponse(f"/doubts?batch={id}", 303)


@router.post("/doubts/teach")
def teach(
    request: Request,
    session: Reading,
    actor: Teaching,
    judging: Registers,
    kind: Annotated[Kind, Form()],
    alias: Annotated[str, Form(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]*$")],
    target: Short,
    programme: Annotated[str, Form(max_length=80)] = "",
    misread: Annotated[bool, Form()] = False,
    yes: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Without a yes, which is the key of the dry run: shows what it would change. target: a key, or a name."""
    teacher = Teacher(request.app.state.store, request.app.state.judging, request.app.state.decisions)
    try:
        wanted = Alias(kind, alias.strip(), _key(judging, kind, target.strip()), programme, misread)
        if not yes:
            return _shown(request, session, actor, alias=wanted, run=teacher.dry_run(actor, wanted))
        teacher.teach(actor, wanted, yes)
    except Refused as refused:
        return _shown(request, session, actor, error=refused.detail, status=refused.status)
    return RedirectResponse("/doubts#taught", 303)


@router.post("/doubts/untaught")
def take_back(
    request: Request,
    session: Reading,
    actor: Teaching,
    kind: Annotated[Kind, Form()],
    alias: Short,
    programme: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    teacher = Teacher(request.app.state.store, request.app.state.judging, request.app.state.decisions)
    try:
        teacher.take_back(actor, kind, alias, programme)
    except Refused as refused:
        return _shown(request, session, actor, error=refused.detail, status=refused.status)
    return RedirectResponse("/doubts#taught", 303)


def _shown(
    request: Request,
    session: Session,
    actor: Actor,
    batch: str = "",
    number: int = 1,
    error: str = "",
    alias: Alias | None = None,
    run: DryRun | None = None,
    status: int = 200,
) -> HTMLResponse:
    state = request.app.state
    teacher = Teacher(state.store, state.judging, state.decisions)
    found = grouped.doubts(session, actor)
    several = [one for one in found if len(one.places) > 1]
    done = grouped.find(state.store, actor, batch) if batch else None
    values = {
        "doubts": several[SHOWN * (number - 1) : SHOWN * number],
        "several": len(several),
        "alone": len(found) - len(several),
        "number": number,
        "pages": max(1, -(-len(several) // SHOWN)),
        "crops": {one.id: _crops(session, actor, one) for one in several[SHOWN * (number - 1) : SHOWN * number]},
        "most": grouped.MOST,
        "done": done,
        "applied": sum(item["outcome"] == "applied" for item in done.body["items"]) if done else 0,
        "taught": teacher.list(session),
        "people": assignment.people(session),
        "programmes": load_programmes(),
        "teaches": may(actor, "teach") and not actor.cities,
        "alias": alias,
        "target": teacher.name(alias.kind, alias.target) if alias else "",
        "run": run,
        "error": error,
    }
    return page(request, "doubts.html", values, status)


def _crops(session: Session, actor: Actor, doubt: Doubt) -> list[Place]:
    """The first places that have a picture; office files have none."""
    found: list[Place] = []
    for place in doubt.places[: 2 * CROPS]:
        if place.page and place.box and len(found) < CROPS:
            views = queries.page_views(session, place.record, actor.cities)
            found += [place] if place.page <= len(views) and views[place.page - 1] else []
    return found


def _at(told: str) -> At:
    record, _, rest = told.partition("/")
    row, _, version = rest.partition("/")
    if not (row.isdecimal() and version.isdecimal() and len(record) <= 40 and len(rest) < 20):
        raise Refused("所选的材料不正确，请刷新页面后再试")
    return At(record, int(row) or None, int(version))


def _answer(
    judging: Judging, field: str, written: str, how: Literal["meant", "misread"], key: str, other: str
) -> Answer:
    """A name that was typed goes before a candidate."""
    if field not in ("school", "certificate"):
        return Answer(field, written, "misread", text=other or key)
    return Answer(field, written, how, _key(judging, field, other) if other else key)  # type: ignore[arg-type]


def _key(judging: Judging, kind: Kind, told: str) -> str:
    """The key of what a person typed: a key, or the only name that holds it. Raises Refused."""
    if choices.chosen(judging, kind, told, None):
        return told
    found = choices.search(judging, kind, told)
    exact = [one for one in found if told in (one.name, one.current_name)]
    if len(exact or found) != 1:
        listed = "、".join(one.current_name for one in found[:5])
        raise Refused(f"名录中没有“{told}”" + (f"，相近的有：{listed}" if listed else ""))
    return (exact or found)[0].key
