"""The seam between the pipeline and the core: everything that is known about one form of a message, judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from api.pipeline import Judge
from api.queue.facets import due_on
from api.record import Judgement, Lane
from api.store import work
from api.store.engine import Store
from api.values import from_json
from corpora.confusables import load_confusables
from corpora.form import load_forms
from corpora.programme import Programme, load_programmes
from corpora.register import ENTRIES, Alias, Bureau, Entry, Registers, School, load_registers
from extractors.extraction import Extraction, Finding, Severity
from extractors.subject import Subject, parse_subject, subject_findings
from ingest.document import Document, Mail, Trouble
from matching.bureaus import bureau_in, find_bureau
from matching.candidate import Candidate, Match
from matching.index import CertificateIndex, SchoolIndex, said_of
from matching.programme import choose_programme
from matching.rules import route_findings, small_cohorts
from matching.timing import timing_findings
from matching.verdict import Known, Verdict, judge

UNREAD: dict[str, Severity] = {"mail.auto_reply": "info", "mail.subject": "warning"}


@dataclass(frozen=True, slots=True)
class _Indices:
    """The registers made searchable, and the state of the store that they were made from."""

    stamp: tuple[int, datetime | None]
    registers: Registers
    by_code: dict[str, School]
    schools: SchoolIndex
    certificates: CertificateIndex

    def school(self, match: Match | None) -> School | None:
        """The school that was decided on."""
        return self.by_code.get(match.best.key) if match and match.decided and match.best else None


class Judging:
    """Judges forms by the bundled registers with what the office imported laid over them.

    Making the indices takes a second; they are kept until a register is imported.
    """

    def __init__(self, store: Store):
        self._store = store
        self._indices: _Indices | None = None

    def __call__(
        self, mail: Mail, received_at: datetime | None, document: Document, extraction: Extraction, first: bool
    ) -> Judgement:
        """What is to be said of one Extraction.

        mail: without its attachments; first: whether this is the message's first record, which bears what is to be
        said of the mail and its files.
        """
        return _judge(self._made(), mail, received_at, document, extraction, first)

    def supposing(self, aliases: Iterable[Alias]) -> Judge:
        """Judges as if these were all the aliases."""
        made, held = self._made(), tuple(aliases)
        everywhere = [one for one in held if not one.programme]
        indices = made.schools.with_aliases(everywhere), made.certificates.with_aliases(everywhere)
        registers = replace(made.registers, aliases=held)
        return partial(_judge, replace(made, registers=registers, schools=indices[0], certificates=indices[1]))

    def registers(self) -> Registers:
        return self._made().registers

    def school(self, code: str) -> School | None:
        """A school of the registers."""
        return self._made().by_code.get(code)

    def _made(self) -> _Indices:
        with self._store.reading() as session:
            stamp = work.register_stamp(session)
            if self._indices is None or self._indices.stamp != stamp:
                self._indices = _indices(stamp, registers_of(session))
        return self._indices

    def known(self, programme: Programme | None) -> Known:
        """What names are matched with, in a programme."""
        return _known(self._made(), programme)


def _judge(
    made: _Indices,
    mail: Mail,
    received_at: datetime | None,
    document: Document,
    extraction: Extraction,
    first: bool,
) -> Judgement:
    subject = parse_subject(mail.subject, load_programmes())
    programme = choose_programme(extraction.form, subject, received_at, load_programmes())
    form = next((form for form in load_forms() if form.key == extraction.form), None)
    pages = [document.pages[place] for place in extraction.pages]
    witnesses = _witnesses(subject, made.registers)
    verdict = judge(extraction, form, _known(made, programme), pages=pages, witnesses=witnesses)
    office = _office(mail, subject, made)
    about_mail = _about_mail(mail, document, subject, programme, received_at) if first else []
    if programme and form and not any(f.code == "form.blank" for f in verdict.findings):
        if _is_mail(mail):
            about_mail += _by_notice(programme, received_at, extraction, verdict, made, office)
        about_mail += _small(programme, extraction, verdict, made)
    findings = (*about_mail, *(f for f in verdict.findings if document.pages or f.code != "form.unknown"))
    lane, city = _lane(document, verdict, about_mail), _city(verdict, office, made)
    key = programme.key if programme else None
    school = made.school(verdict.school)
    kind = (school.standing or None) if school else None
    due = due_on(programme, extraction.form, kind, received_at)
    return Judgement(lane, key, _matches(verdict), findings, _seals(verdict), city, kind, due)


def registers_of(session: Session) -> Registers:
    """The bundled registers with what the office imported laid over them."""
    entries: list[Entry] = [from_json(ENTRIES[row.kind], row.body) for row in work.register_entries(session)]
    return load_registers(extra=entries)


def _indices(stamp: tuple[int, datetime | None], registers: Registers) -> _Indices:
    confusables = load_confusables()
    by_code = {school.code: school for school in registers.schools}
    indices = SchoolIndex(registers, confusables), CertificateIndex(registers, confusables)
    return _Indices(stamp, registers, by_code, *indices)


def _known(made: _Indices, programme: Programme | None) -> Known:
    year, province = (programme.year, programme.province) if programme else (None, None)
    own = [one for one in made.registers.aliases if programme and one.programme == programme.key]
    if not own:
        return Known(made.schools, made.certificates, year, province)
    said = {(one.kind, said_of(one.kind, one.alias)) for one in own}
    everywhere = [one for one in made.registers.aliases if not one.programme]
    aliases = own + [one for one in everywhere if (one.kind, said_of(one.kind, one.alias)) not in said]
    return Known(made.schools.with_aliases(aliases), made.certificates.with_aliases(aliases), year, province)


def _is_mail(mail: Mail) -> bool:
    """Not so a loose file, which nobody sent at any time."""
    return bool(mail.sender or mail.message_id or mail.subject)


def _office(mail: Mail, subject: Subject, made: _Indices) -> Bureau | None:
    """The education office that sent the mail, by its subject or its sender's name."""
    bureaus = made.registers.bureaus
    named = find_bureau(subject.school, bureaus) or bureau_in(mail.subject, bureaus)
    return named or find_bureau(mail.sender_name, bureaus)


def _city(verdict: Verdict, office: Bureau | None, made: _Indices) -> str | None:
    """Whose records these are to see: the school's city, else that of the office that sent them."""
    school = made.school(verdict.school)
    return (school.city if school else office.city if office else "") or None


def _witnesses(subject: Subject, registers: Registers) -> tuple[tuple[str, str], ...]:
    """An office in the subject is the sender, who says nothing of the school."""
    named = subject.school and not find_bureau(subject.school, registers.bureaus)
    return (("subject", subject.school),) if named else ()


def _by_notice(
    programme: Programme,
    received_at: datetime | None,
    extraction: Extraction,
    verdict: Verdict,
    made: _Indices,
    office: Bureau | None,
) -> list[Finding]:
    """What the programme's notice says of the form's way: its window and its route."""
    school, form = made.school(verdict.school), extraction.form
    standing = "bureau" if office else school.standing if school else None
    findings = list(timing_findings(programme, form, standing, received_at))
    if school and not office:
        findings += route_findings(programme, form, school)
    return findings


def _small(programme: Programme, extraction: Extraction, verdict: Verdict, made: _Indices) -> list[Finding]:
    minimum = {one.name: one.minimum for one in made.registers.certificates if one.minimum}
    rows = [_decided(row) for row in verdict.rows]
    return list(small_cohorts(programme, extraction, _decided(verdict.certificate), rows, minimum))


def _decided(match: Match | None) -> str | None:
    return match.best.name if match and match.decided and match.best else None


def _about_mail(
    mail: Mail, document: Document, subject: Subject, programme: Programme | None, received_at: datetime | None
) -> list[Finding]:
    """Findings about the message: its troubles and its subject; loose files have no subject to be wrong."""
    troubles = [trouble_finding(trouble) for trouble in document.troubles]
    if not _is_mail(mail) or mail.auto_reply:
        return troubles
    year = programme.year if programme else subject.year or (received_at.year if received_at else 0)
    return [*troubles, *subject_findings(subject, year)]


def _lane(document: Document, verdict: Verdict, about_mail: list[Finding]) -> Lane:
    if not document.pages:
        return "parked"
    return "ask" if any(f.severity != "info" for f in about_mail) else verdict.lane


def trouble_finding(trouble: Trouble) -> Finding:
    """A trouble of a mail or a file, as a finding of its record; the file is named in the message."""
    where = f"{trouble.file_name}：" if trouble.file_name else ""
    return Finding(trouble.code, UNREAD.get(trouble.code, "error"), f"{where}{trouble.message}")


def _matches(verdict: Verdict) -> dict[str, Any]:
    """`matches` as the contract writes them."""
    return {
        "school": _match(verdict.school, school=True),
        "certificate": _match(verdict.certificate),
        "rows": [{"certificate": _match(row)} for row in verdict.rows],
    }


def _match(match: Match | None, school: bool = False) -> dict[str, Any] | None:
    if match is None:
        return None
    best = _candidate(match.best, school) if match.best else {"name": None, "score": 0.0, "reasons": []}
    told = {**best, "decided": match.decided}
    return told if match.decided else {**told, "candidates": [_candidate(c, school) for c in match.candidates]}


def _candidate(candidate: Candidate, school: bool) -> dict[str, Any]:
    own = {"code": candidate.key, "current_name": candidate.current_name} if school else {}
    return {**own, "name": candidate.name, "score": round(candidate.score, 3), "reasons": list(candidate.reasons)}


def _seals(verdict: Verdict) -> tuple[dict[str, Any], ...]:
    """`seals` as the contract writes them."""
    return tuple(
        {
            "page": seal.page,
            "box": list(seal.box),
            "quad": [[round(x, 5), round(y, 5)] for x, y in seal.quad],
            "kind": seal.kind,
            "colour": seal.colour,
            "text": seal.text or None,
            "lower_text": seal.lower_text,
            "code": seal.code,
            "owner": seal.owner,
            "slot": seal.slot,
            "confidence": seal.confidence,
            "print": seal.print_,
            "diameter": seal.diameter,
        }
        for seal in verdict.seals
    )
