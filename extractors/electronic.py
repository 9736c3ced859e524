"""Electronic versions: a Word document or workbook of a form that is in the message as a scan, too. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.extraction import Extraction, Reading
from extractors.text import alike
from ingest.document import Document

LIKE = 0.5  # mean likeness of what both have written, from which one may be a version of the other
SAME = 0.9  # from which a second electronic version of one scan is believed


def attach(document: Document, extractions: Sequence[Extraction]) -> tuple[Extraction, ...]:
    """The extractions, electronic versions no longer among them but attached to the scan that they are most like.

    A scan takes one version; another only when it says the same. What is like no scan stays a form of its own.
    """
    pairs = [
        (likeness(scan, other), -i, -j)
        for i, scan in enumerate(extractions)
        for j, other in enumerate(extractions)
        if scan.form == other.form is not None and not is_electronic(document, scan) and is_electronic(document, other)
    ]
    owner: dict[int, int] = {}
    for like, i, j in sorted(pairs, reverse=True):
        if -j not in owner and like >= (SAME if -i in owner.values() else LIKE):
            owner[-j] = -i
    return tuple(
        _with_versions(one, [extractions[j] for j, k in sorted(owner.items()) if k == i])
        for i, one in enumerate(extractions)
        if i not in owner
    )


def _with_versions(scan: Extraction, versions: Sequence[Extraction]) -> Extraction:
    pages = tuple(page for one in versions for page in one.pages)
    return replace(scan, attached=pages, versions=tuple((one.fields, one.rows) for one in versions))


def is_electronic(document: Document, extraction: Extraction) -> bool:
    return bool(extraction.pages) and all(document.pages[p].read_by == "office" for p in extraction.pages)


def likeness(one: Extraction, other: Extraction) -> float:
    """How alike are the values that both have written, 0..1; 1 when there are none, as beside an empty template."""
    shares = [alike(a.text, b.text) for a, b in _pairs(one, other) if a.text and b.text]
    return sum(shares) / len(shares) if shares else 1.0


def _pairs(one: Extraction, other: Extraction) -> list[tuple[Reading, Reading]]:
    pairs = [(one.fields[k], other.fields[k]) for k in one.fields if k in other.fields]
    for row, beside in zip(one.rows, other.rows, strict=False):
        pairs += [(row[k], beside[k]) for k in row if k in beside]
    return pairs
