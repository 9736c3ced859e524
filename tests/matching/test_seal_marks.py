"""What is said of a form's seals; their lattices are built by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpora.form import FormSpec, load_forms
from extractors.extraction import Extraction, Reading
from ingest.document import Box, Imprint, Page, SealColour, SealShape
from matching.index import SchoolIndex
from matching.seal_marks import judge_seals
from tests.matching.test_seal_names import OTHER, OWN, lattice

FORMS = {form.key: form for form in load_forms()}
SUMMARY, APPLICATION = FORMS["anhui/summary"], FORMS["anhui/application"]
DATE = Reading("2023年3月28日", "2023-03-28", "written", 0.99, page=1, box=(0.55, 0.7, 0.75, 0.72))
SAID = Extraction("anhui/summary", (0,), {"date": DATE})


def seal(
    text: str = OWN,
    lower: str = "",
    *,
    at: tuple[float, float] = (650, 700),
    shape: SealShape = "round",
    colour: SealColour = "red",
) -> Imprint:
    box = Box(at[0] - 95, at[1] - 95, at[0] + 95, at[1] + 95)
    arcs = (lattice(text),) if text else ()
    return Imprint(box, (*at, 95, 95, 0), shape, colour, 0.9, 1.0, arcs, lattice(lower) if lower else ())


def page(*imprints: Imprint) -> Page:
    """A page of 1000 by 1000 px, so that pixels are thousandths of the view."""
    to_view = (0.001, 0.0, 0.0, 0.0, 0.001, 0.0, 0.0, 0.0, 1.0)
    return Page("附件2.pdf", "0" * 64, 1, 1000, 1000, "", "", to_view, "ocr", (), (), imprints)


def codes(schools: SchoolIndex, *pages: Page, form: FormSpec = SUMMARY, school: str | None = "t-1") -> list[str]:
    return [finding.code for finding in judge_seals(pages, SAID, form, schools, school, 2023)[1]]


def test_the_schools_own_red_seal_asks_nothing(schools: SchoolIndex) -> None:
    (mark,), findings = judge_seals((page(seal()),), SAID, SUMMARY, schools, "t-1", 2023)
    assert (mark.page, mark.box, mark.kind, mark.colour) == (1, (0.555, 0.605, 0.745, 0.795), "round", "red")
    assert (mark.text, mark.lower_text, mark.owner, mark.slot, mark.diameter) == (OWN, None, "same", "school", 39.9)
    assert findings == ()


def test_a_seal_far_from_name_date_and_signature_stands_in_no_slot(schools: SchoolIndex) -> None:
    (mark,), _ = judge_seals((page(seal(at=(150, 150))),), SAID, SUMMARY, schools, "t-1", 2023)
    assert mark.slot == "none"


def test_a_form_without_a_seal_says_so(schools: SchoolIndex) -> None:
    assert codes(schools, page()) == ["seal.missing"]


def test_riding_strips_are_no_seal_of_the_form(schools: SchoolIndex) -> None:
    strips = page(seal(at=(950, 500), shape="riding")), page(seal(at=(950, 500), shape="riding"))
    marks, findings = judge_seals(strips, SAID, SUMMARY, schools, "t-1", 2023)
    assert [(mark.kind, mark.slot) for mark in marks] == [("riding", "none")] * 2
    assert [finding.code for finding in findings] == ["seal.missing"]


def test_half_a_seal_on_a_single_page_is_a_seal_cut_off(schools: SchoolIndex) -> None:
    (mark,), findings = judge_seals((page(seal(shape="riding")),), SAID, SUMMARY, schools, "t-1", 2023)
    assert (mark.kind, mark.slot, findings) == ("round", "school", ())


@pytest.mark.parametrize(
    ("imprints", "expected"),
    [
        ((seal(OTHER),), ["seal.owner"]),
        ((seal(), seal(OTHER, at=(300, 300))), ["seal.owner"]),
        ((seal(OWN, "教务处"),), ["seal.department"]),
        ((seal(OWN, "教务处"), seal(at=(300, 300))), []),
        ((seal(OWN, "教务处"), seal(OTHER, at=(300, 300))), ["seal.owner", "seal.department"]),
        ((seal(colour="grey"),), ["seal.copy"]),
        ((seal(colour="black"),), ["seal.copy"]),
        ((seal(colour="blue"),), []),
        ((seal("丨丨"),), ["seal.unreadable"]),
        ((seal(""),), ["seal.unreadable"]),
    ],
)
def test_a_code_is_raised_as_the_contract_has_it(
    schools: SchoolIndex, imprints: tuple[Imprint, ...], expected: list[str]
) -> None:
    assert codes(schools, page(*imprints)) == expected


def test_the_schools_seal_on_another_page_does_not_stand_for_a_departments(schools: SchoolIndex) -> None:
    assert codes(schools, page(seal()), page(seal(OWN, "教务处"))) == ["seal.department"]


def test_a_department_may_seal_where_the_form_lets_it(schools: SchoolIndex) -> None:
    assert codes(schools, page(seal(OWN, "教务处")), form=APPLICATION) == []


def test_a_former_names_seal_is_asked_about(schools: SchoolIndex) -> None:
    old = next(n for n in schools.names if n.name != n.school.name and n.is_former_in(2023))
    assert codes(schools, page(seal(old.plain)), school=old.school.code) == ["seal.former_name"]


def test_seals_of_pages_that_no_form_claims_are_listed_without_findings(schools: SchoolIndex) -> None:
    marks, findings = judge_seals((page(seal()),), replace(SAID, form=None), None, schools, None, None)
    assert [(mark.text, mark.owner, mark.slot) for mark in marks] == [(OWN, "unknown", "none")]
    assert findings == ()
