"""A reply to a school, drafted from what a record's findings ask of it. Pure.

The text is a proposal that a person edits. A line 【附图 2】 in it stands for the picture of that number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from api.outbox.deadline import Deadline, chinese_day
from corpora.programme import Programme
from corpora.replies import Phrases, Replies
from corpora.vocabulary import Vocabulary

Box = tuple[float, float, float, float]
Body = Mapping[str, Any]
Key = tuple[str, int]
"""Id of a record, and the place of a finding in its list, from 0."""

ASKING = ("error", "warning")
OWN_DOUBT = "识别存疑"  # how findings across documents say that one side was not read surely
FOR_THE_OFFICE = re.compile(r"[，。；：]?\s*(?:请|必要时请|缺页请|按[^，。；]*处理|通知：).*$", re.DOTALL)
INDENT = "   "
OF_SEALS = {
    "seal.owner": ("owner", ("other",)),
    "seal.department": ("owner", ("department",)),
    "seal.former_name": ("owner", ("former",)),
    "seal.unreadable": ("owner", ("unknown",)),
    "seal.copy": ("colour", ("grey", "black")),
}
"""By code: which seals it is about."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on the record's pages (from 1) something is to be shown."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Item:
    """One finding as it is told to a school. chosen: whether it goes in unless a person says otherwise."""

    record: str
    place: int
    code: str
    title: str
    what: str
    todo: str
    clause: str
    chosen: bool
    spot: Spot | None

    @property
    def key(self) -> Key:
        return self.record, self.place


@dataclass(frozen=True, slots=True)
class Part:
    """One record of the reply. title: its form and file."""

    record: str
    version: int
    title: str
    programme: str
    items: tuple[Item, ...]
    deadline: Deadline | Literal["none"] | None
    """`none`: the notice rules no time; None: no notice is known."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a reply is about. addressee: school or office; received: None for what did not come by mail."""

    addressee: str
    subject: str
    received: date | None
    parts: tuple[Part, ...]
    office: str
    today: date
    you: str = "贵校"

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for part in self.parts for item in part.items)


def items(body: Body, programme: Programme | None, kind: str | None, texts: Replies, words: Vocabulary) -> list[Item]:
    """What a record's findings ask of the school, in their order; what is settled or only worth knowing is left out.

    kind: of the sender (corpora.terms.Kind).
    """
    found = []
    for place, finding in enumerate(body["findings"]):
        saying = texts.codes.get(finding["code"])
        if saying is None or finding.get("settled") or finding["severity"] not in ASKING:
            continue
        reading = _reading(body, finding) or {}
        doubt = saying.doubt or OWN_DOUBT in finding["message"] or bool(reading.get("doubt"))
        slots = {
            "said": fact(finding["message"], "该校" if kind == "bureau" else "贵校"),
            "place": _where(finding, words),
            "text": reading.get("text") or "",
            "pattern": _pattern(programme, body["form"]),
        }
        found.append(
            Item(
                record=body["id"],
                place=place,
                code=finding["code"],
                title=words.codes.get(finding["code"], finding["code"]),
                what=_sentence(saying.what.format(**slots)),
                todo=saying.todo.format(**slots),
                clause=_clause(programme, saying.clause, body["form"], kind, finding["message"]),
                chosen=not (doubt and reading.get("origin") != "person"),
                spot=spot_of(body, finding),
            )
        )
    return found


def fact(message: str, you: str = "贵校") -> str:
    """What a finding says, without what it asks of the office's own people. you: how the school is called."""
    said = FOR_THE_OFFICE.sub("", message).rstrip("，。；： ")
    return said.replace("本校", you)


def write(case: Case, texts: Replies, chosen: Collection[Key], pictured: Collection[Key]) -> str:
    """The whole text of a reply with the chosen items; those `pictured` have their picture below them."""
    taken = [one for one in case.items if one.key in chosen]
    phrases = texts.phrases
    lines = [f"{case.addressee}：", "", _intro(case, phrases, len(taken)), ""]
    clauses: dict[str, int] = {}
    number = 0
    for part in case.parts:
        own = [one for one in part.items if one.key in chosen]
        if own and len(case.parts) > 1:
            lines += [f"《{part.title}》", ""]
        for item in own:
            number += 1
            told = [*_told(item, number, clauses, part, phrases), *([marker(number)] if item.key in pictured else [])]
            lines += [f"{number}. {item.title}", *(INDENT + line for line in told), ""]
    lines += [*_until(case, phrases, chosen), phrases.closing, "", phrases.thanks, ""]
    return "\n".join([*lines, case.office or phrases.unsigned, chinese_day(case.today)])


def numbered(case: Case, chosen: Collection[Key]) -> dict[Key, int]:
    """The number of each chosen item in the text, from 1."""
    taken = [one.key for one in case.items if one.key in chosen]
    return {key: number for number, key in enumerate(taken, 1)}


def marker(number: int) -> str:
    return f"【附图 {number}】"


def _intro(case: Case, phrases: Phrases, count: int) -> str:
    if case.received is None:
        return phrases.intro_no_mail.format(count=count, you=case.you)
    told = phrases.intro if count else phrases.nothing
    return told.format(day=chinese_day(case.received), subject=case.subject or "（无主题）", count=count, you=case.you)


def _told(item: Item, number: int, clauses: dict[str, int], part: Part, phrases: Phrases) -> Iterator[str]:
    yield phrases.what.format(what=item.what)
    yield phrases.todo.format(todo=item.todo)
    if item.clause:
        first = clauses.setdefault(item.clause, number)
        again = phrases.clause_again.format(number=first)
        yield again if first != number else phrases.clause.format(name=part.programme, clause=item.clause)


def _until(case: Case, phrases: Phrases, chosen: Collection[Key]) -> list[str]:
    """Until when, once for each time that differs; named where there are several."""
    asked = [part for part in case.parts if any(one.key in chosen for one in part.items)]
    told: dict[str, list[str]] = {}
    for part in asked:
        if part.deadline is not None:
            said = phrases.times.no_window if part.deadline == "none" else part.deadline.told(phrases.times)
            told.setdefault(said, []).append(part.title)
    if len(told) < 2:
        return list(told)
    return [f"《{'》《'.join(titles)}》：{said}" for said, titles in told.items()]


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def _where(finding: Body, words: Vocabulary) -> str:
    field, row = finding.get("field"), finding.get("row")
    heading = f"“{words.field(field).heading}”" if field else ""
    return f"第 {row} 行{heading}" if row else heading


def _pattern(programme: Programme | None, form: str | None) -> str:
    return pattern_of(programme, form) or "通知规定的格式"


def pattern_of(programme: Programme | None, form: str | None) -> str:
    """How the notice wants the subject of a mail with this form, "" when it does not say."""
    known = programme.subjects.conventions if programme else ()
    return next((one.pattern for one in known if form in one.forms), "")


def _clause(programme: Programme | None, part: str | None, form: str | None, kind: str | None, message: str) -> str:
    """The notice's own words: those that the finding quotes, else those that rule this form and sender."""
    if quoted := message.partition("通知：")[2]:
        return quoted.rstrip("。")
    terms: Sequence[Any] = getattr(programme, part) if programme and part else ()
    return next((term.clause for term in terms if term.covers(form, kind)), "")


def spot_of(body: Body, finding: Body) -> Spot | None:
    """Where a finding can be seen: its value, its signature or seal, or its row."""
    if reading := _reading(body, finding):
        return _spot([reading])
    code, field, row = finding["code"], finding.get("field"), finding.get("row")
    if field == "seal":
        key, values = OF_SEALS.get(code, ("kind", ("round", "oval", "square")))
        return _spot([one for one in body["seals"] if one.get(key) in values][:1])
    signed = [one for one in body["signatures"] if one["role"] == field and one.get("box")]
    if signed:
        wanting = [one for one in signed if one["state"] not in ("signed", "chop")]
        return _spot(wanting or signed)
    if row and 1 <= row <= len(body["rows"]):
        return _spot(list(body["rows"][row - 1].values()))
    return None


def _reading(body: Body, finding: Body) -> dict[str, Any] | None:
    field, row = finding.get("field"), finding.get("row")
    if row:
        return body["rows"][row - 1].get(field) if row <= len(body["rows"]) else None
    return body["fields"].get(field) if field else None


def _spot(places: Sequence[Body]) -> Spot | None:
    """All the places of the first page on which one stands."""
    known = [one for one in places if one.get("page") and one.get("box")]
    same = [one["box"] for one in known if one["page"] == known[0]["page"]]
    if not same:
        return None
    x0, y0, x1, y1 = zip(*same, strict=True)
    return Spot(known[0]["page"], (min(x0), min(y0), max(x1), max(y1)))
