"""Free readings of lattices built by hand."""

from dataclasses import replace

from extractors.seals import best_path, free_reading, seal_number
from ingest.document import Box, Imprint

BARE = Imprint(Box(0, 0, 100, 100), (50, 50, 50, 50, 0), "round", "red", 0.9, 1.0)
GAP = (("", 0.0),)


def test_repeats_are_joined_and_blanks_part_them() -> None:
    one = (("人", -0.1),)
    assert best_path((one, one, GAP, one))[0] == "人人"


def test_an_unlikely_character_is_left_out() -> None:
    assert best_path(((("校", -0.1),), (("卜", -3.0),)))[0] == "校"


def test_the_longer_sure_reading_of_all_cuts_is_taken() -> None:
    cut, whole = ((("学", -0.1),),), ((("学", -0.1),), (("校", -0.1),))
    assert free_reading(replace(BARE, arcs=(cut, whole))) == "学校"


def test_a_seal_that_was_not_read_says_nothing() -> None:
    assert (free_reading(BARE), seal_number(BARE)) == ("", None)


def number(digits: str, doubtful: int = -1) -> Imprint:
    columns = [column for n, d in enumerate(digits) for column in (((d, -0.4 if n == doubtful else -0.01),), *(GAP,))]
    return replace(BARE, number=tuple(columns))


def test_a_number_is_thirteen_digits() -> None:
    assert seal_number(number("3401040012345")) == "3401040012345"
    assert seal_number(number("340104001234")) is None


def test_a_number_with_a_doubtful_digit_is_none() -> None:
    assert seal_number(number("3401040012345", doubtful=7)) is None
