"""The web application: JSON API and pages over one store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api.accounts import oidc_pages
from api.accounts import pages as account_pages
from api.accounts import routes as account_routes
from api.accounts.http import answer_strangers
from api.accounts.policy import Policy
from api.audit import routes as audit_routes
from api.board import routes as boards
from api.evidence import routes as evidence
from api.export import pages as export_pages
from api.learn import routes as learning
from api.outbox import pages as outbox
from api.outbox.office import Office
from api.precheck import pages as precheck_pages
from api.precheck.checker import Precheck
from api.queue import pages as queue_pages
from api.queue import routes as queue_routes
from api.queue.progress import Watch
from api.review import decision_routes, pages, pictures, record_page, routes
from api.review.http import MALFORMED, answer_errors, guard
from api.store.engine import Store
from api.store.files import Files

STATIC = Path(__file__).parent / "review" / "static"


def create_app(
    store: Store,
    files: Files,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    policy: Policy = Policy(),  # noqa: B008 - a frozen value
    office: Office = Office(),  # noqa: B008 - a frozen value
    precheck: Precheck | None = None,
) -> FastAPI:
    """The application on an open store and its files. Neither is closed here; `lifespan` may start what runs beside it.

    policy: what holds for signing in. office: who writes to the schools. precheck: None for no such page.
    """
    app = FastAPI(
        title="印鉴 Yinjian",
        summary="职业技能等级证书申报材料识别与核对",
        version="1",
        openapi_url="/api/openapi.json",
        responses=MALFORMED,
        docs_url=None,  # FastAPI's own page loads its scripts from elsewhere.
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.store = store
    app.state.files = files
    app.state.policy = policy
    app.state.watch = Watch(store)
    app.state.second_look_one_in = 20
    guard(app)
    answer_errors(app)
    answer_strangers(app)
    app.include_router(account_routes.router)
    app.include_router(account_pages.router)
    app.include_router(oidc_pages.router)
    app.include_router(audit_routes.router)
    app.include_router(audit_routes.pages)
    app.include_router(routes.router)
    app.include_router(routes.watched)
    app.include_router(pictures.router)
    app.include_router(boards.router)
    app.include_router(boards.pages)
    app.include_router(queue_pages.router)
    app.include_router(queue_routes.router)
    app.include_router(pages.router)
    app.include_router(record_page.router)
    decision_routes.install(app)
    outbox.install(app, office)
    evidence.install(app)
    export_pages.install(app)
    learning.install(app)
    precheck_pages.install(app, precheck)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
