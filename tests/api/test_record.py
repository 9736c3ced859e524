"""The record of the contract, built from what the stages emitted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from api.export.schema import Record
from api.record import Judgement, build_record, record_id
from extractors.extraction import Extraction, Finding, Reading
from ingest.document import DigitalSignature, Document, Mail, Page, Trouble

NOW = datetime(2023, 3, 28, 1, 12, tzinfo=UTC)
MAIL = Mail("<1@school.test>", "某某学院+申报", "a@school.test", "", NOW, "", ())


def page(name: str, sha256: str, number: int) -> Page:
    return Page(name, sha256, number, 10, 10, "v", "p", (0.1, 0, 0, 0, 0.1, 0, 0, 0, 1), "ocr", ())


DOCUMENT = Document((page("a.pdf", "a" * 64, 1), page("a.pdf", "a" * 64, 2)))


def test_a_record_is_named_by_its_message_and_its_first_page() -> None:
    first = record_id("m", DOCUMENT, Extraction("x", (0,)), {})
    assert first == record_id("m", DOCUMENT, Extraction(None, (0, 1)), {})
    assert (
        len(
            {
                first,
                record_id("n", DOCUMENT, Extraction("x", (0,)), {}),
                record_id("m", DOCUMENT, Extraction("x", (1,)), {}),
            }
        )
        == 3
    )


def test_two_forms_on_one_page_have_two_names() -> None:
    first = record_id("m", DOCUMENT, Extraction("x", (0,)), {})
    assert record_id("m", DOCUMENT, Extraction("y", (0,)), {first: {}}) != first


def test_a_record_says_what_the_contract_says() -> None:
    reading = Reading("100", 100, "written", 0.98765, 1, (0.1, 0.2, 0.3, 0.4), options=("160",))
    finding = Finding("total.mismatch", "error", "合计写作 100", "total")
    extraction = Extraction("anhui/summary", (0, 1), {"total": reading}, ({"headcount": reading},))
    body = build_record("r", MAIL, NOW, DOCUMENT, extraction, Judgement("ask", "anhui-2023", findings=(finding,)))
    told = {
        "text": "100", "value": 100, "reading": "written", "confidence": 0.9877, "page": 1,
        "box": [0.1, 0.2, 0.3, 0.4], "origin": "machine", "options": ["160"],
    }  # fmt: skip
    assert body == {
        "schema": 1, "id": "r", "state": "review", "level": None, "lane": "ask",
        "source": {
            "message_id": "<1@school.test>", "subject": "某某学院+申报", "sender": "a@school.test",
            "received_at": "2023-03-28T09:12:00+08:00", "file_name": "a.pdf",
            "pages": [{"file_name": "a.pdf", "sha256": "a" * 64, "page": n} for n in (1, 2)],
        },
        "programme": "anhui-2023", "form": "anhui/summary", "city": None, "school_kind": None, "due": None,
        "fields": {"total": told}, "rows": [{"headcount": told}],
        "matches": {"school": None, "certificate": None, "rows": []}, "seals": [], "signatures": [],
        "findings": [
            {"code": "total.mismatch", "severity": "error", "field": "total", "row": None, "message": "合计写作 100"}
        ],
    }  # fmt: skip
    Record.model_validate(body)


def test_a_message_without_pages_is_named_by_the_file_that_gave_trouble() -> None:
    document = Document((), (Trouble("file.encrypted", "……", "b.pdf"),))
    body = build_record("r", MAIL, None, document, Extraction(None, ()), Judgement("parked"))
    assert (body["source"]["file_name"], body["source"]["pages"], body["source"]["received_at"]) == ("b.pdf", [], None)
    Record.model_validate(body)


def test_a_record_names_the_electronic_version_that_came_with_its_scan() -> None:
    document = Document((*DOCUMENT.pages, page("b.docx", "b" * 64, 1), page("b.docx", "b" * 64, 2)))
    body = build_record("r", MAIL, NOW, document, Extraction("x", (0, 1), attached=(2, 3)), Judgement("ask"))
    assert (body["source"]["electronic"], len(body["source"]["pages"])) == (["b.docx"], 2)
    Record.model_validate(body)


def test_a_record_bears_the_digital_signatures_of_its_files() -> None:
    signed = DigitalSignature("某某学院", NOW, True, False, True, None, "a.pdf", "a" * 64)
    document = Document(DOCUMENT.pages, digital_signatures=(signed, replace(signed, sha256="b" * 64)))
    body = build_record("r", MAIL, NOW, document, Extraction("x", (0, 1)), Judgement("ask"))
    assert body["digital_signatures"] == [
        {
            "file_name": "a.pdf", "signer": "某某学院", "signed_at": "2023-03-28T09:12:00+08:00",
            "intact": True, "covers_file": False, "altered": True, "trusted": None,
        }
    ]  # fmt: skip
    Record.model_validate(body)
