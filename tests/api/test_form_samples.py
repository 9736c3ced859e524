"""A form's description, tried on what was read of its samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from api.errors import WrongCall
from api.form_samples import EXPECTED, KEPT, check_samples, record_sample
from corpora.form import FORMS, load_forms
from ingest.document import Line
from ingest.ocr import Picture
from tests.api.builders import jpeg, settings
from tests.api.doubles import SlowReader
from tests.api.test_cli import yinjian
from tests.extractors.sheets import summary

SUMMARY = FORMS / "anhui" / "summary.yaml"
ROWS = (("1", "传感网应用开发", "中级", "100"), ("2", "网店运营推广", "初级", "80"))


@dataclass(frozen=True)
class SummaryReader(SlowReader):
    """Reads the same filled-in summary on every page."""

    def read(self, picture: Picture) -> tuple[Line, ...]:
        return summary(ROWS).page().lines


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a description, with a sample beside it that was recorded."""
    (tmp_path / "samples").mkdir()
    (tmp_path / "summary.yaml").write_bytes(SUMMARY.read_bytes())
    (tmp_path / "samples" / "scan.jpg").write_bytes(jpeg(width=1654, height=2339))
    record_sample(settings(tmp_path / "data"), tmp_path / "summary.yaml", tmp_path / "samples/scan.jpg", SummaryReader)
    return tmp_path


def expected(folder: Path) -> Path:
    return folder / "samples" / f"scan.jpg{EXPECTED}"


def test_what_was_read_is_kept_beside_the_sample_with_its_values(folder: Path) -> None:
    assert sorted(path.name for path in (folder / "samples").iterdir()) == [
        *("scan.jpg", f"scan.jpg{KEPT}", f"scan.jpg{EXPECTED}")
    ]
    said = yaml.safe_load(expected(folder).read_text("utf-8"))
    assert [list(row.values()) for row in said["rows"]] == [
        [1, "传感网应用开发", "中级", 100],
        [2, "网店运营推广", "初级", 80],
    ]
    (trial,) = check_samples(folder / "summary.yaml", [])
    assert (trial.right, trial.found, trial.asked) == (True, "anhui/summary", 0)
    assert sum(value.told for value in trial.values) == len(trial.values) > 8


def test_a_value_that_is_not_as_expected_is_told(folder: Path) -> None:
    said = yaml.safe_load(expected(folder).read_text("utf-8"))
    said["rows"][1]["headcount"] = 90
    expected(folder).write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    (trial,) = check_samples(folder / "summary.yaml", [folder / "samples" / "scan.jpg"])
    wrong = [(value.name, value.row, value.reading.value, value.expected) for value in trial.values if not value.right]
    assert (trial.right, wrong) == (False, [("headcount", 2, 80, 90)])
    told = yinjian("forms", "check", folder / "summary.yaml", folder=folder)
    assert (told.returncode, "1 项不符" in told.stdout) == (1, True)


def test_a_row_too_few_and_a_row_too_many_are_told(folder: Path) -> None:
    said = yaml.safe_load(expected(folder).read_text("utf-8"))
    expected(folder).write_text(yaml.safe_dump(said | {"rows": said["rows"][:1]}, allow_unicode=True), "utf-8")
    (trial,) = check_samples(folder / "summary.yaml", [])
    assert {value.row for value in trial.values if not value.right} == {2}
    more = said["rows"] + [{"certificate": "物流管理"}]
    expected(folder).write_text(yaml.safe_dump(said | {"rows": more}, allow_unicode=True), "utf-8")
    (trial,) = check_samples(folder / "summary.yaml", [])
    assert [(v.name, v.row, v.reading.reading) for v in trial.values if not v.right] == [
        ("certificate", 3, "not_found")
    ]


def test_an_edited_description_is_tried_without_reading_again(folder: Path) -> None:
    description = folder / "summary.yaml"
    form = yaml.safe_load(description.read_text("utf-8"))
    form["fields"]["school"]["labels"] = ["没有这样的标签"]
    description.write_text(yaml.safe_dump(form, allow_unicode=True), "utf-8")
    (trial,) = check_samples(description, [])
    (school,) = [value for value in trial.values if value.name == "school"]
    assert (school.right, school.reading.reading, school.labels) == (False, "not_found", ("没有这样的标签",))


def test_recording_again_keeps_the_values_that_a_person_corrected(folder: Path) -> None:
    expected(folder).write_text("fields: {school: 人工改正}\n", "utf-8")
    record_sample(settings(folder / "data"), folder / "summary.yaml", folder / "samples/scan.jpg", SummaryReader)
    assert expected(folder).read_text("utf-8") == "fields: {school: 人工改正}\n"


def test_a_sample_of_another_form_is_told(folder: Path) -> None:
    (trial,) = check_samples(FORMS / "anhui" / "progress.yaml", [folder / "samples" / "scan.jpg"])
    assert (trial.right, trial.found, trial.values) == (False, "anhui/summary", ())


def test_a_sample_that_was_not_recorded_says_what_to_do(folder: Path) -> None:
    (folder / "new.jpg").write_bytes(jpeg())
    with pytest.raises(WrongCall, match="forms record"):
        check_samples(folder / "summary.yaml", [folder / "new.jpg"])
    with pytest.raises(WrongCall, match="没有样例"):
        check_samples(FORMS / "anhui" / "progress.yaml", [])


def test_expected_values_are_no_form(folder: Path) -> None:
    assert [form.key for form in load_forms(folder)] == ["anhui/summary"]
