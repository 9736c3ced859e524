"""Organisations in running text: from a word that opens to an ending that names a kind of body. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from corpora.words import words
from extractors.typed import HAN

Span = tuple[int, int]
Marks = Mapping[str, list[Span]]

_RUN = re.compile(rf"[{HAN}A-Za-z0-9+·&]*[{HAN}][{HAN}A-Za-z0-9+·&]*")
_GENERIC = re.compile("(?:" + "|".join(sorted(words("generic"), key=len, reverse=True)) + ")*")
_GOES_ON = re.compile("[生门]|思想|任务|工作组")  # 大学生, 教育部门: the ending belongs to another word
_ABROAD = re.compile("[中国华全省市东南西北大新老驻]")
_SCHEME = re.compile(r"(?:省 ?)?1\+X $")
_CHAIN = 8  # characters between two endings of one name: 安徽职业技术学院|继续教育学院
_LONGEST = 40


def _outermost(spans: list[Span]) -> list[Span]:
    """Those that no other holds, in order."""
    return sorted(s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans))


def organisations(text: str, marks: Marks) -> Iterator[Span]:
    """Start and end of each organisation in `text` (other entities and labels masked), an office behind it included.

    marks: where the words of each group of words.yaml stand.
    """
    endings = dict.fromkeys(marks["organisation_endings"], False) | dict.fromkeys(marks["offices"], True)
    standing = _outermost(list(endings))
    openers = [o for o in marks["openers"] if not any(p[0] <= o[0] and o[1] <= p[1] for p in marks["protected"])]
    for run in _RUN.finditer(text):
        inside = [e for e in standing if run.start() <= e[0] and e[1] <= run.end()]
        cursor = run.start()
        while inside:
            first, *inside = inside
            start = _start(text, marks, openers, cursor, first)
            chain = [first]
            while inside and _continues(openers, chain[-1][1], inside[0][0]):
                chain.append(inside.pop(0))
            cursor = end = chain[-1][1]
            named = any(endings[e] or _named(text[start : e[0]]) for e in chain)
            if named and not _GOES_ON.match(text, end) and end - start <= _LONGEST:
                yield start, end


def _continues(openers: list[Span], end: int, start: int) -> bool:
    """Whether an ending that begins at `start` belongs to the name so far, up to `end`."""
    return start - end <= _CHAIN and not any(end <= o[0] and o[1] <= start for o in openers)


def _start(text: str, marks: Marks, openers: list[Span], cursor: int, ending: Span) -> int:
    """Where the name with this ending begins: behind the last opener, or at the first place name after it."""
    start = max([cursor, *(o[1] for o in openers if cursor <= o[0] and o[1] <= ending[0])])
    if start == cursor and (scheme := _SCHEME.search(text, 0, start)):  # the reader's gaps around 1+X
        return scheme.start()
    if not text.startswith("1+X", start):
        start += len(re.match(r"[A-Za-z0-9+·&]*", text[start : ending[0]])[0])  # type: ignore[index]
    places = sorted(p[0] for p in marks["places"] if start < p[0] and p[1] <= ending[0])
    if places and not _ABROAD.match(text, start) and not _begins(marks, start):
        return places[0]
    return start


def _begins(marks: Marks, start: int) -> bool:
    return any(place[0] == start for place in marks["places"])


def _named(body: str) -> bool:
    """Whether `body`, what stands before the ending, names one and is not said of many (试点院校, 高等职业学校)."""
    return len(body) >= 2 and not _GENERIC.fullmatch(body)
