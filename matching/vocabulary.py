"""Which pairs of characters names are made of: what tells a slip from another name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from corpora.confusables import Confusables
from matching.features import Edit

ALIKE = ("seen", "look", "sound")
CONTRASTS = frozenset(
    "0123456789abcdefghijklmnopqrstuvwxyz一二三四五六七八九十百千东南西北中上下前后左右内外大小新老初高"
)


class Vocabulary:
    """Pairs of characters that are known to stand together.

    A misread or miswritten character makes a pair that no name has (技枝, 站维); another true name does not. So a
    difference counts as a slip only where it left the text strange.
    """

    def __init__(self, texts: Iterable[str], confusables: Confusables) -> None:
        self._pairs = {text[i : i + 2] for text in texts for i in range(len(text) - 1)} | confusables.words

    def strange(self, text: str, at: int) -> bool | None:
        """Is the pair that starts at `at` unknown? None where there is no pair."""
        return text[at : at + 2] not in self._pairs if 0 <= at < len(text) - 1 else None

    def are_slips(self, edits: Sequence[Edit], text: str, kinds: Collection[str]) -> bool:
        """Are all differences slips of a hand or a reader? Two in a row that look nothing alike are another word.

        kinds: those of Edit.kind that may be slips at all; a short name cannot stand a missing or foreign character.
        """
        wild = [edit for edit in edits if edit.kind not in ALIKE]
        row = any(b.at - a.at <= 1 and b.text_at - a.text_at <= 1 for a, b in pairwise(wild))
        few = len(wild) <= max(1, len(text) // 5)
        return few and not row and all(edit.kind in kinds and self._is_slip(edit, text) for edit in edits)

    def may_be_slips(self, edits: Sequence[Edit], text: str) -> bool:
        """The weaker question, when another witness agrees: did every difference leave a strange pair?"""
        return not any(is_contrast(edit) for edit in edits) and all(
            edit.kind == "missing" or self.strange(text, edit.text_at - 1) or self.strange(text, edit.text_at)
            for edit in edits
        )

    def _is_slip(self, edit: Edit, text: str) -> bool:
        if is_contrast(edit):
            return False
        before, after = self.strange(text, edit.text_at - 1), self.strange(text, edit.text_at)
        if edit.kind in ALIKE:
            return before is True or after is True
        if edit.text_char in CONTRASTS:
            return False
        if edit.kind == "missing" and edit.text_at == 0:  # 污水处理 without its head is 水处理
            return after is True
        if edit.kind == "missing":
            return before is not False
        return before is True and after is True


def is_contrast(edit: Edit) -> bool:
    """变电一次安装 and 变电二次安装, 淮南 and 淮北: characters that tell siblings apart are never taken for a slip.

    A letter for a figure of its shape, 56 for 5G, tells nothing apart.
    """
    if edit.kind in ALIKE and edit.name_char.isdigit() != edit.text_char.isdigit():
        return False
    return edit.name_char in CONTRASTS and (edit.text_char in CONTRASTS or not edit.text_char)
