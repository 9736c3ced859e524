"""What reads pictures: one protocol, so that everything else can be tested without a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.document import Lattice, Line

Picture = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""


class Reader(Protocol):
    """Reads text in pictures. One implementation in production (`ingest.paddle`), one recorded double for tests."""

    def quarter_turns(self, picture: Picture) -> int:
        """How many quarter turns clockwise make the picture upright: 0, 1, 2 or 3."""
        ...

    def read(self, picture: Picture) -> tuple[Line, ...]:
        """All lines on an upright page, top to bottom, in pixels of the picture."""
        ...

    def read_crops(self, crops: Sequence[Picture]) -> tuple[Line, ...]:
        """One line for each crop that holds a line of text, in pixels of the crop; empty text when there is none."""
        ...

    def lattices(self, crops: Sequence[Picture]) -> tuple[Lattice, ...]:
        """What each crop with one line of text might say, column by column."""
        ...


def picture_key(picture: Picture) -> str:
    """Names a picture by its content, for recordings."""
    return sha256(repr(picture.shape).encode() + picture.tobytes()).hexdigest()[:24]


class RecordedReader:
    """Plays back what a real reader said about the same pictures (see `Recorder`).

    Raises KeyError for a picture that was not recorded: a test that changes pictures must record again.
    """

    def __init__(self, recording: Mapping[str, Any]):
        self.recording = recording

    def quarter_turns(self, picture: Picture) -> int:
        return int(self.recording["turns"][picture_key(picture)])

    def read(self, picture: Picture) -> tuple[Line, ...]:
        return tuple(self.recording["pages"][picture_key(picture)])

    def read_crops(self, crops: Sequence[Picture]) -> tuple[Line, ...]:
        return tuple(self.recording["crops"][picture_key(crop)] for crop in crops)

    def lattices(self, crops: Sequence[Picture]) -> tuple[Lattice, ...]:
        return tuple(self.recording["lattices"][picture_key(crop)] for crop in crops)


class Recorder:
    """Passes everything on to a real reader and keeps what it said in `recording`."""

    def __init__(self, reader: Reader):
        self.reader = reader
        self.recording: dict[str, dict[str, Any]] = {"turns": {}, "pages": {}, "crops": {}, "lattices": {}}

    def quarter_turns(self, picture: Picture) -> int:
        turns = self.reader.quarter_turns(picture)
        self.recording["turns"][picture_key(picture)] = turns
        return turns

    def read(self, picture: Picture) -> tuple[Line, ...]:
        lines = self.reader.read(picture)
        self.recording["pages"][picture_key(picture)] = lines
        return lines

    def read_crops(self, crops: Sequence[Picture]) -> tuple[Line, ...]:
        lines = self.reader.read_crops(crops)
        self.recording["crops"].update(zip(map(picture_key, crops), lines, strict=True))
        return lines

    def lattices(self, crops: Sequence[Picture]) -> tuple[Lattice, ...]:
        seen = self.reader.lattices(crops)
        self.recording["lattices"].update(zip(map(picture_key, crops), seen, strict=True))
        return seen


def mean_confidence(lines: Iterable[Line]) -> float:
    """Mean probability of all characters; 0 when nothing was read."""
    scores = [score for line in lines for score in line.scores]
    return sum(scores) / len(scores) if scores else 0.0
