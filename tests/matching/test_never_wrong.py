"""Thousands of damaged names over the full registers: undecided is allowed, wrong is not."""

import random

from corpora.confusables import Confusables
from corpora.register import Registers
from matching.index import CertificateIndex, SchoolIndex
from matching.match import match_certificate, match_school
from matching.names import plain

STRAY = "的我他们这那着过看说想好多少怎么啊吗呢"


class Damage:
    """Misreads, mistypes, drops and adds characters; seeded, so that a failure comes back."""

    def __init__(self, seed: int, confusables: Confusables) -> None:
        self.random = random.Random(seed)
        self.twins: dict[str, list[str]] = {}
        for pair in sorted(map(sorted, confusables.look | confusables.sound)):
            self.twins.setdefault(pair[0], []).append(pair[1])
            self.twins.setdefault(pair[1], []).append(pair[0])

    def to(self, name: str) -> str:
        for _ in range(self.random.choice((1, 1, 2))):
            at = self.random.randrange(len(name))
            char = name[at]
            twin = self.random.choice(self.twins.get(char, [char]))
            other = self.random.choice(STRAY)
            name = name[:at] + self.random.choice((twin, twin, other, "", char + other)) + name[at + 1 :]
        return name


def test_a_damaged_school_name_is_never_given_to_another_school(schools: SchoolIndex, confusables: Confusables) -> None:
    damage, right, asked = Damage(1, confusables), 0, 0
    for name in damage.random.sample(schools.names, 300):
        text = damage.to(name.name)
        match = match_school(text, schools, year=2023, province=damage.random.choice((name.school.province, None)))
        if match.decided and match.best and not schools.exact(plain(text)):
            assert match.best.key == name.school.code, (name.name, text, match.best.name)
        right, asked = right + match.decided, asked + 1
    assert right / asked > 0.4


def test_a_damaged_certificate_is_never_taken_for_another(
    certificates: CertificateIndex, confusables: Confusables
) -> None:
    damage, right, asked = Damage(2, confusables), 0, 0
    for name in certificates.names * 2:
        match = match_certificate(damage.to(name.certificate.name), certificates, level=None)
        if match.decided and match.best:
            assert match.best.key == name.certificate.name
        right, asked = right + match.decided, asked + 1
    assert right / asked > 0.6


def test_majors_that_are_no_certificates_are_never_taken_for_one(
    registers: Registers, certificates: CertificateIndex
) -> None:
    for name in {major.name for major in registers.majors}:
        match = match_certificate(name, certificates, level=None)
        assert not match.decided or (match.best and plain(match.best.name) == plain(name)), name
