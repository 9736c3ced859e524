"""A list against the sheets that belong to its rows, as a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpora.across import SetRule
from corpora.vocabulary import vocabulary
from matching.across.filed import NOTHING, Cell, Cells, Filed, Said, differ, say


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is held against another: a row of a list, or a sheet (row None)."""

    of: Filed
    cells: Cells
    row: int | None = None

    def cell(self, key: str) -> Cell:
        return self.cells.get(key, NOTHING)


Pair = tuple[Entry, Entry]


def row_entries(documents: Iterable[Filed], key: str) -> list[Entry]:
    return [
        Entry(one, row, number) for one in documents for number, row in enumerate(one.content.rows, 1) if key in row
    ]


def judge_set(
    rule: SetRule, documents: Sequence[Filed], returned: Sequence[Filed], strays: Sequence[Filed]
) -> list[Said]:
    """Rows without sheets, sheets without rows, and what differs between a row and its sheet, round by round.

    documents: in force. returned: sheets that the school was asked to send anew: their rows are not without a sheet.
    strays: records of the same mails whose school is not decided: while there are any, nothing is missing or extra.
    """
    said: list[Said] = []
    for turn in sorted({one.round for one in documents}):
        wholes = [one for one in documents if one.form == rule.whole and one.round == turn]
        sheets = [one for one in documents if one.form == rule.sheet and one.round == turn]
        back = [one for one in returned if one.form == rule.sheet and one.round == turn]
        if wholes and (sheets or back):
            said += _judge_round(rule, wholes, sheets, back, strays)
    return said


def _judge_round(
    rule: SetRule, wholes: Sequence[Filed], sheets: Sequence[Filed], back: Sequence[Filed], strays: Sequence[Filed]
) -> list[Said]:
    rows = row_entries(wholes, rule.by)
    ours = [Entry(one, _sheet_cells(one)) for one in (*sheets, *back)]
    pairs = match_entries(rows, ours, rule.by, rule.compare, rule.or_by)
    said = [one for row, sheet in pairs if sheet.of not in back for one in _differs(rule, row, sheet)]
    lone_rows = [row for row in rows if not any(row is one for one, _ in pairs)]
    lone_sheets = [one for one in ours if not any(one is other for _, other in pairs) and one.of not in back]
    name = vocabulary().form_title
    for row in lone_rows if _all_known(lone_sheets, strays, rule.by, rule.sheet) else ():
        if _known(row.cell(rule.by)):
            what = f"第{row.row}行“{_title(row, rule.by)}”没有对应的{name(rule.sheet)}，请核对是否漏报。"
            said.append(say("set.missing", "warning", what, row.of, *sheets, key=rule.by, row=row.row))
    for sheet in lone_sheets if _all_known(lone_rows, strays, rule.by, rule.whole) else ():
        if _known(sheet.cell(rule.by)):
            what = f"“{_title(sheet, rule.by)}”不在 {wholes[-1].when}的{name(rule.whole)}中，请核对。"
            said.append(say("set.extra", "warning", what, sheet.of, *wholes, key=rule.by))
    return said


def match_entries(
    ones: Sequence[Entry], others: Sequence[Entry], by: str, compare: Sequence[str], or_by: str | None = None
) -> list[Pair]:
    """Pairs what belongs together: first what agrees in all, then in most, at last in its name (or in `or_by`)."""
    left, right = list(ones), list(others)
    pairs: list[Pair] = []

    def take(fits: Callable[[Entry, Entry], bool]) -> None:
        for one in list(left):
            if (other := next((o for o in right if fits(one, o)), None)) is not None:
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)

    def alike(keys: Sequence[str]) -> Callable[[Entry, Entry], bool]:
        return lambda one, other: (
            one.cell(by).key is not None
            and one.cell(by).key == other.cell(by).key
            and not any(differ(one.cell(key), other.cell(key)) for key in keys)
        )

    # The first column tells most, so that it must agree longest; then the last may decide between several.
    for keys in [*(compare[:count] for count in range(len(compare), 0, -1)), compare[-1:], ()]:
        take(alike(keys))
    if or_by:
        take(lambda a, b: a.cell(or_by).said is not None and a.cell(or_by).said == b.cell(or_by).said)
    return pairs


def _differs(rule: SetRule, row: Entry, sheet: Entry) -> list[Said]:
    words = vocabulary()
    said = []
    for key in (rule.by, *rule.compare):
        one, other = row.cell(key), sheet.cell(key)
        if not differ(one, other) or one.key is None or other.key is None:
            continue  # a blank has a finding of its own
        doubt = "（有一处识别存疑，请先对照图片）" if one.doubtful or other.doubtful else ""
        here = f"{words.form_title(rule.whole)}第{row.row}行为 {one.shown}"
        there = f"{words.form_title(rule.sheet)}为 {other.shown}"
        what = f"“{_title(row, rule.by)}”的{words.field(key).heading}：{here}，{there}，请核对{doubt}。"
        said.append(say("set.differs", "error", what, row.of, sheet.of, key=key, row=row.row))
        said.append(say("set.differs", "error", what, sheet.of, row.of, key=key))
    return said


def _all_known(lone: Sequence[Entry], strays: Sequence[Filed], by: str, form: str) -> bool:
    """Nothing on the other side may yet turn out to be what is looked for."""
    return all(_known(one.cell(by)) for one in lone) and all(one.form != form for one in strays)


def _known(cell: Cell) -> bool:
    """Whether it is clear what is named; what is not is asked already."""
    return cell.said is not None and (cell.name is not None or not cell.doubtful)


def _sheet_cells(one: Filed) -> Cells:
    return dict(one.content.fields) | (dict(one.content.rows[0]) if len(one.content.rows) == 1 else {})


def _title(entry: Entry, by: str) -> str:
    cell = entry.cell(by)
    return cell.name or cell.shown
