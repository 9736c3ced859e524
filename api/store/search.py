"""The text that records are searched by, made from a record of the contract. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_SEARCHED = (
    ("fields", "school", "text"),
    ("matches", "school", "name"),
    ("fields", "certificate", "text"),
    ("fields", "name", "text"),
    ("source", "subject"),
    ("source", "sender"),
    ("source", "file_name"),
)
_IN_ROWS = ("certificate", "name")


def search_text(body: Mapping[str, Any]) -> str:
    """School, certificates, names and source in small letters, a line each; what no database takes is left out."""
    told = "\n".join(text for text in _texts(body) if isinstance(text, str) and text)
    return told.lower().replace("\0", "").encode("utf-8", "ignore").decode()


def _texts(body: Mapping[str, Any]) -> Iterator[Any]:
    for path in _SEARCHED:
        yield _at(body, *path)
    for row in body.get("rows") or []:
        for key in _IN_ROWS:
            yield _at(row, key, "text")


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
