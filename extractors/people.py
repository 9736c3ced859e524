"""People in running text: a surname, one or two characters more, and a reason to believe it is a name. Pure.

Works on text in which everything already known is masked by one character for one: what stands beside a run of Chinese
characters is then told by one character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpora.words import words
from extractors.organisations import Marks, Span
from extractors.typed import HAN

# What masks what, one character for one.
NAME_LABEL, PHONE_LABEL, OTHER_LABEL, FORMALITY = "\ue000\ue001\ue002\ue003"
PHONE, EMAIL, ORGANISATION, OTHER = "\ue004\ue005\ue006\ue007"

_RUN = re.compile(rf"[{HAN}]+(?: {{1,3}}[{HAN}](?:(?=[和与及或等])[{HAN}]*|(?![{HAN}])))?")
_DOTTED = re.compile(rf"[{HAN}]{{2,6}}(?: ?[·•・‧] ?[{HAN}]{{2,6}}){{1,3}}")
_GLUE = r"[\s:;,，、/()|…☎.—\-]*"
_LABELS = rf"[{NAME_LABEL}{PHONE_LABEL}{FORMALITY}\s及和与、/()]*"
# 联系人：, 负责人签字（盖章）：, 推荐专家2人：
_LABELLED = re.compile(
    rf"(?:{NAME_LABEL}|{FORMALITY}(?={_LABELS}:)|(?:专家|老师|教师|人员|名单|成员){OTHER}+\s*(?=:))"
    rf"{_LABELS}(?:\([^()]*\))?[ :…._]*\n?[ …._]*$"
)
_AFTER_PHONE = re.compile(rf"{PHONE}{_GLUE}$")
_BEFORE_PHONE = re.compile(rf"(?:\([^()\n]{{1,8}}\))?{_GLUE}<?[{PHONE}{PHONE_LABEL}{EMAIL}]")
_AFTER_ORGANISATION = re.compile(rf"{ORGANISATION}[ :(,/]*的?$")
_MADE_PERSON = re.compile(rf", ?[男女]|{OTHER}+ ?(?:专家|老师|教师|同志|评委)")  # 普丽仙，女 and 文静三位专家
_ACTS = re.compile("审核|复核|填写|填报|负责|签字|整理|对接|经办|报送|汇报|主持|老师")  # 冉莹审核
_SIGNS_OFF = re.compile(r"[。!?~] *\Z")  # 谢谢！徐海洋
_IS_LABEL = re.compile(rf" ?:(?! ?{PHONE})")
_LISTED = re.compile(r"[\s、,/;和及与或()]*")
_LISTED_CLOSELY = re.compile(r"[ 、/和及与或]*")  # for surnames that are everyday words: …汪涛，上午发的
_LINE_START, _LINE_END = re.compile(r"(?:^|\n)[\s\-—>:]*$"), re.compile(r"[\s,]*(?:\n|$)")
_COMPOUND = words("compound_surnames")
_RARE = words("rare_surnames")
_SURNAMES = words("surnames") | _RARE
_TITLES = sorted(words("titles"), key=len, reverse=True)
_FOLLOWERS = tuple(words("followers"))
_LONG_FOLLOWERS = tuple(word for word in _FOLLOWERS if len(word) > 1)
_ORDINARY = tuple(word for word in words("ordinary") if len(word) > 1)
_GAP = re.compile(" {1,3}")
# Behind these words in a sentence a person is meant; behind the other openers it takes more.
_TOWARDS = re.compile(
    "(?:联系|联络|咨询|致电|我是|找|询问|名为|分别是|分别为|名单为|专家|教授|讲师|老师|主任|处长|科长|校长|院长|书记|推荐|叫)$"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A place where a name may stand: `sure` when its surroundings say so, else only in a list with a sure one.

    A name that is an everyday word, or begins with one, must stand `close` in such a list: joined by 、 or 和.
    """

    start: int
    end: int
    sure: bool
    close: bool = False


def people(text: str, marks: Marks) -> list[Span]:
    """Start and end of each person in `text` (masked), with the title behind the name, in order."""
    dotted = [_trim(text, found.start(), found.end(), marks) for found in _DOTTED.finditer(text)]
    free = text
    for start, end in dotted:
        free = free[:start] + OTHER * (end - start) + free[end:]
    names = [name for run in _RUN.finditer(free) for name in _in_run(free, run, marks)]
    sure = {(name.start, name.end) for name in names if name.sure} | set(dotted)
    return sorted(_spread(text, sure, [name for name in names if not name.sure]))


def _trim(text: str, start: int, end: int, marks: Marks) -> Span:
    """A dotted name without the word of the sentence that runs into it."""
    dot = min(text.index(c, start) for c in "·•・‧" if c in text[start:end])
    return max([start, *(o[1] for o in marks["openers"] if start <= o[0] and o[1] <= dot - 2)]), end


def _spread(text: str, sure: set[Span], doubtful: list[Name]) -> set[Span]:
    """The sure ones and those listed beside one (张三、李四和王五)."""
    while joined := {
        (d.start, d.end)
        for d in doubtful
        if not any(d.start < end and start < d.end for start, end in sure)
        and any(
            (_LISTED_CLOSELY if d.close else _LISTED).fullmatch(text, min(end, d.end), max(start, d.start))
            for start, end in sure
        )
    }:
        sure = sure | joined
    return sure


def _in_run(text: str, run: re.Match[str], marks: Marks) -> Iterator[Name]:
    """The names in one run of Chinese characters, left to right."""
    at, end = run.span()
    label = _LABELLED.search(text, 0, at)
    # A label without a colon may be a word of the sentence: 联系人有变动的.
    labelled = label is not None and (label[0][-1] in " :\n" or text[at] in _SURNAMES - _RARE)
    if labelled and _whole(run[0]):
        yield Name(at, at + len(run[0]), True)
        return
    openers = sorted(o for o in [*marks["openers"], *marks["organisation_endings"]] if at <= o[0] and o[1] < end)
    for opened, start in [(at, at), *openers]:
        # What is protected counts from the last name on: 韩明祥和曹洋 is not about 祥和.
        inside = any(at <= p[0] <= opened and start <= p[1] for p in marks["protected"])
        if opened < at or (inside and opened < start):
            continue
        for stop, titled in _ends(text, start, end):
            whole = start == run.start() and stop == run.end()
            reasons = _reasons(text, run, start, stop) + (2 * labelled if start == run.start() else 0)
            everyday = not titled and reasons < 2 and _everyday(text[start:stop])
            if (everyday and not whole) or (not titled and not labelled and _IS_LABEL.match(text, stop)):
                continue
            rare = text[start] in _RARE
            sure = titled or (not everyday and (reasons > 0 or (start > run.start() and not rare)))
            yield Name(start, stop, sure, close=rare or everyday)
            at = stop
            break


def _reasons(text: str, run: re.Match[str], start: int, stop: int) -> int:
    """How many things around it speak for a name: a telephone, a word that leads to people, a line of its own."""
    return sum(
        (
            _TOWARDS.search(text, run.start(), start) is not None,
            start == run.start() and _AFTER_PHONE.search(text, 0, start) is not None,
            stop == run.end() and _BEFORE_PHONE.match(text, stop) is not None,
            stop - start > 2 and stop == run.end() and _BEFORE_PHONE.match(text, stop) is not None,
            text[start] not in _RARE and start == run.start() and _ACTS.match(text, stop) is not None,
            text[start] not in _RARE
            and _SIGNS_OFF.search(text, 0, start) is not None
            and _LINE_END.match(text, stop) is not None,
            stop == run.end() and _MADE_PERSON.match(text, stop) is not None,
            stop == run.end() and _AFTER_ORGANISATION.search(text, 0, start) is not None,
            text[start] not in _RARE
            and _LINE_START.search(text, 0, start) is not None
            and _LINE_END.match(text, stop) is not None,
            stop == run.end() and start == run.start() and _is_contact_line(text, start),
            stop == run.end() and _LINE_START.search(text, 0, start) is not None and _is_contact_line(text, start),
        )
    )


def _is_contact_line(text: str, at: int) -> bool:
    """Whether the line around `at` holds a telephone and, what is known aside, no more than a few single words."""
    line = text[text.rfind("\n", 0, at) + 1 : None if (end := text.find("\n", at)) < 0 else end]
    return PHONE in line and all(len(word) <= 4 for word in re.findall(rf"[{HAN}]+", line))


def _whole(run: str) -> bool:
    """Whether all that stands behind a label is a name, whatever the surname: two to four characters, no known word."""
    plain = run.replace(" ", "")
    return (
        2 <= len(plain) <= 4
        and not plain.endswith(tuple(_TITLES))
        and _surname(plain) + 2 >= len(plain)
        and (
            plain[-1] not in "您好的等"
            and not any(plain.startswith(word) for word in words("generic") if len(word) > 1)
        )
    )


def _surname(text: str) -> int:
    """How many characters the surname in front has (1 also when it is none that we know)."""
    return 2 if text[:2] in _COMPOUND else 1


def _ends(text: str, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """Where a name from `start` may end, and whether with a title; else the run ends or a known word follows."""
    size = _surname(text[start:end])
    if size == 1 and text[start] not in _SURNAMES:
        return
    gap = _GAP.match(text, start + size)
    stops = [gap.end() + 1] if gap else [start + size + 2, start + size + 1, start + size]
    stops = [stop for stop in stops if stop <= end and (gap or " " not in text[start:stop])]
    for stop in stops:
        if title := next((t for t in _TITLES if text.startswith(t, stop)), ""):
            yield stop + len(title), True
    for stop in stops:
        if stop == start + size or not (stop == end or text[stop] == " " or text.startswith(_FOLLOWERS, stop)):
            continue
        if text.startswith(_LONG_FOLLOWERS, stop - 1):  # 田杰|申请, not 田杰申|请
            continue
        if text[stop - 1] not in "好您说等的将已或和与及" or stop - start == size + 1:
            yield stop, False


def _everyday(text: str) -> bool:
    """Whether the text begins with an everyday word."""
    return text.startswith(_ORDINARY)
