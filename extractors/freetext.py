"""Values of free text: found by where they stand (the heading, the lines around it, the foot), not by a label. Pure.

A new place is one function and one line in PLACES; a new kind of value one function and one line in VALUES.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpora.form import FieldSpec, FormSpec
from extractors.entities import find_entities
from extractors.layout import Glyphs, Layout, Run, bounds, text_of
from extractors.locators import DATE, FIGURES, Place, trimmed
from extractors.text import find_label, fold

TOP = 12  # visual rows of a page among which its heading stands (a letterhead's come before)
DEEP = 4  # rows that a heading takes at most
NEAR = 4  # rows above and below the heading that may name the school
FOOT = 10  # rows at the end that may hold the signature
STRAY = 1  # characters of a heading that may be nothing known: the reader's noise
YEAR = re.compile(r"(?:19|20)\d\d\s*学?年度?|[二][〇零○O0][〇零○O0一二三四五六七八九]{2}年度?")
NUMBERED = re.compile(r"^\W*(?:[一二三四五六七八九十]+\s*[、.．)）]|\d+\s*[、.．)）]|第.{1,3}[章节条部]|附件)")
OFFICES = re.compile(r"(?:厅|局|部|委员会|公司|办公室|评价组织)$")
BESIDE = re.compile(
    r"盖章|公章|校章|单位|学校|院校|名称|报送|编制|制定|申报|日期|时间|填报|落款|[（）()：:，,。.\s·_—－-]"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A form's title on a page with what stands beside it: visual rows first..last (inclusive), its characters."""

    first: int
    last: int
    glyphs: Glyphs


def find_heading(form: FormSpec, layout: Layout) -> Heading | None:
    """The first rows that say the form's title and, beside it, nothing but a school, a year and the form's `around`."""
    rows = [_glyphs(row) for row in layout.rows[: TOP + DEEP]]
    for first in range(min(TOP, len(rows))):
        for last in range(first, min(first + DEEP, len(rows))):
            glyphs = tuple(g for row in rows[first : last + 1] for g in row)
            if _is_heading(form, text_of(glyphs)):
                return _widened(form, Heading(first, last, glyphs), rows)
    return None


def _widened(form: FormSpec, heading: Heading, rows: Sequence[Glyphs]) -> Heading:
    """With the rows above that belong to it: the school or the year may stand in a line of its own."""
    while heading.first > 0 and heading.last - heading.first + 1 < DEEP:
        glyphs = rows[heading.first - 1] + heading.glyphs
        if not rows[heading.first - 1] or not _is_heading(form, text_of(glyphs)):
            break
        heading = Heading(heading.first - 1, heading.last, glyphs)
    return heading


def _is_heading(form: FormSpec, text: str) -> bool:
    if NUMBERED.match(text) or len(fold(text)) > 80:
        return False
    hits = [(len(fold(title)), hit) for title in form.titles if (hit := find_label(title, text)) and hit.score >= 0.85]
    if not hits:
        return False
    _, hit = max(hits, key=lambda found: (found[1].score, found[0]))
    rest = f"{text[: hit.start]}|{text[hit.end :]}"
    for entity in find_entities(rest):
        if entity.kind == "organisation":
            rest = rest.replace(entity.text, "|")
    rest = YEAR.sub("", rest)
    for word in sorted(form.around, key=len, reverse=True):
        rest = rest.replace(word, "")
    left = re.sub(r"[年度报告\d〇]", "", fold(rest)) if re.search(r"\d{4}", rest) else fold(rest).replace("报告", "")
    return len(left) <= STRAY


def find_value(spec: FieldSpec, form: FormSpec, layouts: Sequence[Layout]) -> Place | None:
    """The first value of the field's type in the places that it names; None for a type that is not in VALUES, too."""
    spans = VALUES.get(spec.type)
    if spans is None:
        return None
    for where in spec.where:
        for layout, glyphs in PLACES[where](form, layouts):
            for start, end in spans(text_of(glyphs), where):
                value = trimmed(glyphs[start:end])
                if value:
                    return Place(value, bounds(g.box for g in value), layout.page, 1.0)
    return None


# --- places -----------------------------------------------------------------------------------------------------------

Rows = Iterator[tuple[Layout, Glyphs]]


def _glyphs(row: Sequence[Run]) -> Glyphs:
    return tuple(g for run in row for g in run.glyphs)


def _title(form: FormSpec, layouts: Sequence[Layout]) -> Rows:
    for layout in layouts:
        if heading := find_heading(form, layout):
            yield layout, heading.glyphs


def _opening(form: FormSpec, layouts: Sequence[Layout]) -> Rows:
    """Rows around the heading, those below it first."""
    for layout in layouts:
        if heading := find_heading(form, layout):
            below = layout.rows[heading.last + 1 : heading.last + 1 + NEAR]
            above = layout.rows[max(0, heading.first - NEAR) : heading.first]
            for row in (*below, *reversed(above)):
                yield layout, _glyphs(row)


def _foot(form: FormSpec, layouts: Sequence[Layout]) -> Rows:
    """The last rows, from the end."""
    rows = [(layout, _glyphs(row)) for layout in layouts for row in layout.rows]
    yield from reversed(rows[-FOOT:])


PLACES: Mapping[str, Callable[[FormSpec, Sequence[Layout]], Rows]] = {
    "title": _title,
    "opening": _opening,
    "foot": _foot,
}

# --- values -----------------------------------------------------------------------------------------------------------

Spans = list[tuple[int, int]]


def _organisations(text: str, where: str) -> Spans:
    """Schools in a heading; elsewhere only where the row holds nothing more than a name and a date."""
    found = [e for e in find_entities(text) if e.kind == "organisation" and not OFFICES.search(e.text)]
    return [(e.start, e.end) for e in found if where == "title" or _alone(text, e.text)]


def _dates(text: str, where: str) -> Spans:
    return [m.span() for m in (DATE.search(text) or FIGURES.search(text),) if m and _alone(text, m[0])]


def _alone(text: str, value: str) -> bool:
    """Whether a row says nothing but the value, a name or a date beside it, and words like （盖章）."""
    rest = text.replace(value, "")
    for pattern in (DATE, FIGURES):
        rest = pattern.sub("", rest)
    for entity in find_entities(rest):
        if entity.kind == "organisation":
            rest = rest.replace(entity.text, "")
    return len(BESIDE.sub("", rest)) <= STRAY


def _years(text: str, where: str) -> Spans:
    return [found.span() for found in YEAR.finditer(text)]


VALUES: Mapping[str, Callable[[str, str], Spans]] = {
    "organisation": _organisations,
    "date": _dates,
    "year": _years,
}
