"""The JSON API keeps to its own description, whoever asks for whatever, and tells nobody of another city's record."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any, TypeAlias

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import InvalidArgument, Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.accounts.actor import Role
from api.app import create_app
from api.judging import Judging
from api.store.tables import Message, Record
from tests.api.review.desk import Desk, reading, summary
from tests.api.signed import a_user, signed
from tests.desk.desks import HEFEI, WUHU, seen

pytestmark = pytest.mark.slow

ROLES: tuple[Role, ...] = ("clerk", "reviewer", "approver", "administrator", "auditor")
CITY_CLERK = "the clerk of 合肥市"
MARK = "芜湖张三丰"
"""Stands in the other city's record only."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FILES = "multipart/form-data"
"""What takes files is tried by the tests of its part: made-up ones cannot even be sent."""
EXAMPLES = 4
Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
AnyCase: TypeAlias = Case[Any]

PLAIN = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)
"""The same few requests every time; one that fails is shown as it is."""


class House:
    """An application with two records, one of each city, and people of every role signed in."""

    def __init__(self, folder: Any, registers: Judging):
        self.desk = Desk(folder, registers=registers)
        self.own, self.foreign = (
            seen(self.desk, summary(school, total="250", contact_name=reading("person", person)), school)
            for school, person in ((HEFEI, "王小明"), (WUHU, MARK))
        )
        self.app = create_app(self.desk.store, self.desk.files)
        self.app.state.judging._indices = registers._made()
        self.app.state.watch.ended = True  # a stream of progress tells what it has and ends
        self.clients: dict[str, TestClient] = {role: signed(self.app, role) for role in ROLES}
        self.clients[CITY_CLERK] = signed(self.app, "clerk", "he", ("合肥市",))
        a_user(self.desk.store, "clerk", "spare")
        self.messages = {id: self.desk.row(id).message for id in (self.own, self.foreign)}
        self.secrets = [secret.encode() for secret in (self.foreign, self.messages[self.foreign], MARK)]
        self.counts: Counter[str] = Counter()
        self.turns = cycle(self.clients)

    def version(self, id: str) -> int:
        return self.desk.row(id).version


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, registers: Judging) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("described"), registers)
    assert {made.desk.row(id).city for id in (made.own, made.foreign)} == {"合肥市", "芜湖市"}
    yield made
    with made.desk.store.reading() as session:
        kept = session.query(Record).count(), session.query(Message).count()
    print(f"\nrequests: {made.counts.total()}; answers:", dict(sorted(made.counts.items())))  # noqa: T201 - asked for with -s
    made.desk.close()
    assert kept == (2, 2)


@pytest.fixture(scope="module")
def operations(house: House) -> list[Operation]:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", house.app)
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    return [one for one in found if FILES not in one.get_request_payload_content_types()]


def test_every_answer_is_one_that_is_described(
    operations: list[Operation], house: House, subtests: pytest.Subtests
) -> None:
    """Each request as made up, and where it names a record, again for one of each city as it stands now."""
    assert len(operations) > 50
    for operation in operations:
        with subtests.test(operation=operation.label):
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                try_out(operation, mode, house)


def try_out(operation: Operation, mode: GenerationMode, house: House) -> None:
    try:
        requests = operation.as_strategy(generation_mode=mode)
        requests.validate()
    except (Unsatisfiable, InvalidArgument):
        return  # nothing about it can be wrong

    @given(case=requests)
    @PLAIN
    def one(case: AnyCase) -> None:
        if "id" not in (case.path_parameters or {}):
            return ask(house, case, *house.clients)
        ask(house, case, next(house.turns))
        aim(case, house, house.own)
        ask(house, case, *house.clients)
        aim(case, house, house.foreign)
        ask(house, case, CITY_CLERK)

    try:
        one()
    except Unsatisfiable:
        return


def aim(case: AnyCase, house: House, id: str) -> None:
    """Makes it a request for this record or its message, in the version that is there."""
    at_message = "/messages/" in case.path or case.path_parameters.get("kind") == "messages"
    case.path_parameters["id"] = house.messages[id] if at_message else id
    for key, number in (("number", 1), ("place", 0)):
        if key in case.path_parameters:
            case.path_parameters[key] = number
    if isinstance(case.body, dict) and "version" in case.body:
        case.body["version"] = house.version(id)


def ask(house: House, case: AnyCase, *people: str) -> None:
    asked = case.as_transport_kwargs(base_url="http://testserver") | {"cookies": None}
    asked = {key: value for key, value in asked.items() if value is not None}
    for who in people:
        answer = house.clients[who].request(**asked)
        answer.request.read()
        house.counts[f"{answer.status_code // 100}xx"] += 1
        case.validate_response(answer, checks=CHECKS)
        if who == CITY_CLERK:
            told = plain(answer.content)
            assert [secret for secret in house.secrets if secret in told] == []


def plain(content: bytes) -> bytes:
    """What an archive (also a workbook) holds, else the content itself."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
