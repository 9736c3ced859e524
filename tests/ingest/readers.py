"""Readers that need no model: what they see is said beforehand, or told from the ink."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.document import Box, Line
from ingest.sheets import Picture


def a_line(text: str, box: Box = Box(0, 0, 100, 30), score: float = 0.99) -> Line:  # noqa: B008
    step = box.width / max(1, len(text))
    chars = tuple((box.x0 + n * step, box.x0 + (n + 1) * step) for n in range(len(text)))
    return Line(text, box, score, chars, (score,) * len(text))


@dataclass
class Scripted:
    """Says what it was told to, and keeps the pictures that it was shown."""

    turns: int = 0
    lines: tuple[Line, ...] = ()
    crops: Sequence[str] = ()
    shown: list[Picture] = field(default_factory=list)

    def quarter_turns(self, picture: Picture) -> int:
        return self.turns

    def read(self, picture: Picture) -> tuple[Line, ...]:
        self.shown.append(picture)
        return self.lines

    def read_crops(self, crops: Sequence[Picture]) -> tuple[Line, ...]:
        self.shown += crops
        return tuple(a_line(text) for text, _ in zip(self.crops, crops, strict=True))

    def lattices(self, crops: Sequence[Picture]) -> tuple[Any, ...]:
        """No seal is ever shown to it."""
        assert not crops
        return ()


@dataclass
class Seeing(Scripted):
    """Reads what `see` makes of a picture."""

    see: Callable[[Picture], tuple[Line, ...]] = lambda _: ()

    def read(self, picture: Picture) -> tuple[Line, ...]:
        self.shown.append(picture)
        return self.see(picture)
