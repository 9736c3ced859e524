"""Accept or ask: everything known about one form, weighed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from corpora.form import FormSpec
from extractors.checks import check
from extractors.extraction import Extraction, Finding, Reading
from extractors.signature_checks import signature_findings
from extractors.text import fold, folded
from ingest.document import Page
from matching.candidate import UNMATCHED, Candidate, Match
from matching.index import CertificateIndex, SchoolIndex
from matching.match import match_certificate, match_school
from matching.seal_marks import SealMark, judge_seals, named_by_seals

Lane = Literal["ready", "ask"]
LIKELY = 0.75  # score from which an undecided school is still the one that its seal is held against
MISSING = ("seal.missing", "signature.missing", "signature.count")
SURE_OF_A_SLIP = 0.985  # of the characters at a slip: then a strange name is the school's writing, not our reading


@dataclass(frozen=True, slots=True)
class Known:
    """What the judge holds the form against: the registers, the programme's year and province (None when unknown)."""

    schools: SchoolIndex
    certificates: CertificateIndex
    year: int | None = None
    province: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """lane and findings of one form; `rows` are the certificates of its rows, in order (empty when rows have none)."""

    lane: Lane
    findings: tuple[Finding, ...]
    school: Match | None = None
    certificate: Match | None = None
    rows: tuple[Match, ...] = ()
    seals: tuple[SealMark, ...] = ()


def judge(
    extraction: Extraction,
    form: FormSpec | None,
    known: Known,
    *,
    pages: Sequence[Page] = (),
    witnesses: Sequence[tuple[str, str]] = (),
) -> Verdict:
    """What is to be said of one form. pages: the record's, in order, for the seals on them.

    witnesses: who else names the school, as ("subject", "安庆职院").

    `ready` means that nothing is to be asked: no error or warning, every match decided, every mark seen.
    """
    if form is None:
        message = "没有识别出已知的表格，请查看原件并归类，或按 corpora/README.md 登记新的表格。"
        seals, _ = judge_seals(pages, extraction, None, known.schools, None, known.year)
        return Verdict("ask", (Finding("form.unknown", "warning", message),), seals=seals)
    school = _chosen_school(extraction, known) or _school(extraction, known, witnesses)
    certificate = _chosen(extraction.chosen.certificate) or _certificate(extraction.fields, known)
    named = dict(extraction.chosen.rows)
    rows = tuple(
        _chosen(named.get(number)) or _row(row, number, known) for number, row in enumerate(extraction.rows, 1)
    )
    if school is not None and not school.decided:
        # The seal is one more witness, heard where the paper alone does not settle it: 毫州 under a seal of 亳州.
        names = named_by_seals(pages, known.schools)
        likely = school.best is not None and school.best.score >= LIKELY and school.best.name in names
        # Of two seals the one that says what the paper most likely says is heard: the other is told as seal.owner.
        stamped = [("seal", name) for name in names if not likely or (school.best and name == school.best.name)]
        school = _school(extraction, known, [*witnesses, *stamped]) if stamped else school
    decided = school.best.key if school and school.best and (school.decided or school.best.score >= LIKELY) else None
    seals, of_seals = judge_seals(pages, extraction, form, known.schools, decided, known.year)
    matched = [m for m in (school, certificate, *rows) if m is not None]
    of_values = check(extraction, form, known.year)
    said = {f.code for f in of_values}
    blank = "form.blank" in said
    of_marks = () if blank else _of_marks(extraction, form, pages, of_seals, incomplete="form.page_missing" in said)
    findings = [*of_values, *(f for m in matched for f in m.findings), *of_marks]
    calm = not blank and all(m.decided for m in matched) and all(f.severity == "info" for f in findings)
    listed = rows if any("certificate" in row for row in extraction.rows) else ()
    return Verdict(
        "ready" if calm else "ask", tuple(findings), school, certificate, tuple(m or UNMATCHED for m in listed), seals
    )


def _chosen_school(extraction: Extraction, known: Known) -> Match | None:
    """The school that a person chose, if the register has it."""
    code = extraction.chosen.school
    school = next((one.school for one in known.schools.names if one.school.code == code), None) if code else None
    if school is None:
        return None
    best = Candidate(school.code, school.name_in(known.year or 9999), school.name, 1.0, ("person",))
    return Match(True, best, (best,))


def _chosen(name: str | None) -> Match | None:
    """The certificate that a person chose."""
    best = Candidate(name, name, name, 1.0, ("person",)) if name else None
    return Match(True, best, (best,)) if best else None


def _school(extraction: Extraction, known: Known, witnesses: Sequence[tuple[str, str]]) -> Match | None:
    reading = extraction.fields.get("school")
    if reading is None:
        return None
    year = known.year or 9999
    found = match_school(
        reading.text, known.schools, year=year, province=known.province, others=witnesses, seen=reading.may_be
    )
    if known.year is None:  # a name is a former one in some programme's year
        found = replace(found, findings=tuple(f for f in found.findings if f.code != "school.former_name"))
    return _honest(found, reading)


def _certificate(readings: dict[str, Reading], known: Known) -> Match | None:
    reading = readings.get("certificate")
    if reading is None:
        return None
    level = readings["level"].value if "level" in readings else None
    found = match_certificate(
        reading.text, known.certificates, level=level if isinstance(level, str) else None, seen=reading.may_be
    )
    return _honest(found, reading)


def _honest(match: Match, reading: Reading) -> Match:
    """A slip that may be ours is no misspelling of the school's: it is asked, not said. Nothing is said of a blank."""
    if reading.reading != "written":
        return replace(match, findings=())
    if match.best is None or _clarity_of_slip(reading, match.best.name) >= SURE_OF_A_SLIP:
        return match
    return replace(match, findings=tuple(_asked(f, match, reading) for f in match.findings))


def _clarity_of_slip(reading: Reading, name: str) -> float:
    """The least probability of the characters that differ from the name and of those beside them."""
    text, places = folded(reading.text)
    if not reading.scores:
        return reading.confidence
    parts = SequenceMatcher(None, text, fold(name), autojunk=False).get_opcodes()
    slips = [range(max(0, i - 1), min(len(text), j + 1)) for kind, i, j, _, _ in parts if kind != "equal"]
    return min((reading.scores[places[at]] for slip in slips for at in slip), default=reading.confidence)


def _asked(finding: Finding, match: Match, reading: Reading) -> Finding:
    if not finding.code.endswith(".misspelt") or match.best is None:
        return finding
    message = f"读作“{reading.text}”，按“{match.best.name}”认定，字迹不够清楚，请对照图片核对。"
    return replace(finding, code="field.unsure", severity="warning", message=message)


def _row(row: dict[str, Reading], number: int, known: Known) -> Match | None:
    found = _certificate(row, known)
    return found and replace(found, findings=tuple(replace(f, row=number) for f in found.findings))


def _of_marks(
    extraction: Extraction, form: FormSpec, pages: Sequence[Page], of_seals: Sequence[Finding], *, incomplete: bool
) -> Sequence[Finding]:
    """What is to be said of seals and signatures. What cannot be seen is asked, and not called missing."""
    due = {role for role, spec in form.signatures.items() if not spec.optional}
    if form.seal is None and not due:
        return ()
    if not any(page.picture for page in pages):
        return (_unseen("这是电子文档，看不到印章和签字，请与学校盖章签字的扫描件核对。"),)
    if incomplete:  # what is not on these pages may stand on those that are not here
        seen = [one for one in extraction.signatures if one.page]
        known = [f for f in (*of_seals, *signature_findings(seen, form)) if f.code not in MISSING]
        return (*known, _unseen("缺页，应有的印章或签字可能在缺少的页上，请补齐后核对。"))
    of_signatures = signature_findings(extraction.signatures, form)
    if due - {one.role for one in extraction.signatures}:
        of_signatures += (_unseen("有应签字的位置没有读到，请对照图片核对。"),)
    return (*of_seals, *of_signatures)


def _unseen(message: str) -> Finding:
    return Finding("marks.unread", "warning", message)
