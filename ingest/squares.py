"""The writing of a square seal laid in one line.

Old seals are read in columns from the right, new ones in rows from the left; which of the two a seal follows only its
words can tell, so both lines are given.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.float32]
SIDE = 240  # pixels of the seal laid straight
RIM = 0.09  # of the side: the frame
GAP = 0.018  # of the side: paper between two characters
LEAST = 0.13  # of the side: a narrower piece is a part of a character


def square_lines(ink: Ink, ellipse: tuple[float, float, float, float, float], height: int) -> list[Ink]:
    """The characters side by side, `height` pixels high: by columns from the right, by rows from the left.

    ink: 0..255; ellipse: the frame's centre, half sides and angle in its pixels.
    """
    seal = _straight(ink, ellipse)
    mask = seal > 0.4 * max(60.0, float(np.percentile(seal, 95)))
    columns = [(seal[:, a:b], mask[:, a:b]) for a, b in reversed(_pieces(mask, 0))]
    rows = [(seal[a:b], mask[a:b]) for a, b in _pieces(mask, 1)]
    by_column = [part[a:b] for part, on in columns for a, b in _pieces(on, 1)]
    by_row = [part[:, a:b] for part, on in rows for a, b in _pieces(on, 0)]
    return [_line(cells, height) for cells in (by_column, by_row) if cells]


def _straight(ink: Ink, ellipse: tuple[float, float, float, float, float]) -> Ink:
    """The inside of the frame, upright, SIDE pixels square."""
    cx, cy, a, b, angle = ellipse
    tilt = (angle + 45) % 90 - 45  # pages are upright, so seals nearly are
    wide, high = (a, b) if abs(tilt - angle) % 180 < 45 or abs(tilt - angle) % 180 > 135 else (b, a)
    turn = math.radians(tilt)
    u, v = np.meshgrid(np.linspace(-1 + 2 * RIM, 1 - 2 * RIM, SIDE), np.linspace(-1 + 2 * RIM, 1 - 2 * RIM, SIDE))
    px = cx + u * wide * math.cos(turn) - v * high * math.sin(turn)
    py = cy + u * wide * math.sin(turn) + v * high * math.cos(turn)
    return np.asarray(cv2.remap(ink, px.astype(np.float32), py.astype(np.float32), cv2.INTER_CUBIC), np.float32)


def _pieces(mask: NDArray[np.bool_], along: int) -> list[tuple[int, int]]:
    """Start and end of each character, summed up along one axis; what is too narrow for one joins its neighbour."""
    inked = np.mean(mask, axis=along) > 0.01
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(np.int8), [0]])))
    pieces = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        if joined and (start - joined[-1][1] < GAP * SIDE or _narrow(joined[-1]) or end - start < LEAST * SIDE):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [piece for piece in joined if not _narrow(piece)]


def _narrow(piece: tuple[int, int]) -> bool:
    return piece[1] - piece[0] < LEAST * SIDE


def _line(cells: list[Ink], height: int) -> Ink:
    """Cells cut to their ink, as high as the line less a margin, with a little paper between."""
    margin, drawn = round(0.12 * height), []
    for cell in cells:
        size = max(8, min(2 * height, round(cell.shape[1] * (height - 2 * margin) / max(1, cell.shape[0]))))
        scaled = cv2.resize(cell, (size, height - 2 * margin), interpolation=cv2.INTER_AREA)
        drawn.append(cv2.copyMakeBorder(scaled, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0))
    return np.asarray(np.hstack(drawn), np.float32)
