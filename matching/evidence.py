"""What speaks for and against the nearest name, as figures: the features whose weights `matching.belief` knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from corpora.beliefs import load_beliefs
from matching.features import Alignment, Edit
from matching.names import Shortening, kind_of
from matching.vocabulary import ALIKE, CONTRASTS, Vocabulary, is_contrast

SURE = 0.999  # probability from which a text may stand alone
WHOLE = 1.0  # that a name as the register has it means its entry
FAR = 2.0  # a runner-up that costs so much more speaks no louder for costing more still
SHORT = 4  # characters of what sets a name apart, below which a slip may make another name
CLEAR = 0.25  # margin from which the runner-up is well behind
PARTICLES = frozenset("与和及的化人")
NUMERALS = frozenset("一二三四五六七八九十0123456789")
VETOES = {"contrast", "numeral_lost", "kind_other", "other_head", "other_kind", "row", "begins_other"}
Features = dict[str, float]


def of_spelling(
    said: str,
    found: Alignment,
    stem: int,
    kind: str,
    margin: float,
    vocabulary: Vocabulary,
    weights: Mapping[str, float],
    kinds: Collection[str],
) -> Features:
    """The differences between a text and the nearest name.

    stem: how many characters of the name set it apart; kind: the formal ending behind them, or empty; margin: by how
    much more the next entry's name costs; weights: of characters, the more the rarer;
    kinds: of edits that in such a name may be slips at all.
    """
    own = [edit for edit in found.edits if edit.at < stem or (edit.kind == "extra" and edit.at == stem)]
    told: Features = {"margin": min(margin, FAR), "tight": max(0.0, 0.5 - margin)}
    for edit in own:
        _count(told, f"{_group(edit)}_{_strangeness(edit, said, vocabulary)}")
        if is_contrast(edit):
            _count(told, "contrast")
        elif edit.name_char in CONTRASTS:
            _count(told, "contrast_lost")
        if edit.name_char in NUMERALS:
            _count(told, "numeral_lost")
        if edit.kind == "missing" and edit.text_at == 0 and not vocabulary.strange(said, 0):
            told["other_head"] = 1.0
        if edit.kind in ("other", "extra"):
            told["known"] = told.get("known", 0.0) + 1 - weights.get(edit.text_char, 1.0)
        if stem < SHORT:
            _count(told, f"short_{_group(edit)}")
    for edit in found.edits:
        if edit not in own:
            _count(told, f"kind_{_group(edit)}")
    if len(own) > 1:
        told["several"] = float(len(own) - 1)
    told["density"] = len(own) / max(1, stem)
    told["brief"] = 1 / max(1, stem)
    told["cost"] = found.cost
    if _has_row(own):
        told["row"] = 1.0
    if own and own[-1].kind == "missing" and own[-1].text_at == len(said):
        told["cut"] = 1.0
    if own and vocabulary.are_slips(own, said, kinds):
        told["slips"] = 1.0
        told["slips_clear"] = float(margin >= CLEAR)
    if own and all(edit.kind in ALIKE for edit in own):
        told["alike_only"] = 1.0
    if len(found.edits) == 1 and own and own[0].kind == "missing":
        told["one_missing_long"] = float(stem >= 10)
        told["one_missing_particle"] = float(own[0].name_char in PARTICLES)
    said_kind = kind_of(said) if kind else ""
    if said_kind != kind:
        told["kind_lost" if not said_kind or kind.endswith(said_kind) else "kind_other"] = 1.0
    if kind and len(kind) < 3 and any(edit not in own for edit in found.edits):
        told["kind_short"] = 1.0
    return told


def of_shortening(said: str, short: Shortening, core: str, margin: float, rival: float) -> Features:
    """An abbreviation. core: of the name; margin: by how much freer the next school must be shortened; rival: the least
    cost of a slip that makes the text another school's full name."""
    told = {
        "cost": short.cost,
        "margin": min(margin, FAR),
        "tight": max(0.0, 0.5 - margin),
        "rival": max(0.0, 1.5 - rival),
        "dropped": float(short.dropped),
        "core": float(min(4, len(core))),
    }
    flags = {
        "letters_2": len(said) <= 2,
        "letters_3": len(said) == 3,
        "letters_4": len(said) == 4,
        "no_core": not core,
        "initial": len(short.place) == 1,
        "kind_changed": short.kind_changed,
        "other_kind": short.kind_changed and not short.place_dropped,
        "kind_1": len(short.kind) == 1,
        "kind_2": len(short.kind) == 2,  # 职院, 高专: an office's own word for it
        "numeral_lost": any(char in core and char not in said for char in NUMERALS),
    }
    return told | {name: 1.0 for name, holds in flags.items() if holds}


def probability(belief: str, features: Features) -> float:
    """That the guess is right, 0..1, by what was learned of such features."""
    known = load_beliefs()[belief]
    return known.vetoed if is_vetoed(features) else known.probability(features)


def is_vetoed(features: Features) -> bool:
    """Is what differs what tells siblings apart? Then no figure makes it a slip.

    第一 is not 第二, B2B not B2C, 水处理 not 污水处理, a 职业学院 no 职业技术学院, and two in a row are another word.
    """
    return bool(features.keys() & VETOES)


def _count(told: Features, name: str) -> None:
    told[name] = told.get(name, 0.0) + 1.0


def _group(edit: Edit) -> str:
    return {"other": "wild", "seen": "look"}.get(edit.kind, edit.kind)


def _strangeness(edit: Edit, said: str, vocabulary: Vocabulary) -> str:
    """Did the difference leave pairs of characters that no name has? all, some or none of those that it made."""
    last = edit.text_at + {"missing": -1, "turned": 1}.get(edit.kind, 0)
    pairs = [vocabulary.strange(said, at) for at in range(edit.text_at - 1, last + 1)]
    known = [pair for pair in pairs if pair is not None]
    return "strange" if known and all(known) else "odd" if any(known) else "plain"


def _has_row(edits: Sequence[Edit]) -> bool:
    wild = [edit for edit in edits if edit.kind in ("other", "missing", "extra")]
    return any(b.at - a.at <= 1 and b.text_at - a.text_at <= 1 for a, b in pairwise(wild))
