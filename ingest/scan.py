"""Straightens a page: the sheet found in a photograph and flattened, the text level and upright, by one resampling.

All angles are in degrees, clockwise as seen; all points are in pixels, x to the right, y down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Homography
from ingest.outline import find_sheet

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]

A4 = math.sqrt(2)
SHEET_WIDTH = 1654  # pixels of the short side of A4 at 200 dpi
MARGIN = 0.004  # of its sides, kept around a sheet: its outline is known to about that
LEVEL = 0.15  # degrees; less is not worth a resampling
MOST_SKEW = 8.0
SMALL = 1000  # pixels of the longer side, on which sheet and skew are looked for


@dataclass(frozen=True)
class Straightened:
    """picture: RGB, upright; to_view: from its pixels to fractions (0..1) of the picture that was given."""

    picture: Picture
    to_view: Homography


def straighten(picture: Picture, quarter_turns: int = 0) -> Straightened:
    """Flattens the sheet that a photograph shows, turns it `quarter_turns` clockwise and levels its text.

    A page that needs none of this is returned as it is. A flattened A4 sheet is about 1654 pixels wide.
    """
    height, width = picture.shape[:2]
    shrink = min(1.0, SMALL / max(height, width))
    small = np.asarray(cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
    quad = find_sheet(small)
    matrix, size = (np.eye(3), (width, height)) if quad is None else _flatten(quad / shrink)
    matrix, size = _turn(matrix, size, quarter_turns % 4)
    scale = SMALL / max(size)
    preview = _warp(small, _zoom(scale) @ matrix @ _zoom(1 / shrink), (round(size[0] * scale), round(size[1] * scale)))
    angle = skew_angle(preview)
    if abs(angle) >= LEVEL:
        matrix, size = _rotate(matrix, size, -angle)
    straight = picture if np.array_equal(matrix, np.eye(3)) else _warp(picture, matrix, size)
    to_view = np.diag([1 / width, 1 / height, 1.0]) @ np.linalg.inv(matrix)
    return Straightened(straight, _homography(to_view))


def skew_angle(picture: Picture) -> float:
    """By how much the lines of text and the rulings of an upright page run down to the right, within ±MOST_SKEW.

    The ink is projected along each direction: where it follows the lines, full and empty rows differ most.
    Returns 0 when no direction stands out.
    """
    x, y = _ink(picture)
    if len(x) < 200:
        return 0.0
    coarse = np.arange(-MOST_SKEW, MOST_SKEW + 0.01, 0.5)
    scores = np.array([_sharpness(x, y, float(angle)) for angle in coarse])
    best = float(coarse[int(scores.argmax())])
    if scores.max() < 2 * np.median(scores) or abs(best) >= MOST_SKEW:
        return 0.0
    fine = best + np.arange(-0.5, 0.51, 0.1)
    scores = np.array([_sharpness(x, y, float(angle)) for angle in fine])
    top = int(scores.argmax())
    if 0 < top < len(fine) - 1:
        left, middle, right = scores[top - 1 : top + 2]
        bend = left - 2 * middle + right
        return float(fine[top] + (0.05 * (left - right) / bend if bend else 0.0))
    return float(fine[top])


def _ink(picture: Picture) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Coordinates of the pixels that are darker than what is around them, at most 30000 of them."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(
        grey, None, fx=(scale := min(1.0, SMALL / max(grey.shape))), fy=scale, interpolation=cv2.INTER_AREA
    )
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    edge = max(grey.shape) // 30
    dark[:edge], dark[-edge:], dark[:, :edge], dark[:, -edge:] = 0, 0, 0, 0
    y, x = np.nonzero(dark)
    step = len(x) // 30000 + 1
    # A prime step over pixels in reading order would favour rows; a fixed shuffle does not.
    order = np.random.default_rng(0).permutation(len(x))[: len(x) // step] if step > 1 else slice(None)
    return x[order].astype(np.float32), y[order].astype(np.float32)


def _sharpness(x: NDArray[np.float32], y: NDArray[np.float32], angle: float) -> float:
    rows = y - x * math.tan(math.radians(angle))
    profile = np.bincount((rows - rows.min()).astype(np.int32)).astype(np.float64)
    return float(np.sum(np.diff(profile) ** 2))


def _flatten(quad: NDArray[np.float64]) -> tuple[Matrix, tuple[int, int]]:
    """From the picture to the sheet seen from straight above. quad: its corners, clockwise from the top left."""
    top, right, bottom, left = (math.dist(quad[i], quad[(i + 1) % 4]) for i in range(4))
    width, height = (top + bottom) / 2, (left + right) / 2
    ratio = height / width
    for paper in (A4, 1 / A4):
        if 0.87 < ratio / paper < 1.15:
            ratio = paper
    short = min(SHEET_WIDTH, 1.1 * min(max(top, bottom), max(left, right)))
    size = (short, short * ratio) if ratio >= 1 else (short / ratio, short)
    dx, dy = size[0] * MARGIN, size[1] * MARGIN
    corners = [(dx, dy), (size[0] - dx, dy), (size[0] - dx, size[1] - dy), (dx, size[1] - dy)]
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), np.array(corners, np.float32))
    return np.asarray(matrix, np.float64), (round(size[0]), round(size[1]))


def _turn(matrix: Matrix, size: tuple[int, int], turns: int) -> tuple[Matrix, tuple[int, int]]:
    for _ in range(turns):
        matrix = np.array([[0.0, -1.0, size[1]], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]) @ matrix
        size = size[1], size[0]
    return matrix, size


def _rotate(matrix: Matrix, size: tuple[int, int], angle: float) -> tuple[Matrix, tuple[int, int]]:
    """Turns clockwise about the middle, on a canvas that keeps every pixel."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    width, height = size
    room = round(width * cos + height * abs(sin)), round(width * abs(sin) + height * cos)
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    return _shift(room[0] / 2, room[1] / 2) @ turn @ _shift(-width / 2, -height / 2) @ matrix, room


def _shift(x: float, y: float) -> Matrix:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _zoom(scale: float) -> Matrix:
    return np.diag([scale, scale, 1.0])


def _warp(picture: Picture, matrix: Matrix, size: tuple[int, int]) -> Picture:
    """The picture under `matrix`, what lies outside of it filled with the colour of paper."""
    matrix = _shift(-0.5, -0.5) @ matrix @ _shift(0.5, 0.5)  # OpenCV puts 0, 0 in the middle of the first pixel
    paper = np.median(picture[::16, ::16].reshape(-1, 3), axis=0)
    done = cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR, borderValue=paper.tolist())
    return np.asarray(done, np.uint8)


def _homography(matrix: Matrix) -> Homography:
    a, b, c, d, e, f, g, h, i = (float(value) for value in (matrix / matrix[2, 2]).ravel())
    return a, b, c, d, e, f, g, h, i
