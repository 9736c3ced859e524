"""What people said stays when the machine looks again; an accepted record is reopened by a written rule only."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from api.corrections import carried, with_corrections
from api.direct import Direct
from api.house import House
from api.intake import Item, take
from api.record import Judgement
from api.store import work
from extractors.extraction import Extraction, Reading
from ingest.document import Document, Look, Mail
from tests.api.builders import jpeg, settings
from tests.api.doubles import SlowReader
from tests.api.records import MORNING, a_record

WROTE = {"origin": "person", "by": "reviewer", "at": "2023-03-29T10:00:00+08:00", "machine": "1250"}


def corrected(**state: Any) -> dict[str, Any]:
    """A record of which a person put the total right."""
    body = deepcopy(a_record(**state))
    body["fields"]["total"] |= {"text": "180", "value": 180} | WROTE
    return body


def test_a_persons_value_outlives_the_machines_new_one() -> None:
    again = a_record()
    assert carried(corrected(), again)["fields"] == again["fields"] | {"total": corrected()["fields"]["total"]}


def test_a_form_is_judged_with_what_the_person_wrote() -> None:
    read = Extraction("anhui/summary", (0,), {"total": Reading("1250", 1250, "written", 0.7, doubt="……")})
    assert with_corrections(read, corrected()).fields["total"] == Reading(
        "180", 180, "written", 1.0, 1, (0.75, 0.4, 0.82, 0.42)
    )


def test_rows_that_a_person_worked_on_stay_when_the_machine_counts_others() -> None:
    before = a_record()
    before["rows"][1]["headcount"] |= {"text": "80", "value": 80} | WROTE
    again = a_record(rows=a_record()["rows"][:1])
    assert [row["headcount"]["value"] for row in carried(before, again)["rows"]] == [100, 80]
    read = Extraction("anhui/summary", (0,), {}, ({"headcount": Reading("100", 100, "written", 0.9)},))
    assert [row["headcount"].value for row in with_corrections(read, before).rows] == [100, 80]


def test_a_school_that_a_person_chose_stays_and_is_not_asked_again() -> None:
    before, again = a_record(), a_record()
    before["matches"]["school"] = {"code": "9", "name": "某某学院", "decided": True, "reasons": ["person"]}
    asked = {"code": "school.ambiguous", "severity": "warning", "field": "school", "row": None, "message": "……"}
    again["matches"]["school"] = {"name": None, "decided": False, "reasons": []}
    again["findings"] = [asked]
    kept = carried(before, again)
    assert (kept["matches"]["school"]["code"], kept["findings"]) == ("9", [])


def test_an_accepted_record_that_says_the_same_stays_accepted() -> None:
    before = corrected(state="accepted")
    again = a_record()
    again["fields"]["total"]["value"] = 1300  # whatever the machine reads there now, a person wrote it
    assert carried(before, again)["state"] == "accepted"


def test_an_accepted_record_is_reopened_when_an_unconfirmed_value_changed() -> None:
    again = a_record()
    again["rows"][0]["headcount"] |= {"text": "700", "value": 700}
    kept = carried(corrected(state="accepted"), again)
    assert (kept["state"], kept["lane"]) == ("review", "ask")
    assert kept["findings"][-1] == {
        "code": "record.reopened", "severity": "warning", "field": None, "row": None,
        "message": "审核通过后重新识别，以下内容有变，请再次核对：第1行考核人数。",
    }  # fmt: skip
    assert carried(kept, deepcopy(again))["findings"] == kept["findings"]  # looked at once more, it still asks


@pytest.mark.parametrize("state", ["returned", "rejected"])
def test_what_the_school_has_its_answer_for_is_not_reopened(state: str) -> None:
    again = a_record()
    again["rows"][0]["headcount"] |= {"text": "700", "value": 700}
    assert carried(corrected(state=state), again)["state"] == state


class Rules:
    """An extraction and a judge whose rules can be edited, and that note how often they were asked."""

    def __init__(self) -> None:
        self.text, self.extracted, self.judged = "甲", 0, 0

    def extract(self, document: Document, looks: tuple[Look, ...]) -> tuple[Extraction, ...]:
        self.extracted += 1
        return (Extraction("anhui/summary", (0,), {"school": Reading(self.text, self.text, "written", 0.99)}),)

    def judge(
        self, mail: Mail, received_at: object, document: Document, extraction: Extraction, first: bool
    ) -> Judgement:
        self.judged += 1
        return Judgement("ready")


@pytest.mark.slow
def test_reprocessing_reads_nothing_again(tmp_path: Path) -> None:
    from api import commands
    from api.house import open_house

    rules, notes = Rules(), tmp_path / "notes"
    notes.mkdir()
    with open_house(settings(tmp_path / "data"), _Noting(notes), rules.extract, rules.judge) as house:
        message = take(house.store, house.files, Item("file", jpeg(), "a.jpg"), MORNING).message
        Direct(house.pipeline).process(message)
        assert (texts(house), rules.extracted, rules.judged, count(notes)) == (["甲"], 1, 1, 1)
        rules.text = "乙"
        commands.reprocess(house, start="match")
        assert (texts(house), rules.extracted, rules.judged, count(notes)) == (["甲"], 1, 2, 1)
        commands.reprocess(house, start="recognise")
        assert (texts(house), rules.extracted, rules.judged, count(notes)) == (["乙"], 2, 3, 1)


class _Noting:
    """Makes a reader that notes each page that it reads; picklable."""

    def __init__(self, notes: Path):
        self.notes = notes

    def __call__(self) -> SlowReader:
        return SlowReader(notes=self.notes)


def texts(house: House) -> list[str]:
    with house.store.reading() as session:
        return [one.body["fields"]["school"]["text"] for one in work.records(session)]


def count(notes: Path) -> int:
    return len(list(notes.iterdir()))
