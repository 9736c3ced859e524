"""Whether a school named as many people as it must, over its lists and its single sheets together."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.programme import Programme
from corpora.register import School
from matching.across.filed import Cell, Filed, Said
from matching.rules import expert_quota


def judge_quotas(programme: Programme, school: School, documents: Sequence[Filed]) -> list[Said]:
    """Said once, of the school's newest list, or of its newest sheet while it has sent no list."""
    said = []
    for rows, sheets in dict.fromkeys((quota.rows, quota.sheets) for quota in programme.quotas):
        lists = [one for one in documents if one.form == rows]
        singles = [one for one in documents if one.form == sheets]
        listed = [_name(row.get("name")) for one in lists for row in one.content.rows]
        named = [_name(one.content.find("name")[1]) for one in singles]
        if lists or singles:
            about = (lists or singles)[-1]
            unread = [None] * named.count(None) if not lists else []
            found = expert_quota(programme, school, rows, [*listed, *unread], named)
            said += [
                Said(about.id, finding, tuple(one.id for one in documents if one is not about)) for finding in found
            ]
    return said


def _name(cell: Cell | None) -> str | None:
    return str(cell.said) if cell and cell.said is not None else None
