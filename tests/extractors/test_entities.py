"""People, telephones, dates, organisations and counts are found in running text, and contact lines are split."""

from __future__ import annotations

from collections import Counter

from extractors.entities import find_entities
from tests.extractors.contact_lines import read, texts

KINDS = ("person", "phone", "date", "organisation", "count")
Found = tuple[str, str, str | int | None, int]


def compare(marked: str) -> tuple[set[Found], set[Found]]:
    """What stands in a marked text, and what is found in it."""
    text, truths = read(marked)
    wanted = {(t.kind, t.text, t.value, t.start) for t in truths}
    return wanted, {(e.kind, e.text, e.value, e.start) for e in find_entities(text)}


def table(hits: Counter[str], missed: Counter[str], false: Counter[str]) -> tuple[str, dict[str, float]]:
    """Precision, recall and F1 by kind, as a table to print, and the F1."""
    lines, f1 = ["", f"{'kind':14}{'there':>7}{'found':>7}{'precision':>11}{'recall':>9}{'F1':>8}"], {}
    for kind in KINDS:
        h, m, f = hits[kind], missed[kind], false[kind]
        precision, recall, f1[kind] = h / max(1, h + f), h / max(1, h + m), 2 * h / max(1, 2 * h + m + f)
        lines.append(f"{kind:14}{h + m:7}{h + f:7}{precision:11.4f}{recall:9.4f}{f1[kind]:8.4f}")
    return "\n".join(lines), f1


def test_two_hundred_contact_lines_and_mail_bodies() -> None:
    """An entity counts as found only with its exact words, place and value."""
    hits, missed, false = Counter[str](), Counter[str](), Counter[str]()
    wrong = []
    for marked in texts():
        wanted, found = compare(marked)
        hits.update(kind for kind, *_ in wanted & found)
        missed.update(kind for kind, *_ in wanted - found)
        false.update(kind for kind, *_ in found - wanted)
        if wanted != found:
            missing, extra = sorted(map(str, wanted - found)), sorted(map(str, found - wanted))
            wrong.append("\n   ".join([repr(read(marked)[0]), f"missed {missing}", f"false {extra}"]))
    shown, f1 = table(hits, missed, false)
    print(shown)  # noqa: T201 - the table that the project's note quotes (pytest -s)
    assert len(texts()) == 200
    assert all(score >= 0.97 for score in f1.values()), "\n".join([shown, *wrong])
