"""The benchmark's main figures, on a part of its queries: hardly ever wrong, and decided where WRatio has to ask."""

import pytest

from corpora.confusables import Confusables
from tests.matching.bench import Answer, compared, figures
from tests.matching.queries import FOLDS, Indexes, Query, a_world, queries

Compared = tuple[list[Answer], list[Answer]]


@pytest.fixture(scope="module")
def asked() -> list[Query]:
    """A part of what `make bench-matching` asks; names are held out of one half of the folds only."""
    return [query for query in queries(a_world(), 40, seed=3) if query.fold is None or query.fold < FOLDS / 2]


@pytest.fixture(scope="module")
def both(asked: list[Query], confusables: Confusables) -> Compared:
    mine, theirs, _ = compared(asked, Indexes(a_world(), confusables, {}))
    return mine, theirs


def test_the_decided_are_right(both: Compared) -> None:
    wrong = [(a.query.text, a.key, a.query.answer) for a in both[0] if a.decided and not a.right]
    assert len(wrong) <= 0.001 * sum(a.decided for a in both[0]) + 2, wrong


def test_far_fewer_stay_open_than_with_a_plain_ratio(both: Compared) -> None:
    mine, theirs = map(figures, both)
    assert mine.undecided <= 0.7 * theirs.undecided


def test_queries_come_back_with_their_seed(asked: list[Query]) -> None:
    again = [query for query in queries(a_world(), 40, seed=3) if query.fold is None or query.fold < FOLDS / 2]
    assert again == asked
