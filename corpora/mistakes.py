"""What is wrong with a YAML file, said so that whoever wrote it can mend it: the key, the reason, a suggestion."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ValidationError


def problems(error: ValidationError, *sources: ModuleType) -> str:
    """All that pydantic found; keys that are close to a known one are suggested. sources: where the models are."""
    return "; ".join(_problem(dict(one), keys_of(*sources)) for one in error.errors())


def meant(word: str, known: Iterable[str]) -> str:
    """The nearest of the known words, or all of them."""
    words = sorted(set(known))
    close = difflib.get_close_matches(word, words, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(words)}"


def keys_of(*sources: ModuleType) -> list[str]:
    """Every key of every model that these modules define."""
    found = [(source, one) for source in sources for one in vars(source).values()]
    own = [one for source, one in found if isinstance(one, type) and one.__module__ == source.__name__]
    models = [one for one in own if issubclass(one, BaseModel)]
    return [name for model in models for name in model.model_fields]


def _problem(error: dict[str, Any], keys: list[str]) -> str:
    where = ".".join(map(str, error["loc"])) or "file"
    message = str(error["msg"])
    if error["type"] == "extra_forbidden":
        message = "unknown key" + meant(str(error["loc"][-1]), keys)
    elif error["type"] in ("literal_error", "union_tag_invalid"):
        context = error["ctx"]
        known = re.findall("'([^']+)'", context.get("expected") or context.get("expected_tags", ""))
        message += meant(str(context.get("tag", error["input"])), known)
    return f"{where}: {message}"
