"""Accept or ask: what is said of one form, all in all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpora.form import FormSpec, load_forms
from extractors.extraction import NOT_FOUND, Extraction, Finding, Reading, Signature
from extractors.fieldtypes import parse
from ingest.document import Page
from matching.candidate import Match
from matching.index import CertificateIndex, SchoolIndex
from matching.verdict import Known, Verdict, judge

FORMS = {form.key: form for form in load_forms()}
APPLICATION, SUMMARY = FORMS["anhui/application"], FORMS["anhui/summary"]


@pytest.fixture
def known(schools: SchoolIndex, certificates: CertificateIndex) -> Known:
    return Known(schools, certificates, 2023, "安徽省")


def reading(kind: str, text: str, confidence: float = 0.99) -> Reading:
    return Reading(text, parse(kind, text).value, "written" if text else "blank", confidence, 1)


def unmarked(form: FormSpec) -> FormSpec:
    """The same form, were it one that asks for no marks."""
    return form.model_copy(update={"seal": None, "signatures": {}})


def application(
    school: str = "安徽职业技术学院", certificate: str = "传感网应用开发", confidence: float = 0.99, **changed: str
) -> Extraction:
    said = {"level": "中级", "headcount": "100", "date": "2023年3月28日"} | changed
    fields = {
        "school": reading("organisation", school, confidence),
        "certificate": reading("text", certificate, confidence),
        **{name: reading(APPLICATION.fields[name].type, text) for name, text in said.items()},
    }
    return Extraction(APPLICATION.key, (0,), fields)


def summary(*rows: tuple[str, str, str]) -> Extraction:
    total = sum(int(headcount) for _, _, headcount in rows)
    said = {"contact_name": "王小明", "contact_phone": "13812345678", "date": "2023年3月28日", "total": str(total)}
    fields = {name: reading(SUMMARY.fields[name].type, text) for name, text in said.items()}
    body = tuple(
        {
            "number": reading("number", str(n)),
            "certificate": reading("text", certificate),
            "level": reading("level", level),
            "headcount": reading("integer", headcount),
        }
        for n, (certificate, level, headcount) in enumerate(rows, 1)
    )
    return Extraction(SUMMARY.key, (0,), {"school": reading("organisation", "安徽职业技术学院"), **fields}, body)


def of_marks(finding: Finding) -> bool:
    """Whether it is about seals or signatures, which these pages do not have."""
    return finding.code.startswith(("marks.", "seal.", "signature."))


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings if not of_marks(finding)]


def decided(match: Match | None) -> tuple[bool, str | None]:
    assert match is not None
    return match.decided, match.best.key if match.best else None


def test_a_form_with_nothing_to_ask_is_ready(known: Known) -> None:
    verdict = judge(application(), unmarked(APPLICATION), known)
    assert (verdict.lane, verdict.findings) == ("ready", ())
    assert decided(verdict.school) == (True, "4134010869")
    assert decided(verdict.certificate) == (True, "传感网应用开发")
    assert verdict.rows == ()


SCAN = Page("附件1.pdf", "0" * 64, 1, 1240, 1754, "v", "p", (1 / 1240, 0, 0, 0, 1 / 1754, 0, 0, 0, 1), "ocr", ())
SIGNED = tuple(
    Signature(role, "signed", 1, (0.1, 0.8, 0.2, 0.85), 0.95)
    for role, spec in APPLICATION.signatures.items()
    for _ in range(spec.count)
)


def marks(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings if of_marks(finding)]


def test_signatures_are_judged_with_the_form(known: Known) -> None:
    unsealed = APPLICATION.model_copy(update={"seal": None})
    signed = replace(application(), signatures=SIGNED)
    assert (
        judge(signed, unsealed, known, pages=(SCAN,)).lane,
        marks(judge(signed, unsealed, known, pages=(SCAN,))),
    ) == (
        "ready",
        [],
    )
    absent = replace(signed, signatures=tuple(replace(s, state="absent") if s.role != "expert" else s for s in SIGNED))
    verdict = judge(absent, unsealed, known, pages=(SCAN,))
    assert (verdict.lane, marks(verdict)) == ("ask", ["signature.missing", "signature.missing"])


def test_a_mark_that_was_not_looked_for_is_asked(known: Known) -> None:
    unsealed = APPLICATION.model_copy(update={"seal": None})
    unseen = replace(application(), signatures=tuple(s for s in SIGNED if s.role != "department_head"))
    verdict = judge(unseen, unsealed, known, pages=(SCAN,))
    assert (verdict.lane, marks(verdict)) == ("ask", ["marks.unread"])


@pytest.mark.parametrize("form", [form for form in FORMS.values() if form.seal or form.signatures], ids=lambda f: f.key)
def test_an_electronic_document_is_asked_about_its_marks_and_lacks_none(form: FormSpec, known: Known) -> None:
    perfect = (
        application()
        if form is APPLICATION
        else Extraction(
            form.key,
            (0,),
            {name: reading("text", "安徽职业技术学院") for name in form.fields},
            ({name: reading("text", "一") for name in form.table.columns},) if form.table else (),
        )
    )
    verdict = judge(perfect, form, known, pages=(replace(SCAN, view="", picture="", read_by="office"),))
    assert (verdict.lane, marks(verdict)) == ("ask", ["marks.unread"])


def test_marks_that_may_stand_on_a_missing_page_are_not_called_missing(known: Known) -> None:
    form = SUMMARY
    unseen = tuple(Signature(role, "unsure") for role in form.signatures)
    cut = summary(("传感网应用开发", "中级", "100"))
    cut = replace(cut, fields=cut.fields | {"date": NOT_FOUND}, signatures=unseen)
    verdict = judge(cut, form, known, pages=(SCAN,))
    assert "form.page_missing" in codes(verdict)
    assert marks(verdict) == ["marks.unread"]


def test_a_form_that_asks_for_no_marks_has_none_unread(known: Known) -> None:
    assert marks(judge(application(), unmarked(APPLICATION), known)) == []


def test_pages_of_no_known_form_are_asked_about(known: Known) -> None:
    verdict = judge(Extraction(None, (0,)), None, known)
    assert (verdict.lane, codes(verdict), verdict.school) == ("ask", ["form.unknown"], None)


def test_an_error_a_warning_or_an_undecided_match_asks(known: Known) -> None:
    form = unmarked(APPLICATION)
    assert judge(application(headcount=""), form, known).lane == "ask"
    assert judge(application(date="2022年3月28日"), form, known).lane == "ask"
    unknown = judge(application(certificate="从未有过的证书名称"), form, known)
    assert (unknown.lane, codes(unknown)) == ("ask", ["certificate.unmatched"])


def test_a_remark_that_asks_nothing_leaves_it_ready(known: Known) -> None:
    verdict = judge(application(certificate="建筑信息模型"), unmarked(APPLICATION), known)
    assert (verdict.lane, [(f.code, f.severity) for f in verdict.findings]) == (
        "ready",
        [("certificate.short_name", "info")],
    )


def test_a_blank_form_is_asked_about_without_a_word_on_its_matches(known: Known) -> None:
    blank = application(school="", certificate="", level="", headcount="", date="")
    verdict = judge(blank, APPLICATION, known)
    assert (verdict.lane, codes(verdict)) == ("ask", ["form.blank"])


def test_every_row_has_its_match_and_its_finding(known: Known) -> None:
    verdict = judge(summary(("传感网应用开发", "中级", "100"), ("从未有过的证书名称", "初级", "80")), SUMMARY, known)
    assert [decided(row) for row in verdict.rows] == [(True, "传感网应用开发"), (False, None)]
    assert [(f.code, f.row) for f in verdict.findings if not of_marks(f)] == [("certificate.unmatched", 2)]
    assert verdict.certificate is None


def test_a_level_in_the_name_is_held_against_the_rows(known: Known) -> None:
    verdict = judge(summary(("传感网应用开发（高级）", "中级", "100")), SUMMARY, known)
    assert [(f.code, f.row) for f in verdict.findings if not of_marks(f)] == [("certificate.level", 1)]


def test_a_slip_that_was_read_surely_is_the_schools(known: Known) -> None:
    assert codes(judge(application(certificate="传惑网应用开发"), APPLICATION, known)) == ["certificate.misspelt"]


@pytest.mark.parametrize(("unclear", "said"), [(2, ["field.unsure"]), (6, ["certificate.misspelt"])])
def test_only_what_is_unclear_at_the_slip_itself_makes_it_a_question(
    known: Known, unclear: int, said: list[str]
) -> None:
    sheet = application(certificate="传惑网应用开发")
    scores = tuple(0.6 if at == unclear else 0.999 for at in range(7))
    text = replace(sheet.fields["certificate"], confidence=0.6, scores=scores)
    assert codes(judge(replace(sheet, fields=sheet.fields | {"certificate": text}), APPLICATION, known)) == said


def test_a_slip_that_may_be_ours_is_asked_and_not_said(known: Known) -> None:
    verdict = judge(application(certificate="传惑网应用开发", confidence=0.8), APPLICATION, known)
    assert [(f.code, f.field) for f in verdict.findings if not of_marks(f)] == [("field.unsure", "certificate")]
    assert decided(verdict.certificate) == (True, "传感网应用开发")


def test_a_witness_against_the_form_is_a_conflict(known: Known) -> None:
    verdict = judge(application(), APPLICATION, known, witnesses=[("subject", "安徽水利水电职业技术学院")])
    assert codes(verdict) == ["school.conflict"]
    assert verdict.school is not None and not verdict.school.decided


def test_without_a_programme_no_year_is_wrong(known: Known) -> None:
    verdict = judge(application(date="2019年3月28日"), unmarked(APPLICATION), replace(known, year=None, province=None))
    assert codes(verdict) == []
