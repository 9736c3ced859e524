"""Which documents are one sheet sent again, and which of its versions is in force.

A sheet is known by its form, its round and what tells it from its neighbours (`_identity`). Its versions are ordered by
receipt. What came in one message is never a version of one another: a school may well send two.

- The same sheet again, of whichever earlier version, is `mail.duplicate`: it replaces nothing.
- Else the later replaces the earlier (`mail.supersedes`): the earlier becomes superseded while it is in review. That is
  the machine's own doing and found anew each time, so that it is undone when its reason is gone.
- An electronic version by itself stands in for a scan until one comes; then it is only compared with it.
- A rejected document replaces nothing and is in force no more; a returned one still replaces what came before it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from corpora.across import Across
from matching.across.contents import differences, mark_differences, same_sheet
from matching.across.filed import Filed, Said, say

SHOWN = 8  # differences told in one message
OVERLAP = 0.5  # of the rows of two forms that are known by their rows


@dataclass(frozen=True, slots=True)
class Versions:
    """said, superseded: as in Judged. current: in force, by receipt.

    kin: ids of all versions of the same sheet; electronic: those that came without a scan; both by the document's id.
    """

    said: tuple[Said, ...]
    superseded: frozenset[str]
    current: tuple[Filed, ...]
    kin: dict[str, frozenset[str]] = field(default_factory=dict)
    electronic: dict[str, tuple[Filed, ...]] = field(default_factory=dict)


def find_versions(documents: Sequence[Filed], rules: Across) -> Versions:
    said: list[Said] = []
    superseded: set[str] = set()
    current: list[Filed] = []
    kin: dict[str, frozenset[str]] = {}
    electronic: dict[str, tuple[Filed, ...]] = {}
    for chain in _chains(documents, rules):
        kin |= {one.id: frozenset(other.id for other in chain) for one in chain}
        scans = [one for one in chain if not one.electronic]
        found, replaced, standing = _judge_chain(scans or chain)
        if scans and len(scans) < len(chain):
            electronic |= {one.id: tuple(other for other in chain if other.electronic) for one in standing}
        said += found
        superseded |= replaced
        current += standing
    current.sort(key=lambda one: one.order)
    return Versions(tuple(said), frozenset(superseded), tuple(current), kin, electronic)


def _judge_chain(chain: Sequence[Filed]) -> tuple[list[Said], set[str], list[Filed]]:
    said: list[Said] = []
    superseded: set[str] = set()
    standing: list[Filed] = []
    seen: list[Filed] = []
    for _, batch in groupby(chain, key=lambda one: one.message):
        fresh: list[Filed] = []
        for one in batch:
            if earlier := next((old for old in reversed(seen) if same_sheet(old, one)), None):
                said.append(_duplicate(earlier, one, standing))
            else:
                fresh.append(one)
            seen.append(one)
        replacing = [one for one in fresh if one.state != "rejected"]
        if standing and replacing:
            said += [_supersedes(_nearest(one, standing), one) for one in replacing]
            superseded |= {old.id for old in standing if old.state in ("review", "superseded")}
        standing = replacing or standing
    return said, superseded, [one for one in standing if one.state != "returned"]


def _duplicate(earlier: Filed, one: Filed, standing: Sequence[Filed]) -> Said:
    message = f"与 {earlier.when}的同一张表相同，请勿重复受理。"
    if standing and earlier not in standing and earlier.message != one.message:
        message = f"与 {earlier.when}的旧版本相同，而学校此后已报送新版本，请与学校核实以哪一份为准。"
    return say("mail.duplicate", "warning", message, one, earlier)


def _supersedes(old: Filed, new: Filed) -> Said:
    told = [one.text for one in (*differences(old.content, new.content), *mark_differences(old, new))]
    changed = "；".join(told[:SHOWN]) + (f"；等 {len(told)} 处" if len(told) > SHOWN else "")
    message = f"是 {old.when}的同一张表的新版本。变化：{changed or '未读出不同之处'}。"
    if old.state == "accepted":
        message += "旧版本已通过审核，请决定是否改用新版本。"
    return say("mail.supersedes", "warning" if old.state == "accepted" else "info", message, new, old)


def _nearest(one: Filed, others: Sequence[Filed]) -> Filed:
    return min(others, key=lambda old: len(differences(old.content, one.content)))


# --- what is one sheet ---


def _chains(documents: Sequence[Filed], rules: Across) -> list[list[Filed]]:
    """The documents by sheet, each by receipt."""
    chains: dict[Hashable, list[Filed]] = {}
    single = _single_levels(documents, rules)
    by_rows = {rule.form: rule.by for rule in rules.bases}
    for one in sorted(documents, key=lambda one: one.order):
        key: Hashable = (one.form, one.round, _identity(one, rules, single))
        if one.form in by_rows:
            key = _by_rows(one, by_rows[one.form], chains) or key
        again = next((k for k, c in chains.items() if one.pages and any(o.pages == one.pages for o in c)), None)
        chains.setdefault(again or key, []).append(one)
    return list(chains.values())


def _identity(one: Filed, rules: Across, single: set[tuple[str, object]]) -> Hashable:
    """What tells a sheet from others of its form; its own id where that could not be read."""
    for series in rules.series:
        if series.form == one.form:
            day = one.content.find(series.by)[1].said
            return str(day)[:7] if day else one.id
    keys = rules.several_by.get(one.form, ())
    for rule in rules.sets:
        if rule.sheet == one.form:
            name = one.content.find(rule.by)[1].key
            keys = (rule.by,) if (one.round, name) in single else _sheet_keys(rule.by)
    if any(rule.form == one.form for rule in rules.bases):
        return one.id
    names = tuple(one.content.find(key)[1].key for key in keys)
    return one.id if None in names else names


def _sheet_keys(by: str) -> tuple[str, ...]:
    return (by, "level") if by == "certificate" else (by,)


def _single_levels(documents: Sequence[Filed], rules: Across) -> set[tuple[str, object]]:
    """Certificates, with their round, that every list of the school has in one row only: there, a sheet of another
    level is the same sheet corrected; else it is a sheet of its own."""
    found: dict[tuple[str, object], int] = {}
    for rule in rules.sets:
        for whole in documents:
            if whole.form == rule.whole and whole.state != "rejected":
                names = [row[rule.by].key for row in whole.content.rows if rule.by in row]
                for name in names:
                    found[whole.round, name] = max(found.get((whole.round, name), 0), names.count(name))
    return {key for key, count in found.items() if count == 1}


def _by_rows(one: Filed, by: Iterable[str], chains: dict[Hashable, list[Filed]]) -> Hashable | None:
    """The sheet that most of its rows are known from."""
    keys = tuple(by)
    mine = _row_keys(one, keys)
    for key, chain in chains.items():
        other = chain[-1]
        if (other.form, other.round) != (one.form, one.round) or not mine:
            continue
        theirs = _row_keys(other, keys)
        if len(mine & theirs) >= OVERLAP * len(mine | theirs):
            return key
    return None


def _row_keys(one: Filed, by: tuple[str, ...]) -> set[tuple[object, ...]]:
    keys = {tuple(row[key].key for key in by if key in row) for row in one.content.rows}
    return {key for key in keys if any(key)}
