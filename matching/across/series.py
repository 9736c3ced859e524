"""Reports month after month, and requests that repeat what was approved before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from corpora.across import BaseRule, SeriesRule
from corpora.vocabulary import vocabulary
from matching.across.filed import Cell, Filed, Said, say
from matching.across.sets import Entry, match_entries, row_entries


def judge_series(rule: SeriesRule, documents: Sequence[Filed]) -> list[Said]:
    """Totals that fall, and what does not stay, against the report before. Reports without a date stand apart."""
    dated = [
        (str(day), one) for one in documents if one.form == rule.form and (day := one.content.find(rule.by)[1].said)
    ]
    dated.sort(key=lambda pair: (pair[0], pair[1].order))
    said: list[Said] = []
    for key in (*rule.rising, *rule.steady):
        told = [(day, one, *one.content.find(key)) for day, one in dated if one.content.find(key)[1].said is not None]
        for (day, old, _, was), (_, new, row, now) in pairwise(told):
            heading = vocabulary().field(key).heading
            if key in rule.rising and _less(now, was):
                message = f"{heading} {now.shown} 小于 {day} 填报的 {was.shown}，累计数不应下降。"
                said.append(say("progress.falls", "error", message, new, old, key=key, row=row))
            elif key in rule.steady and now.said != was.said:
                message = f"{heading} {now.shown} 与 {day} 填报的 {was.shown} 不同，请核对。"
                said.append(say("progress.target", "warning", message, new, old, key=key, row=row))
    return said


def _less(one: Cell, other: Cell) -> bool:
    return isinstance(one.said, int | float) and isinstance(other.said, int | float) and one.said < other.said


def judge_base(rule: BaseRule, documents: Sequence[Filed]) -> list[Said]:
    """What a request says was approved, against the newest list of each round. Nothing is said while there is none."""
    said: list[Said] = []
    for one in (one for one in documents if one.form == rule.form):
        bases = _newest(rule.whole, documents, one)
        rows = [row for base in bases for row in row_entries([base], rule.by[0])]
        pairs = match_entries(row_entries([one], rule.by[0]), rows, rule.by[0], rule.by[1:])
        for asked in row_entries([one], rule.by[0]) if bases else ():
            found = next((base for mine, base in pairs if mine.row == asked.row), None)
            said += _against(rule, asked, found, rows, bases)
    return said


def _newest(form: str, documents: Sequence[Filed], one: Filed) -> list[Filed]:
    """The newest of each round, the newest round first; of what came before `one` where anything did."""
    all_of_them = sorted((d for d in documents if d.form == form), key=lambda d: d.order, reverse=True)
    before = [d for d in all_of_them if d.order[:2] <= one.order[:2]]
    newest: dict[str, str] = {}
    for document in before or all_of_them:
        newest.setdefault(document.round, document.message)
    return [d for d in before or all_of_them if newest[d.round] == d.message]


def _against(
    rule: BaseRule, asked: Entry, found: Entry | None, rows: Sequence[Entry], bases: Sequence[Filed]
) -> list[Said]:
    words, cell = vocabulary(), asked.cell(rule.column)
    heading, list_name = words.field(rule.column).heading, words.form_title(rule.whole)
    name = asked.cell(rule.by[0])
    if found is None or any(asked.cell(key).key != found.cell(key).key for key in rule.by):
        if name.said is None or name.doubtful or any(row.cell(rule.by[0]).doubtful for row in rows):
            return []  # who is meant is asked already
        title = " ".join(asked.cell(key).shown for key in rule.by)
        message = f"{bases[0].when}的{list_name}中没有“{title}”，无法核对{heading}。"
        return [say(rule.code, "warning", message, asked.of, *bases, key=rule.by[0], row=asked.row)]
    base = found.cell(rule.of)
    if cell.said is None or base.said is None or cell.said == base.said:
        return []
    message = (
        f"第{asked.row}行{heading}为 {cell.shown}，{found.of.when}的{list_name}第{found.row}行为 {base.shown}，请核对。"
    )
    return [say(rule.code, "warning", message, asked.of, found.of, key=rule.column, row=asked.row)]
