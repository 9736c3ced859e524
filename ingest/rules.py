"""Finds the ruling lines of tables and blanks in a picture.

A rule is told from the strokes of writing by being long, thin, evenly dark and alone. Lines of table columns are found
as the rows of the transposed picture. A short line counts only when it meets a rule that runs the other way.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Rule

Picture = NDArray[np.uint8]
Grey = NDArray[np.uint8]
Numbers = NDArray[np.float64]

PAGE = 1654  # pixels: the width of an upright A4 page at 200 dpi, for which the lengths below hold
THICKEST = 9
RUN = 36  # an unbroken run that few strokes of print have
SHORTEST = 50  # of a rule that meets another one
FREE = 110  # of a rule that stands by itself, as under a blank
SQUEEZE = 2  # pixels along a rule that are looked at as one
GAP = 34  # between two pieces of one rule
STEP = 5  # up or down between two pieces of one rule
REACH = 12  # between the end of a rule and the rule that it meets
UNEVEN = 0.45  # spread of the darkness along a rule, as a share of its mean; writing has more
ALONE, CROWDED = 0.15, 0.45  # share of ink beside a rule, on its free and on its other side
EDGE = 0.012  # of the picture: what lies there is the edge of the paper


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of a rule, as if horizontal: its ends, and its height at each of them."""

    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def y(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def length(self) -> float:
        return self.x1 - self.x0

    def joined(self, right: _Piece) -> _Piece:
        return _Piece(self.x0, max(self.x1, right.x1), self.y0, right.y1)

    def meets(self, across: _Piece, reach: float) -> bool:
        """across: a rule that runs the other way, its x down and its y to the right."""
        return (
            self.x0 - reach < across.y < self.x1 + reach
            and across.x0 - reach < self.y < across.x1 + reach
            and across.length > self.length / 2
        )


def find_rules(picture: Picture) -> tuple[Rule, ...]:
    """Horizontal rules from top to bottom, then vertical ones from left to right, in pixels of the picture.

    picture: RGB, uint8, upright and level to about a degree. Thin, faint, coloured, broken and slightly curved rules
    are found, each given as one straight line along its axis; thick bars, and lines under 3 % of the page's width, not.
    """
    # Coloured ink is dark in some channel.
    grey = np.asarray(cv2.min(cv2.min(picture[:, :, 0], picture[:, :, 1]), picture[:, :, 2]), np.uint8)
    scale = max(0.5, min(picture.shape[:2]) / PAGE)
    rows = _along_rows(grey, scale)
    columns = _along_rows(np.asarray(cv2.transpose(grey), np.uint8), scale)
    level = [Rule(p.x0, p.y, p.x1, p.y) for p in _kept(rows, columns, scale)]
    plumb = [Rule(p.y, p.x0, p.y, p.x1) for p in _kept(columns, rows, scale)]
    return (*sorted(level, key=lambda rule: rule.y0), *sorted(plumb, key=lambda rule: rule.x0))


def _kept(pieces: list[_Piece], across: list[_Piece], scale: float) -> list[_Piece]:
    return [
        piece
        for piece in pieces
        if piece.length >= FREE * scale
        or (piece.length >= SHORTEST * scale and any(piece.meets(other, REACH * scale) for other in across))
    ]


def _along_rows(grey: Grey, scale: float) -> list[_Piece]:
    # Averaged along the rules: half the work, and thin ones stay as dark as they were while strokes grow paler.
    height, width = grey.shape
    grey = np.asarray(cv2.resize(grey, (width // SQUEEZE, height), interpolation=cv2.INTER_AREA), np.uint8)
    thickest = round(THICKEST * scale)
    hat = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((2 * thickest + 1, 1), np.uint8))
    # The grain of the paper sets the limit: of plain paper at most one pixel in ten may pass.
    limit = min(max(float(np.percentile(hat[::7, ::7], 80)) * 1.5, 14.0), 50.0)
    _, ink = cv2.threshold(hat, limit, 255, cv2.THRESH_BINARY)
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, round(RUN * scale / SQUEEZE)), np.uint8))
    rules = _joined(_pieces(runs, hat, ink, thickest), GAP * scale, STEP * scale)
    return [rule for rule in rules if EDGE < rule.y / height < 1 - EDGE]


def _pieces(runs: Grey, hat: Grey, ink: Grey, thickest: int) -> list[_Piece]:
    """The connected runs that are thin, evenly dark and alone. runs, ink: 255 where they are; hat: how dark."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    left, _, width, height, area = stats.T.astype(np.float64)
    x, top = _edge(runs, 1)
    label = labels[top, x]
    dark = cv2.dilate(hat, np.ones((thickest, 1), np.uint8), anchor=(0, 0))[top, x].astype(np.float64)
    mean = _means(label, dark, count)
    spread = np.sqrt(np.maximum(0, _means(label, dark**2, count) - mean**2))

    beside = cv2.blur(ink, (1, thickest))
    away, last = 3 + thickest // 2, len(ink) - 1
    above = _means(label, beside[np.maximum(top - away, 0), x] / 255, count)
    x_below, bottom = _edge(runs, -1)
    below = _means(labels[bottom, x_below], beside[np.minimum(bottom + away, last), x_below] / 255, count)

    good = (
        (area / width <= thickest)
        & (height <= np.maximum(3 * thickest, width * SQUEEZE / 8))
        & (spread < UNEVEN * mean)
    )
    good &= (np.minimum(above, below) < ALONE) & (np.maximum(above, below) < CROWDED)
    good[0] = False  # the background
    y = top + (area / width)[label] / 2
    right = left + width
    near = 4 * thickest // SQUEEZE
    start, end = x < left[label] + near, x >= right[label] - near
    y0, y1 = _means(label[start], y[start], count), _means(label[end], y[end], count)
    return [_Piece(left[i] * SQUEEZE, right[i] * SQUEEZE, y0[i], y1[i]) for i in np.flatnonzero(good)]


def _edge(runs: Grey, step: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """x and y of those pixels of the runs that have none above (step 1) or below (step -1) them."""
    inner = np.zeros_like(runs)
    if step > 0:
        inner[1:] = runs[:-1]
    else:
        inner[:-1] = runs[1:]
    found = cv2.findNonZero(cv2.subtract(runs, inner))
    points = np.zeros((0, 2), np.intp) if found is None else found[:, 0].astype(np.intp)
    return points[:, 0], points[:, 1]


def _means(label: NDArray[np.int32], values: Numbers, count: int) -> Numbers:
    """The mean of the values of each label from 0 to count - 1; 0 where there are none."""
    total = np.bincount(label, values, minlength=count)
    return np.asarray(total / np.maximum(1, np.bincount(label, minlength=count)))


def _joined(pieces: list[_Piece], gap: float, step: float) -> list[_Piece]:
    """Pieces that continue each other, made one."""
    rules: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: p.x0):
        for index, rule in enumerate(rules):
            if -gap < piece.x0 - rule.x1 < gap and abs(piece.y0 - rule.y1) < step:
                rules[index] = rule.joined(piece)
                break
        else:
            rules.append(piece)
    return rules
