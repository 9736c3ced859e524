"""What is said of the signatures that were judged."""

from __future__ import annotations

import pytest

from corpora.form import FormSpec, load_forms
from extractors.extraction import Signature, SignatureState
from extractors.signature_checks import signature_findings


def form(key: str) -> FormSpec:
    return next(form for form in load_forms() if form.key == key)


def said(key: str, **states: SignatureState | tuple[SignatureState, ...]) -> list[tuple[str, str, str | None]]:
    signatures = [
        Signature(role, state) for role, one in states.items() for state in ((one,) if isinstance(one, str) else one)
    ]
    return [(f.code, f.severity, f.field) for f in signature_findings(signatures, form(key))]


@pytest.mark.parametrize(
    ("state", "findings"),
    [
        ("signed", []),
        ("chop", []),
        ("absent", [("signature.missing", "error", "school_leader")]),
        ("typed", [("signature.typed", "error", "school_leader")]),
        ("unsure", [("field.unsure", "warning", "school_leader")]),
    ],
)
def test_a_leader_signs_by_hand_or_by_a_name_seal(
    state: SignatureState, findings: list[tuple[str, str, str | None]]
) -> None:
    assert said("anhui/summary", school_leader=state) == findings


@pytest.mark.parametrize(
    ("states", "findings"),
    [
        (("signed", "chop", "signed"), []),
        (("signed", "signed", "absent"), [("signature.count", "warning", "expert")]),
        (("absent", "absent", "absent"), [("signature.count", "error", "expert")]),
        (("signed", "signed", "unsure"), [("field.unsure", "warning", "expert")]),
        (
            ("typed", "typed", "typed"),
            [("signature.count", "error", "expert"), ("signature.typed", "error", "expert")],
        ),
    ],
)
def test_three_experts_sign_in_ink(
    states: tuple[SignatureState, ...], findings: list[tuple[str, str, str | None]]
) -> None:
    assert said("anhui/application", expert=states) == findings


def test_a_form_whose_signatures_were_not_looked_at_says_nothing() -> None:
    assert said("anhui/summary") == []


def test_the_message_names_the_place_on_the_paper_and_what_to_do() -> None:
    signatures = [Signature("school_leader", "absent")]
    (finding,) = signature_findings(signatures, form("anhui/summary"))
    assert finding.message == "“学校领导签字”处没有签字，请补签后重新发送扫描件。"
