"""Looks through the audit log from its beginning and says where it was first tampered with: pure.

What it proves. Each entry's hash covers the one before, so that a change of any entry breaks the chain there. Each
entry's seal and that of the end of the log need the key, so that who can write the database, but does not have the
key, can neither continue the chain anew nor cut off its end. What it does not prove: who has both the database and the
key can write another history, and who puts an older copy of the whole database back takes the newer entries away with
their end. Against both, the number and hash of the last entry are noted elsewhere from time to time (`known`).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from api.audit.chain import START, Entry, entry_hash, entry_seal, head_seal

Kind = Literal["changed", "missing", "inserted", "reordered", "truncated", "end"]


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it lies in the store."""

    entry: Entry
    hash: str
    seal: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log as it lies in the store."""

    number: int
    hash: str
    seal: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where something is wrong; `number` is the place in the chain, from 1."""

    number: int
    kind: Kind
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """`count` entries from the beginning are sound, the last of which has this hash."""

    count: int
    hash: str
    fault: Fault | None


Read = Callable[[int | None], Iterable[Kept]]
"""The entries after a number (None: all there are), by their numbers."""


def verify(read: Read, head: Callable[[], Head | None], key: bytes, known: tuple[int, str] | None = None) -> Report:
    """key: b"" when seals cannot be looked at. known: number and hash of an entry as they were noted before.

    The log may grow meanwhile: its end is asked for again when entries came after it.
    """
    count, previous, noted = 0, START, None
    after: int | None = None
    while True:
        end, before = head(), count
        for kept in read(after):
            if fault := _fault_at(count + 1, previous, kept, key, read, end):
                return Report(count, previous, fault)
            count, previous, after = count + 1, kept.hash, count + 1
            noted = kept.hash if known and known[0] == count else noted
        if end is not None and (end.number == count or (count == before and end == head())):
            break
        if end is None:
            return Report(count, previous, Fault(count, "end", "链尾的记录不见了，无法判断末尾是否被截去。"))
    fault = _fault_of_end(count, previous, end, key)
    if fault is None and known is not None and noted != known[1]:
        told = f"第 {known[0]} 条的哈希与以前记下的不同：日志被整个换过，或退回到了旧的副本。"
        fault = Fault(known[0], "end", told)
    return Report(count, previous, fault)


def _fault_at(place: int, previous: str, kept: Kept, key: bytes, read: Read, end: Head | None) -> Fault | None:
    """What is wrong with the entry that stands where `place` should."""
    number = kept.entry.number
    if not isinstance(number, int) or number < place:
        return Fault(place, "inserted", f"第 {place} 条之前被插入了一条（编号 {number!r}）。")
    if number == place and _hash(previous, kept.entry) == kept.hash:
        if key and not _same(entry_seal(key, kept.hash), kept.seal):
            return Fault(place, "changed", f"第 {place} 条的签名不对：签名被改，或从这一条起被人重写。")
        return None
    # Not the one that belongs here. Is that one elsewhere?
    own = next((one for one in read(None) if _belongs(one, place, previous, key)), None)
    if number > place:
        if own is None:
            return Fault(place, "missing", f"第 {place} 条缺失（其后是第 {number} 条）。")
        return Fault(place, "reordered", f"第 {place} 条被改成了第 {own.entry.number} 条。")
    if own is None:
        return _changed(place, kept, previous, read, end)
    if _is_genuine(kept, own, key, read):
        return Fault(place, "reordered", f"第 {place} 条与第 {own.entry.number} 条换了次序。")
    return Fault(place, "inserted", f"第 {place} 条是插入的，原来的成了第 {own.entry.number} 条。")


def _belongs(kept: Kept, place: int, previous: str, key: bytes) -> bool:
    return _hash(previous, replace(kept.entry, number=place)) == kept.hash


def _is_genuine(kept: Kept, own: Kept, key: bytes, read: Read) -> bool:
    """Whether an entry that stands where `own` belongs was itself in the log, at the place where `own` now is."""
    if key:
        return _same(entry_seal(key, str(kept.hash)), kept.seal)
    there = own.entry.number
    before = [one.hash for one in read(None) if isinstance(one.entry.number, int) and one.entry.number + 1 == there]
    moved = replace(kept.entry, number=there)
    return any(_hash(str(hash), moved) == kept.hash for hash in (*before, own.hash))


def _changed(place: int, kept: Kept, previous: str, read: Read, end: Head | None) -> Fault:
    """The content or the hash, or all of it? What comes after was chained to the hash as it was."""
    if end is not None and place > end.number:
        return Fault(place, "inserted", f"第 {place} 条是在末尾添加的。")
    right = _hash(previous, kept.entry)
    following = next((one for one in read(None) if one.entry.number == place + 1), None)
    if following is not None:
        only_hash = _hash(right, following.entry) == following.hash
    else:
        only_hash = end is not None and end.number == place and end.hash == right
    what = "哈希被改，内容与后文相符" if only_hash else "内容被改"
    return Fault(place, "changed", f"第 {place} 条的{what}。")


def _fault_of_end(count: int, last: str, end: Head, key: bytes) -> Fault | None:
    sealed = not key or _same(head_seal(key, end.number, end.hash), end.seal)
    if end.number == 0 == count and not end.seal and end.hash == START:
        return None  # nothing was ever written
    if not sealed:
        return Fault(count, "end", "链尾的记录被改，末尾可能被截去。")
    if end.number > count:
        told = f"末尾缺少 {end.number - count} 条（第 {count + 1} 至 {end.number} 条）。"
        return Fault(count + 1, "truncated", told)
    if end.number < count:
        return Fault(end.number + 1, "inserted", f"第 {end.number + 1} 条起是在末尾添加的。")
    return None if end.hash == last else Fault(count, "end", "链尾的记录与末条不符。")


def _same(seal: str, kept: object) -> bool:
    return hmac.compare_digest(seal.encode(), str(kept).encode())


def _hash(previous: str, entry: Entry) -> str:
    """ "" for what could never have been hashed: a database may hold in a column what its type forbids."""
    try:
        return entry_hash(previous, entry)
    except (TypeError, ValueError):
        return ""
