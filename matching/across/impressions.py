"""Seals across documents: the very same impression twice, and one unlike the specimen kept for the school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matching.across.filed import Filed, Impression, Said, say

SAME = (
    3 / 16
)  # of the bits may differ between two scans of one picture: measured up to 34 of 256; pressed anew, from 69
SAME_DIAMETER = 0.08  # of the specimen's; scans of one seal vary by resolution, hardly by more


def judge_reuse(documents: Sequence[Filed], kin: Mapping[str, frozenset[str]]) -> list[Said]:
    """`seal.reused` on both documents, unless one is the other sent again. kin: versions of the same sheet, by id."""
    said = []
    ordered = sorted(documents, key=lambda one: one.order)
    for one in ordered:
        others = [
            other
            for other in ordered
            if other.id != one.id and other.id not in kin.get(one.id, ()) and _share(one, other)
        ]
        if others:
            message = f"印章图样与 {others[0].when}的另一份文件完全相同，可能是粘贴的图片，请核对原件。"
            said.append(say("seal.reused", "warning", message, one, *others))
    return said


def judge_specimen(documents: Sequence[Filed], specimens: Sequence[Impression]) -> list[Said]:
    """`seal.differs` where the school's own seal is like none of its specimens in what can be compared."""
    said = []
    for one in documents:
        for seal in one.seals:
            if seal.owner != "same" or not specimens:
                continue
            reasons = [reason for kept in specimens if (reason := _unlike(seal, kept))]
            if len(reasons) == len(specimens):
                said.append(say("seal.differs", "warning", f"与留存的印鉴不同：{reasons[0]}，请核对。", one))
    return said


def _share(one: Filed, other: Filed) -> bool:
    return any(_alike(a.print, b.print) for a in one.seals for b in other.seals)


def _alike(one: str, other: str) -> bool:
    if not one or len(one) != len(other):
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= SAME * 4 * len(one)


def _unlike(seal: Impression, kept: Impression) -> str:
    """Why they are not of one seal; empty when nothing speaks against it."""
    if seal.code and kept.code and seal.code != kept.code:
        return f"编码 {seal.code}，留存为 {kept.code}"
    if seal.diameter and kept.diameter and abs(seal.diameter - kept.diameter) > SAME_DIAMETER * kept.diameter:
        return f"直径约 {seal.diameter:.0f} 毫米，留存为 {kept.diameter:.0f} 毫米"
    return ""
