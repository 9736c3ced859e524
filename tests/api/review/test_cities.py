"""Who sees some cities only never learns of a record of another: it is as if it were not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.app import create_app
from api.judging import Judging
from api.review import queries
from tests.api.records import Shelf, a_message, a_picture, a_record
from tests.api.review.desk import SCHOOL, Desk, summary
from tests.api.signed import signed

ID = a_record()["id"]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    made.keep(a_message(), a_record(city="合肥市"), picture=a_picture())
    with made.store.session() as session:
        found = queries.record(session, ID)
        assert found is not None
        found.city = "合肥市"
    yield made
    made.store.close()


@pytest.fixture
def app(shelf: Shelf) -> FastAPI:
    return create_app(shelf.store, shelf.files)


def routes(held: Iterable[Any]) -> Iterator[APIRoute]:
    """Those of included routers, too, which keep their own."""
    for one in held:
        if isinstance(one, APIRoute):
            yield one
        else:
            yield from routes(getattr(getattr(one, "original_router", None), "routes", ()))


def opening(app: FastAPI, message: str) -> list[str]:
    """The address of everything that shows one record or one message."""
    paths = [route.path for route in routes(app.routes) if "GET" in (route.methods or ())]
    found = []
    for path in paths:
        if "{id}" in path and ("/records/" in path or "/messages/" in path):
            path = path.replace("{id}", message if "/messages/" in path else ID)
            path = re.sub(r"\{\w+\}", "1", path)
            found.append(path + ("?box=0.1,0.1,0.2,0.2" if path.endswith("crop.jpg") else ""))
    return found


def statuses(client: TestClient, paths: list[str]) -> dict[str, int]:
    return {path: client.get(path, follow_redirects=False).status_code for path in paths}


def test_nothing_opens_a_record_of_another_city(app: FastAPI) -> None:
    message = a_message().sha256
    paths = opening(app, message)
    assert {f"/api/records/{ID}", f"/records/{ID}", f"/api/messages/{message}", f"/messages/{message}"} < set(paths)
    assert f"/api/records/{ID}/pages/1.jpg" in paths
    own = statuses(signed(app, "clerk", "he", ["合肥市"]), paths)
    other = statuses(signed(app, "clerk", "wu", ["芜湖市"]), paths)
    assert {path for path, status in other.items() if status != 404} == set()
    # the page's lines were never read, nor is every way of showing a record one of this record's
    assert {path for path, status in own.items() if status == 200} >= {f"/api/records/{ID}", f"/records/{ID}"}


def test_nothing_lists_a_record_of_another_city(app: FastAPI) -> None:
    own, other = signed(app, "clerk", "he", ["合肥市"]), signed(app, "clerk", "wu", ["芜湖市"])
    for path in ("/api/records", "/api/messages"):
        assert [one.get(path).json()["total"] for one in (own, other)] == [1, 0]
    assert [len(one.get("/api/export.jsonl").text.splitlines()) for one in (own, other)] == [1, 0]
    for path in ("/", "/messages"):
        assert ("安徽职业技术学院" in own.get(path).text, "安徽职业技术学院" in other.get(path).text) == (True, False)


def test_a_record_is_of_its_schools_city_and_follows_it(tmp_path: Path, registers: Judging) -> None:
    desk = Desk(tmp_path, registers=registers)
    id = desk.take(summary(SCHOOL))
    assert (desk.row(id).city, desk.body(id)["city"]) == ("合肥市", "合肥市")
    desk.close()
