"""From a Document to its forms: recognise, locate, parse. Pure; what needs another look is asked for, not done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpora.form import FieldSpec, FormSpec, TableSpec
from extractors.electronic import attach
from extractors.entities import split_contact
from extractors.extraction import Extraction, Finding, Reading, Request
from extractors.freetext import find_value
from extractors.layout import Glyphs, Layout, lay_out
from extractors.locators import LabelHit, Place, behind, blanks, find_labels, lone_dates, trimmed
from extractors.readings import Looks, reading_of, unless_inked
from extractors.recognise import recognise
from extractors.repairs import with_options
from extractors.signatures import read_signatures
from extractors.tables import Table, inside, read_table
from extractors.text import fold
from ingest.document import Document, Look

FIGURES = 5  # as many in what is left beside a name are a number, however badly it was read


BRACKETS = re.compile(r"[（(]([^（()）]*)[)）]?\s*$")


def extract(document: Document, forms: Sequence[FormSpec], looks: Sequence[Look] = ()) -> tuple[Extraction, ...]:
    """All forms in a document, and the pages that no form claims, in order of their first page.

    The electronic version of a form that is scanned, too, is no form of its own: it is attached to the scan's.

    looks: answers to the `requests` of an earlier call for the same document; call again with all of them until no
    request is left (two rounds are enough: a look is asked for once).
    """
    layouts = [lay_out(page, index) for index, page in enumerate(document.pages)]
    answered = Looks(looks)
    results = []
    for found in recognise(document, layouts, forms):
        if found.form is None:
            results.append(Extraction(None, found.pages))
        else:
            sheets = [layouts[page] for page in found.pages]
            extraction = _extract_form(document, found.form, found.pages, sheets, answered)
            signatures, wanted = read_signatures(document, found.form, found.pages, sheets, looks)
            extraction = replace(extraction, signatures=signatures, requests=extraction.requests + wanted)
            results.append(with_options(extraction, found.form))
    return attach(document, results)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One page of the form with its labels found."""

    layout: Layout
    hits: list[LabelHit]


def _extract_form(
    document: Document, form: FormSpec, pages: tuple[int, ...], layouts: Sequence[Layout], looks: Looks
) -> Extraction:
    stops = [label for label in form.labels if len(fold(label)) > 3]
    table = read_table(form.table, layouts, stops) if form.table else None
    sheets = [_Sheet(layout, _labels_outside(form, layout, table)) for layout in layouts]
    places = _field_places(form, sheets, table)
    asked = _Asker(document, pages, looks)
    fields = {name: asked.read(spec.type, places.get(name)) for name, spec in form.fields.items()}
    rows, sample = _rows(form, table, asked)
    findings = [Finding("form.sample_row", "warning", "模板中的示例行没有删除，请确认后忽略该行。")] if sample else []
    return Extraction(form.key, pages, fields, tuple(rows), tuple(findings), tuple(asked.requests))


def _labels_outside(form: FormSpec, layout: Layout, table: Table | None) -> list[LabelHit]:
    """The form's labels on a page; not in its table, whose headings are labels of their own."""
    hits = find_labels(layout.blocks, form.labels)
    return [h for h in hits if not inside(layout.blocks[h.block], table)]


def _field_places(form: FormSpec, sheets: Sequence[_Sheet], table: Table | None) -> dict[str, Place | None]:
    places: dict[str, Place | None] = {}
    if form.sentence:
        places |= _sentence_places(form, sheets)
    for name, spec in form.fields.items():
        if places.get(name) is not None:
            continue
        if table and form.table and form.table.total and form.table.total.field == name:
            places[name] = table.total
        elif spec.alone:
            places[name] = _date_place(form, spec, sheets, table, [p for p in places.values() if p])
        else:
            places[name] = _labelled(spec, sheets)
        if spec.where and ((place := places[name]) is None or not place.glyphs):
            places[name] = find_value(spec, form, [sheet.layout for sheet in sheets]) or place
    return places


def _labelled(spec: FieldSpec, sheets: Sequence[_Sheet]) -> Place | None:
    """The best place behind one of the field's labels: written rather than blank, alike, then in reading order."""
    found: list[tuple[bool, float, int, Place]] = []
    for sheet in sheets:
        for hit in sheet.hits:
            if hit.label in spec.labels:
                place = behind(hit, sheet.hits, sheet.layout)
                place = _part(spec, place, sheet, hit) if spec.part else place
                found.append((bool(place.glyphs), round(hit.score, 1), -len(found), place))
    return max(found, key=lambda f: f[:3])[3] if found else None


def _part(spec: FieldSpec, place: Place, sheet: _Sheet, hit: LabelHit) -> Place:
    """The name or the number where both share one blank; the number may stand on the line below."""
    person, phone = split_contact(place.text)
    wanted, other = (person, phone) if spec.part == "person" else (phone, person)
    if wanted is not None:
        return Place(trimmed(place.glyphs[wanted.start : wanted.end]), place.room, place.page, place.score)
    rest = place.glyphs if other is None else max(place.glyphs[: other.start], place.glyphs[other.end :], key=len)
    if sum(glyph.char.isdigit() for glyph in rest) >= FIGURES and spec.part == "phone":
        return Place(trimmed(rest), place.room, place.page, place.score)
    if spec.part == "phone" and hit.block + 1 < len(sheet.layout.blocks):
        below = sheet.layout.blocks[hit.block + 1]
        if not any(h.block == hit.block + 1 for h in sheet.hits):
            _, phone = split_contact(below.text)
            if phone is not None:
                return Place(trimmed(below.glyphs[phone.start : phone.end]), below.box, place.page, place.score)
    return Place((), place.room, place.page, place.score)


def _date_place(
    form: FormSpec, spec: FieldSpec, sheets: Sequence[_Sheet], table: Table | None, taken: Sequence[Place]
) -> Place | None:
    """The last date of the form that is no part of its table, its notes or another field's value."""
    if spec.labels and (place := _labelled(spec, sheets)) and place.glyphs:
        return place
    found: list[Place] = []
    for sheet in sheets:
        notes = {h.block for h in sheet.hits if h.label in form.notes}
        skipped = {n for n, b in enumerate(sheet.layout.blocks) if inside(b, table)}
        skipped |= set(range(min(notes), len(sheet.layout.blocks))) if notes else set()
        found += lone_dates(sheet.layout, skipped)
    others = {glyph for place in taken for glyph in place.glyphs}
    return next((place for place in reversed(found) if others.isdisjoint(place.glyphs)), None)


def _sentence_places(form: FormSpec, sheets: Sequence[_Sheet]) -> dict[str, Place | None]:
    """The blanks of the form's sentence, read over the lines that it runs through."""
    assert form.sentence is not None
    for sheet in sheets:
        glyphs: Glyphs = tuple(g for block in sheet.layout.blocks for g in block.glyphs)
        values = blanks(form.sentence, glyphs)
        if any(values.values()):
            return values
    return {}


def _rows(form: FormSpec, table: Table | None, asked: _Asker) -> tuple[list[dict[str, Reading]], bool]:
    """Data rows: not the template's sample row, not rows where nothing but a number is filled in."""
    if table is None or form.table is None:
        return [], False
    rows: list[dict[str, Reading]] = []
    sample = False
    for places in table.rows:
        told = [k for k, p in places.items() if p.glyphs and form.table.columns[k].required]
        key = places.get(form.table.key)
        if key is not None and form.table.sample and _is_sample(key.text):
            sample = True
            continue
        if not told or (len(told) == 1 and len(form.table.columns) > 2 and _is_noise(places[told[0]])):
            continue
        places = places | _within(form.table, places)
        rows.append({k: asked.read(c.type, places.get(k)) for k, c in form.table.columns.items()})
        if form.table.one_row:
            break
    return rows, sample


def _within(table: TableSpec, places: dict[str, Place]) -> dict[str, Place]:
    """Values that stand in the brackets of another column, having none of their own."""
    found = {}
    for key, column in table.columns.items():
        whole = places.get(column.inside) if column.inside and key not in places else None
        if whole and (brackets := BRACKETS.search(whole.text)):
            glyphs = trimmed(whole.glyphs[slice(*brackets.span(1))])
            found[key] = Place(glyphs, whole.room, whole.page, whole.score)
    return found


def _is_sample(text: str) -> bool:
    bare = text.replace(" ", "")
    return len(bare) >= 2 and set(bare) <= set("*＊﹡×xX※★☆·.…")


def _is_noise(place: Place | None) -> bool:
    return place is None or len(fold(place.text)) < 2


class _Asker:
    """Turns places into readings and gathers the second looks that they still want."""

    def __init__(self, document: Document, pages: tuple[int, ...], looks: Looks):
        self.document, self.pages, self.looks = document, pages, looks
        self.requests: list[Request] = []

    def read(self, kind: str, place: Place | None) -> Reading:
        reading, request = reading_of(kind, place, self.document, self.pages, self.looks)
        requests = [request]
        if place is not None:
            reading, request = unless_inked(reading, kind, place, self.document, self.looks)
            requests.append(request)
        self.requests += [one for one in requests if one is not None]
        return reading
