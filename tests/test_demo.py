"""The whole way on real OCR: what the demo's mails become, against what their maker knows to stand on them."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from rich.console import Console

from api import commands
from api.demo import MAILS, demo_settings, run
from api.house import House, open_house
from api.settings import Settings, load_settings
from api.store import work
from ingest.ocr import Reader
from tests.made_up.filled import Fault
from tests.made_up.mailbox import load_mails
from tests.made_up.sent import truth

pytestmark = pytest.mark.slow

TRUTH = truth(load_mails())
DOUBT = "field.unsure"
MARKS = ("marks.", "seal.", "signature.")  # what is said of seals and signatures is not the matter here


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def summary(settings: Settings) -> str:
    """What the demo shows after it took and processed its mails."""
    shown = Console(record=True, width=100, file=io.StringIO())
    run(settings, Console(file=io.StringIO()), shown, stop=True)
    return shown.export_text()


@pytest.fixture(scope="module")
def house(settings: Settings, summary: str) -> Iterator[House]:
    """The demo's store, after it ran."""
    with open_house(demo_settings(settings)) as house:
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


def test_the_summary_has_a_line_for_each_record(summary: str) -> None:
    schools = [form["fields"].get("school", "—") for mail in TRUTH.values() for form in mail["forms"]]
    assert [school for school in schools if school not in summary] == []
    assert f"演示邮箱共 {len(TRUTH)} 封邮件（新收 {len(TRUTH)} 封），{len(schools)} 条记录。" in summary


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


def test_no_more_than_2_of_100_values_are_doubted(records: dict[str, list[dict[str, Any]]]) -> None:
    values = [pair for name, found in records.items() for pair in _pairs(found, TRUTH[name]["forms"])]
    doubts = [finding for found in records.values() for finding in _findings(found) if finding["code"] == DOUBT]
    assert len(doubts) <= 0.02 * len(values), doubts


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
    """A doubt is ours, and says nothing of the school's work."""
    return {(f["code"], f["field"], f["row"]) for f in _findings(found) if f["code"] != DOUBT}


def _findings(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for record in found:
        for finding in record["findings"]:
            if finding["severity"] != "info" and not finding["code"].startswith(MARKS):
                yield finding


def _planted(mail: dict[str, Any]) -> set[Fault]:
    of_forms = {(code, field, row) for form in mail["forms"] for code, field, row in form["faults"]}
    return of_forms | {(code, None, None) for code in mail["faults"]}
