"""Who may be meant: the types that `matching` emits."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.extraction import Finding


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry of a register that a text may mean.

    key:     school code, or the certificate's name.
    name:    as in force in the programme's year; current_name: as in the register today.
    score:   probability that this is the one, 0..1, learned on made-up noise (corpora/beliefs.yaml).
    reasons: short stable words: exact, normalised, alias, former, short_name, campus, misspelt, near,
             and the name of every witness that agrees (subject, ...).
    """

    key: str
    name: str
    current_name: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """decided is true only when the machine would stand for `best`; candidates: up to five, best first."""

    decided: bool
    best: Candidate | None
    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...] = ()


UNMATCHED = Match(False, None, ())
