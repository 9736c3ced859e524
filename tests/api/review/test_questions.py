from typing import Any

from api.review.questions import Ink, choices, questions
from api.review.view import record_view
from corpora.vocabulary import vocabulary
from tests.api.records import a_reading, a_record

WORDS = vocabulary()


def a_finding(code: str, field: str | None = None, row: int | None = None, **changed: Any) -> dict[str, Any]:
    return {"code": code, "severity": "warning", "field": field, "row": row, "message": "请核对。"} | changed


def asked(record: dict[str, Any], *keep: str) -> list[tuple[str, str, bool, str]]:
    """Heading, place, whether it is open, and what Enter does."""
    found = questions(record, record_view(record, WORDS), WORDS, keep)
    return [(one.heading, one.place, one.is_open, one.enter) for one in found]


def test_fields_are_asked_first_then_rows_then_what_has_no_place() -> None:
    findings = [
        a_finding("mail.subject"),
        a_finding("level.invalid", "level", 1),
        a_finding("phone.invalid", "contact_phone"),
        a_finding("total.mismatch", "total", severity="error"),
        a_finding("row.duplicate", None, 2),
        a_finding("date.year", "date", severity="info"),
    ]
    assert asked(a_record(findings=findings)) == [
        ("合计（人）", "f-total", True, "reason"),
        ("联系人电话", "f-contact_phone", True, "reason"),
        ("第 1 行 级别", "r1-level", True, "reason"),
        ("第 2 行", "r2", True, "reason"),
        ("邮件主题不规范", "", True, "reason"),
    ]


def test_enter_confirms_what_was_read_unsurely_and_chooses_among_names() -> None:
    findings = [a_finding("field.unsure", "contact_name"), a_finding("certificate.misspelt", "certificate", 1)]
    findings.append(a_finding("certificate.ambiguous", "certificate", 2))
    assert asked(a_record(findings=findings)) == [
        ("联系人", "f-contact_name", True, "confirm"),
        ("第 1 行 职业技能等级证书", "r1-certificate", True, "choose"),
        ("第 2 行 职业技能等级证书", "r2-certificate", True, "pick"),
    ]


def test_a_doubt_of_the_machine_is_asked_until_a_person_has_spoken() -> None:
    fields = a_record()["fields"]
    doubted = fields | {"contact_name": a_reading("王小明", doubt="两次读数不同")}
    said = fields | {"contact_name": a_reading("王小明", doubt="两次读数不同", origin="person")}
    assert asked(a_record(fields=doubted, findings=[])) == [("联系人", "f-contact_name", True, "confirm")]
    assert asked(a_record(fields=said, findings=[])) == []


def test_what_was_settled_keeps_its_place() -> None:
    settled = {"by": "a", "at": "2023-03-28T09:12:00+08:00", "reason": "已电话核实"}
    findings = [a_finding("phone.invalid", "contact_phone", settled=settled)]
    record = a_record(findings=findings)
    assert asked(record, "f-total") == [
        ("合计（人）", "f-total", False, "confirm"),
        ("联系人电话", "f-contact_phone", False, "confirm"),
    ]
    assert questions(record, record_view(record, WORDS), WORDS)[0].asked[0].answer == "已电话核实"


def test_findings_of_one_place_are_one_question() -> None:
    findings = [a_finding("total.mismatch", "total", severity="error"), a_finding("field.unsure", "total")]
    record = a_record(findings=findings)
    (one,) = questions(record, record_view(record, WORDS), WORDS)
    assert ([finding.code for finding in one.asked], one.severity) == (["total.mismatch", "field.unsure"], "error")


def test_a_finding_of_a_signature_shows_the_signature() -> None:
    signature = {"role": "school_leader", "state": "typed", "page": 1, "box": [0.6, 0.9, 0.7, 0.94], "confidence": 0.9}
    record = a_record(signatures=[signature], findings=[a_finding("signature.typed", "school_leader")])
    (one,) = questions(record, record_view(record, WORDS), WORDS)
    assert (one.heading, one.place) == ("学校负责人签字", "g1")
    assert one.inks == (Ink("signature", 1, "typed", 1, (0.6, 0.9, 0.7, 0.94)),)


def test_an_offered_figure_says_where_it_would_stand() -> None:
    offers = [{"field": "total", "row": None, "text": "180"}, {"field": "headcount", "row": 2, "text": "1150"}]
    record = a_record(findings=[a_finding("total.mismatch", "total", offers=offers)])
    (one,) = questions(record, record_view(record, WORDS), WORDS)
    assert one.asked[0].offers == ((0, "合计读作 180"), (1, "第 2 行考核人数读作 1150"))


def test_school_and_certificates_can_be_chosen() -> None:
    found = choices(a_record(), WORDS)
    assert {place: [option.name for option in choice.options] for place, choice in found.items()} == {
        ("school", None): ["安徽职业技术学院"],
        ("certificate", 1): ["传感网应用开发"],
        ("certificate", 2): ["网店运营推广", "新媒体运营"],
    }
