"""Which school is meant: exact, by alias, shortened or misspelt, with the other witnesses heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.extraction import Finding, Severity
from matching.candidate import UNMATCHED, Candidate, Match
from matching.features import Pairs
from matching.index import SchoolIndex
from matching.names import in_order, plain
from matching.opinion import LIKELY, Guess, Opinion, opinion, same

NEAR = 0.6  # the likeness from which a candidate is worth a person's look
WITNESS = 0.001  # how often a witness that agrees is wrong all the same
ONE_ALONE = 0.9  # what a witness is believed whom the paper neither backs nor denies
SEVERITY: dict[str, Severity] = {"short_name": "info", "campus": "info", "former": "warning", "misspelt": "warning"}
CODE = {"former": "former_name"}


def match_school(
    text: str,
    registers_index: SchoolIndex,
    *,
    year: int,
    province: str | None,
    others: Sequence[tuple[str, str]] = (),
    seen: Pairs = frozenset(),
) -> Match:
    """Find the school that `text` names.

    year, province: of the programme; others: (witness, text), as ("subject", "安庆职院"). A witness counts only when
    its text decides by itself. seen: characters as read and as the reader says they may be.
    Returns a Match whose findings have the field "school"; an empty text decides nothing by itself.
    """
    own = opinion(text, registers_index, year, province, seen)
    heard = [(witness, opinion(said, registers_index, year, province)) for witness, said in others]
    sure = [(witness, view.guesses[0]) for witness, view in heard if view.sure]
    if not own.sure and _is_named_twice(sure) and not _is_denied(own):
        said = _candidates((replace(_with_witnesses((), sure)[0], probability=1 - WITNESS**2),), year)
        return Match(True, said[0], said, _of_unreadable(text, sure[0][1], year))
    if not plain(text):
        return replace(_undecided(text, _with_witnesses(own.guesses, sure), year), findings=())
    if not own.sure:
        own = _settled(own, sure)
    if not own.sure:
        return _undecided(text, _with_witnesses(own.guesses, sure), year)
    best = own.guesses[0]
    against = [(witness, guess) for witness, guess in sure if not same(guess, best)]
    if against:
        return _conflict(text, own, against, year)
    agreeing = tuple(witness for witness, _ in sure)
    candidates = _candidates((replace(best, reasons=best.reasons + agreeing), *own.guesses[1:]), year)
    return Match(True, candidates[0], candidates, tuple(_remarks(text, best, year)))


def _is_named_twice(sure: Sequence[tuple[str, Guess]]) -> bool:
    """Do two kinds of witnesses name one school, and none another? That stands where the form says nothing."""
    return len({witness for witness, _ in sure}) > 1 and all(same(guess, sure[0][1]) for _, guess in sure)


def _is_denied(own: Opinion) -> bool:
    """Is the text so like some name, this school's or another's, that it is to be heard itself?"""
    return any(guess.likeness >= NEAR or guess.probability >= ONE_ALONE for guess in own.guesses)


def _of_unreadable(text: str, named: Guess, year: int) -> tuple[Finding, ...]:
    """What is asked of a text that is like no name where all else names one school: we may have misread it."""
    if not plain(text):
        return ()
    name = named.name.school.name_in(year)
    if in_order(plain(text), named.name.plain):
        return (_finding("short_name", "warning", f"“{text}”按邮件和印章所指的“{name}”处理，请核对"),)
    return (_finding("misspelt", "warning", f"“{text}”与邮件和印章所指的“{name}”有出入，按“{name}”处理，请核对"),)


def _settled(own: Opinion, sure: Sequence[tuple[str, Guess]]) -> Opinion:
    """Let witnesses that agree choose among guesses that the text itself allows."""
    if not sure or any(not same(guess, sure[0][1]) for _, guess in sure):
        return own
    meant = next((guess for guess in own.guesses if same(guess, sure[0][1])), None)
    if meant is None or not meant.open:
        return own
    if meant.probability < LIKELY and meant.likeness < max(NEAR, own.guesses[0].likeness - 0.1):
        return own
    settled = replace(meant, probability=1 - (1 - meant.probability) * WITNESS)
    return Opinion((settled, *(guess for guess in own.guesses if guess is not meant)), sure=True)


def _with_witnesses(guesses: Sequence[Guess], sure: Sequence[tuple[str, Guess]]) -> tuple[Guess, ...]:
    """The guesses, those that a witness names marked and raised; likeliest first. Witnesses that disagree share."""
    codes = {guess.name.school.code for _, guess in sure}
    heard = list(guesses)
    for witness, guess in sure:
        believed = ONE_ALONE / len(codes)
        at = next((n for n, own in enumerate(heard) if same(own, guess)), len(heard))
        before = heard[at] if at < len(heard) else replace(guess, reasons=(), probability=0.0)
        likelier = max(before.probability, believed)
        heard[at : at + 1] = [replace(before, reasons=(*before.reasons, witness), probability=likelier)]
    return tuple(sorted(heard, key=lambda guess: -guess.probability))


def _candidates(guesses: Sequence[Guess], year: int) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            guess.name.school.code,
            guess.name.school.name_in(year),
            guess.name.school.name,
            round(guess.probability, 4),
            guess.reasons,
        )
        for guess in guesses[:5]
    )


def _undecided(text: str, guesses: Sequence[Guess], year: int) -> Match:
    likely = [guess for guess in guesses if guess.likeness >= NEAR]
    candidates = _candidates(likely, year)
    close = [guess for guess in likely[:5] if guess.likeness >= likely[0].likeness - 0.1]
    names = "、".join(f"“{guess.name.school.name_in(year)}”" for guess in (close if len(close) > 1 else likely[:1]))
    if len(close) > 1:
        finding = _finding("ambiguous", "warning", f"“{text}”可能是{names}，请选定学校")
    elif names:
        finding = _finding("unmatched", "warning", f"学校名录中没有“{text}”，可能是{names}，请核对")
    else:
        finding = _finding("unmatched", "warning", f"学校名录中没有与“{text}”相近的学校，请核对原件或导入名录")
    return replace(UNMATCHED, best=candidates[0] if candidates else None, candidates=candidates, findings=(finding,))


def _conflict(text: str, own: Opinion, against: Sequence[tuple[str, Guess]], year: int) -> Match:
    candidates = _candidates((own.guesses[0], *_with_witnesses((), against)), year)
    said = "、".join(f"“{guess.name.name}”" for _, guess in against)
    finding = _finding("conflict", "error", f"表上写“{text}”，邮件另指{said}，请核对是哪一所学校")
    return Match(False, candidates[0], candidates, (finding,))


def _remarks(text: str, best: Guess, year: int) -> Iterable[Finding]:
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
