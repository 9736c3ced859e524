"""Signed, printed, sealed or empty: every slot that a form asks for, judged by the ink in it. Pure.

First the slots are found (`extractors.slots`), then the shell is asked for a trace of the ink in each. Where the label
of a role was not read, the part of the page where people sign is asked to be read again, finer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpora.form import FormSpec, SignatureSpec
from extractors.extraction import Request, Signature, SignatureState
from extractors.hands import Group, Print, groups_of, likeness, names_of, print_of, read_there, without_rows_of_print
from extractors.layout import Layout, lay_out
from extractors.same_hand import Entry, with_repeats
from extractors.slots import Slot, find_slots
from extractors.text import find_label
from ingest.document import Box, Document, Imprint, Look

TYPED, SURELY_TYPED, PLAINLY_TYPED = 0.74, 0.8, 0.92  # likeness to print
FEW = 12  # blocks of text on a page with little on it
LOOSE = 0.25  # square line heights of red ink

_Verdict = tuple[SignatureState, float]
MARGIN = 0.8  # line heights around a region, so that strokes come whole


@dataclass(frozen=True, slots=True)
class _Paper:
    """Where a slot stands."""

    document: Document
    pages: Sequence[int]
    layout: Layout


def read_signatures(
    document: Document, form: FormSpec, pages: Sequence[int], layouts: Sequence[Layout], looks: Sequence[Look]
) -> tuple[tuple[Signature, ...], tuple[Request, ...]]:
    """The signatures of a form, every role listed as the contract says, and the looks that they still want.

    pages: the record's pages as indices into the document; layouts: theirs, in the same order.
    """
    if not form.signatures or not any(document.pages[page].picture for page in pages):
        return (), ()
    known = {(look.page, look.purpose, look.box): look for look in looks}
    slots = find_slots(form, layouts)
    requests: list[Request] = []
    missing = {r: s for r, s in form.signatures.items() if r not in slots and not s.optional}
    if missing and (again := _again(layouts, slots)) is not None:
        look = known.get((again.page, again.purpose, again.box))
        if look is None:
            requests.append(again)
        else:
            slots = slots | find_slots(form, [_finer(document, layout, look, missing) for layout in layouts])
    entries: dict[str, list[Entry]] = {}
    # Those of several last: what single ones signed reaches into their room.
    for role, spec in sorted(form.signatures.items(), key=lambda item: item[1].count):
        slot = slots.get(role)
        if slot is None:
            entries[role] = [] if spec.optional else [Entry(Signature(role, "unsure"))] * spec.count
            continue
        boxes = [slot.label, *(_wider(region, slot.line_height) for region in slot.regions)]
        asked = [Request(slot.page + 1, box, "ink") for box in boxes]
        answers = [known.get((one.page, one.purpose, one.box)) for one in asked]
        if all(look and look.ink for look in answers):
            paper = _Paper(document, pages, next(one for one in layouts if one.page == slot.page))
            taken = [one.ink.box for own in entries.values() for one in own if one.ink and one.page == slot.page]
            entries[role] = _judged(role, spec, slot, [look for look in answers if look], paper, taken)
        else:
            requests += [one for one, look in zip(asked, answers, strict=True) if look is None]
            entries[role] = [Entry(Signature(role, "unsure"))] * spec.count
    return with_repeats([one for role in form.signatures for one in entries[role]]), tuple(requests)


def _wider(region: Box, unit: float) -> Box:
    return Box(region.x0, region.y0 - MARGIN * unit, region.x1, region.y1 + MARGIN * unit)


def _again(layouts: Sequence[Layout], slots: dict[str, Slot]) -> Request | None:
    """Where a signature's label that was not read must stand: on the last page, below the first one that was read,
    else below the table, else in the lower half; all of a page with little on it."""
    last = max(layouts, key=lambda layout: layout.page)
    if not last.blocks:
        return None
    bottom = min(max(block.box.y1 for block in last.blocks) + 2 * last.line_height, float(last.height))
    written = [grid for grid in last.grids if any(cell.runs for cell in grid.cells)]
    tops = [slot.label.y0 - 2 * slot.line_height for slot in slots.values() if slot.page == last.page]
    ends = [grid.box.y1 for grid in written if bottom - grid.box.y1 > 4 * last.line_height]
    half = 0.0 if len(last.blocks) < FEW else 0.45 * last.height
    top = max(0.0, min(tops) if tops else max(ends) if ends else half)
    return Request(last.page + 1, Box(0.0, top, float(last.width), bottom), "text") if bottom > top else None


def _finer(document: Document, layout: Layout, look: Look, missing: dict[str, SignatureSpec]) -> Layout:
    """The page with the lines that hold a missing label and were read only at the second look."""
    if look.page != layout.page + 1:
        return layout
    labels = [label for spec in missing.values() for label in spec.labels]
    lines = [line for line in look.lines if any(find_label(label, line.text) for label in labels)]
    page = document.pages[layout.page]
    kept = [one for one in page.lines if not any(_same_place(one.box, new.box) for new in lines)]
    return lay_out(replace(page, lines=(*kept, *lines)), layout.page)


def _same_place(old: Box, new: Box) -> bool:
    return old.holds(new.cx, new.cy) and new.holds(old.cx, old.cy)


def _judged(
    role: str, spec: SignatureSpec, slot: Slot, answers: Sequence[Look], paper: _Paper, taken: Sequence[Box]
) -> list[Entry]:
    """The signatures in one slot: as many entries as the form asks for, those found first."""
    page, unit = paper.document.pages[slot.page], slot.line_height
    label, *inks = [look.ink for look in answers if look.ink]
    own = print_of(label, unit)
    found: dict[Box, _Verdict] = {}
    names: dict[Box, Group] = {}
    for region, ink in zip(slot.regions, inks, strict=True):
        found |= {frame: ("chop", 0.95) for frame in ink.frames if region.holds(frame.cx, frame.cy)}
        blots = groups_of(ink, region, paper.layout, slot, [*names, *taken] if spec.count > 1 else ())
        groups = names_of(blots, spec.count, unit)
        for name in without_rows_of_print(groups, own, unit) if spec.count > 1 else groups:
            if (verdict := _hand_or_print(name, own, slot, paper)) is not None:
                found[name.box], names[name.box] = verdict, name
    number = paper.pages.index(slot.page) + 1
    entries = [
        Entry(Signature(role, state, number, page.view_box(box), sure), names.get(box), paper.layout, unit, slot.page)
        for box, (state, sure) in _best(_settled(found), spec.count)
    ]
    # Red ink that belongs to no seal we know may be a name seal.
    doubtful = not found and any(ink.red > LOOSE * unit * unit for ink in inks)
    state: SignatureState = "unsure" if doubtful else "absent"
    empty = Signature(role, state, number, page.view_box(slot.regions[0]), 0.5 if doubtful else 0.9)
    return entries + [Entry(empty)] * (spec.count - len(entries))


def _settled(found: dict[Box, _Verdict]) -> dict[Box, _Verdict]:
    """What may be print and stands beside names by hand is a hand, too: small and neat."""
    if all(state != "signed" for state, _ in found.values()):
        return found
    hand: _Verdict = "signed", 0.6
    return {
        box: hand if state == "unsure" or (state == "typed" and sure < PLAINLY_TYPED) else (state, sure)
        for box, (state, sure) in found.items()
    }


def _best(found: dict[Box, _Verdict], count: int) -> list[tuple[Box, _Verdict]]:
    """Ink before print; from left to right, those of several from top to bottom."""
    order: dict[SignatureState, int] = {"chop": 0, "signed": 0, "unsure": 1, "typed": 2}
    best = sorted(found.items(), key=lambda f: (order[f[1][0]], f[0].x0 if count == 1 else -f[1][1]))[:count]
    return sorted(best, key=lambda f: (f[0].y0, f[0].x0))


def _hand_or_print(name: Group, own: Print | None, slot: Slot, paper: _Paper) -> _Verdict | None:
    """None for print that is no name: words that the form prints, seen under a seal."""
    glyphs = read_there(name, paper.layout)
    page = paper.document.pages[slot.page]
    if page.read_by == "text-layer" and glyphs and all(glyph.score == 1.0 for glyph in glyphs):
        return "typed", 1.0
    read = sum(g.score for g in glyphs) / len(glyphs) if glyphs else 0.0
    like = likeness(name, own, read, slot.line_height) if own else 0.0
    if like < TYPED:
        return "signed", round(1.0 - 0.5 * like, 3)
    sealed = any(_holds(seal, name.box) for seal in page.imprints)
    if sealed and not glyphs:
        return None
    return ("typed", round(like, 3)) if like >= SURELY_TYPED else ("unsure", 0.5)


def _holds(seal: Imprint, box: Box) -> bool:
    return math.hypot(box.cx - seal.ellipse[0], box.cy - seal.ellipse[1]) < seal.ellipse[2]
