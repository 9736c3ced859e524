"""What becomes of a Word document or a workbook that comes beside the scan of the same form."""

from __future__ import annotations

from corpora.form import load_forms
from extractors.electronic import attach, is_electronic, likeness
from extractors.extract import extract
from extractors.extraction import Extraction, Reading
from tests.extractors.pages import Paper, document
from tests.extractors.sheets import application, summary


def found(*papers: Paper) -> list[tuple[str | None, tuple[int, ...], tuple[int, ...]]]:
    """Form, pages and attached pages of everything in a message."""
    return [(x.form, x.pages, x.attached) for x in extract(document(*papers), load_forms())]


def office(name: str = "附件2.docx") -> Paper:
    return Paper(file_name=name, read_by="office")


def saying(form: str | None, pages: tuple[int, ...], text: str) -> Extraction:
    return Extraction(form, pages, {"certificate": Reading(text, text or None, "written" if text else "blank", 1.0)})


def test_the_document_beside_its_scan_is_attached_to_it() -> None:
    assert found(summary(), summary(paper=office())) == [("anhui/summary", (0,), (1,))]


def test_it_does_not_matter_which_comes_first() -> None:
    assert found(summary(paper=office()), summary()) == [("anhui/summary", (1,), (0,))]


def test_a_document_alone_is_a_record() -> None:
    assert found(summary(paper=office())) == [("anhui/summary", (0,), ())]


def test_a_document_of_another_form_is_a_record_of_its_own() -> None:
    assert found(summary(), application(paper=office("附件1.docx"))) == [
        ("anhui/summary", (0,), ()),
        ("anhui/application", (1,), ()),
    ]


def test_a_page_of_a_born_digital_file_counts_as_a_scan() -> None:
    digital = Paper(file_name="附件2.pdf", read_by="text-layer")
    assert found(summary(paper=digital), summary(paper=office())) == [("anhui/summary", (0,), (1,))]


def test_every_sheet_gets_the_document_that_says_the_same() -> None:
    first, second = "传感网应用开发", "网店运营推广"
    assert found(
        application(certificate=first, paper=Paper(file_name="1.pdf")),
        application(certificate=second, headcount="45", paper=Paper(file_name="2.pdf")),
        application(certificate=second, headcount="45", paper=office("2.docx")),
        application(certificate=first, paper=office("1.docx")),
    ) == [("anhui/application", (0,), (3,)), ("anhui/application", (1,), (2,))]


def test_an_empty_template_beside_the_scan_is_attached_to_it() -> None:
    scan, template = saying("form", (0,), "传感网应用开发"), saying("form", (1,), "")
    papers = document(Paper(), office())
    assert attach(papers, [scan, template]) == (
        Extraction("form", (0,), scan.fields, attached=(1,), versions=((template.fields, ()),)),
    )


def test_two_versions_of_one_scan_are_attached_when_they_say_the_same() -> None:
    papers = document(Paper(), office("a.docx"), office("a.xlsx"), office("b.docx"))
    scan, one, same, other = (
        saying("form", (n,), t) for n, t in enumerate(["开发应用", "开发应用", "开发应用", "开发运维"])
    )
    assert attach(papers, [scan, one, same, other]) == (
        Extraction("form", (0,), scan.fields, attached=(1, 2), versions=((one.fields, ()), (same.fields, ()))),
        other,
    )


def test_a_document_that_says_something_else_altogether_stays_by_itself() -> None:
    papers = document(Paper(), office())
    both = (saying("form", (0,), "传感网应用开发"), saying("form", (1,), "家务管理"))
    assert attach(papers, both) == both


def test_pages_of_no_known_form_are_left_as_they_are() -> None:
    papers = document(Paper(), office())
    both = (Extraction(None, (0,)), Extraction(None, (1,)))
    assert attach(papers, both) == both
    assert [is_electronic(papers, one) for one in (*both, Extraction(None, ()))] == [False, True, False]


def test_likeness_counts_what_both_have_written() -> None:
    assert likeness(saying("form", (0,), "甲乙"), saying("form", (1,), "甲丙")) == 0.5
    assert likeness(saying("form", (0,), "甲乙"), saying("form", (1,), "")) == 1.0
