"""What the line below a seal's star names; lattices are built by hand."""

import pytest

from ingest.document import Lattice
from matching.offices import office_named

BLANK = (("", -0.01), ("一", -9.0))


def lattice(text: str) -> Lattice:
    """Every character clearly, blanks between; 〇 is a place where nothing was read."""
    columns = [BLANK]
    for char in text:
        columns += [BLANK if char == "〇" else ((char, -0.05), ("", -4.0)), BLANK]
    return tuple(columns)


@pytest.mark.parametrize("name", ["教务处", "合同专用章", "1+X证书办公室", "继续教育学院", "校企合作办公室"])
def test_a_known_name_is_read(name: str) -> None:
    assert office_named(lattice(name)) == name


@pytest.mark.parametrize(("read", "name"), [("办公〇", "办公室"), ("继续教〇学院", "继续教育学院")])
def test_two_letters_of_three_are_enough_where_one_name_fits(read: str, name: str) -> None:
    assert office_named(lattice(read)) == name


def test_where_several_fit_it_is_given_as_it_reads() -> None:
    assert office_named(lattice("教务〇")) == "教务"


@pytest.mark.parametrize("name", ["智能制造系", "职业技能培训鉴定中心", "护理学院"])
def test_what_reads_as_an_office_is_one(name: str) -> None:
    assert office_named(lattice(name)) == name


def test_the_longer_of_two_known_names_in_one_is_taken() -> None:
    assert office_named(lattice("党委宣传部")) == "党委宣传部"


@pytest.mark.parametrize("print_", ["", "一丨", "月", "教务处负责人签字", "2023年3月"])
def test_print_that_runs_under_the_seal_is_no_office(print_: str) -> None:
    assert office_named(lattice(print_)) == ""
