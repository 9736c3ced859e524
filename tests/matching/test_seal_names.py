"""Seals whose lattices are built by hand: what they say and whose they are."""

from dataclasses import replace

from ingest.document import Box, Imprint, Lattice
from matching.index import SchoolIndex
from matching.seal_names import read_seal

OWN, OTHER = "安徽化工学校", "怀远县职业教育中心"
BLANK = (("", 0.0), ("一", -9.0))


def lattice(text: str, lost: int = -1) -> Lattice:
    """Every character clearly, blanks between; the character at `lost` was not read at all."""
    columns = [BLANK]
    for at, char in enumerate(text):
        columns += [BLANK if at == lost else ((char, -0.05), ("", -4.0)), BLANK]
    return tuple(columns)


def seal(text: str, lower: str = "", lost: int = -1) -> Imprint:
    bare = Imprint(Box(0, 0, 100, 100), (50, 50, 50, 50, 0), "round", "red", 0.9, 1.0)
    return replace(bare, arcs=(lattice(text, lost),), lower=lattice(lower) if lower else ())


def test_a_clear_name_is_the_schools_own(schools: SchoolIndex) -> None:
    read = read_seal(seal(OWN), schools, "t-1", 2023)
    assert (read.text, read.lower, read.owner) == (OWN, "", "same")


def test_a_lost_letter_does_not_hide_the_declared_school(schools: SchoolIndex) -> None:
    read = read_seal(seal(OWN, lost=3), schools, "t-1", 2023)
    assert (read.text, read.owner) == (OWN, "same")


def test_another_schools_seal_is_another_schools(schools: SchoolIndex) -> None:
    read = read_seal(seal(OTHER), schools, "t-1", 2023)
    assert (read.text, read.owner) == (OTHER, "other")


def test_the_line_below_the_star_makes_it_a_departments(schools: SchoolIndex) -> None:
    read = read_seal(seal(OWN, "教务处"), schools, "t-1", 2023)
    assert (read.text, read.lower, read.owner) == (OWN, "教务处", "department")


def test_a_scrap_below_the_star_is_no_department(schools: SchoolIndex) -> None:
    assert read_seal(seal(OWN, "一丨"), schools, "t-1", 2023).owner == "same"


def test_of_two_names_in_one_the_longer_is_taken(schools: SchoolIndex) -> None:
    plain = {name.plain: name for name in schools.names if name.name == name.school.name}
    longer = next(n for n in plain.values() if any(n.plain[:k] in plain for k in range(4, len(n.plain))))
    read = read_seal(seal(longer.plain), schools, None, None)
    assert (read.text, read.owner) == (longer.name, "unknown")


def test_a_former_name_is_told_by_the_year(schools: SchoolIndex) -> None:
    old = next(n for n in schools.names if n.name != n.school.name and n.is_former_in(2023))
    read = read_seal(seal(old.plain), schools, old.school.code, 2023)
    assert (read.text, read.owner) == (old.name, "former")


def test_what_no_register_knows_is_given_as_it_reads(schools: SchoolIndex) -> None:
    read = read_seal(seal("甲乙丙丁戊己庚辛"), schools, "t-1", 2023)
    assert (read.text, read.owner, read.school) == ("甲乙丙丁戊己庚辛", "unknown", None)


def test_a_clear_seal_of_another_provinces_namesake_is_not_taken_for_the_schools(schools: SchoolIndex) -> None:
    """湖南 on a form of 湖北: one character tells."""
    names = {name.plain: name for name in schools.names if name.name == name.school.name}
    pairs = [
        (a, b)
        for a in names.values()
        for at, char in ((0, "江"), (1, "南"), (1, "北"), (1, "西"), (1, "东"))
        if (b := names.get(a.plain[:at] + char + a.plain[at + 1 :])) and a.school.province != b.school.province
    ]
    assert len(pairs) > 10
    for own, other in pairs:
        assert read_seal(seal(other.plain), schools, own.school.code, 2023).owner == "other", (own.name, other.name)
