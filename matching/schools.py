"""Which school is meant: exact, by alias, shortened or misspelt, with the other witnesses heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.extraction import Finding, Severity
from matching.candidate import UNMATCHED, Candidate, Match
from matching.features import Alignment, Edit
from matching.index import SchoolIndex, SchoolName
from matching.names import bare_place, in_order, kind_of, plain, shortens, without_campus

SHORT_MARGIN = 0.45  # how much freer the runner-up must shorten, in costs of `shortens`
SPELT_MARGIN = 0.25  # how much farther the runner-up must be, in costs of `align`
NEAR = 0.6  # the score from which a candidate is worth a person's look
SEVERITY: dict[str, Severity] = {"short_name": "info", "campus": "info", "former": "warning", "misspelt": "warning"}
CODE = {"former": "former_name"}


@dataclass(frozen=True, slots=True)
class _Guess:
    """A name that may be meant. open: a witness that agrees may settle it."""

    name: SchoolName
    score: float
    reasons: tuple[str, ...]
    open: bool = True


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What one text says: guesses, best first and one for each school; sure when the first may stand alone."""

    guesses: tuple[_Guess, ...] = ()
    sure: bool = False


def match_school(
    text: str,
    registers_index: SchoolIndex,
    *,
    year: int,
    province: str | None,
    others: Sequence[tuple[str, str]] = (),
) -> Match:
    """Find the school that `text` names.

    year, province: of the programme; others: (witness, text), as ("subject", "安庆职院"). A witness counts only when
    its text decides by itself. Returns a Match whose findings have the field "school"; an empty text never decides.
    """
    own = _opinion(text, registers_index, year, province)
    heard = [(witness, _opinion(said, registers_index, year, province)) for witness, said in others]
    sure = [(witness, opinion.guesses[0]) for witness, opinion in heard if opinion.sure]
    if not plain(text):
        return replace(_undecided(text, _with_witnesses(own.guesses, sure), year), findings=())
    if not own.sure:
        own = _settled(own, sure)
    if not own.sure:
        return _undecided(text, _with_witnesses(own.guesses, sure), year)
    best = own.guesses[0]
    against = [(witness, guess) for witness, guess in sure if not _same(guess, best)]
    if against:
        return _conflict(text, own, against, year)
    agreeing = tuple(witness for witness, _ in sure)
    candidates = _candidates((replace(best, reasons=best.reasons + agreeing), *own.guesses[1:]), year)
    return Match(True, candidates[0], candidates, tuple(_remarks(text, best, year)))


def _same(a: _Guess, b: _Guess) -> bool:
    return a.name.school.code == b.name.school.code


def _opinion(text: str, index: SchoolIndex, year: int, province: str | None) -> _Opinion:
    if not plain(text):
        return _Opinion()
    if whole := index.exact(plain(text)):
        return _named(whole, ("exact" if whole[0].name == text else "normalised",), year, province)
    bare, campus = without_campus(text)
    said = plain(bare)
    extra = ("campus",) if campus else ()
    if names := index.exact(said):
        return _named(names, ("normalised", *extra), year, province)
    if names := index.alias(said):
        return _named(names, ("alias", "short_name", *extra), year, province)
    short = _shortened(said, index, province, extra)
    if short.sure:
        return short
    spelt = _misspelt(said, index, province, extra)
    return replace(spelt, guesses=_ranked((*short.guesses, *spelt.guesses)), sure=spelt.sure and not short.guesses)


def _named(names: Sequence[SchoolName], reasons: tuple[str, ...], year: int, province: str | None) -> _Opinion:
    """Schools may bear one name in turn: take the one that bears it in the year, that is open, that is here."""

    def fits(name: SchoolName) -> tuple[bool, bool, bool]:
        return not name.is_former_in(year), name.school.status == "open", _is_in(name, province)

    order = sorted(names, key=fits, reverse=True)
    guesses = tuple(_Guess(name, 1.0, _with_former(name, reasons, year)) for name in order)
    return _Opinion(guesses, sure=len(order) == 1 or fits(order[0]) != fits(order[1]))


def _with_former(name: SchoolName, reasons: tuple[str, ...], year: int) -> tuple[str, ...]:
    return (*reasons, "former") if name.is_former_in(year) else reasons


def _is_in(name: SchoolName, province: str | None) -> bool:
    return province is None or bare_place(name.school.province) == bare_place(province)


def _shortened(said: str, index: SchoolIndex, province: str | None, extra: tuple[str, ...]) -> _Opinion:
    found: list[tuple[float, bool, _Guess]] = []
    for name in index.names:
        if not _is_in(name, province) or not in_order(said[1:], name.plain):
            continue
        if short := shortens(said, name.parts):
            home = name.parts.places[:1] == (bare_place(name.school.province),)
            # 安徽公安学院 is another school than 安徽公安职业学院; 国际商务学院, without its place, is everyday speech
            fair = home if short.place_dropped else not short.kind_changed
            found.append((short.cost, fair, _Guess(name, 0.95 - 0.1 * short.cost, ("short_name", *extra))))
    found.sort(key=lambda item: item[0])
    guesses = _ranked(guess for _, _, guess in found)
    rivals = [cost for cost, _, guess in found if not _same(guess, found[0][2])]
    sure = bool(found) and found[0][1] and (not rivals or rivals[0] - found[0][0] >= SHORT_MARGIN)
    return _Opinion(guesses, sure)


def _misspelt(said: str, index: SchoolIndex, province: str | None, extra: tuple[str, ...]) -> _Opinion:
    near = index.near(said)
    if not near:
        return _Opinion()
    guesses = _ranked(
        _Guess(
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
    return _Opinion(
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
    return kind == name.parts.kind or (missing < 2 and (not kind or name.parts.kind.endswith(kind)))


def _stem_edits(name: SchoolName, found: Alignment) -> list[Edit]:
    return [edit for edit in found.edits if _in_stem(edit, name)]


def _in_stem(edit: Edit, name: SchoolName) -> bool:
    """Does the edit touch what sets the school apart? A character between stem and kind belongs to the stem."""
    return edit.at < name.parts.stem or (edit.kind == "extra" and edit.at == name.parts.stem)


def _ranked(guesses: Iterable[_Guess]) -> tuple[_Guess, ...]:
    """Best first, the best of each school only."""
    best: dict[str, _Guess] = {}
    for guess in sorted(guesses, key=lambda guess: -guess.score):
        best.setdefault(guess.name.school.code, guess)
    return tuple(best.values())


def _settled(own: _Opinion, sure: Sequence[tuple[str, _Guess]]) -> _Opinion:
    """Let witnesses that agree choose among guesses that the text itself allows."""
    if not sure or any(not _same(guess, sure[0][1]) for _, guess in sure):
        return own
    meant = next((guess for guess in own.guesses if _same(guess, sure[0][1])), None)
    if meant is None or not meant.open or meant.score < max(NEAR, own.guesses[0].score - 0.1):
        return own
    return _Opinion((meant, *(guess for guess in own.guesses if guess is not meant)), sure=True)


def _with_witnesses(guesses: Sequence[_Guess], sure: Sequence[tuple[str, _Guess]]) -> tuple[_Guess, ...]:
    """The guesses, those that a witness names marked and put first."""
    named: list[_Guess] = []
    for witness, guess in sure:
        before = next((own for own in (*named, *guesses) if _same(own, guess)), None)
        named = [own for own in named if not _same(own, guess)]
        named.append(
            replace(before, reasons=(*before.reasons, witness)) if before else replace(guess, reasons=(witness,))
        )
    return (*named, *(own for own in guesses if not any(_same(own, guess) for guess in named)))


def _candidates(guesses: Sequence[_Guess], year: int) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            guess.name.school.code,
            guess.name.school.name_in(year),
            guess.name.school.name,
            round(guess.score, 3),
            guess.reasons,
        )
        for guess in guesses[:5]
    )


def _undecided(text: str, guesses: Sequence[_Guess], year: int) -> Match:
    candidates = _candidates([guess for guess in guesses if guess.score >= NEAR], year)
    close = [one for one in candidates if one.score >= candidates[0].score - 0.1]
    names = "、".join(f"“{one.name}”" for one in (close if len(close) > 1 else candidates[:1]))
    if len(close) > 1:
        finding = _finding("ambiguous", "warning", f"“{text}”可能是{names}，请选定学校")
    elif names:
        finding = _finding("unmatched", "warning", f"学校名录中没有“{text}”，可能是{names}，请核对")
    else:
        finding = _finding("unmatched", "warning", f"学校名录中没有与“{text}”相近的学校，请核对原件或导入名录")
    return replace(UNMATCHED, best=candidates[0] if candidates else None, candidates=candidates, findings=(finding,))


def _conflict(text: str, own: _Opinion, against: Sequence[tuple[str, _Guess]], year: int) -> Match:
    candidates = _candidates((own.guesses[0], *_with_witnesses((), against)), year)
    said = "、".join(f"“{guess.name.name}”" for _, guess in against)
    finding = _finding("conflict", "error", f"表上写“{text}”，邮件另指{said}，请核对是哪一所学校")
    return Match(False, candidates[0], candidates, (finding,))


def _remarks(text: str, best: _Guess, year: int) -> Iterable[Finding]:
    name = best.name.school.name_in(year)
    said = {
        "short_name": f"“{text}”是简称，按“{name}”处理",
        "campus": f"“{text}”带校区，按“{name}”处理",
        "former": f"“{best.name.name}”是曾用名，{year} 年校名为“{name}”",
        "misspelt": f"“{text}”与登记的“{best.name.name}”有出入，按“{name}”处理，请核对",
    }
    for reason, message in said.items():
        if reason in best.reasons:
            yield _finding(CODE.get(reason, reason), SEVERITY[reason], message)


def _finding(code: str, severity: Severity, message: str) -> Finding:
    return Finding(f"school.{code}", severity, message, field="school")
