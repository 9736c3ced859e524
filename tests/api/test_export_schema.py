import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from api.export.schema import PUBLISHED, Record, published_text
from tests.api.records import a_reading, a_record

SEAL = {
    "page": 1,
    "box": [0.2, 0.1, 0.45, 0.28],
    "kind": "round",
    "colour": "red",
    "text": "安徽职业技术学院",
    "lower_text": None,
    "code": "3401040012345",
    "owner": "same",
    "slot": "school",
    "confidence": 0.99,
}


def valid(record: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text("utf-8"))).is_valid(record))


def test_the_published_schema_is_the_one_of_the_models() -> None:
    assert PUBLISHED.read_text("utf-8") == published_text(), "run `python -m api.export.schema`"


def test_the_published_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(published_text()))


@pytest.mark.parametrize(
    "record",
    [
        a_record(),
        a_record(form=None, fields={}, rows=[], lane="parked"),
        a_record(seals=[SEAL], signatures=[{"role": "school_leader", "state": "absent"}]),
        a_record(fields={"school": a_reading("", None, reading="not_found", page=None, box=None)}),
        a_record(something_new={"later": True}),
    ],
)
def test_records_of_the_contract_are_valid(record: Any) -> None:
    assert valid(record)
    Record.model_validate(record)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"lane": "maybe"},
        {"state": "exported"},
        {"fields": {"school": a_reading("某校", box=[0.1, 0.1, 1.2, 0.2])}},
        {"fields": {"school": a_reading("某校", page=0)}},
        {"findings": [{"code": "total", "severity": "error", "message": "…"}]},
    ],
)
def test_what_breaks_the_contract_is_not_valid(change: dict[str, Any]) -> None:
    assert not valid(a_record(**change))
