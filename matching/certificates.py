"""Which certificate is meant. The register is incomplete, so a name that is merely near stays a question."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.extraction import Finding, Severity
from matching.candidate import UNMATCHED, Candidate, Match
from matching.features import Alignment
from matching.index import CONTRASTS, CertificateIndex, CertificateName
from matching.names import certificate_stem, folded, in_order, plain

MARGIN = 0.25
NEAR = 0.6
JOINTS = "与和及、并"
PARTICLES = frozenset("与和及的化人")


def match_certificate(text: str, index: CertificateIndex, *, level: str | None) -> Match:
    """Find the certificate that `text` names.

    level: that of the row, 初级|中级|高级, compared with a level written behind the name; None when not known.
    Returns a Match whose findings have the field "certificate"; an empty text never decides and has no finding.
    """
    if not plain(text):
        return UNMATCHED
    stem, written = certificate_stem(text)
    said = plain(stem)
    if found := index.exact(plain(text)) or index.exact(said):
        reason = "exact" if found.certificate.name == text else "normalised"
        return _decided(found, 1.0, reason, text, written, level)
    short = {name.plain: name for name in _shortened(said, index)}
    if len(short) == 1:
        return _decided(next(iter(short.values())), 0.9, "short_name", text, written, level)
    near = index.near(said)
    scores = {name.plain: _score(name, found, index) for name, found in near}
    if near and not short and _clear(said, near, index):
        rest = _candidates([name for name, _ in near[1:]], scores)
        return _decided(near[0][0], scores[near[0][0].plain], "misspelt", text, written, level, rest)
    return _undecided(
        text, [*short.values(), *(n for n, _ in near if n.plain not in short)], {**scores, **dict.fromkeys(short, 0.9)}
    )


def _shortened(said: str, index: CertificateIndex) -> list[CertificateName]:
    """Names of which `said` is a fair abbreviation: an alias, the tail behind 与 left off, or one side of a bracket."""
    if known := index.alias(said):
        return [known]
    sides = [name for name in index.names if said in _bracket_sides(name.certificate.name)]
    if sides or len(said) < 6:
        return sides
    tails = [name for name in index.names if name.plain.startswith(said) and name.plain[len(said)] in JOINTS]
    return tails and [name for name in index.names if in_order(said, name.plain)]


def _bracket_sides(name: str) -> tuple[str, ...]:
    """建筑信息模型（BIM） -> 建筑信息模型, bim: only a bracket at the end, holding letters, says the same once more."""
    before, opened, inside = folded(name).removesuffix(")").partition("(")
    return (plain(before), inside) if opened and inside.isascii() and folded(name).endswith(")") else ()


def _score(name: CertificateName, found: Alignment, index: CertificateIndex) -> float:
    return max(0.0, 1 - found.cost / sum(index.weights[char] for char in name.plain))


def _clear(said: str, near: Sequence[tuple[CertificateName, Alignment]], index: CertificateIndex) -> bool:
    """May the nearest name stand alone: few slips, nothing but slips, and the next name well behind?"""
    found, length = near[0][1], len(near[0][0].plain)
    few = len(found.edits) <= (1 if length < 6 else 2 if length < 10 else 3)
    slips = _is_light(found, length) or index.vocabulary.are_slips(found.edits, said, _slip_kinds(length))
    return few and slips and (len(near) < 2 or near[1][1].cost - found.cost >= MARGIN)


def _slip_kinds(length: int) -> tuple[str, ...]:
    """Which edits a name of this length can stand: in a short one every character may make another certificate."""
    return ("look", "sound", *(("missing",) if length >= 4 else ()), *(("other", "extra") if length >= 7 else ()))


def _is_light(found: Alignment, length: int) -> bool:
    """One particle left out, or any one character of a long name: no certificate differs from another by so little."""
    if len(found.edits) != 1 or found.edits[0].kind != "missing" or found.edits[0].name_char in CONTRASTS:
        return False
    return length >= 10 or (length >= 6 and found.edits[0].name_char in PARTICLES)


def _candidates(names: Sequence[CertificateName], scores: dict[str, float]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            name.certificate.name, name.certificate.name, name.certificate.name, round(scores[name.plain], 3), ("near",)
        )
        for name in names
        if scores[name.plain] >= NEAR
    )


def _decided(
    found: CertificateName,
    score: float,
    reason: str,
    text: str,
    written: str,
    level: str | None,
    rest: tuple[Candidate, ...] = (),
) -> Match:
    name = found.certificate.name
    best = Candidate(name, name, name, round(score, 3), (reason,))
    findings: list[Finding] = []
    if reason == "short_name":
        findings.append(_finding("short_name", "info", f"“{text}”是简称，按“{name}”处理"))
    if reason == "misspelt":
        findings.append(_finding("misspelt", "warning", f"“{text}”与登记的“{name}”有出入，按后者处理，请核对"))
    if written and level and written != level:
        findings.append(_finding("level", "warning", f"证书名称中写“{written}”，等级栏写“{level}”，请核对"))
    return Match(True, best, (best, *rest[:4]), tuple(findings))


def _undecided(text: str, names: Sequence[CertificateName], scores: dict[str, float]) -> Match:
    candidates = _candidates(names, scores)[:5]
    close = [one for one in candidates if one.score >= candidates[0].score - 0.1]
    listed = "、".join(f"“{one.name}”" for one in (close if len(close) > 1 else candidates[:1]))
    if len(close) > 1:
        finding = _finding("ambiguous", "warning", f"“{text}”可能是{listed}，请选定证书")
    elif listed:
        finding = _finding("unmatched", "warning", f"证书名录中没有“{text}”，最接近的是{listed}，请核对")
    else:
        finding = _finding("unmatched", "warning", f"证书名录中没有与“{text}”相近的证书，请核对原件")
    return Match(False, candidates[0] if candidates else None, candidates, (finding,))


def _finding(code: str, severity: Severity, message: str) -> Finding:
    return Finding(f"certificate.{code}", severity, message, field="certificate")
