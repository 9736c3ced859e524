"""Whose seal it is: known names scored on the recogniser's own lattice; no letter has to be read right by itself.

A name's cost is the loss of its best CTC path over the arched text, ends free, against the best reading at all, for
each of its characters. Free ends favour a short name that lies inside a longer one, so the longest name that contains
the best and costs little more is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from extractors.seals import best_path, free_reading
from ingest.document import Imprint, Lattice
from matching.index import SchoolIndex, SchoolName
from matching.names import in_order

Owner = Literal["same", "department", "other", "former", "unknown"]
FLOOR = -11.5  # natural log probability of a character that the lattice no longer lists
READ = 1.9  # cost a character up to which a name is read
DECLARED = 2.7  # the same for the school that the form names: one hypothesis needs less proof than three thousand
ALONE, APART = 3.4, 0.6  # the same when every other school's name costs so much more
LONGER = 1.2  # by how much more a longer name may cost that contains the best one
MARGIN = 0.45  # by how much another school's name must be better than the declared one's
WITHIN = 3.0  # the same for a name whose letters all stand, in order, in the declared one's: gaps make it look so
CLEAN, CLEAR = 0.6, 1.5  # a name that costs more than CLEAN is another school's only when so much better
CANDIDATES = 60
KNOWN = 1.9  # cost a character up to which the name of an office is read
OFFICES = (
    *("教务处", "教务科", "教务部", "教学部", "教学科", "教务办公室", "学生处", "学生科", "学工处", "团委", "人事处"),
    *("科研处", "科技处", "总务处", "后勤处", "财务处", "财务科", "招生就业处", "招生办公室", "就业指导中心"),
    *("办公室", "学校办公室", "学院办公室", "党政办公室", "院长办公室", "校长办公室", "1+X证书办公室"),
    *("继续教育学院", "继续教育部", "成人教育学院", "培训中心", "培训部", "实训中心", "实训处", "职业技能鉴定所"),
    *("合同专用章", "财务专用章", "教务专用章", "业务专用章", "证明专用章", "发票专用章", "招生专用章"),
)
OFFICE = re.compile(
    r"[\u3400-\u9fff+Xx1]{1,12}(?:处|科|室|部|学院|研究院|所|章|中心|办|组|系|会|馆)"
    r"|(?:教务|财务|学生|招生|人事|办公|继续教育|合同|科研|实训|培训|后勤|组织)[\u3400-\u9fff]{1,6}"
)


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
    free, lower = free_reading(imprint), _office(imprint.lower)
    names = _candidates(imprint, index, school)
    if not names or not imprint.arcs:
        return SealReading(free, lower, "unknown", None, 99.0)
    costs = np.min([_costs(arc, [n.plain for n in names]) for arc in imprint.arcs], axis=0)
    best = _best(names, costs, school)
    if costs[best] > _limit(names, costs, best, school):
        return SealReading(free, lower, "unknown", None, float(costs[best]))
    name = names[best]
    own = min((c for n, c in zip(names, costs, strict=True) if n.school.code == school), default=99.0)
    if name.school.code != school and costs[best] > CLEAN and own - costs[best] < CLEAR:
        return SealReading(free, lower, "unknown", None, float(costs[best]))
    return SealReading(name.name, lower, _owner(name, lower, school, year), name, round(float(costs[best]), 2))


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


def _office(lattice: Lattice) -> str:
    """The line below the star when it names an office or a purpose; else it was a scrap of something.

    A known name is taken on few letters (办公至 is 办公室), the longest of those that fit; any other must read as one.
    """
    if not lattice:
        return ""
    costs = _costs(lattice, OFFICES)
    fitting = [name for name, cost in zip(OFFICES, costs, strict=True) if cost <= min(KNOWN, costs.min() + 0.3)]
    if fitting:
        return max(fitting, key=lambda name: (len(name), -costs[OFFICES.index(name)]))
    bare = re.sub(r"[^\u3400-\u9fff+Xx1]", "", best_path(lattice)[0])
    return bare if len(bare) >= 3 and OFFICE.fullmatch(bare) else ""


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


def _costs(lattice: Lattice, names: Sequence[str]) -> NDArray[np.float64]:
    """Loss of each name's best path, a character, for a lattice of any length."""
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
