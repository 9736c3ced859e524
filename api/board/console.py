"""Who is missing, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.board.missing import KINDS, Due
from corpora.vocabulary import vocabulary

SHOWN = 60  # names in one cell


def show_missing(console: Console, dues: Iterable[Due]) -> None:
    """A table of cities and kinds for each form, and below it the days of its window."""
    for due in dues:
        span = f"{due.first or ''} 至 {due.last}" if due.last else "没有规定时间"
        title = f"{vocabulary().form_title(due.form)} {due.round}（{span}）：应报 {due.expected}，未报 {due.missing}"
        table = Table("城市", "类别", "应报", "未报", "未报学校", title=Text(title))
        for group in (group for group in due.groups if group.missing):
            names = "、".join(one.name for one in group.missing[:SHOWN])
            more = f" 等 {len(group.missing)} 所" if len(group.missing) > SHOWN else ""
            counts = (str(group.expected), str(len(group.missing)))
            table.add_row(group.city or "（未知）", KINDS.get(group.kind, group.kind), *counts, Text(names + more))
        console.print(table)
        days = Table("日期", "新报", "未报", title="逐日")
        for day in due.days:
            days.add_row(str(day.day), str(day.came or ""), str(day.missing))
        if due.days:
            console.print(days)
