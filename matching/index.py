"""The registers made ready for matching: built once, asked often."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise

from corpora.confusables import Confusables
from corpora.register import Alias, Certificate, Registers, School
from matching.features import Alignment, Edit, align, nearest, rarity
from matching.names import Parts, bare_place, certificate_stem, plain, take_apart, without_campus

CONTRASTS = frozenset(
    "0123456789abcdefghijklmnopqrstuvwxyz一二三四五六七八九十百千东南西北中上下前后左右内外大小新老初高"
)


@dataclass(frozen=True, slots=True)
class SchoolName:
    """One name of one school. plain: normalised; parts: taken apart."""

    school: School
    name: str
    plain: str
    parts: Parts

    def is_former_in(self, year: int) -> bool:
        return any(old.name == self.name and old.is_former_in(year) for old in self.school.former)


class Vocabulary:
    """Pairs of characters that are known to stand together.

    A misread or miswritten character makes a pair that no name has (技枝, 站维); another true name does not. So a
    difference counts as a slip only where it left the text strange.
    """

    def __init__(self, texts: Iterable[str], confusables: Confusables) -> None:
        self._pairs = {text[i : i + 2] for text in texts for i in range(len(text) - 1)} | confusables.words

    def strange(self, text: str, at: int) -> bool | None:
        """Is the pair that starts at `at` unknown? None where there is no pair."""
        return text[at : at + 2] not in self._pairs if 0 <= at < len(text) - 1 else None

    def are_slips(self, edits: Sequence[Edit], text: str, kinds: Collection[str]) -> bool:
        """Are all differences slips of a hand or a reader? Two in a row that look nothing alike are another word.

        kinds: those of Edit.kind that may be slips at all; a short name cannot stand a missing or foreign character.
        """
        wild = [edit for edit in edits if edit.kind not in ("look", "sound")]
        row = any(b.at - a.at <= 1 and b.text_at - a.text_at <= 1 for a, b in pairwise(wild))
        few = len(wild) <= max(1, len(text) // 5)
        return few and not row and all(edit.kind in kinds and self._is_slip(edit, text) for edit in edits)

    def may_be_slips(self, edits: Sequence[Edit], text: str) -> bool:
        """The weaker question, when another witness agrees: did every difference leave a strange pair?"""
        return not any(_is_contrast(edit) for edit in edits) and all(
            edit.kind == "missing" or self.strange(text, edit.text_at - 1) or self.strange(text, edit.text_at)
            for edit in edits
        )

    def _is_slip(self, edit: Edit, text: str) -> bool:
        if _is_contrast(edit):
            return False
        before, after = self.strange(text, edit.text_at - 1), self.strange(text, edit.text_at)
        if edit.kind in ("look", "sound"):
            return before is True or after is True
        if edit.text_char in CONTRASTS:
            return False
        if edit.kind == "missing" and edit.text_at == 0:  # 污水处理 without its head is 水处理
            return after is True
        if edit.kind == "missing":
            return before is not False
        return before is True and after is True


def _is_contrast(edit: Edit) -> bool:
    """变电一次安装 and 变电二次安装, 淮南 and 淮北: characters that tell siblings apart are never taken for a slip."""
    return edit.name_char in CONTRASTS and (edit.text_char in CONTRASTS or not edit.text_char)


class SchoolIndex:
    """All names, former ones too, of all schools. Raises nothing; an empty register matches nothing."""

    def __init__(self, registers: Registers, confusables: Confusables) -> None:
        places = {bare_place(place) for school in registers.schools for place in (school.province, school.city)}
        self.confusables = confusables
        self.vocabulary = Vocabulary(_texts(registers), confusables)
        self.names = tuple(
            SchoolName(school, name, plain(name), take_apart(plain(name), places - {""}))
            for school in registers.schools
            for name in (school.name, *(old.name for old in school.former))
        )
        self.plains = tuple(name.plain for name in self.names)
        self.weights = rarity(self.plains)
        self._exact: dict[str, list[SchoolName]] = {}
        for name in self.names:
            self._exact.setdefault(name.plain, []).append(name)
        self._by_code = {name.school.code: name for name in reversed(self.names)}
        self._aliases = self._known_as(alias for alias in registers.aliases if not alias.programme)

    def _known_as(self, aliases: Iterable[Alias]) -> dict[str, list[SchoolName]]:
        found: dict[str, list[SchoolName]] = {}
        for alias in aliases:
            if alias.kind == "school" and alias.target in self._by_code:
                found.setdefault(said_of("school", alias.alias), []).append(self._by_code[alias.target])
        return found

    def with_aliases(self, aliases: Iterable[Alias]) -> SchoolIndex:
        """The same names, under these aliases alone."""
        made = copy(self)
        made._aliases = self._known_as(aliases)
        return made

    def exact(self, text: str) -> list[SchoolName]:
        return self._exact.get(text, [])

    def alias(self, text: str) -> list[SchoolName]:
        return self._aliases.get(text, [])

    def near(self, text: str, limit: int = 30) -> list[tuple[SchoolName, Alignment]]:
        """The names nearest to a normalised text, at the least cost first."""
        found = [
            (self.names[i], align(text, self.plains[i], self.weights, self.confusables))
            for i in nearest(text, self.plains, limit)
        ]
        return sorted(found, key=lambda pair: pair[1].cost)


@dataclass(frozen=True, slots=True)
class CertificateName:
    certificate: Certificate
    plain: str


class CertificateIndex:
    """All certificates. Raises nothing; an empty register matches nothing."""

    def __init__(self, registers: Registers, confusables: Confusables) -> None:
        self.confusables = confusables
        self.vocabulary = Vocabulary(_texts(registers), confusables)
        self.names = tuple(CertificateName(entry, plain(entry.name)) for entry in registers.certificates)
        self.plains = tuple(name.plain for name in self.names)
        self.weights = rarity(self.plains)
        self._exact = {name.plain: name for name in self.names}
        self._by_name = {name.certificate.name: name for name in self.names}
        self._aliases = self._known_as(alias for alias in registers.aliases if not alias.programme)

    def _known_as(self, aliases: Iterable[Alias]) -> dict[str, CertificateName]:
        return {
            said_of("certificate", alias.alias): self._by_name[alias.target]
            for alias in aliases
            if alias.kind == "certificate" and alias.target in self._by_name
        }

    def with_aliases(self, aliases: Iterable[Alias]) -> CertificateIndex:
        """The same names, under these aliases alone."""
        made = copy(self)
        made._aliases = self._known_as(aliases)
        return made

    def exact(self, text: str) -> CertificateName | None:
        return self._exact.get(text)

    def alias(self, text: str) -> CertificateName | None:
        return self._aliases.get(text)

    def near(self, text: str, limit: int = 20) -> list[tuple[CertificateName, Alignment]]:
        """The certificates nearest to a normalised text, at the least cost first."""
        found = [
            (self.names[i], align(text, self.plains[i], self.weights, self.confusables))
            for i in nearest(text, self.plains, limit)
        ]
        return sorted(found, key=lambda pair: pair[1].cost)


def said_of(kind: str, text: str) -> str:
    """What a text says of a school or certificate, as aliases are looked up: without campus, level and dressing."""
    return plain(without_campus(text)[0] if kind == "school" else certificate_stem(text)[0])


def _texts(registers: Registers) -> Iterable[str]:
    for school in registers.schools:
        yield plain(school.name)
        yield from (plain(old.name) for old in school.former)
    yield from (plain(entry.name) for entry in registers.certificates)
    yield from (plain(major.name) for major in registers.majors)
