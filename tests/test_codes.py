"""Every code that the program may raise has a name that a clerk reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from api.audit.words import EVENTS
from corpora.vocabulary import vocabulary

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpora", "ingest", "extractors", "matching", "api")
CODE = re.compile(r"[a-z]+\.[a-z_]+")
RAISERS = ("Finding", "Trouble", "StepFailed")


def literals(tree: ast.AST) -> Iterator[str]:
    """What is written where a code stands: first in a finding or a trouble, or as the `code` of a class of errors."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(code)), *_]) if name in RAISERS:
                yield code
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                yield code


def words(tree: ast.AST) -> Iterator[str]:
    """Every text in the program that looks like a code of a known kind; not what only the audit log calls so."""
    kinds = {code.partition(".")[0] for code in vocabulary().codes}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(word)) if CODE.fullmatch(word):
                kind, _, name = word.partition(".")
                if kind in kinds and name != "html" and word not in EVENTS.keys() - vocabulary().codes.keys():
                    yield word


def test_every_code_in_the_program_has_a_name() -> None:
    trees = [ast.parse(path.read_bytes()) for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    raised = {code for tree in trees for code in (*literals(tree), *words(tree))}
    assert raised - vocabulary().codes.keys() == set()
    assert {"total.mismatch", "file.encrypted", "mail.late", "system.failed"} <= raised
