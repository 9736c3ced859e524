"""The whole way on real OCR: what the demo's mails become, against what their maker knows to stand on them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from api import commands
from api.demo import MAILS, demo_settings
from api.house import House, open_house
from api.settings import load_settings
from api.store import work
from ingest.ocr import Reader
from tests.made_up.filled import Fault
from tests.made_up.mailbox import load_mails
from tests.made_up.sent import truth

pytestmark = pytest.mark.slow

TRUTH = truth(load_mails())
MARKS = ("marks.", "seal.", "signature.")  # what is said of seals and signatures is not the matter here


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo's mails, taken and processed as `yinjian demo` does."""
    with open_house(demo_settings(load_settings(data=tmp_path_factory.mktemp("data")))) as house:
        commands.ingest(house, [MAILS])
        yield house


@pytest.fixture(scope="module")
def records(house: House) -> dict[str, list[dict[str, Any]]]:
    """The records by the name of their mail, in the mail's order."""
    with house.store.reading() as session:
        found = work.records(session)
    names = {sha256((MAILS / name).read_bytes()).hexdigest(): name for name in TRUTH}
    by_mail: dict[str, list[dict[str, Any]]] = {name: [] for name in TRUTH}
    for record in found:
        by_mail[names[record.message]].append(record.body)
    return by_mail


def test_the_demo_has_mails_for_all_that_is_told_of_it() -> None:
    assert sorted(path.name for path in MAILS.glob("*.eml")) == sorted(TRUTH)


def test_every_form_becomes_one_record(records: dict[str, list[dict[str, Any]]]) -> None:
    assert {name: [record["form"] for record in found] for name, found in records.items()} == {
        name: [form["form"] for form in mail["forms"]] for name, mail in TRUTH.items()
    }


def test_at_least_97_of_100_values_are_right(records: dict[str, list[dict[str, Any]]]) -> None:
    compared = [pair for name, found in records.items() for pair in _pairs(found, TRUTH[name]["forms"])]
    wrong = [pair for pair in compared if _plain(pair[1]) != _plain(pair[2])]
    assert len(wrong) <= 0.03 * len(compared), wrong


def test_every_planted_fault_is_found_and_none_is_invented(records: dict[str, list[dict[str, Any]]]) -> None:
    assert {name: _said(found) for name, found in records.items()} == {
        name: _planted(mail) for name, mail in TRUTH.items()
    }


def test_every_school_is_decided(records: dict[str, list[dict[str, Any]]]) -> None:
    decided = {
        name: [(r["matches"]["school"] or {}).get("name") for r in found if (r["matches"]["school"] or {})["decided"]]
        for name, found in records.items()
    }
    assert decided == {
        name: [form["fields"]["school"] for form in mail["forms"] if "school" in form["fields"]]
        for name, mail in TRUTH.items()
    }


def test_taking_the_mails_again_changes_nothing_and_reads_nothing(
    house: House, records: dict[str, list[dict[str, Any]]]
) -> None:
    def no_reader() -> Reader:
        raise AssertionError("nothing is to be read")

    with open_house(house.settings, no_reader) as again:
        summary = commands.ingest(again, [MAILS])
        with again.store.reading() as session:
            bodies = {record.id: record.body for record in work.records(session)}
    assert (summary.new, summary.known, summary.finished) == (0, len(TRUTH), 0)
    assert bodies == {record["id"]: record for found in records.values() for record in found}


def _pairs(found: list[dict[str, Any]], forms: list[dict[str, Any]]) -> Iterator[tuple[str, Any, Any]]:
    """Each value that stands on a form: its place, what was read, what is true."""
    for record, form in zip(found, forms, strict=False):
        readings, rows = record["fields"], record["rows"]
        for key, true in form["fields"].items():
            yield f"{form['form']} {key}", readings.get(key, {}).get("value"), true
        for n, row in enumerate(form["rows"]):
            for key, true in row.items():
                here = rows[n].get(key, {}) if n < len(rows) else {}
                yield f"{form['form']} {key}.{n + 1}", here.get("value"), true


def _plain(value: Any) -> str:
    """50.0 and "50" are the same; so are wide and narrow forms of a character, and None and a blank."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value)
    return "".join(unicodedata.normalize("NFKC", text).split())


def _said(found: list[dict[str, Any]]) -> set[Fault]:
    return {
        (finding["code"], finding["field"], finding["row"])
        for record in found
        for finding in record["findings"]
        if finding["severity"] != "info" and not finding["code"].startswith(MARKS)
    }


def _planted(mail: dict[str, Any]) -> set[Fault]:
    of_forms = {(code, field, row) for form in mail["forms"] for code, field, row in form["faults"]}
    return of_forms | {(code, None, None) for code in mail["faults"]}
