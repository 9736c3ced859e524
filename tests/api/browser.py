"""A real browser for the tests of pages: it may ask nobody but us and may not complain."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from api.accounts.http import COOKIE
from tests.api.signed import cookie_of

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SIZES = [(1366, 768), (3840, 2160), (800, 900)]
WHOLE_WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application on a free port; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def page_of(browser: Browser, address: str, app: FastAPI, user: str, **options: Any) -> Iterator[Page]:
    """A page of a signed-in user, at 1366 x 768 unless told otherwise.

    Fails at its end when anything was asked of another host or the console had an error or a warning.
    """
    told = {"viewport": {"width": 1366, "height": 768}, "locale": "zh-CN"} | options
    context = browser.new_context(base_url=address, **told)
    context.add_cookies([{"name": COOKIE, "value": cookie_of(app.state.store, user), "url": address}])
    opened = context.new_page()
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        # That somebody else was faster is told by the page itself.
        if said.type in ("error", "warning") and "409 (Conflict)" not in said.text:
            complaints.append(said.text)

    def note(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            complaints.append(request.url)

    opened.on("console", hear)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", note)
    yield opened
    context.close()
    assert not complaints, complaints


def faults(page: Page) -> list[tuple[str, str]]:
    """What axe-core finds serious or critical on the page: the rule and the first place. Needs `bypass_csp`."""
    if not AXE.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("axe-core is not installed; `make test` installs it")
        pytest.skip("axe-core is not installed (.ci/pages test)")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(one["id"], str(one["nodes"][0]["target"])) for one in found if one["impact"] in ("serious", "critical")]
