"""How the tests run, wherever they run, and the browser of those that need one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

# How long an example takes is no result: the machine may be busy. All else stays as it is, with CI=true as
# Hypothesis's own profile has it: the same examples every time.
settings.register_profile("unhurried", parent=settings.default, deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, else Playwright's own. Not installed: a failure with CI=true, else a skip.

    One for each module, and shut behind it: while Playwright's synchronous API is open, its event loop counts as
    running, and nothing else in the process can start one (asyncio.run, DBOS, pyHanko, a second Playwright).
    """
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or playwright.chromium.executable_path
        if not Path(program).exists():
            if os.environ.get("CI") == "true":
                pytest.fail("Chromium is not installed; `make test` installs it")
            pytest.skip("Chromium is not installed")
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()
