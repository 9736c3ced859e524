"""Square seals whose characters are blocks of different widths, so that their order shows."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.squares import square_lines

WIDTHS = ((60, 36), (44, 52))  # of the blocks in the cells of two rows; all are 70 high
BY_COLUMN, BY_ROW = [36, 52, 60, 44], [60, 36, 44, 52]


def seal(angle: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Two by two blocks in a frame of 240 px in the middle of 400 by 400, turned clockwise."""
    ink = np.zeros((400, 400), np.float32)
    cv2.rectangle(ink, (80, 80), (320, 320), 255.0, 8)
    for row, widths in enumerate(WIDTHS):
        for column, width in enumerate(widths):
            x, y = 145 + 110 * column, 145 + 110 * row
            cv2.rectangle(ink, (x - width // 2, y - 35), (x + width // 2, y + 35), 255.0, -1)
    return np.asarray(cv2.warpAffine(ink, cv2.getRotationMatrix2D((200, 200), -angle, 1), (400, 400)), np.float32)


def widths(line: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> list[int]:
    """Of the blocks along a line, as they were drawn."""
    on = line[line.shape[0] // 2] > 100
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    return [round(71 * int(b - a) / (line.shape[0] * 0.76)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


@pytest.mark.parametrize(("angle", "stated"), [(0, 0), (0, 90), (6, 6), (6, 96), (-8, 82)])
def test_columns_run_from_the_right_and_rows_from_the_left(angle: float, stated: float) -> None:
    by_column, by_row = square_lines(seal(angle), (200, 200, 120, 120, stated), 56)
    assert np.allclose(widths(by_column), BY_COLUMN, atol=6)
    assert np.allclose(widths(by_row), BY_ROW, atol=6)


def test_an_empty_frame_has_no_lines() -> None:
    ink = np.zeros((400, 400), np.float32)
    cv2.rectangle(ink, (80, 80), (320, 320), 255.0, 8)
    assert square_lines(ink, (200, 200, 120, 120, 0), 56) == []
