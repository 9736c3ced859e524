"""The history of a record in words, what of it can be undone, and which records are looked at twice. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from api.corrections import Body, by_person, chosen
from api.review.edits import Wrong, at, heading, touch
from api.review.rules import ACTIONS, NAMES
from api.store.tables import Change

CHINA = ZoneInfo("Asia/Shanghai")
KINDS = {
    "correct": "修改了",
    "offer": "采用了建议",
    "match": "选定了",
    "rows": "修改了",
    "mark": "修改了",
    "settle": "确认了",
    "undo": "撤销了对以下内容的修改：",
    "sample": "抽中复核",
}


def sentence(change: Change) -> str:
    """李明 10:02 修改了“合计”."""
    when = change.at.astimezone(CHINA).strftime("%H:%M")
    return f"{change.shown or change.by} {when} {deed(change)}"


def deed(change: Change) -> str:
    """修改了“合计”."""
    if change.kind in ACTIONS:
        return NAMES[change.kind]
    names = "、".join(dict.fromkeys(heading(one["place"]) for one in change.edits))
    return KINDS[change.kind] + (f"“{names}”" if names else "")


def to_undo(changes: Sequence[Change], number: int | None, body: Body) -> Change:
    """The change that is taken back: the named one, or the last since the last decision. Raises Wrong."""
    named = (one for one in changes if one.number == number)
    found = last_change(changes) if number is None else next(named, None)
    if found is None:
        raise Wrong("没有可以撤销的修改")
    if why := no_undo(changes, found, body):
        raise Wrong(why)
    return found


def last_change(changes: Sequence[Change]) -> Change | None:
    for one in reversed(changes):
        if one.kind in ACTIONS and one.undone_by is None:
            return None
        if one.edits and one.undone_by is None and one.undoes is None:
            return one
    return None


def no_undo(changes: Sequence[Change], change: Change, body: Body) -> str:
    """Why a change cannot be taken back; empty when it can."""
    if not change.edits:
        return "审核决定不能撤销，请使用退回上一级或重新打开"
    if change.undone_by is not None:
        return "这次修改已经撤销"
    places = [one["place"] for one in change.edits]
    for later in changes:
        holds = later.number > change.number and later.undone_by is None and later.undoes is None
        if holds and any(touch(place, one["place"]) for place in places for one in later.edits):
            return f"之后又有修改：{sentence(later)}，请先撤销那一次"
    if not all(_stands(body, one["place"], one["after"]) for one in change.edits):
        return "这里的内容后来又有变化，不能撤销"
    return ""


def _stands(body: Body, place: str, value: Any) -> bool:
    """Whether a place still holds what a change left there; what the machine says there may be another by now."""
    try:
        now = at(body, place)
    except Wrong:
        return False
    if place == "rows":
        theirs = now["rows_by"] or value["rows_by"]
        return bool((now["rows_by"], now["rows"]) == (value["rows_by"], value["rows"])) if theirs else True
    if place.startswith("settlements."):
        return bool(now == value)
    if place.startswith(("seals.", "signatures.")):  # the rest of a seal follows whose it is
        keys = ("origin", "by", "at", "owner", "state")
        now, value = ({key: one.get(key) for key in keys} for one in (now, value))
    theirs = chosen if place.startswith("matches.") else by_person
    if not any(one and theirs(one) for one in (now, value)):
        return True
    return bool(now == value)


def sample(ids: Sequence[str], one_in: int) -> list[str]:
    """One in so many of the ids, always the same ones of the same ids, though nobody can tell which beforehand."""
    order = sorted(ids, key=lambda id: sha256(f"sample/{id}".encode()).hexdigest())
    sure, rest = divmod(len(order), one_in)
    chance = int(sha256("/".join(order).encode()).hexdigest(), 16) % one_in
    return order[: sure + (chance < rest)]
