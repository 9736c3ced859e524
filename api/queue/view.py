"""What the list page shows beside the records: the choices with their counts, and what became of a batch. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.board.missing import KINDS
from api.queue import facets
from api.queue.facets import NONE
from api.review.queries import Counts
from corpora.programme import load_programmes
from corpora.vocabulary import Vocabulary

AGES = {"day": "今天", "days": "1–3 天前", "week": "4–7 天前", "month": "8–30 天前", "older": "30 天以前"}
DUES = {"over": "已过期", "day": "今天到期", "days": "3 天以内", "week": "4–7 天", "later": "7 天以后"}
TITLES = {
    "assignee": "负责人",
    "state": "状态",
    "form": "表格",
    "finding": "问题",
    "due": "申报截止",
    "city": "城市",
    "kind": "学校类型",
    "level": "已过审核",
    "age": "收到",
    "programme": "项目",
}
NOTHING = {
    "assignee": "未分派",
    "form": "未识别表格",
    "city": "未知城市",
    "kind": "未知类型",
    "level": "尚未审核",
    "programme": "未归入项目",
    "due": "无截止日",
    "age": "时间不明",
}
SHOWN = 6
"""Choices of a group that are seen without asking for more."""
FOLDED = ("level", "age", "programme")

Link = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Option:
    """link: the list with this choice, or without it when it is chosen."""

    value: str
    title: str
    count: int
    chosen: bool
    link: str


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of one facet. first: always seen; more: on demand; open: whether the group is unfolded."""

    key: str
    title: str
    first: tuple[Option, ...]
    more: tuple[Option, ...]
    open: bool


def groups(
    counts: Counts, chosen: Mapping[str, str], words: Vocabulary, people: Mapping[str, str], me: str, link: Link
) -> list[Group]:
    """The facets as the page lists them; one without a real choice is left out."""
    found = counts.facets | {"finding": counts.findings}
    made = [_group(key, found[key], chosen.get(key, ""), words, people, me, link) for key in TITLES]
    return [one for one in made if one.first and (chosen.get(one.key) or not _only_nothing(one))]


def chosen_words(
    chosen: Mapping[str, str], words: Vocabulary, people: Mapping[str, str], me: str
) -> list[tuple[str, str]]:
    """What a filter asks, for reading: the title of each choice with its value; without the order."""
    told = [("查找", chosen["q"])] if "q" in chosen else []
    told += [("分类", words.lanes.get(chosen["lane"], chosen["lane"]))] if "lane" in chosen else []
    return told + [(TITLES[key], _title(key, value, words, people)) for key, value in chosen.items() if key in TITLES]


def _group(
    key: str,
    counted: Mapping[str, int],
    chosen: str,
    words: Vocabulary,
    people: Mapping[str, str],
    me: str,
    link: Link,
) -> Group:
    counted = dict(counted)
    if key == "assignee":  # one's own tasks stand first, under a name that also holds for who uses a shared view
        counted = {"me": counted.pop(me, 0), **counted}
        chosen = "me" if chosen == me else chosen
    if chosen and chosen not in counted:
        counted[chosen] = 0
    options = [
        Option(value, _title(key, value, words, people), count, value == chosen, link(**{key: _other(value, chosen)}))
        for value, count in sorted(counted.items(), key=lambda one: _rank(key, one, words))
    ]
    shown = len(options) if len(options) <= SHOWN + 1 else SHOWN
    late = [one for one in options[shown:] if one.chosen]
    more = tuple(one for one in options[shown:] if not one.chosen)
    return Group(key, TITLES[key], (*options[:shown], *late), more, bool(chosen) or key not in FOLDED)


def _other(value: str, chosen: str) -> str:
    return "" if value == chosen else value


def _title(key: str, value: str, words: Vocabulary, people: Mapping[str, str]) -> str:
    if value == NONE:
        return NOTHING.get(key, "无")
    named: dict[str, Mapping[str, str]] = {
        "state": words.states,
        "form": words.forms,
        "finding": words.codes,
        "kind": KINDS,
        "level": words.levels,
        "age": AGES,
        "due": DUES,
        "assignee": {**people, "me": "我"},
        "programme": {one.key: one.name for one in load_programmes()},
    }
    return named.get(key, {}).get(value, value)


def _rank(key: str, one: tuple[str, int], words: Vocabulary) -> tuple[Any, ...]:
    """Where an order is known, that; else the most frequent first; what has none last."""
    value, count = one
    known: dict[str, Sequence[str]] = {
        "state": list(words.states),
        "form": list(words.forms),
        "age": list(AGES),
        "due": list(DUES),
        "assignee": ["me", NONE],
        "level": list(words.levels),
    }
    order = known.get(key, ())
    place = order.index(value) if value in order else len(order)
    return (place, value == NONE, -count, value)


def _only_nothing(group: Group) -> bool:
    return group.key != "assignee" and [one.value for one in group.first] == [NONE]


def due_words(day: date | None, today: date) -> tuple[str, str]:
    """How a last day is told, and how grave it is: ("3 天后", "warning")."""
    if day is None:
        return "", ""
    left = (day - today).days
    grave = {"over": "error", "day": "error", "days": "warning"}.get(facets.due(day, today), "")
    if left < 0:
        return f"过期 {-left} 天", grave
    return ("今天到期" if left == 0 else f"还有 {left} 天"), grave
