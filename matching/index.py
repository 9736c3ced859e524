"""The registers made ready for matching: built once, asked often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass

from corpora.confusables import Confusables
from corpora.register import Alias, Certificate, Registers, School
from extractors.script import simplified
from matching.features import Alignment, Costs, Pairs, align, nearest, rarity
from matching.names import Parts, bare_place, bracket_sides, certificate_stem, plain, take_apart, without_campus
from matching.vocabulary import Vocabulary

NEAREST = 15  # names that are aligned, by the characters that they share


@dataclass(frozen=True, slots=True)
class SchoolName:
    """One name of one school. plain: normalised; parts: taken apart."""

    school: School
    name: str
    plain: str
    parts: Parts

    def is_former_in(self, year: int) -> bool:
        return any(old.name == self.name and old.is_former_in(year) for old in self.school.former)


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
        self.costs = Costs(self.weights, confusables)
        self._of_province: dict[str, list[SchoolName]] = {}
        for name in self.names:
            self._of_province.setdefault(bare_place(name.school.province), []).append(name)
        self._plains = {place: [name.plain for name in names] for place, names in self._of_province.items()}
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

    def simplified(self, text: str) -> str:
        """The text with traditional characters simplified, those aside that names of the register have."""
        return "".join(char if char in self.weights else simplified(char) for char in text)

    def exact(self, text: str) -> list[SchoolName]:
        return self._exact.get(text, [])

    def alias(self, text: str) -> list[SchoolName]:
        return self._aliases.get(text, [])

    def of(self, province: str | None) -> Sequence[SchoolName]:
        """The names of one province, or all."""
        return self.names if province is None else self._of_province.get(bare_place(province), ())

    def near(
        self, text: str, province: str | None = None, seen: Pairs = frozenset()
    ) -> list[tuple[SchoolName, Alignment]]:
        """The names nearest to a normalised text, at the least cost first; those of the province are sought deeper."""
        place = bare_place(province) if province else ""
        here = [self._of_province[place][i] for i in nearest(text, self._plains.get(place, ()), NEAREST)]
        found = {id(name): name for name in (*here, *(self.names[i] for i in nearest(text, self.plains, NEAREST)))}
        pairs = [(name, align(text, name.plain, self.costs, seen)) for name in found.values()]
        return sorted(pairs, key=lambda pair: pair[1].cost)


@dataclass(frozen=True, slots=True)
class CertificateName:
    """sides: what a bracket at the end says twice: 建筑信息模型（BIM） -> 建筑信息模型, bim."""

    certificate: Certificate
    plain: str
    sides: tuple[str, ...] = ()


class CertificateIndex:
    """All certificates. Raises nothing; an empty register matches nothing."""

    def __init__(self, registers: Registers, confusables: Confusables) -> None:
        self.confusables = confusables
        self.vocabulary = Vocabulary(_texts(registers), confusables)
        self.names = tuple(
            CertificateName(entry, plain(entry.name), bracket_sides(entry.name)) for entry in registers.certificates
        )
        self.plains = tuple(name.plain for name in self.names)
        self.weights = rarity(self.plains)
        self.costs = Costs(self.weights, confusables)
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

    def simplified(self, text: str) -> str:
        """The text with traditional characters simplified, those aside that names of the register have."""
        return "".join(char if char in self.weights else simplified(char) for char in text)

    def exact(self, text: str) -> CertificateName | None:
        return self._exact.get(text)

    def alias(self, text: str) -> CertificateName | None:
        return self._aliases.get(text)

    def near(self, text: str, seen: Pairs = frozenset()) -> list[tuple[CertificateName, Alignment]]:
        """The certificates nearest to a normalised text, at the least cost first."""
        pairs = [
            (self.names[i], align(text, self.plains[i], self.costs, seen)) for i in nearest(text, self.plains, NEAREST)
        ]
        return sorted(pairs, key=lambda pair: pair[1].cost)


def said_of(kind: str, text: str) -> str:
    """What a text says of a school or certificate, as aliases are looked up: without campus, level and dressing."""
    return plain(without_campus(text)[0] if kind == "school" else certificate_stem(text)[0])


def _texts(registers: Registers) -> Iterable[str]:
    for school in registers.schools:
        yield plain(school.name)
        yield from (plain(old.name) for old in school.former)
    yield from (plain(entry.name) for entry in registers.certificates)
    yield from (plain(major.name) for major in registers.majors)
