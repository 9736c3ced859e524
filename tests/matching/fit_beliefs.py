"""Learns, on made-up noise, how far each kind of evidence is to be believed: writes corpora/beliefs.yaml.

`python -m tests.matching.fit_beliefs` asks other queries than `make bench-matching`. A logistic regression weighs the
features; isotonic regression (pool adjacent violators) makes its odds a probability. What has a veto is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import corpora
from corpora.confusables import load_confusables
from matching import certificates, opinion
from matching.evidence import Features, is_vetoed
from matching.names import certificate_stem, plain, without_campus
from tests.matching.queries import Indexes, Query, a_world, queries

SEEDS = range(100, 104)
EACH = 300
SHORTER = 6  # times as many abbreviations: they are what offices write, and few of each kind of evidence
# Weight of a higher school or a certificate that was taken out of its register: these registers are official lists
# and whole, unlike that of the secondary schools. Not so of a misspelt certificate: another year's list may have it.
COMPLETE = 0.05
SMOOTH = 0.3  # wrong ones that every step is thought to have besides those that were counted
Example = tuple[str, Features, bool, float]
Floats = NDArray[np.float64]
HEAD = """\
# How far each kind of evidence is to be believed, by name: features weighed into log odds, and from these steps of odds
# on the share of right ones. Written by tests/matching/fit_beliefs.py from {count} made-up queries over the
# full registers (tests/matching/queries.py, seeds {first} to {last}); do not edit by hand.
"""


def examples(asked: Sequence[Query], indexes: Indexes) -> Iterator[Example]:
    """What spoke for each best guess: (belief, features, whether it was right, weight)."""
    for query in asked:
        schools, certificate_index = indexes.at(query.fold)
        whole = query.held and (query.subject == "certificate" or query.held[0].isdigit())
        weight = COMPLETE if query.answer is None and whole else 1.0
        spelt = weight / SHORTER if query.kind == "shortened" else weight  # as many as of any other kind
        if query.subject == "school":
            text = schools.simplified(query.text)
            said = plain(without_campus(text)[0])
            if said and not (schools.exact(plain(text)) or schools.exact(said)):
                for one in opinion.weigh(said, schools, query.province)[0]:
                    right = one.guess.name.school.code == query.answer
                    yield one.belief, one.features, right, spelt if one.belief.endswith("_spelt") else weight
        else:
            said = plain(certificate_stem(certificate_index.simplified(query.text))[0])
            if said and not certificate_index.exact(said):
                one_, _ = certificates.weigh(said, certificate_index)
                right = one_.name is not None and one_.name.certificate.name == query.answer
                of_list = one_.belief != "certificate_spelt"
                yield one_.belief, one_.features, right, weight if of_list else min(1.0, spelt / weight)


def logistic(features: Floats, right: Floats, weights: Floats, ridge: float = 1.0) -> Floats:
    """Coefficients, the bias first, by Newton's method."""
    x = np.column_stack([np.ones(len(features)), features])
    beta = np.zeros(x.shape[1])
    penalty = ridge * np.eye(len(beta))
    penalty[0, 0] = 1e-6
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        slope = x.T @ (weights * (p - right)) + penalty @ beta
        beta = beta - np.linalg.solve((x * (weights * p * (1 - p))[:, None]).T @ x + penalty, slope)
    return beta


def isotonic(odds: Floats, right: Floats, weights: Floats) -> list[tuple[float, float]]:
    """Rising steps (from these odds on, share of right ones), by pooling adjacent violators."""
    pools: list[list[float]] = []  # least odds, right, all
    for at in np.argsort(odds, kind="stable"):
        pools.append([float(odds[at]), float(weights[at] * right[at]), float(weights[at])])
        while len(pools) > 1 and pools[-2][1] * pools[-1][2] >= pools[-1][1] * pools[-2][2]:
            _, good, all_ = pools.pop()
            pools[-1][1] += good
            pools[-1][2] += all_
    shares = [(round(start, 3), round(good / (all_ + SMOOTH), 5)) for start, good, all_ in pools]
    rising: list[tuple[float, float]] = []
    for start, share in shares:
        if not rising or share > rising[-1][1]:
            rising.append((start, share))
    return rising


def fitted(every: Sequence[Example]) -> str:
    """One belief as YAML; its steps from odds that each half's examples have by the other half's weights."""
    own = [example for example in every if not is_vetoed(example[1])]
    others = [(right * weight, weight) for _, features, right, weight in every if is_vetoed(features)]
    vetoed = sum(good for good, _ in others) / max(1.0, sum(all_ for _, all_ in others))
    plain = [(right * weight, weight) for _, features, right, weight in own if features.get("clear")]
    clear = sum(good for good, _ in plain) / (sum(all_ for _, all_ in plain) + SMOOTH)
    names = sorted({name for _, features, _, _ in own for name in features} - {"clear"})
    x = np.array([[features.get(name, 0.0) for name in names] for _, features, _, _ in own])
    right = np.array([float(one) for _, _, one, _ in own])
    weights = np.array([weight for *_, weight in own])
    odds = np.zeros(len(own))
    for half in (np.arange(len(own)) % 2 == 0, np.arange(len(own)) % 2 == 1):
        beta = logistic(x[~half], right[~half], weights[~half])
        odds[half] = beta[0] + x[half] @ beta[1:]
    beta = logistic(x, right, weights).round(3)
    lines = [f"  bias: {beta[0]}", f"  vetoed: {min(vetoed, 0.95):.3f}", f"  clear: {clear:.5f}", "  weights:"]
    lines += [f"    {name}: {value}" for name, value in zip(names, beta[1:], strict=True)]
    steps = isotonic(odds, right, weights)
    return "\n".join([*lines, "  steps:", *(f"  - [{start}, {share}]" for start, share in steps)])


def learned(seed: int) -> tuple[int, list[Example]]:
    """How many were asked by one seed, and what spoke for each guess."""
    indexes = Indexes(a_world(), load_confusables(), {})
    asked = queries(indexes.world, EACH, seed, shorter=SHORTER)
    return len(asked), list(examples(asked, indexes))


def main() -> None:
    with ProcessPoolExecutor() as pool:
        asked = list(pool.map(learned, SEEDS))
    made = [example for _, examples_ in asked for example in examples_]
    parts = [HEAD.format(count=sum(count for count, _ in asked), first=SEEDS[0], last=SEEDS[-1])]
    for belief in sorted({example[0] for example in made}):
        own = [example for example in made if example[0] == belief]
        parts.append(f"{belief}:\n{fitted(own)}\n")
    Path(corpora.__file__).with_name("beliefs.yaml").write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
