"""What a made-up form says: its values, and how they are written on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Fault = tuple[str, str | None, int | None]  # code, field, row from 1

DIGITS = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))
TENS = ["", "十", "二十", "三十"]


@dataclass(frozen=True, slots=True)
class Filled:
    """One form with its values.

    fields, rows: what is meant, by the keys of the contract: dates as 2023-03-28, phones as digits; "" is blank.
    written: what stands on the paper where that differs: by key, or `key.row` with the row from 1.
    seal, lower: the school's or department's seal (name in the arch, line below); "" for none.
    signed: by role, who signed; an expert's place has several names in one, with spaces.
    faults: the findings that are planted.
    """

    form: str
    fields: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)
    seal: str = ""
    lower: str = ""
    signed: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def shown(self, key: str, row: int | None = None, dates: str = "figures") -> str:
        """A value as it stands on the paper; rows count from 1."""
        values = self.rows[row - 1] if row else self.fields
        place = f"{key}.{row}" if row else key
        if place in self.written:
            return self.written[place]
        value = values.get(key, "")
        return write_date(value, dates) if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value) else value


def write_date(value: str, style: Literal["figures", "dots", "chinese"] | str) -> str:
    """2023-03-28 (or a month, 1975-06) as people write it."""
    year, month, *day = value.split("-")
    numbers = [int(month), *map(int, day)]
    if len(numbers) == 1:
        return f"{year}.{month}" if style != "figures" else f"{year}年{numbers[0]}月"
    if style == "dots":
        return f"{year}.{numbers[0]}.{numbers[1]}"
    if style == "chinese":
        said = [TENS[n // 10] if n >= 20 else "十" * (n // 10) for n in numbers]
        tail = [tens + (DIGITS[str(n % 10)] if n % 10 else "") for tens, n in zip(said, numbers, strict=True)]
        return "".join(DIGITS[d] for d in year) + f"年{tail[0]}月{tail[1]}日"
    return f"{year}年{numbers[0]}月{numbers[1]}日"
