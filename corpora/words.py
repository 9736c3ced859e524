"""Word lists for running text: surnames, titles, labels, endings of organisations. Read once from words.yaml."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml
from pydantic import TypeAdapter

_LISTS = TypeAdapter(dict[str, str])


@cache
def _lists() -> dict[str, str]:
    file = resources.files("corpora").joinpath("words.yaml")
    return _LISTS.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))


@cache
def words(group: str) -> frozenset[str]:
    """The words of one group of words.yaml. Raises KeyError for a group that is not there."""
    return frozenset(_lists()[group].split())
