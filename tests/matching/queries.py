"""Questions for matching, with the answers: noisy names of the full registers, and names that no register has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from corpora.confusables import Confusables
from corpora.register import Registers, School, load_registers
from matching.index import CertificateIndex, SchoolIndex
from matching.names import bare_place, bracket_sides, certificate_stem, plain
from tests.matching.noise import Noise

FOLDS = 12
UNCHANGED = ("exact", "former name", "spaces, points", "traditional", "campus", "suffix", "not registered")
YEAR = 2023
PROGRAMMES = ("安徽省", "云南省", "江苏省", "陕西省")
SECONDARY = (
    "{}工业学校", "{}市职业教育中心", "{}卫生学校", "{}幼儿师范学校", "{}市第一职业高级中学", "{}市第二职业高级中学",
    "{}商贸学校", "{}市中等专业学校", "{}技师学院", "{}机电工程学校", "{}理工学校", "{}农业学校", "{}旅游学校",
    "{}经济技术学校", "{}职业技术学校", "{}铁路运输学校", "{}建筑工程学校", "{}化工学校", "{}交通学校",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """A text and what it means: the school's code or the certificate's name, or None: it stands in no register.

    subject: "school" or "certificate"; fold: it is asked of the register without that fold's entries, to which `held`
    belongs (empty for a name that never was in it).
    """

    subject: str
    kind: str
    text: str
    answer: str | None
    province: str | None = None
    fold: int | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """The full registers with made-up secondary schools, as an office imports them, and those without one fold each."""

    registers: Registers
    strangers: tuple[School, ...]
    fold_of: dict[str, int]

    def without(self, fold: int | None) -> Registers:
        """The registers without the entries of `fold`; whole for None."""
        if fold is None:
            return self.registers
        return replace(
            self.registers,
            schools=tuple(s for s in self.registers.schools if self.fold_of[s.code] != fold),
            certificates=tuple(c for c in self.registers.certificates if self.fold_of[c.name] != fold),
        )


def a_world(seed: int = 0) -> World:
    """The bundled registers; of made-up secondary schools of the programmes' cities half are in it, half are not."""
    random = Random(seed)
    bundled = load_registers()
    cities = sorted({(s.province, s.city) for s in bundled.schools if s.province in PROGRAMMES and s.city})
    known = {school.name for school in bundled.schools} | {old.name for s in bundled.schools for old in s.former}
    made = [
        School(f"made-up-{n}-{m}", name, "secondary", province, city)
        for n, (province, city) in enumerate(cities)
        for m, pattern in enumerate(SECONDARY)
        if (name := pattern.format(bare_place(city))) not in known
    ]
    random.shuffle(made)
    registers = load_registers(extra=made[: len(made) // 2])
    keys = [s.code for s in registers.schools] + [c.name for c in registers.certificates]
    return World(registers, tuple(made[len(made) // 2 :]), {key: random.randrange(FOLDS) for key in keys})


def queries(world: World, each: int, seed: int, shorter: int = 1) -> list[Query]:
    """`each` queries of every kind; what damage left as it was, or turned into another entry's name, is left out.

    shorter: how many times as many abbreviations.
    """
    noise = Noise(Random(seed))
    owners = _owners(world.registers)
    sides = {side for entry in world.registers.certificates for side in bracket_sides(entry.name)}
    made = [*_of_schools(world, noise, each, shorter, owners), *_of_certificates(world, noise, each, shorter)]
    return [query for query in made if _is_fair(query, owners) and not (query.held and plain(query.text) in sides)]


def _is_fair(query: Query, owners: dict[str, set[str]]) -> bool:
    """Has the text the answer that is given for it, and it alone? An unchanged name is fair where it is meant to be."""
    said = plain(query.text)
    if query.subject == "certificate":
        said = plain(certificate_stem(query.text)[0])
    own = {query.held or query.answer or ""}
    owner = owners.get(said, own if query.kind in UNCHANGED else set())
    return len(said) >= 2 and owner == (own if query.kind in UNCHANGED else set())


def _owners(registers: Registers) -> dict[str, set[str]]:
    """Who bears each normalised name, or bore it."""
    owners: dict[str, set[str]] = {}
    for school in registers.schools:
        for name in (school.name, *(old.name for old in school.former)):
            owners.setdefault(plain(name), set()).add(school.code)
    for entry in registers.certificates:
        owners.setdefault(plain(entry.name), set()).add(entry.name)
    return owners


def _of_schools(world: World, noise: Noise, each: int, shorter: int, owners: dict[str, set[str]]) -> Iterator[Query]:
    """Names that several schools bear or bore have no one answer; they are not asked."""
    pick = noise.random
    schools = [school for school in world.registers.schools if len(owners[plain(school.name)]) == 1]
    for kind, damage in _ways(noise).items():
        for school in pick.sample(schools, each):
            yield Query("school", kind, damage(school.name), school.code, _province(pick, school))
    ways = [("shortened", noise.shortened)] * shorter + [("campus", noise.campus), ("suffix", noise.school_tail)]
    for kind, damage in ways:
        for school in pick.sample(schools, each):
            yield Query("school", kind, damage(school.name), school.code, _province(pick, school))
    former = [(school, old.name) for school in schools for old in school.former if old.name != school.name]
    for school, name in pick.sample(former, min(each, len(former))):
        yield Query("school", "former name", name, school.code, _province(pick, school))
    for school in pick.sample(schools, each):
        yield from _held_out(
            "school", school.name, noise, _province(pick, school), world.fold_of[school.code], school.code
        )
    for school in pick.sample(world.strangers, min(each, len(world.strangers))):
        yield from _held_out("school", school.name, noise, school.province)


def _of_certificates(world: World, noise: Noise, each: int, shorter: int) -> Iterator[Query]:
    entries, pick = world.registers.certificates, noise.random
    ways = [*_ways(noise).items(), *[("shortened", noise.short_certificate)] * shorter, ("suffix", noise.framed)]
    for kind, damage in ways:
        for entry in pick.choices(entries, k=each):
            yield Query("certificate", kind, damage(entry.name), entry.name)
    for entry in pick.choices(entries, k=each):
        yield from _held_out("certificate", entry.name, noise, None, world.fold_of[entry.name], entry.name)
    known = {plain(entry.name) for entry in entries}
    majors = sorted({major.name for major in world.registers.majors if plain(major.name) not in known})
    for name in pick.sample(majors, min(each, len(majors))):
        yield from _held_out("certificate", name, noise, None)


def _held_out(
    subject: str, name: str, noise: Noise, province: str | None, fold: int | None = None, held: str = ""
) -> Iterator[Query]:
    shorten = noise.shortened if subject == "school" else noise.short_certificate
    yield Query(subject, "not registered", name, None, province, fold, held)
    yield Query(subject, "not registered, one slip", noise.slip(name), None, province, fold, held)
    if noise.random.random() < 0.3:
        yield Query(subject, "not registered, shortened", shorten(name), None, province, fold, held)


def _ways(noise: Noise) -> dict[str, Callable[[str], str]]:
    return {
        "exact": str,
        "look-alike of our table": noise.in_table,
        "look-alike not in it": noise.not_in_table,
        "sounds alike": noise.sounding,
        "misread as anything": noise.misread,
        "dropped": noise.dropped,
        "added": noise.added,
        "changed places": noise.turned,
        "two at once": noise.twice,
        "cut at the end": noise.cut,
        "spaces, points": noise.spaced,
        "traditional": noise.traditional,
    }


def _province(pick: Random, school: School) -> str | None:
    """The programme's province is known, mostly."""
    return school.province if pick.random() < 0.8 else None


@dataclass(frozen=True)
class Indexes:
    """The world's registers indexed, whole and without each fold, as they are asked for."""

    world: World
    confusables: Confusables
    made: dict[int | None, tuple[SchoolIndex, CertificateIndex]]

    def at(self, fold: int | None) -> tuple[SchoolIndex, CertificateIndex]:
        if fold not in self.made:
            held = self.world.without(fold)
            self.made[fold] = SchoolIndex(held, self.confusables), CertificateIndex(held, self.confusables)
        return self.made[fold]
