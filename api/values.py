"""The values of the stages as bytes: JSON, packed, written and read by the types themselves."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")
_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def pack(kind: type[T], value: T) -> bytes:
    """The same value gives the same bytes, so that it keeps its key in the file store."""
    return gzip.compress(_adapter(kind).dump_json(value), compresslevel=3, mtime=0)


def unpack(kind: type[T], data: bytes) -> T:
    """Raises pydantic.ValidationError when the bytes hold another kind of value."""
    value: T = _adapter(kind).validate_json(gzip.decompress(data))
    return value


def as_json(kind: type[T], value: T) -> Any:
    """For a JSON column."""
    return _adapter(kind).dump_python(value, mode="json")


def from_json(kind: type[T], data: Any) -> T:
    value: T = _adapter(kind).validate_python(data)
    return value
