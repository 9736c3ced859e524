"""The score is a probability: of what is believed with nine in ten, nine in ten are right."""

from collections.abc import Sequence

import numpy as np
import pytest

from corpora.beliefs import Belief, load_beliefs
from corpora.confusables import Confusables
from matching.evidence import SURE, is_vetoed, probability
from tests.matching.fit_beliefs import Example, Floats, examples, isotonic, logistic
from tests.matching.queries import FOLDS, Indexes, a_world, queries

BINS = ((0.0, 0.2), (0.2, 0.6), (0.6, 0.95), (0.95, 0.999), (0.999, 1.01))


@pytest.fixture(scope="module")
def asked(confusables: Confusables) -> Sequence[Example]:
    """Names that the beliefs were not fitted on."""
    indexes = Indexes(a_world(), confusables, {})
    few = [query for query in queries(indexes.world, 30, seed=9) if query.fold is None or query.fold < FOLDS / 3]
    return list(examples(few, indexes))


def test_predicted_shares_are_observed_ones(asked: Sequence[Example]) -> None:
    told = [(probability(belief, features), right, weight) for belief, features, right, weight in asked]
    for low, high in BINS:
        own = [(p, right, weight) for p, right, weight in told if low <= p < high]
        total = sum(weight for *_, weight in own)
        predicted = sum(p * weight for p, _, weight in own) / total
        observed = sum(right * weight for _, right, weight in own) / total
        chance = 3 * (predicted * (1 - predicted) / total) ** 0.5  # three standard deviations of such a share
        assert abs(predicted - observed) < chance + 0.03, (low, high, predicted, observed, total)


def test_hardly_any_of_the_sure_are_wrong(asked: Sequence[Example]) -> None:
    sure = [right for belief, features, right, _ in asked if probability(belief, features) >= SURE]
    assert len(sure) > 100
    assert sum(not right for right in sure) <= 1


@pytest.mark.parametrize("veto", ["contrast", "numeral_lost", "kind_other", "other_head"])
def test_what_tells_siblings_apart_is_never_a_slip(veto: str) -> None:
    features = {"margin": 2.0, "plain_slips": 1.0, "slips_clear": 1.0, veto: 1.0}
    assert is_vetoed(features)
    assert probability("certificate_spelt", features) < SURE


def test_every_belief_rises_with_its_odds() -> None:
    for belief in load_beliefs().values():
        assert list(belief.steps) == sorted(belief.steps)
        assert [p for _, p in belief.steps] == sorted(p for _, p in belief.steps)


def test_a_belief_weighs_its_features_and_takes_the_highest_step_reached() -> None:
    belief = Belief(bias=-1.0, vetoed=0.5, weights={"near": 2.0}, steps=((-5.0, 0.1), (0.5, 0.9)))
    assert (belief.probability({}), belief.probability({"near": 1.0, "unknown": 9.0})) == (0.1, 0.9)


def test_regression_finds_the_weight_and_steps_never_fall() -> None:
    x: Floats = np.array([[0.0]] * 50 + [[1.0]] * 50)
    y: Floats = np.array([0.0] * 40 + [1.0] * 10 + [0.0] * 10 + [1.0] * 40)
    bias, weight = logistic(x, y, np.array([1.0] * 100), ridge=1e-6)
    assert (round(float(bias), 2), round(float(weight), 2)) == (-1.39, 2.77)
    odds = np.array([1.0, 2.0, 3.0, 4.0])
    steps = isotonic(odds, np.array([0.0, 1.0, 0.0, 1.0]), np.array([1.0] * 4))
    assert steps == [
        (1.0, 0.0),
        (2.0, 0.43478),
        (4.0, 0.76923),
    ]
