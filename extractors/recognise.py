"""Which form is on which page: by its title first, by its labels where the title cannot be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpora.form import FormSpec
from extractors.freetext import find_heading
from extractors.layout import Layout, text_of
from extractors.text import alike, contains_alike, find_label
from ingest.document import Document

TITLE = 0.78  # how alike a title must be to open a form
LABELS = 0.6  # share of a form's labels that opens it without a title
FREE = 0.95  # what the heading of a free text weighs: less than a table's title with its labels
LITTLE = 40  # characters below which a page says nothing of its own: a back side, a stamp, a page number


@dataclass(frozen=True, slots=True)
class Recognised:
    """One form and the indices of its pages in the Document, in order; form None for pages that no form claims."""

    form: FormSpec | None
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Score:
    form: FormSpec
    title: float
    labels: float

    @property
    def opens(self) -> bool:
        return (self.title >= TITLE and self.labels >= 0.12) or self.labels >= LABELS or self.title >= 0.93

    @property
    def weight(self) -> float:
        return self.title + 0.5 * self.labels


def recognise(document: Document, layouts: Sequence[Layout], forms: Sequence[FormSpec]) -> tuple[Recognised, ...]:
    """The forms in a message's pages, in order.

    A page with a form's title opens that form. A page without one goes on with the form before it when it comes from
    the same file, shows some of that form's labels, or shows next to nothing; leading pages go on with the form after.
    """
    groups: list[tuple[FormSpec | None, list[int]]] = []
    for index, layout in enumerate(layouts):
        scores = [_score(form, layout) for form in forms]
        best = max((s for s in scores if s.opens), key=lambda s: s.weight, default=None)
        if best is not None and not (groups and _continues(document, groups[-1], index, best)):
            groups.append((best.form, [index]))
        elif groups and groups[-1][0] is not None and _goes_on(document, layouts, groups[-1], index, scores):
            groups[-1][1].append(index)
        else:
            groups.append((None, [index]))
    return _settled(document, groups, layouts)


def _score(form: FormSpec, layout: Layout) -> _Score:
    if form.around:
        return _Score(form, FREE if find_heading(form, layout) else 0.0, 0.0)
    texts = [text_of(g for run in row for g in run.glyphs) for row in layout.rows]
    windows = ["".join(texts[i : i + n]) for i in range(len(texts)) for n in (1, 2, 3) if i + n <= len(texts)]
    title = max(
        (alike(t, w) for t in form.titles for w in windows if abs(len(t) - len(w)) <= 0.6 * len(t)), default=0.0
    )
    return _Score(form, title, label_share(form, "".join(texts)))


def label_share(form: FormSpec, text: str) -> float:
    """How many of the places that the form declares are labelled on the page, 0..1."""
    groups = [f.labels for f in form.fields.values() if f.labels]
    groups += [c.labels for c in form.table.columns.values()] if form.table else []
    groups += [s.labels for s in form.signatures.values() if not s.optional]
    groups += [(stop,) for stop in form.stops]
    wanted = {labels for labels in groups if max(map(len, labels)) >= 2}
    found = sum(any(contains_alike(label, text) >= 0.85 for label in labels) for labels in wanted)
    return found / len(wanted) if wanted else 0.0


def _continues(document: Document, group: tuple[FormSpec | None, list[int]], index: int, best: _Score) -> bool:
    """Whether a page that would open a form is another page of the one before it: the same form without a title; in
    a free text the title again, behind its cover, or a table like a form's."""
    form, pages = group
    here, before = document.pages[index], document.pages[pages[-1]]
    text = form is not None and bool(form.around) and here.sha256 == before.sha256
    same, untitled = best.form is form, best.title < TITLE
    return (same and untitled) or (text and (same or untitled))


def _goes_on(
    document: Document,
    layouts: Sequence[Layout],
    group: tuple[FormSpec | None, list[int]],
    index: int,
    scores: Sequence[_Score],
) -> bool:
    form, pages = group
    own = next(s for s in scores if s.form is form)
    here, before = document.pages[index], document.pages[pages[-1]]
    if here.read_by == "office" or before.read_by == "office":
        return here.sha256 == before.sha256
    if form is not None and form.around and _numbered(here.file_name) == _numbered(before.file_name):
        return True  # 总结1.jpg, 总结2.jpg
    return here.sha256 == before.sha256 or own.labels > 0.05 or _characters(layouts[index], form) < LITTLE


def _numbered(file_name: str) -> str:
    return re.sub(r"\d+", "0", file_name)


def _characters(layout: Layout, form: FormSpec | None) -> int:
    """How much a page says before the form's printed notes."""
    said = 0
    for block in layout.blocks:
        if form and any(find_label(note, block.text) for note in form.notes):
            break
        said += len(block.glyphs)
    return said


def _settled(
    document: Document, groups: list[tuple[FormSpec | None, list[int]]], layouts: Sequence[Layout]
) -> tuple[Recognised, ...]:
    """Leading pages without a title that show the next form's labels, or next to nothing, become its last pages."""
    if len(groups) >= 2 and groups[0][0] is None and (following := groups[1][0]) is not None:
        loose = groups[0][1]
        text = "".join(text_of(g for run in row for g in run.glyphs) for i in loose for row in layouts[i].rows)
        scanned = all(document.pages[i].read_by != "office" for i in (*loose, *groups[1][1]))
        if scanned and (label_share(following, text) > 0.05 or len(text) < LITTLE):
            groups = [(following, groups[1][1] + loose), *groups[2:]]
    result: list[Recognised] = []
    for form, pages in groups:
        if form is None and result and result[-1].form is None:
            result[-1] = Recognised(None, (*result[-1].pages, *pages))
        else:
            result.append(Recognised(form, tuple(pages)))
    return tuple(result)
