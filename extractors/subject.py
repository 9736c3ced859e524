"""The subject of a mail to its named parts, by the programmes' conventions. Pure.

The parts are found one by one, wherever they stand: first the kind, by its words; then the year; what is left is cut at
separators and searched for a school, and where the convention has them for a major category and an expert. So a
subject may use ＋ _ - — spaces or nothing between its parts, and put them in any order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpora.programme import Programme, SubjectConvention, Subjects
from extractors.extraction import Finding

LONGEST = 500
"""Characters of a subject that are looked at."""

_SEPARATORS = r"\s+_\-—–―‐=~|/\\,;:、。!?\"'“”‘’«»《》<>〈〉【】「」\[\]{}#&*…·"
_GAP = rf"[{_SEPARATORS}]*"
_CUT = re.compile(r"[+_\-—–―‐=~|/\\,;:、。!?\"'“”‘’«»《》<>〈〉【】「」\[\]{}#&*…]+")
_PREFIX = re.compile(
    r"(?<![A-Za-z])(?:[\s\[(【]*(?:转发|轉發|转寄|回复|回覆|答复|答覆|回信|fwd?|re|aw)[\s\])】]*(?:[\[(]?\d{1,3}[\])]?)?\s*:"
    rf"|\s*(?:转发|轉發|转寄|回复|回覆|答复|答覆){_GAP})+",
    re.IGNORECASE,
)
_YEARS = (
    re.compile(r"(?<!\d)(20\d{2})\s*(?:学年|年度?)"),
    re.compile(r"(?<![〇零一二三四五六七八九])([二][〇零○O0o][〇零○O0o一二三四五六七八九]{2})\s*年度?"),
    re.compile(r"(?<!\d)(19|[23]\d)\s*年度?"),
    re.compile(r"(?<!\d)(20[12]\d)(?!\d|\s*[.\-/]\s*\d)"),
)
_DIGITS = str.maketrans("〇零○Oo一二三四五六七八九", "00000123456789")
_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*月份?")

_LONG = (
    r"大学|学院|学校|中学|高中|小学|幼儿园|职院|职大|职高|职中|职校|技校|技院|技师|医专|师专|高专|专科|幼专|幼师|卫校|财校"
    r"|农校|警校|党校|师范|附中|中心|教育局|教体局|体育局|教育厅|教委|委员会|人社局|公司|集团|研究院|分校|校区|馆|局"
)
_FULL = rf"((?:[^()]|\([^()]*\))+(?:{_LONG})(?:\([^()]{{1,12}}\))?)"
_ORGANISATION = (re.compile(_FULL + "(|.{2,})"), re.compile(_FULL + "(.*)"))
"""A full name and what follows it; best when that may be a person: 昆明学院|高中明, not 昆明学院高中|明."""
_SHORT = re.compile(r".{2,}[校院大专中职技厅园]|[\u3400-\u9fff]大")
_NAMELESS = re.compile(
    r"(?:我|本|该|某|各|全|[Xx×○]|省|市|县|区|州|职业|技术|高等|中等|专科|普通|单位|申报|教育|体育|牵头|院校|职教)*"
)
_PERSON = re.compile(r"[\u3400-\u9fff]{2,6}|[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)+|[A-Za-z]+(?: ?[A-Za-z]+)*")
_TITLE = re.compile(r"(?:副?教授|老师|同志|先生|女士|等?\d*人)$")


@dataclass(frozen=True, slots=True)
class Subject:
    """programme, convention: their keys, None when no convention knows the words. school: as written, "" when none is
    named. year: as written, in four digits. parts: what else was found: major_category, expert, month.
    expected: the patterns that were to be followed, as the notices word them.
    """

    programme: str | None
    convention: str | None
    school: str
    year: int | None
    parts: dict[str, str] = field(default_factory=dict)
    expected: tuple[str, ...] = ()


def parse_subject(subject: str, programmes: tuple[Programme, ...]) -> Subject:
    """Any text gives a Subject. `programmes`: those that the mail may belong to; where several know the words, the
    longest words win, then the programme of the subject's year, then the latest.
    """
    text = _PREFIX.sub("|", unicodedata.normalize("NFKC", subject[:LONGEST]), count=1)
    year, text = _take_year(text)
    known = max(_conventions(text, programmes), key=lambda hit: hit.rank(year), default=None)
    if known is None:
        patterns = tuple(one.pattern for programme in programmes for one in programme.subjects.conventions)
        words = tuple(programme.subjects for programme in programmes)
        school, _ = _school(_segments(text, words))
        return Subject(None, None, school, year, expected=patterns)
    subjects, convention = known.programme.subjects, known.convention
    text = f"{text[: known.start]}|{text[known.end :]}"
    parts: dict[str, str] = {}
    if month := _MONTH.search(text):
        parts["month"] = month.group(1).lstrip("0")
        text = _MONTH.sub("|", text)
    if "expert" in convention.parts:  # 德宏职业学院（张三）: brackets hold the person, not a part of the school's name
        text = re.sub(r"\((?![^()]*校区\))|(?<!校区)\)", "|", text)
    segments = _segments(text, (subjects,))
    if "major_category" in convention.parts:
        parts["major_category"], segments = _take_category(segments, subjects.major_categories)
    school, rest = _school(segments)
    if "expert" in convention.parts:
        parts["expert"] = "、".join(filter(None, map(_person, rest)))
    named = {name: part for name, part in parts.items() if part}
    return Subject(known.programme.key, convention.key, school, year, named, (convention.pattern,))


def subject_findings(subject: Subject, programme_year: int) -> tuple[Finding, ...]:
    """`mail.subject` when it names no school or no known kind, `mail.year` when its year is not the programme's."""
    return tuple(_findings(subject, programme_year))


def _findings(subject: Subject, programme_year: int) -> Iterator[Finding]:
    missing = [
        what for what, there in (("学校（单位）名称", subject.school), ("办理事项", subject.convention)) if not there
    ]
    if missing:
        patterns = "”或“".join(subject.expected)
        wanted = f"通知规定的写法是“{patterns}”；" if patterns else ""
        message = f"邮件主题没有写明{'和'.join(missing)}，{wanted}请按附件内容核对，必要时提醒学校规范命名。"
        yield Finding("mail.subject", "warning", message)
    if subject.year is not None and subject.year != programme_year:
        message = f"邮件主题写的是 {subject.year} 年，本次申报是 {programme_year} 年，请核对材料年份。"
        yield Finding("mail.year", "warning", message)


# --- kind and year


@dataclass(frozen=True, slots=True)
class _Hit:
    """Words of a kind found in a subject, from `start` to `end`."""

    programme: Programme
    convention: SubjectConvention
    words: str
    start: int
    end: int

    def rank(self, year: int | None) -> tuple[int, bool, int]:
        return len(self.words), self.programme.year == year, self.programme.year


def _conventions(text: str, programmes: tuple[Programme, ...]) -> Iterator[_Hit]:
    for programme in programmes:
        for convention in programme.subjects.conventions:
            for words in convention.kinds:
                if found := re.search(_GAP.join(map(re.escape, words)), text):
                    yield _Hit(programme, convention, words, *found.span())


def _take_year(text: str) -> tuple[int | None, str]:
    for pattern in _YEARS:
        if found := pattern.search(text):
            digits = found.group(1).translate(_DIGITS)
            return int(digits) + (2000 if len(digits) == 2 else 0), pattern.sub("|", text, count=1)
    return None, text


# --- school, category, expert


def _segments(text: str, words: tuple[Subjects, ...]) -> list[str]:
    """What stands between separators, without placeholders, spaces and the noise at either end."""
    for placeholder in sorted((p for w in words for p in w.placeholders), key=len, reverse=True):
        text = text.replace(placeholder, "|")
    noise = "|".join(re.escape(n) for w in words for n in sorted(w.noise, key=len, reverse=True))
    text = re.sub(r"1\s*\+\s*[Xx]", "|", text)
    ends = re.compile(rf"^(?:{noise})+|(?:{noise})+$") if noise else None
    found = []
    for piece in _CUT.split(text):
        piece = re.sub(r"\s+", "", piece)
        piece = ends.sub("", piece) if ends else piece
        if piece.startswith("(") and piece.endswith(")"):
            piece = piece[1:-1]
        if piece:
            found.append(piece)
    return found


def _take_category(segments: list[str], known: tuple[str, ...]) -> tuple[str, list[str]]:
    """The major category, and the segments without it."""
    for index, segment in enumerate(segments):
        category = next((name for name in sorted(known, key=len, reverse=True) if name in segment), "")
        if not category and segment + "大类" in known:
            category = segment
        if not category and "大类" in segment:
            category = _unknown_category(segment)
        if category:
            before, _, after = segment.partition(category)
            return category, [*segments[:index], *filter(None, (before, after)), *segments[index + 1 :]]
    return "", segments


def _unknown_category(segment: str) -> str:
    head = segment[: segment.index("大类") + 2]
    school = _organisation(head)
    return school[1] if school and school[1] != "大类" else head


def _school(segments: list[str]) -> tuple[str, list[str]]:
    """The organisation named first (full names before short ones), and what is left of the segments."""
    for index, segment in enumerate(segments):
        if found := _organisation(segment):
            return found[0], [*segments[:index], *filter(None, found[1:]), *segments[index + 1 :]]
    for index, segment in enumerate(segments):
        if _SHORT.fullmatch(segment) and _has_name(segment):
            return segment, [*segments[:index], *segments[index + 1 :]]
    return "", segments


def _organisation(segment: str) -> tuple[str, str] | None:
    """A full name at the beginning, and what follows it."""
    for pattern in _ORGANISATION:
        found = pattern.fullmatch(segment)
        if found and _has_name(found.group(1)):
            return found.group(1), found.group(2)
    return None


def _has_name(organisation: str) -> bool:
    """More than the word school, and more than 某某学校."""
    stem = re.sub(rf"(?:{_LONG}|[校院大专中职技厅园])$", "", organisation)
    return bool(stem) and not _NAMELESS.fullmatch(stem) and re.search(r"[\u3400-\u9fff]", stem) is not None


def _person(segment: str) -> str:
    name = _TITLE.sub("", segment)
    return name if _PERSON.fullmatch(name) else ""
