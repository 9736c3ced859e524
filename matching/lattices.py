"""Words scored on what a recogniser saw: no letter has to be read right by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.document import Lattice

FLOOR = -11.5  # natural log probability of a character that the lattice no longer lists


def path_costs(lattice: Lattice, names: Sequence[str]) -> NDArray[np.float64]:
    """Loss of each name's best CTC path against the best path at all, a character, its ends free; 0 at best."""
    if not lattice:
        return np.full(len(names), 99.0)
    longest = 2 * max(map(len, names)) + 1
    states = [["", *(c for char in name for c in (char, ""))] for name in names]
    vocabulary = {c: i for i, c in enumerate(sorted({c for row in states for c in row}))}
    table = np.array([[vocabulary[c] for c in row] + [vocabulary[""]] * (longest - len(row)) for row in states])
    skips = np.zeros_like(table, dtype=bool)
    skips[:, 3::2] = table[:, 3::2] != table[:, 1:-2:2]
    ends = np.array([2 * len(name) for name in names])
    rows = np.arange(len(names))
    alive = np.full(table.shape, -1e9)
    best = np.full(len(names), -1e9)
    for column in lattice:
        top = column[0][1] if column else 0.0
        emitted = np.full(len(vocabulary), FLOOR)
        for char, score in column:
            if char in vocabulary:
                emitted[vocabulary[char]] = score - top
        moved = alive.copy()
        moved[:, 1:] = np.maximum(moved[:, 1:], alive[:, :-1])
        moved[:, 2:] = np.where(skips[:, 2:], np.maximum(moved[:, 2:], alive[:, :-2]), moved[:, 2:])
        moved[:, :2] = np.maximum(moved[:, :2], 0.0)
        alive = moved + emitted[table]
        best = np.maximum(best, np.maximum(alive[rows, ends], alive[rows, ends - 1]))
    return np.asarray(-best / np.maximum(1, ends / 2), np.float64)
