"""Which certificate is meant. The register is incomplete, so a name that is merely near stays a question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.extraction import Finding, Severity
from matching.candidate import UNMATCHED, Candidate, Match
from matching.evidence import CLEAR, FAR, SURE, WHOLE, Features, of_spelling, probability
from matching.features import Alignment, Pairs
from matching.index import CertificateIndex, CertificateName
from matching.names import certificate_stem, in_order, plain

NEAR = 0.6  # the likeness from which a candidate is worth a person's look
JOINTS = "与和及、并"


def match_certificate(text: str, index: CertificateIndex, *, level: str | None, seen: Pairs = frozenset()) -> Match:
    """Find the certificate that `text` names.

    level: that of the row, 初级|中级|高级, compared with a level written behind the name; None when not known.
    seen: characters as read and as the reader says they may be.
    Returns a Match whose findings have the field "certificate"; an empty text never decides and has no finding.
    """
    if not plain(text):
        return UNMATCHED
    told = index.simplified(text)
    stem, written = certificate_stem(told)
    said = plain(stem)
    if found := index.exact(plain(told)) or index.exact(said):
        reason = "exact" if found.certificate.name == text else "normalised"
        return _decided(_Ranked(found, 1.0, WHOLE), reason, text, written, level)
    if known := index.alias(said):
        return _decided(_Ranked(known, 0.9, WHOLE), "short_name", text, written, level)
    weighed, ranked = weigh(said, index, seen)
    if not ranked:
        return _undecided(text, ranked)
    likely = _shared(ranked, probability(weighed.belief, weighed.features))
    if likely[0].probability >= SURE:
        reason = "short_name" if weighed.belief == "certificate_short" else "misspelt"
        return _decided(likely[0], reason, text, written, level, likely[1:])
    return _undecided(text, likely)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A name that may be meant: how like the text it is, how probably it is the one."""

    name: CertificateName
    likeness: float
    probability: float = 0.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for one name: features, for the belief of that name."""

    name: CertificateName | None
    belief: str
    features: Features


def weigh(said: str, index: CertificateIndex, seen: Pairs = frozenset()) -> tuple[Weighed, tuple[_Ranked, ...]]:
    """What speaks for the best guess at a normalised text that is no name itself; and all guesses, best first."""
    short, near = _shortened(said, index), index.near(said, seen)
    shorts = {name.plain for name in short}
    ranked = (
        *(_Ranked(name, 0.9) for name in short),
        *(_Ranked(name, _likeness(name, found, index)) for name, found in near if name.plain not in shorts),
    )
    if not near:
        return Weighed(None, "certificate_spelt", {}), ranked
    if len(short) == 1:
        tail = len(short[0].plain) - len(said)
        return Weighed(
            short[0],
            "certificate_short",
            {"tail": float(min(tail, 5)), "bracket": float("（" in short[0].certificate.name), "clear": 1.0},
        ), ranked
    name, found = near[0]
    margin = near[1][1].cost - found.cost if len(near) > 1 else FAR
    features = of_spelling(
        said, found, len(name.plain), "", margin, index.vocabulary, index.weights, _slip_kinds(len(name.plain))
    )
    features["shorts"] = float(len(short))
    if features.get("slips_clear") and len(found.edits) <= (
        1 if len(name.plain) < 6 else 2 if len(name.plain) < 10 else 3
    ):
        features["plain_slips"] = features["clear"] = 1.0
    light = features.get("one_missing_particle") or features.get("one_missing_long")
    if light and margin >= CLEAR:
        features["clear"] = 1.0
    belief = "certificate_light" if light else "certificate_spelt"
    return Weighed(name, belief, features), tuple(sorted(ranked, key=lambda one: one.name is not name))


def _shared(ranked: Sequence[_Ranked], best: float) -> tuple[_Ranked, ...]:
    """The first with its probability; the others share what is left by their likeness."""
    parts = [math.exp(6 * (one.likeness - 1)) for one in ranked[1:]]
    left = (1 - best) / (1 + sum(parts))
    rest = (replace(one, probability=left * part) for one, part in zip(ranked[1:], parts, strict=True))
    return (replace(ranked[0], probability=best), *rest)


def _shortened(said: str, index: CertificateIndex) -> list[CertificateName]:
    """Names of which `said` is a fair abbreviation: the tail behind 与 left off, or one side of a bracket."""
    sides = [name for name in index.names if said in name.sides]
    if sides or len(said) < 6:
        return sides
    tails = [name for name in index.names if name.plain.startswith(said) and name.plain[len(said)] in JOINTS]
    return tails and [name for name in index.names if in_order(said, name.plain)]


def _slip_kinds(length: int) -> tuple[str, ...]:
    """Which edits a name of this length can stand: in a short one every character may make another certificate."""
    alike = ("seen", "look", "sound", *(("missing",) if length >= 4 else ()))
    return (*alike, "other", "extra", "turned") if length >= 7 else alike


def _likeness(name: CertificateName, found: Alignment, index: CertificateIndex) -> float:
    return max(0.0, 1 - found.cost / sum(index.weights[char] for char in name.plain))


def _candidate(one: _Ranked, reasons: tuple[str, ...]) -> Candidate:
    name = one.name.certificate.name
    return Candidate(name, name, name, round(one.probability, 4), reasons)


def _candidates(ranked: Sequence[_Ranked]) -> tuple[Candidate, ...]:
    return tuple(_candidate(one, ("near",)) for one in ranked if one.likeness >= NEAR)


def _decided(
    found: _Ranked, reason: str, text: str, written: str, level: str | None, rest: Sequence[_Ranked] = ()
) -> Match:
    name = found.name.certificate.name
    best = _candidate(found, (reason,))
    findings: list[Finding] = []
    if reason == "short_name":
        findings.append(_finding("short_name", "info", f"“{text}”是简称，按“{name}”处理"))
    if reason == "misspelt":
        findings.append(_finding("misspelt", "warning", f"“{text}”与登记的“{name}”有出入，按后者处理，请核对"))
    if written and level and written != level:
        findings.append(_finding("level", "warning", f"证书名称中写“{written}”，等级栏写“{level}”，请核对"))
    return Match(True, best, (best, *_candidates(rest)[:4]), tuple(findings))


def _undecided(text: str, ranked: Sequence[_Ranked]) -> Match:
    worthy = [one for one in ranked if one.likeness >= NEAR][:5]
    candidates = _candidates(worthy)
    close = [one.name for one in worthy if one.likeness >= worthy[0].likeness - 0.1]
    named = close if len(close) > 1 else [one.name for one in worthy[:1]]
    listed = "、".join(f"“{name.certificate.name}”" for name in named)
    if len(close) > 1:
        finding = _finding("ambiguous", "warning", f"“{text}”可能是{listed}，请选定证书")
    elif listed:
        finding = _finding("unmatched", "warning", f"证书名录中没有“{text}”，最接近的是{listed}，请核对")
    else:
        finding = _finding("unmatched", "warning", f"证书名录中没有与“{text}”相近的证书，请核对原件")
    return Match(False, candidates[0] if candidates else None, candidates, (finding,))


def _finding(code: str, severity: Severity, message: str) -> Finding:
    return Finding(f"certificate.{code}", severity, message, field="certificate")
