"""How far each kind of evidence is to be believed: what `tests/matching/fit_beliefs.py` learned on made-up noise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Belief(BaseModel):
    """One way of telling who is meant.

    bias, weights: of a logistic regression over named features; steps: (log odds, probability), rising: from these
    odds on, so many of those that were asked were right. vetoed: how many of those that had a veto; clear: how many of
    those with the feature `clear`, against which nothing speaks.
    """

    model_config = ConfigDict(frozen=True)

    bias: float
    vetoed: float
    clear: float = 0.0
    weights: Mapping[str, float]
    steps: tuple[tuple[float, float], ...]

    def probability(self, features: Mapping[str, float]) -> float:
        """That the answer is right, 0..1."""
        odds = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        clear = self.clear if features.get("clear") else 0.0
        return max((clear, *(p for from_, p in self.steps if from_ <= odds)))


_BELIEFS = TypeAdapter(dict[str, Belief])


@cache
def load_beliefs() -> dict[str, Belief]:
    """All of beliefs.yaml, by name. Raises OSError, pydantic.ValidationError."""
    file = resources.files("corpora").joinpath("beliefs.yaml")
    return _BELIEFS.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
