"""The registers made ready for matching: built once, asked often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpora.confusables import Confusables
from corpora.register import Certificate, Registers, School
from matching.features import Alignment, Edit, align, nearest, rarity
from matching.names import Parts, bare_place, plain, take_apart

CONTRASTS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz一二三四五六七八九十百千东南西北中上下前后左右内外大小新老初高")


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
        self._pairs = {text[i : i + 2] for text in texts for i in range(len(text) - 1)}
        self._confusables = confusables

    def strange(self, text: str, at: int) -> bool | None:
        """Is the pair that starts at `at` unknown? None where there is no pair."""
        return text[at : at + 2] not in self._pairs if 0 <= at < len(text) - 1 else None

    def is_slip(self, edit: Edit, text: str, *, strict: bool = False) -> bool:
        """Did a hand or a reader slip here, rather than write another name? strict: only look- and sound-alikes."""
        if edit.name_char in CONTRASTS and (edit.text_char in CONTRASTS or not edit.text_char):
            return False
        before, after = self.strange(text, edit.text_at - 1), self.strange(text, edit.text_at)
        match edit.kind:
            case "alike":
                return before is not False or after is not False
            case "missing":
                return not strict and before is not False
            case "extra":
                return not strict and before is True and after is True
            case "other":
                return not strict and edit.text_char not in CONTRASTS and before is not False and after is not False


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
        by_code = {name.school.code: name for name in reversed(self.names)}
        self._aliases: dict[str, list[SchoolName]] = {}
        for alias in registers.aliases:
            if alias.kind == "school" and alias.target in by_code:
                self._aliases.setdefault(plain(alias.alias), []).append(by_code[alias.target])

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
        by_name = {name.certificate.name: name for name in self.names}
        self._aliases = {
            plain(alias.alias): by_name[alias.target]
            for alias in registers.aliases
            if alias.kind == "certificate" and alias.target in by_name
        }

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


def _texts(registers: Registers) -> Iterable[str]:
    for school in registers.schools:
        yield plain(school.name)
        yield from (plain(old.name) for old in school.former)
    yield from (plain(entry.name) for entry in (*registers.certificates, *registers.majors))
