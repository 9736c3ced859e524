"""The seals of one form: whose they are, where they stand, and what is wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from corpora.form import FormSpec
from extractors.extraction import Extraction, Finding, Fractions
from extractors.seals import seal_number
from ingest.document import Imprint, Page, Quad
from matching.index import SchoolIndex
from matching.seal_names import Owner, SealReading, read_seal

Kind = Literal["round", "oval", "riding", "square"]
CLEAR = 0.7  # cost up to which a seal names its school by itself
SAME = 0.02  # how far apart, in fractions of the page, two sights of one seal lie at most
BESIDE = 0.75  # of the seal's half width: how near a place must be for the seal to stand on it


@dataclass(frozen=True, slots=True)
class SealMark:
    """One seal as the contract has it. page: from 1 in the record; diameter: in millimetres on A4, 0 when not known."""

    page: int
    box: Fractions
    quad: Quad
    kind: Kind
    colour: str
    text: str
    lower_text: str | None
    code: str | None
    owner: Owner
    slot: str
    confidence: float
    print_: str
    diameter: float


def judge_seals(
    pages: Sequence[Page],
    extraction: Extraction,
    form: FormSpec | None,
    index: SchoolIndex,
    school: str | None,
    year: int | None,
) -> tuple[tuple[SealMark, ...], tuple[Finding, ...]]:
    """pages: the record's; school: code of the school that the form is decided to be from, else None."""
    found = [(number, page, imprint) for number, page in enumerate(pages, 1) for imprint in page.imprints]
    riding = {number for number, _, imprint in found if imprint.shape == "riding"}
    marks = []
    for number, page, imprint in found:
        reading = read_seal(imprint, index, school, year)
        # 骑缝章 runs over several sheets: half a seal on a single one was cut off by the scanner.
        kind: Kind = "round" if imprint.shape == "riding" and len(riding) < 2 else imprint.shape
        mark = _mark(number, page, imprint, kind, reading, extraction, form)
        marks.append(replace(mark, owner=_chosen_owner(mark, extraction) or mark.owner))
    return tuple(marks), tuple(_findings(marks, form)) if form else ()


def _chosen_owner(mark: SealMark, extraction: Extraction) -> Owner | None:
    """Whose a person said that the seal at this place is."""
    here = (one for one in extraction.chosen.seals if one[0] == mark.page)
    alike = (owner for _, box, owner in here if max(abs(a - b) for a, b in zip(box, mark.box, strict=True)) < SAME)
    return cast("Owner | None", next(alike, None))


def named_by_seals(pages: Sequence[Page], index: SchoolIndex) -> tuple[str, ...]:
    """The names that whole seals clearly say by themselves, whatever the form says."""
    whole = [imprint for page in pages for imprint in page.imprints if imprint.shape != "riding"]
    readings = [read_seal(imprint, index, None, None) for imprint in whole]
    return tuple(dict.fromkeys(r.text for r in readings if r.school is not None and r.cost <= CLEAR))


def _mark(
    number: int,
    page: Page,
    imprint: Imprint,
    kind: Kind,
    reading: SealReading,
    extraction: Extraction,
    form: FormSpec | None,
) -> SealMark:
    box = page.view_box(imprint.box)
    slot = (
        form.seal.slot if form and form.seal and kind != "riding" and _on_its_place(number, box, extraction) else "none"
    )
    across = 210.0 / min(page.width, page.height)
    return SealMark(
        number,
        box,
        page.view_quad(imprint.box),
        kind,
        imprint.colour,
        reading.text,
        reading.lower or None,
        seal_number(imprint),
        reading.owner,
        slot,
        imprint.confidence,
        imprint.print_,
        round(2 * imprint.ellipse[2] * across, 1),
    )


def _on_its_place(page: int, box: Fractions, extraction: Extraction) -> bool:
    """On or beside the school's name, the date or a signature, where seals are stamped."""
    grow = BESIDE * (box[2] - box[0]) / 2, BESIDE * (box[3] - box[1]) / 2
    wide = box[0] - grow[0], box[1] - grow[1], box[2] + grow[0], box[3] + grow[1]
    places = [r.box for k in ("school", "date") if (r := extraction.fields.get(k)) and r.box and r.page == page]
    places += [s.box for s in extraction.signatures if s.box and s.page == page]
    return any(p[0] < wide[2] and p[2] > wide[0] and p[1] < wide[3] and p[3] > wide[1] for p in places)


def _findings(marks: Sequence[SealMark], form: FormSpec) -> list[Finding]:
    """By the contract's own words on when a seal.* code is raised."""
    if form.seal is None:
        return []
    whole = [mark for mark in marks if mark.kind != "riding"]
    if not whole:
        return [Finding("seal.missing", "error", "没有找到应盖的印章，请学校盖章后重新扫描发送。", "seal")]
    findings = []
    for mark in whole:
        if mark.owner == "other":
            findings.append(
                _said("seal.owner", "error", f"第{mark.page}页的印章是“{mark.text}”，不是本校的印章，请核对。")
            )
        elif mark.owner == "former":
            findings.append(
                _said("seal.former_name", "warning", f"第{mark.page}页的印章是学校原名“{mark.text}”，请核对。")
            )
        elif mark.owner == "unknown":
            findings.append(
                _said("seal.unreadable", "warning", f"第{mark.page}页的印章看不清是哪个单位，请对照图片核对。")
            )
    # Page by page: the school's seal beside its name does not stand for the one that is due under the table.
    own = {mark.page for mark in whole if mark.owner == "same"}
    alone = [mark for mark in whole if mark.owner == "department" and mark.page not in own]
    if form.seal.slot == "school" and alone:
        message = f"第{alone[0].page}页应盖学校公章，只找到部门章“{alone[0].lower_text}”，请学校补盖公章。"
        findings.append(_said("seal.department", "error", message))
    if any(mark.colour in ("grey", "black") for mark in whole):
        findings.append(_said("seal.copy", "warning", "印章是黑白的，可能是复印件，请学校发送加盖红章的彩色扫描件。"))
    return findings


def _said(code: str, severity: Literal["error", "warning"], message: str) -> Finding:
    return Finding(code, severity, message, "seal")
