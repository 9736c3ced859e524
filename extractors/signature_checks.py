"""What is to be said of a form's signatures, in words that a clerk can send on. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.form import FormSpec, SignatureSpec
from extractors.extraction import Finding, Signature

INKED = ("signed", "chop")


def signature_findings(signatures: Sequence[Signature], form: FormSpec) -> tuple[Finding, ...]:
    """The findings on the signatures of one form. What we are not sure of is asked, never said of the school."""
    findings: list[Finding] = []
    for role, spec in form.signatures.items():
        own = [one for one in signatures if one.role == role]
        if own:
            findings += _of_several(role, spec, own) if spec.count > 1 else _of_one(role, spec, own[0])
    repeated = next((one for one in signatures if one.repeats in form.signatures), None)
    if repeated is not None:
        places = [form.signatures[role].labels[0] for role in (repeated.repeats, repeated.role)]
        where = f"“{places[0]}”与“{places[1]}”处" if places[0] != places[1] else f"“{places[0]}”处有两个"
        message = f"{where}的签字像是同一人所签，请确认是否由本人分别签署。"
        findings.append(Finding("signature.same_hand", "warning", message, repeated.role))
    return tuple(findings)


def _of_one(role: str, spec: SignatureSpec, signature: Signature) -> list[Finding]:
    label = spec.labels[0]
    if signature.state == "absent":
        return [Finding("signature.missing", "error", f"“{label}”处没有签字，请补签后重新发送扫描件。", role)]
    if signature.state == "typed":
        return [_typed(role, label)]
    return [_doubt(role, label)] if signature.state == "unsure" else []


def _of_several(role: str, spec: SignatureSpec, signatures: Sequence[Signature]) -> list[Finding]:
    label, due = spec.labels[0], spec.count
    states = [one.state for one in signatures]
    inked, unsure = sum(state in INKED for state in states), states.count("unsure")
    found: list[Finding] = []
    if inked + unsure < due:
        message = f"“{label}”处应有 {due} 人手写签字，只看到 {inked} 人，请补签后重新发送扫描件。"
        found.append(Finding("signature.count", "warning" if inked else "error", message, role))
    elif unsure:
        found.append(_doubt(role, label))
    return [*found, _typed(role, label)] if "typed" in states else found


def _typed(role: str, label: str) -> Finding:
    return Finding("signature.typed", "error", f"“{label}”处是打印的姓名，请本人手写签字后重新发送扫描件。", role)


def _doubt(role: str, label: str) -> Finding:
    return Finding("field.unsure", "warning", f"不能确认“{label}”处是否已经签字，请对照图片核对。", role)
