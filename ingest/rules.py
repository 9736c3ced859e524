"""Finds the ruling lines of tables and blanks in a picture.

A rule is told from the strokes of writing by being long, thin and alone: dark against what is beside it, over a length
that no stroke has, with little ink along it on at least one side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Rule

Picture = NDArray[np.uint8]
Grey = NDArray[np.uint8]
Mask = NDArray[np.uint8]

PAGE = 1654  # pixels: the width of an upright A4 page at 200 dpi, for which the lengths below hold
THICKEST = 9
SHORTEST = 50
RUN = 36  # an unbroken run that no stroke of ordinary print has
GAP = 34  # between pieces of one rule
STEP = 5  # up or down, between pieces of one rule
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

    def joined(self, right: _Piece) -> _Piece:
        return _Piece(self.x0, max(self.x1, right.x1), self.y0, right.y1)


def find_rules(picture: Picture) -> tuple[Rule, ...]:
    """Horizontal rules from top to bottom, then vertical ones from left to right, in pixels of the picture.

    picture: RGB, uint8, upright and level to about a degree. Thin, faint, coloured, broken and slightly curved rules
    are found, each given as one straight line along the axis; thick bars, and lines under 3 % of the page's width are not.
    """
    # Coloured ink is dark in some channel.
    grey = np.asarray(cv2.min(cv2.min(picture[:, :, 0], picture[:, :, 1]), picture[:, :, 2]), np.uint8)
    scale = max(0.5, min(picture.shape[:2]) / PAGE)
    level = [Rule(p.x0, y, p.x1, y) for p in _along_rows(grey, scale) for y in [(p.y0 + p.y1) / 2]]
    plumb = [
        Rule(x, p.x0, x, p.x1)
        for p in _along_rows(np.asarray(cv2.transpose(grey), np.uint8), scale)
        for x in [(p.y0 + p.y1) / 2]
    ]
    return (*sorted(level, key=lambda rule: rule.y0), *sorted(plumb, key=lambda rule: rule.x0))


def _along_rows(grey: Grey, scale: float) -> list[_Piece]:
    thickest = round(THICKEST * scale)
    hat = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((2 * thickest + 1, 1), np.uint8))
    # The grain of the paper sets the limit: of plain paper at most one pixel in ten may pass.
    limit = min(max(float(np.percentile(hat[::7, ::7], 80)) * 1.5, 14.0), 50.0)
    _, ink = cv2.threshold(hat, limit, 1, cv2.THRESH_BINARY)
    run = round(RUN * scale)
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    pieces = _joined(_pieces(runs, hat, ink, run, thickest), GAP * scale, STEP * scale)
    height = grey.shape[0]
    return [
        piece
        for piece in pieces
        if piece.x1 - piece.x0 >= SHORTEST * scale and EDGE * height < (piece.y0 + piece.y1) / 2 < (1 - EDGE) * height
    ]


def _pieces(runs: Mask, hat: Grey, ink: Mask, run: int, thickest: int) -> list[_Piece]:
    """The connected runs that are thin, evenly dark and alone."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    y, x = np.nonzero(runs)
    label = labels[y, x]
    left, top, width, height, area = stats[:, :5].T.astype(np.float64)

    def mean(values: NDArray[Any], where: NDArray[np.bool_]) -> NDArray[np.float64]:
        total = np.bincount(label[where], values[where], minlength=count)
        return np.asarray(total / np.maximum(1, np.bincount(label[where], minlength=count)))

    everywhere = np.ones(len(y), np.bool_)
    darkness = cv2.dilate(hat, np.ones((5, 1), np.uint8))[y, x].astype(np.float64)
    average = mean(darkness, everywhere)
    spread = np.sqrt(np.maximum(0, mean(darkness**2, everywhere) - average**2)) / np.maximum(average, 1)
    reach, last = thickest, runs.shape[0] - 1
    beside = cv2.boxFilter(ink, cv2.CV_32F, (1, reach))
    upper, lower = np.maximum(y - 1, 0), np.minimum(y + 1, last)
    above = mean(beside[np.maximum(y - 3 - reach // 2, 0), x], runs[upper, x] == 0)
    below = mean(beside[np.minimum(y + 3 + reach // 2, last), x], runs[lower, x] == 0)
    start = mean(y + 0.5, x < left[label] + run)
    end = mean(y + 0.5, x >= (left + width)[label] - run)
    good = (area / np.maximum(width, 1) <= thickest) & (height <= np.maximum(3 * thickest, width / 8))
    good &= (spread < UNEVEN) & (np.minimum(above, below) < ALONE) & (np.maximum(above, below) < CROWDED)
    good[0] = False  # the background
    return [_Piece(left[i], left[i] + width[i], start[i], end[i]) for i in np.nonzero(good)[0]]


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
