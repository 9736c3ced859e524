"""Cell by cell: what one version of a form says and another does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpora.vocabulary import vocabulary
from matching.across.filed import NOTHING, Cell, Cells, Content, Filed, differ

NAMING = ("certificate", "name", "level")  # what a row is known by, most telling first
UNTOLD = ("number", "school")  # of no weight: a row's own number, and the school, which is the same
ROLES = vocabulary().roles
ALIKE = 0.6  # two doubtful readings of one word share at least this much


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that differs, `row` counted in the newer version (None: a field, a row that is gone, or a mark).

    slight: a word that was read doubtfully and nearly the same: it may be our reading, not the paper.
    """

    text: str
    key: str | None = None
    row: int | None = None
    slight: bool = False


def differences(old: Content, new: Content, *, blanks: bool = True) -> tuple[Difference, ...]:
    """What changed from one to the other, fields first. blanks: whether what is blank in one of them counts."""
    found = _cells(old.fields, new.fields, None, blanks)
    for before, number in paired_rows(old.rows, new.rows):
        if number is None:
            found.append(Difference(f"删去“{_title(old.rows[before or 0])}”一行"))
        elif before is None:
            found.append(Difference(f"新增第{number + 1}行“{_title(new.rows[number])}”", None, number + 1))
        else:
            found += _cells(old.rows[before], new.rows[number], number + 1, blanks)
    return tuple(found)


def paired_rows(old: Sequence[Cells], new: Sequence[Cells]) -> list[tuple[int | None, int | None]]:
    """Places of the rows that are one another's versions: those named alike first, then what is left, in order."""
    pairs: dict[int, int] = {}
    for depth in (len(NAMING), 1):
        for place, row in enumerate(new):
            if place in pairs.values():
                continue
            name = _name(row, depth)
            same = (i for i, other in enumerate(old) if i not in pairs and any(name) and _name(other, depth) == name)
            if (found := next(same, None)) is not None:
                pairs[found] = place
    alone = [i for i in range(len(old)) if i not in pairs]
    fresh = [i for i in range(len(new)) if i not in pairs.values()]
    if len(alone) == len(fresh):  # the name itself was changed
        pairs |= dict(zip(alone, fresh, strict=True))
        alone = fresh = []
    both = sorted(pairs.items(), key=lambda pair: pair[1])
    return [*both, *((None, i) for i in fresh), *((i, None) for i in alone)]


def mark_differences(old: Filed, new: Filed) -> tuple[Difference, ...]:
    """Seals and signatures that one has and the other has not; what we are not sure of differs from nothing."""
    found = []
    before, after = {s.owner for s in old.seals}, {s.owner for s in new.seals}
    if bool(before) != bool(after):
        found.append(Difference("补盖了印章" if after else "没有了印章"))
    elif before != after and "unknown" not in before | after:
        found.append(Difference("印章不同"))
    earlier = {one.role: one for one in old.signatures}
    for one in new.signatures:
        was = earlier.get(one.role)
        if was and (was.signed + was.unsure < one.signed or one.signed + one.unsure < was.signed):
            found.append(Difference(f"{ROLES.get(one.role, one.role)}签字 {was.signed}→{one.signed}"))
    return tuple(found)


def same_sheet(old: Filed, new: Filed) -> bool:
    """The same bytes; or the same values and marks, as when a sheet is scanned again."""
    if old.form != new.form:
        return False
    if old.pages and old.pages == new.pages:
        return True
    if old.electronic != new.electronic or not _says_much(old.content, new.content):
        return False
    told = (*differences(old.content, new.content), *mark_differences(old, new))
    return all(one.slight for one in told)


def _says_much(old: Content, new: Content) -> bool:
    """Enough was read on both to call them the same: at least half of what is written on either."""
    pairs = list(_both(old.fields, new.fields))
    for before, number in paired_rows(old.rows, new.rows):
        if before is not None and number is not None:
            pairs += _both(old.rows[before], new.rows[number])
    known = sum(one.key is not None and other.key is not None for _, one, other in pairs)
    either = sum(one.key is not None or other.key is not None for _, one, other in pairs)
    return known >= 1 and known * 2 >= either


def _both(old: Cells, new: Cells) -> Iterable[tuple[str, Cell, Cell]]:
    return (
        (key, old.get(key, NOTHING), new.get(key, NOTHING)) for key in dict.fromkeys((*old, *new)) if key not in UNTOLD
    )


def _cells(old: Cells, new: Cells, row: int | None, blanks: bool) -> list[Difference]:
    where = f"第{row}行" if row else ""
    words = vocabulary()
    return [
        Difference(f"{where}{words.field(key).heading} {was.shown}→{now.shown}", key, row, _slight(key, was, now))
        for key, was, now in _both(old, new)
        if differ(was, now) and (blanks or (was.key is not None and now.key is not None))
    ]


def _slight(key: str, was: Cell, now: Cell) -> bool:
    if key == "level" or vocabulary().field(key).kind != "text" or not (was.doubtful or now.doubtful):
        return False
    return SequenceMatcher(None, was.text, now.text).ratio() >= ALIKE


def _name(row: Cells, depth: int) -> tuple[object, ...]:
    return tuple(row[key].key for key in NAMING if key in row)[:depth]


def _title(row: Cells) -> str:
    return " ".join(row[key].name or row[key].shown for key in NAMING if key in row)
