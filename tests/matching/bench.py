"""`make bench-matching`: how often matching decides, how often wrongly, how fast; rapidfuzz's WRatio beside it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from corpora.confusables import load_confusables
from matching.match import match_certificate, match_school
from matching.names import bare_place, plain
from tests.matching.queries import YEAR, Indexes, Query, a_world, queries

ERROR = 0.001  # share of wrong ones among the decided that may not be passed


@dataclass(frozen=True, slots=True)
class Answer:
    """key: the school's code or the certificate's name; margin: of WRatio's score over the next entry's."""

    query: Query
    decided: bool
    key: str | None
    score: float
    margin: float = 0.0

    @property
    def right(self) -> bool:
        return self.key == self.query.answer


def ours(asked: Sequence[Query], indexes: Indexes) -> list[Answer]:
    answers = []
    for query in asked:
        schools, certificates = indexes.at(query.fold)
        if query.subject == "school":
            match = match_school(query.text, schools, year=YEAR, province=query.province)
        else:
            match = match_certificate(query.text, certificates, level=None)
        best = match.best
        answers.append(Answer(query, match.decided, best.key if best else None, best.score if best else 0.0))
    return answers


def wratio(asked: Sequence[Query], indexes: Indexes) -> list[Answer]:
    """WRatio over the same normalised names, of the same province where it is known."""
    lists: dict[tuple[str, str | None, int | None], tuple[list[str], list[str]]] = {}
    answers = []
    for query in asked:
        place = (query.subject, query.province, query.fold)
        if place not in lists:
            lists[place] = _names(query, indexes)
        keys, names = lists[place]
        found = process.extract(plain(query.text), names, scorer=fuzz.WRatio, limit=8)
        key = keys[found[0][2]] if found else None
        rival = next((score for _, score, at in found if keys[at] != key), 0.0)
        best = found[0][1] if found else 0.0
        answers.append(Answer(query, False, key, best, best - rival))
    return answers


def _names(query: Query, indexes: Indexes) -> tuple[list[str], list[str]]:
    schools, certificates = indexes.at(query.fold)
    if query.subject == "certificate":
        return [name.certificate.name for name in certificates.names], list(certificates.plains)
    here = [
        name
        for name in schools.names
        if query.province is None or bare_place(name.school.province) == bare_place(query.province)
    ]
    return [name.school.code for name in here], [name.plain for name in here]


def at_best(answers: Sequence[Answer]) -> tuple[list[Answer], float, float]:
    """Decided by the threshold and the margin that leave the fewest undecided at no more than ERROR.

    Returns (answers, threshold, margin).
    """
    best = (0, 101.0, 0.0)
    for margin in range(0, 41):
        cleared = sorted((a for a in answers if a.margin >= margin), key=lambda a: -a.score)
        wrong = 0
        for n, answer in enumerate(cleared, 1):
            wrong += not answer.right
            last = n == len(cleared) or cleared[n].score < answer.score
            if last and wrong <= ERROR * n and n - wrong > best[0]:
                best = (n - wrong, answer.score, float(margin))
    _, threshold, margin_ = best
    decided = [Answer(a.query, a.score >= threshold and a.margin >= margin_, a.key, a.score, a.margin) for a in answers]
    return decided, threshold, margin_


@dataclass(frozen=True, slots=True)
class Figures:
    """asked; decided; wrong: of the decided; open: those with an answer that stayed undecided, of `answerable`."""

    asked: int
    decided: int
    wrong: int
    open: int
    answerable: int

    @property
    def error(self) -> float:
        return self.wrong / self.decided if self.decided else 0.0

    @property
    def undecided(self) -> float:
        return self.open / self.answerable if self.answerable else 0.0


def figures(answers: Sequence[Answer]) -> Figures:
    decided = [a for a in answers if a.decided]
    answerable = [a for a in answers if a.query.answer is not None]
    return Figures(
        len(answers),
        len(decided),
        sum(not a.right for a in decided),
        sum(not a.decided for a in answerable),
        len(answerable),
    )


def table(mine: Sequence[Answer], theirs: Sequence[Answer]) -> str:
    """A row for each subject and kind, then the sums."""
    head = (
        f"{'':42}{'asked':>7}{'decided':>9}{'wrong':>7}{'error':>9}{'undecided':>11}{'WRatio: decided':>17}{'wrong':>7}"
    )
    head += f"{'error':>9}{'undecided':>11}"
    rows = [head]
    groups = list(dict.fromkeys((a.query.subject, a.query.kind) for a in mine))
    for subject, kind in [*groups, ("school", ""), ("certificate", ""), ("", "")]:
        chosen = [n for n, a in enumerate(mine) if a.query.subject.startswith(subject) and kind in ("", a.query.kind)]
        name = f"{subject}: {kind or 'all'}" if subject else "all"
        a, b = figures([mine[n] for n in chosen]), figures([theirs[n] for n in chosen])
        rows.append(f"{name:42}{a.asked:7}{_cells(a)}{_cells(b, 17)}")
    return "\n".join(rows)


def _cells(of: Figures, width: int = 9) -> str:
    open_ = f"{of.undecided:.2%}" if of.answerable else "-"
    return f"{of.decided / of.asked:{width}.1%}{of.wrong:7}{of.error:9.3%}{open_:>11}"


def compared(asked: Sequence[Query], indexes: Indexes) -> tuple[list[Answer], list[Answer], list[str]]:
    """Our answers, WRatio's at its best for schools and for certificates, and what that best is."""
    mine, raw = ours(asked, indexes), wratio(asked, indexes)
    theirs: dict[int, Answer] = {}
    said = []
    for subject in ("school", "certificate"):
        chosen = [n for n, query in enumerate(asked) if query.subject == subject]
        answers, threshold, margin = at_best([raw[n] for n in chosen])
        theirs |= dict(zip(chosen, answers, strict=True))
        said.append(f"WRatio decides a {subject} from {threshold:.1f} with a margin of {margin:.0f}.")
    return mine, [theirs[n] for n in range(len(asked))], said


def main(each: int = 260, seed: int = 7) -> None:
    indexes = Indexes(a_world(), load_confusables(), {})
    asked = queries(indexes.world, each, seed)
    for fold in {query.fold for query in asked}:
        indexes.at(fold)
    mine, theirs, said = compared(asked, indexes)
    began = time.perf_counter()
    ours(asked[::10], indexes)
    speed = len(asked[::10]) / (time.perf_counter() - began)
    lines = [table(mine, theirs), "", *said, f"{len(asked)} queries, {speed:.0f} a second."]
    if "--wrong" in sys.argv:
        lines += [
            f"{a.query.kind}: {a.query.text} -> {a.key} ({a.query.answer})" for a in mine if a.decided and not a.right
        ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
