"""What one text says by itself about the school it means."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matching.evidence import FAR, SURE, WHOLE, Features, is_vetoed, of_shortening, of_spelling, probability
from matching.features import Alignment, Edit, Pairs
from matching.index import SchoolIndex, SchoolName
from matching.names import Shortening, bare_place, in_order, kind_of, plain, shortens, without_campus

LIKELY = 0.5  # from which a witness may settle it, however it differs
SHORT_MARGIN = 0.45  # how much freer the runner-up must shorten
ALSO_ELSEWHERE = 0.5  # what a name of another province costs more, where the province is known
RIVAL = 1.0  # cost up to which a misspelt name may stand against a shortened one
Near = tuple[SchoolName, Alignment]


@dataclass(frozen=True, slots=True)
class Guess:
    """A name that may be meant.

    likeness: of text and name, 0..1, orders guesses; probability: that it is the one; open: a witness may settle it.
    """

    name: SchoolName
    likeness: float
    reasons: tuple[str, ...]
    open: bool = True
    probability: float = 0.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for one guess: features, for the belief of that name."""

    guess: Guess
    belief: str
    features: Features


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one text says: guesses, best first and one for each school; sure when the first may stand alone."""

    guesses: tuple[Guess, ...] = ()
    sure: bool = False


def same(a: Guess, b: Guess) -> bool:
    """Do both mean one school, by whichever of its names?"""
    return a.name.school.code == b.name.school.code


def opinion(text: str, index: SchoolIndex, year: int, province: str | None, seen: Pairs = frozenset()) -> Opinion:
    """Ask the surest way first: the name itself, an alias, then an abbreviation within the province or a slip.

    seen: characters as read and as the reader says they may be.
    """
    if not plain(text):
        return Opinion()
    text = index.simplified(text)
    if whole := index.exact(plain(text)):
        return _named(whole, ("exact" if whole[0].name == text else "normalised",), year, province)
    bare, campus = without_campus(text)
    said = plain(bare)
    extra = ("campus",) if campus else ()
    if names := index.exact(said):
        return _named(names, ("normalised", *extra), year, province)
    if names := index.alias(said):
        return _named(names, ("alias", "short_name", *extra), year, province)
    return _believed(*weigh(said, index, province, seen, extra))


def weigh(
    said: str, index: SchoolIndex, province: str | None, seen: Pairs = frozenset(), extra: tuple[str, ...] = ()
) -> tuple[tuple[Weighed, ...], tuple[Guess, ...]]:
    """What speaks for the best guesses at a normalised text that is no name itself; and all guesses, best first."""
    near = index.near(said, province, seen)
    spelt = _misspelt(said, near, index, province, extra)
    short, shorts = _shortened(said, near, index, province, extra)
    if short and spelt[0] and spelt[0].features["cost"] < RIVAL and not same(short.guess, spelt[0].guess):
        spelt[0].features["short_of_other"] = short.features["other_slipped"] = 1.0
    return tuple(one for one in (short, spelt[0]) if one), _ranked((*shorts, *spelt[1]))


def _believed(weighed: Sequence[Weighed], guesses: tuple[Guess, ...]) -> Opinion:
    """The guess that its evidence makes likeliest goes first; the others share what is left by their likeness."""
    if not weighed:
        return Opinion(guesses)
    sure = [_judged(one) for one in weighed]
    best = max(sure, key=lambda guess: guess.probability)
    rest = [guess for guess in guesses if not same(guess, best)]
    parts = [math.exp(6 * (guess.likeness - 1)) for guess in rest]
    left = (1 - best.probability) / (1 + sum(parts))
    shared = tuple(replace(guess, probability=left * part) for guess, part in zip(rest, parts, strict=True))
    return Opinion((best, *shared), best.probability >= SURE)


def _judged(one: Weighed) -> Guess:
    believed = probability(one.belief, one.features)
    likely = believed >= LIKELY and not is_vetoed(one.features)
    return replace(one.guess, probability=believed, open=one.guess.open or likely)


def _named(names: Sequence[SchoolName], reasons: tuple[str, ...], year: int, province: str | None) -> Opinion:
    """Schools may bear one name in turn: take the one that bears it in the year, that is open, that is here."""

    def fits(name: SchoolName) -> tuple[bool, bool, bool]:
        return not name.is_former_in(year), name.school.status == "open", _is_in(name, province)

    order = sorted(names, key=fits, reverse=True)
    sure = len(order) == 1 or fits(order[0]) != fits(order[1])
    first = WHOLE if sure else 1 / len(order)
    rest = (1 - first) / max(1, len(order) - 1)
    guesses = tuple(
        Guess(name, 1.0, _with_former(name, reasons, year), probability=rest if n else first)
        for n, name in enumerate(order)
    )
    return Opinion(guesses, sure)


def _with_former(name: SchoolName, reasons: tuple[str, ...], year: int) -> tuple[str, ...]:
    return (*reasons, "former") if name.is_former_in(year) else reasons


def _is_in(name: SchoolName, province: str | None) -> bool:
    return province is None or bare_place(name.school.province) == bare_place(province)


def _shortened(
    said: str, near: Sequence[Near], index: SchoolIndex, province: str | None, extra: tuple[str, ...]
) -> tuple[Weighed | None, Sequence[Guess]]:
    """Who may be meant by an abbreviation, the least free first."""
    found: list[tuple[Shortening, Guess]] = []
    for name in index.of(province):
        if in_order(said[1:], name.plain) and (short := shortens(said, name.parts)):
            found.append((short, Guess(name, 0.95 - 0.1 * short.cost, ("short_name", *extra))))
    found.sort(key=lambda pair: pair[0].cost)
    if not found:
        return None, ()
    short, guess = found[0]
    rivals = [other.cost for other, also in found if not same(also, guess)]
    slips = [slip.cost for name, slip in near if name.school.code != guess.name.school.code and _is_in(name, province)]
    margin = rivals[0] - short.cost if rivals else FAR
    features = of_shortening(said, short, guess.name.parts.core, margin, min(slips, default=FAR))
    features["anywhere"] = float(province is None)
    if any(name.plain.startswith(said) and name.school.code != guess.name.school.code for name in index.of(province)):
        features["begins_other"] = 1.0  # 常州幼儿师范 is the school's name cut off, not the college's abbreviated
    home = guess.name.parts.places[:1] == (bare_place(guess.name.school.province),)
    if (
        (home if short.place_dropped else not short.kind_changed)
        and margin >= SHORT_MARGIN
        and min(slips, default=FAR) >= RIVAL
    ):
        features["fair"] = 1.0  # 安徽公安学院 is another school than 安徽公安职业学院
    if features.get("fair") and margin >= 1 and len(short.kind) > 1 and not short.kind_changed and not short.dropped:
        features["clear"] = 1.0
    if short.place_dropped and not home:
        features["far_place"] = (
            1.0  # 国际商务学院, without its province, is everyday speech; without its city it is not
        )
    # 理工大 may be anybody's, and so may 湖城院, or 江工商院 where the province is not known; 芜职院 in Anhui is not.
    loose = short.place_dropped or (short.dropped and len(short.place) == 1) or province is None
    belief = "school_loose" if loose else "school_short"
    return Weighed(guess, belief, features), [guess for _, guess in found]


def _misspelt(
    said: str, near: Sequence[Near], index: SchoolIndex, province: str | None, extra: tuple[str, ...]
) -> tuple[Weighed | None, Sequence[Guess]]:
    """Who may be meant by a name with slips, the nearest first; a name of another province must be nearer."""
    if not near:
        return None, ()
    ranked = sorted(near, key=lambda pair: _cost(pair, province))
    guesses = [
        Guess(
            name,
            max(0.0, 1 - found.cost / sum(index.weights[char] for char in name.plain)),
            ("misspelt", *extra),
            _keeps_kind(said, name, found) and index.vocabulary.may_be_slips(_stem_edits(name, found), said),
        )
        for name, found in ranked
    ]
    first, found = ranked[0]
    rivals = [_cost(pair, province) for pair in ranked if pair[0].school.code != first.school.code]
    margin = rivals[0] - _cost(ranked[0], province) if rivals else FAR
    features = of_spelling(
        said, found, first.parts.stem, first.parts.kind, margin, index.vocabulary, index.weights, _slip_kinds(first)
    )
    features["anywhere"] = float(province is None)
    features["elsewhere"] = float(not _is_in(first, province))
    features["kind_kept"] = float(_keeps_kind(said, first, found))
    if features.get("slips_clear") and features["kind_kept"] and _few(first, found) and not features["elsewhere"]:
        features["plain_slips"] = features["clear"] = 1.0
    return Weighed(guesses[0], "school_spelt", features), guesses


def _cost(pair: Near, province: str | None) -> float:
    return pair[1].cost + (0.0 if _is_in(pair[0], province) else ALSO_ELSEWHERE)


def _slip_kinds(name: SchoolName) -> tuple[str, ...]:
    """Which edits may be slips: where little sets a name apart, any but a look-alike may make another name."""
    return ("seen", "look") if name.parts.stem < 6 else ("seen", "look", "sound", "missing", "extra", "other", "turned")


def _few(name: SchoolName, found: Alignment) -> bool:
    """One in every four characters of what sets it apart, half of its kind."""
    stem = len(_stem_edits(name, found))
    kind = len(found.edits) - stem
    return stem <= max(1, name.parts.stem // 4) and kind <= max(1, len(name.parts.kind) // 2)


def _keeps_kind(said: str, name: SchoolName, found: Alignment) -> bool:
    """The kind may be misread in any way that makes no other kind: 职业枝术学院, but not 职业学院."""
    kind = kind_of(said)
    missing = sum(edit.kind == "missing" and not _in_stem(edit, name) for edit in found.edits)
    if len(name.parts.kind) < 3 and any(edit.kind != "look" and not _in_stem(edit, name) for edit in found.edits):
        return False  # 学院, 大学, 学校 are told apart by one character
    return kind == name.parts.kind or (missing < 2 and (not kind or name.parts.kind.endswith(kind)))


def _stem_edits(name: SchoolName, found: Alignment) -> list[Edit]:
    return [edit for edit in found.edits if _in_stem(edit, name)]


def _in_stem(edit: Edit, name: SchoolName) -> bool:
    """Does the edit touch what sets the school apart? A character between stem and kind belongs to the stem."""
    return edit.at < name.parts.stem or (edit.kind == "extra" and edit.at == name.parts.stem)


def _ranked(guesses: Iterable[Guess]) -> tuple[Guess, ...]:
    """Best first, the best of each school only."""
    best: dict[str, Guess] = {}
    for guess in sorted(guesses, key=lambda guess: -guess.likeness):
        best.setdefault(guess.name.school.code, guess)
    return tuple(best.values())
