"""The texts that records are searched and sorted by, made from a record of the contract. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def search_text(body: Mapping[str, Any]) -> str:
    """Everything that was read, in small letters, a line each and none twice; what no database takes is left out."""
    told = dict.fromkeys(str(text).strip().lower() for text in _texts(body) if text not in (None, "", True, False))
    return "\n".join(told).replace("\0", "").encode("utf-8", "ignore").decode()


def school_key(body: Mapping[str, Any]) -> str:
    """Sorts as the school's name does in a Chinese list: GB 18030 has the common characters by their sound."""
    match = _at(body, "matches", "school") or {}
    name = match.get("name") if match.get("decided") else None
    name = name or _at(body, "fields", "school", "text") or match.get("name") or ""
    return str(name)[:40].encode("gb18030", "ignore").hex()


def _texts(body: Mapping[str, Any]) -> Iterator[Any]:
    """Values, names of who and what is meant, seals, findings, and where it came from."""
    for part in (body, *(body.get("versions") or [])):
        for readings in (part.get("fields") or {}, *(part.get("rows") or [])):
            for key in readings:
                yield _at(readings, key, "text")
                yield _at(readings, key, "value")
    matches = body.get("matches") or {}
    for match in (matches.get("school"), matches.get("certificate"), *_row_matches(matches)):
        yield _at(match, "name")
        yield _at(match, "current_name")
    for seal in body.get("seals") or []:
        yield from (seal.get(key) for key in ("text", "lower_text", "code"))
    for finding in body.get("findings") or []:
        yield finding.get("message")
    for signature in body.get("digital_signatures") or []:
        yield signature.get("signer")
    source = body.get("source") or {}
    yield from (source.get(key) for key in ("subject", "sender", "file_name"))
    yield from (page.get("file_name") for page in source.get("pages") or [])
    yield from source.get("electronic") or []


def _row_matches(matches: Mapping[str, Any]) -> Iterator[Any]:
    for row in matches.get("rows") or []:
        yield from row.values()


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
