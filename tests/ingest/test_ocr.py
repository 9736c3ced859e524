"""The recorded double plays back what a reader said, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.document import Box, Line
from ingest.ocr import RecordedReader, Recorder, mean_confidence, picture_key
from ingest.sheets import Picture
from tests.ingest.readers import Scripted, a_line


def shade(value: int, size: tuple[int, int] = (40, 30)) -> Picture:
    return np.full((*size, 3), value, np.uint8)


def test_what_was_recorded_is_played_back() -> None:
    recorder = Recorder(Scripted(turns=3, lines=(a_line("学校"),), crops=("100", "")))
    said = (
        recorder.quarter_turns(shade(1)),
        recorder.read(shade(2)),
        recorder.read_crops([shade(3), shade(4)]),
    )
    played = RecordedReader(recorder.recording)
    assert said == (played.quarter_turns(shade(1)), played.read(shade(2)), played.read_crops([shade(3), shade(4)]))
    assert [line.text for line in played.read_crops([shade(4), shade(3)])] == ["", "100"]


def test_a_picture_that_was_not_recorded_is_an_error() -> None:
    recorder = Recorder(Scripted(lines=(a_line("学校"),)))
    recorder.read(shade(2))
    with pytest.raises(KeyError):
        RecordedReader(recorder.recording).read(shade(3))


def test_a_picture_is_named_by_its_pixels_and_its_shape() -> None:
    assert picture_key(shade(1)) == picture_key(shade(1).copy())
    assert len({picture_key(p) for p in (shade(1), shade(2), shade(1, (30, 40)))}) == 3


def test_the_mean_confidence_is_over_all_characters() -> None:
    lines = (
        Line("学校", Box(0, 0, 1, 1), 0.0, ((0, 1), (1, 2)), (1.0, 0.6)),
        Line("年", Box(0, 0, 1, 1), 0.0, ((0, 1),), (0.8,)),
    )
    assert mean_confidence(lines) == pytest.approx(0.8)
    assert mean_confidence(()) == 0.0
