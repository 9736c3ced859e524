"""The words of the house: canonical keys, states and codes with their Chinese names (vocabulary.yaml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from corpora.form import load_forms

Kind = Literal["text", "number", "date", "code"]
WORDS = Path(__file__).with_name("vocabulary.yaml")


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldWords(_Words):
    """One canonical field key. `kind` "code" is digits that are no quantity: phones, numbers of things."""

    heading: str
    kind: Kind = "text"
    short: str = ""
    unit: str = ""

    @property
    def full(self) -> str:
        """The heading with its unit: 考核人数（人）."""
        return f"{self.heading}（{self.unit}）" if self.unit else self.heading


class Vocabulary(_Words):
    """Every mapping is key -> Chinese. The order of `fields` is the order of columns."""

    forms: dict[str, str] = {}
    fields: dict[str, FieldWords]
    lanes: dict[str, str]
    states: dict[str, str]
    message_states: dict[str, str]
    severities: dict[str, str]
    readings: dict[str, str]
    origins: dict[str, str]
    levels: dict[str, str]
    seal_kinds: dict[str, str]
    seal_colours: dict[str, str]
    seal_owners: dict[str, str]
    seal_slots: dict[str, str]
    roles: dict[str, str]
    signature_states: dict[str, str]
    reasons: dict[str, str]
    codes: dict[str, str]

    def field(self, key: str) -> FieldWords:
        """The words for a field; a key that nobody listed is its own heading."""
        return self.fields.get(key) or FieldWords(heading=key)

    def form_title(self, key: str | None) -> str:
        """The form's name; 未识别表格 for pages that no form claims."""
        return self.forms.get(key, key) if key else "未识别表格"

    def in_order(self, keys: set[str]) -> list[str]:
        """`keys` as columns stand: the listed ones in the vocabulary's order, then the others by name."""
        return [k for k in self.fields if k in keys] + sorted(keys - self.fields.keys())


@cache
def vocabulary() -> Vocabulary:
    """The words that the package carries, with the names of its forms.

    Raises pydantic.ValidationError when the file is not as it should be, FormError when a form's is not.
    """
    words = yaml.safe_load(WORDS.read_text("utf-8"))
    return Vocabulary.model_validate({**words, "forms": {form.key: form.name for form in load_forms()}})
