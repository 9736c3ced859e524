"""What one text says by itself about the school it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matching.features import Alignment, Edit
from matching.index import SchoolIndex, SchoolName
from matching.names import bare_place, in_order, kind_of, plain, shortens, without_campus

SHORT_MARGIN = 0.45  # how much freer the runner-up must shorten, in costs of `shortens`
SPELT_MARGIN = 0.25  # how much farther the runner-up must be, in costs of `align`
Near = tuple[SchoolName, Alignment]


@dataclass(frozen=True, slots=True)
class Guess:
    """A name that may be meant. open: a witness that agrees may settle it."""

    name: SchoolName
    score: float
    reasons: tuple[str, ...]
    open: bool = True


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one text says: guesses, best first and one for each school; sure when the first may stand alone."""

    guesses: tuple[Guess, ...] = ()
    sure: bool = False


def same(a: Guess, b: Guess) -> bool:
    """Do both mean one school, by whichever of its names?"""
    return a.name.school.code == b.name.school.code


def opinion(text: str, index: SchoolIndex, year: int, province: str | None) -> Opinion:
    """Ask the surest way first: the name itself, an alias, an abbreviation within the province, a slip."""
    if not plain(text):
        return Opinion()
    if whole := index.exact(plain(text)):
        return _named(whole, ("exact" if whole[0].name == text else "normalised",), year, province)
    bare, campus = without_campus(text)
    said = plain(bare)
    extra = ("campus",) if campus else ()
    if names := index.exact(said):
        return _named(names, ("normalised", *extra), year, province)
    if names := index.alias(said):
        return _named(names, ("alias", "short_name", *extra), year, province)
    short, near = _shortened(said, index, province, extra), index.near(said)
    if short.sure and not _rivalled(short.guesses[0], near, province):
        return short
    spelt = _misspelt(said, near, index, province, extra)
    return replace(spelt, guesses=_ranked((*short.guesses, *spelt.guesses)), sure=spelt.sure and not short.guesses)


def _rivalled(meant: Guess, near: Sequence[Near], province: str | None) -> bool:
    """Is it nearly another school's full name? 福州工学院 may be 福州工商学院 cut short or 福州理工学院 misread."""
    return any(
        found.cost < 1.0 and name.school.code != meant.name.school.code and _is_in(name, province)
        for name, found in near
    )


def _named(names: Sequence[SchoolName], reasons: tuple[str, ...], year: int, province: str | None) -> Opinion:
    """Schools may bear one name in turn: take the one that bears it in the year, that is open, that is here."""

    def fits(name: SchoolName) -> tuple[bool, bool, bool]:
        return not name.is_former_in(year), name.school.status == "open", _is_in(name, province)

    order = sorted(names, key=fits, reverse=True)
    guesses = tuple(Guess(name, 1.0, _with_former(name, reasons, year)) for name in order)
    return Opinion(guesses, sure=len(order) == 1 or fits(order[0]) != fits(order[1]))


def _with_former(name: SchoolName, reasons: tuple[str, ...], year: int) -> tuple[str, ...]:
    return (*reasons, "former") if name.is_former_in(year) else reasons


def _is_in(name: SchoolName, province: str | None) -> bool:
    return province is None or bare_place(name.school.province) == bare_place(province)


def _shortened(said: str, index: SchoolIndex, province: str | None, extra: tuple[str, ...]) -> Opinion:
    found: list[tuple[float, bool, Guess]] = []
    for name in index.names:
        if not _is_in(name, province) or not in_order(said[1:], name.plain):
            continue
        if short := shortens(said, name.parts):
            home = name.parts.places[:1] == (bare_place(name.school.province),)
            # 安徽公安学院 is another school than 安徽公安职业学院; 国际商务学院, without its place, is everyday speech
            fair = home if short.place_dropped else not short.kind_changed
            found.append((short.cost, fair, Guess(name, 0.95 - 0.1 * short.cost, ("short_name", *extra))))
    found.sort(key=lambda item: item[0])
    guesses = _ranked(guess for _, _, guess in found)
    rivals = [cost for cost, _, guess in found if not same(guess, found[0][2])]
    sure = bool(found) and found[0][1] and (not rivals or rivals[0] - found[0][0] >= SHORT_MARGIN)
    return Opinion(guesses, sure)


def _misspelt(
    said: str, near: Sequence[Near], index: SchoolIndex, province: str | None, extra: tuple[str, ...]
) -> Opinion:
    if not near:
        return Opinion()
    guesses = _ranked(
        Guess(
            name,
            max(0.0, 1 - found.cost / sum(index.weights[char] for char in name.plain)),
            ("misspelt", *extra),
            _keeps_kind(said, name, found) and index.vocabulary.may_be_slips(_stem_edits(name, found), said),
        )
        for name, found in near
    )
    (first, found), rivals = near[0], [pair for pair in near if pair[0].school.code != near[0][0].school.code]
    clear = not rivals or rivals[0][1].cost - found.cost >= SPELT_MARGIN
    kinds = ("look",) if first.parts.stem < 6 else ("look", "sound", "missing", "extra", "other")
    slips = index.vocabulary.are_slips(_stem_edits(first, found), said, kinds)
    return Opinion(
        guesses, clear and slips and _is_in(first, province) and _few(first, found) and _keeps_kind(said, first, found)
    )


def _few(name: SchoolName, found: Alignment) -> bool:
    """Few enough slips to name the school by the text alone: one in every four characters of what sets it apart."""
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
    for guess in sorted(guesses, key=lambda guess: -guess.score):
        best.setdefault(guess.name.school.code, guess)
    return tuple(best.values())
