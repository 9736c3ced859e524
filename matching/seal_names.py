"""Whose seal it is: known names scored on the recogniser's own lattice; no letter has to be read right by itself.

A name's cost is the loss of its best CTC path over the arched text, ends free, against the best reading at all, for
each of its characters. Free ends favour a short name that lies inside a longer one, so the longest name that contains
the best and costs little more is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from extractors.seals import free_reading
from ingest.document import Imprint
from matching.index import SchoolIndex, SchoolName
from matching.lattices import path_costs
from matching.names import in_order
from matching.offices import office_named

Owner = Literal["same", "department", "other", "former", "unknown"]
READ = 1.9  # cost a character up to which a name is read
DECLARED = 2.7  # the same for the school that the form names: one hypothesis needs less proof than three thousand
ALONE, APART = 3.4, 0.6  # the same when every other school's name costs so much more
LONGER = 1.2  # by how much more a longer name may cost that contains the best one
MARGIN = 0.45  # by how much another school's name must be better than the declared one's
WITHIN = 3.0  # the same for a name whose letters all stand, in order, in the declared one's: gaps make it look so
CLEAN, CLEAR = 0.6, 1.5  # a name that costs more than CLEAN is another school's only when so much better
ABROAD = 0.8  # what the name of another province's school costs more, unless it is read clearly
CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class SealReading:
    """What one seal says: the name (of the register where one fits, else as read), the line below, whose it is.

    school: the register's name that was recognised, None when none fits; cost: of that name, 0 at best.
    """

    text: str
    lower: str
    owner: Owner
    school: SchoolName | None
    cost: float


def read_seal(imprint: Imprint, index: SchoolIndex, school: str | None, year: int | None) -> SealReading:
    """school: code of the school that the form is from, None when it is not decided; year: the programme's."""
    free, lower = free_reading(imprint), office_named(imprint.lower)
    names = _candidates(imprint, index, school)
    if not names or not imprint.arcs:
        return SealReading(free, lower, "unknown", None, 99.0)
    costs = np.min([path_costs(arc, [n.plain for n in names]) for arc in imprint.arcs], axis=0)
    costs = costs + ABROAD * (_abroad(names, school) & (costs > CLEAN))
    best = _best(names, costs, school)
    if costs[best] > _limit(names, costs, best, school):
        return SealReading(free, lower, "unknown", None, float(costs[best]))
    name = names[best]
    own = min((c for n, c in zip(names, costs, strict=True) if n.school.code == school), default=99.0)
    if name.school.code != school and costs[best] > CLEAN and own - costs[best] < CLEAR:
        return SealReading(free, lower, "unknown", None, float(costs[best]))
    return SealReading(name.name, lower, _owner(name, lower, school, year), name, round(float(costs[best]), 2))


def _abroad(names: Sequence[SchoolName], school: str | None) -> NDArray[np.bool_]:
    """Which names are of another province than the declared school's."""
    home = next((n.school.province for n in names if n.school.code == school), None)
    return np.array([home is not None and n.school.province != home for n in names])


def _limit(names: Sequence[SchoolName], costs: NDArray[np.float64], best: int, school: str | None) -> float:
    """The cost up to which the best name is taken: more for the declared school where no other school comes near."""
    if names[best].school.code != school:
        return READ
    others = [cost for name, cost in zip(names, costs, strict=True) if name.school.code != school]
    return ALONE if min(others, default=99.0) - costs[best] >= APART else DECLARED


def _owner(name: SchoolName, lower: str, school: str | None, year: int | None) -> Owner:
    if school is None:
        return "unknown"
    if name.school.code != school:
        return "other"
    if year is not None and name.name != name.school.name and name.is_former_in(year):
        return "former"
    return "department" if lower else "same"


def _candidates(imprint: Imprint, index: SchoolIndex, school: str | None) -> list[SchoolName]:
    """The names worth scoring: the declared school's, and those that share most characters with any reading."""
    seen = {char for arc in imprint.arcs for column in arc for char, score in column[:3] if char and score > -4}
    ranked = sorted(
        (n for n in index.names if n.school.code == school or len(seen.intersection(n.plain)) >= 2),
        key=lambda n: (n.school.code != school, -_shared(n.plain, seen)),
    )
    return ranked[:CANDIDATES]


def _shared(name: str, seen: set[str]) -> float:
    found = sum(char in seen for char in name)
    return found - 0.55 * (len(name) - found)


def _best(names: Sequence[SchoolName], costs: NDArray[np.float64], school: str | None) -> int:
    order = np.argsort(costs)
    best = int(order[0])
    for i in order:
        longer = names[best].plain in names[i].plain and len(names[i].plain) > len(names[best].plain)
        if longer and costs[i] <= costs[best] + LONGER:
            best = int(i)
    own = [i for i, n in enumerate(names) if n.school.code == school]
    if own and names[best].school.code != school:
        declared = min(own, key=lambda i: costs[i])
        found, name = names[best].plain, names[declared].plain
        shortened = len(found) < len(name) and in_order(found, name)
        if costs[declared] <= costs[best] + (WITHIN if shortened else 0 if found in name else MARGIN):
            best = declared
    return best
