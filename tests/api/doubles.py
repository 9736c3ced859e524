"""Doubles that a child process can import: readers that need no model."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.record import Judgement
from extractors.extraction import Extraction, Request
from ingest.document import Box, Document, Lattice, Line, Look, Mail
from ingest.ocr import Picture


def line(text: str) -> Line:
    return Line(
        text, Box(10, 10, 210, 40), 0.99, tuple((10.0 + i, 11.0 + i) for i in range(len(text))), (0.99,) * len(text)
    )


@dataclass(frozen=True)
class SlowReader:
    """Reads one line on every page, after `seconds`; notes each page that it read in the folder `notes`."""

    seconds: float = 0.0
    notes: Path | None = None

    def quarter_turns(self, picture: Picture) -> int:
        return 0

    def read(self, picture: Picture) -> tuple[Line, ...]:
        time.sleep(self.seconds)
        if self.notes:
            (self.notes / str(time.monotonic_ns())).touch()
        return (line("某某学院申报表"),)

    def read_crops(self, crops: Sequence[Picture]) -> tuple[Line, ...]:
        return tuple(line("100") for _ in crops)

    def lattices(self, crops: Sequence[Picture]) -> tuple[Lattice, ...]:
        return tuple(() for _ in crops)


@dataclass(frozen=True)
class DyingReader(SlowReader):
    """Takes its process with it when a page is wide, as a bad page does with a library in C."""

    def read(self, picture: Picture) -> tuple[Line, ...]:
        if picture.shape[1] > picture.shape[0]:
            os._exit(1)
        return super().read(picture)


def extract_one(document: Document, looks: tuple[Look, ...]) -> tuple[Extraction, ...]:
    """All pages are one unknown form, which asks for one second look."""
    if not document.pages:
        return ()
    asked = () if looks else (Request(1, Box(0, 0, 20, 20), "line"),)
    return (Extraction(None, tuple(range(len(document.pages))), requests=asked),)


def judge_plainly(
    mail: Mail, received_at: datetime | None, document: Document, extraction: Extraction, first: bool
) -> Judgement:
    """Asks about everything that could be read."""
    return Judgement("ask" if document.pages else "parked")
