"""The bundled registers, with a few secondary schools as an office would import them, indexed once."""

import pytest

from corpora.confusables import Confusables, load_confusables
from corpora.register import Registers, School, load_registers
from matching.index import CertificateIndex, SchoolIndex

SECONDARY = (
    School("t-1", "安徽化工学校", "secondary", "安徽省", "合肥市"),
    School("t-2", "怀远县职业教育中心", "secondary", "安徽省", "蚌埠市"),
    School("t-3", "昆明市官渡区职业高级中学", "secondary", "云南省", "昆明市"),
)


@pytest.fixture(scope="session")
def registers() -> Registers:
    return load_registers(extra=SECONDARY)


@pytest.fixture(scope="session")
def confusables() -> Confusables:
    return load_confusables()


@pytest.fixture(scope="session")
def schools(registers: Registers, confusables: Confusables) -> SchoolIndex:
    return SchoolIndex(registers, confusables)


@pytest.fixture(scope="session")
def certificates(registers: Registers, confusables: Confusables) -> CertificateIndex:
    return CertificateIndex(registers, confusables)
