"""Finds the outline of a sheet of paper in a photograph.

A wrong crop loses what a school wrote, a missing one only leaves some desk in the picture: an outline counts only when
three or four straight sides of it are really seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Points = NDArray[np.float64]

SMALL = 480  # pixels of the longer side, on which the sheet is looked for
SEEN = 0.6  # share of a side along which paper and desk must differ
CONTRAST = 10.0  # by how many levels (of 255) they must differ


def find_sheet(picture: Picture) -> Points | None:
    """Corners of the sheet, float64 (4, 2), clockwise from the top left, in pixels of the picture (RGB, uint8).

    They may lie a little outside of it. None when the page fills the picture, as in a scan, or nothing convinces.
    """
    scale = SMALL / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    plain = _without_writing(np.asarray(small, np.uint8))
    best, best_score = None, 0.0
    for mask in _paper_masks(plain):
        quad = _quad(mask)
        if quad is not None and _plausible(quad, mask.shape) and (score := _support(plain, quad)) > best_score:
            best, best_score = quad, score
    return None if best is None else best / scale


def _without_writing(small: Picture) -> Picture:
    """The picture without dark strokes, and without bright specks on the desk."""
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return np.asarray(cv2.medianBlur(closed, 5), np.uint8)


def _paper_masks(plain: Picture) -> Iterator[Mask]:
    """Guesses at the paper's area: by brightness, by colour, and as the area around the middle that no edge crosses."""
    light = np.asarray(plain.max(axis=2))
    grey = np.asarray(plain.min(axis=2))
    for channel in (grey, light):
        _, mask = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        yield from _middle(np.asarray(mask, np.uint8))
    smooth = cv2.GaussianBlur(plain, (0, 0), 1.2)
    slope = np.max(
        [np.hypot(cv2.Scharr(c, cv2.CV_32F, 1, 0), cv2.Scharr(c, cv2.CV_32F, 0, 1)) for c in cv2.split(smooth)], axis=0
    )
    for limit in (80, 160):
        calm = (cv2.dilate((slope > limit).astype(np.uint8), np.ones((3, 3), np.uint8)) == 0).astype(np.uint8)
        for mask in _middle(calm):
            yield np.asarray(cv2.dilate(mask, np.ones((5, 5), np.uint8)), np.uint8)


def _middle(mask: Mask) -> Iterator[Mask]:
    """The largest connected part, its holes filled, if it covers a fair part of the picture."""
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return
    largest = max(contours, key=cv2.contourArea)
    if cv2.contourArea(largest) >= 0.2 * mask.size:
        filled = np.zeros_like(mask)
        cv2.drawContours(filled, [largest], -1, 1, cv2.FILLED)
        yield filled


def _quad(mask: Mask) -> Points | None:
    """Four straight lines through the border of the mask; one of them may be outside of the picture."""
    height, width = mask.shape
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = max(contours, key=len)[:, 0, :].astype(np.float64)
    box = cv2.boxPoints(cv2.minAreaRect(cv2.convexHull(points.astype(np.float32)))).astype(np.float64)
    corners = _clockwise(box)
    edge = 3.0
    inner = points[
        (points[:, 0] > edge)
        & (points[:, 0] < width - 1 - edge)
        & (points[:, 1] > edge)
        & (points[:, 1] < height - 1 - edge)
    ]
    lines = [_side(inner, corners[side], corners[(side + 1) % 4]) for side in range(4)]
    if lines.count(None) > 1:
        return None
    sides = [line or _beyond(points, lines[side - 2]) for side, line in enumerate(lines)]
    crossings = [_crossing(sides[side - 1], sides[side]) for side in range(4)]
    return None if any(crossing is None for crossing in crossings) else np.array(crossings)


Straight = tuple[float, float, float]
"""a, b, c of the line a*x + b*y = c with a² + b² = 1."""


def _side(points: Points, start: Points, end: Points) -> Straight | None:
    """The line through those points that lie along the stretch from start to end, None when they are too few."""
    length = math.dist(start, end)
    along = (end - start) / length
    offset = points - start
    position, distance = offset @ along, offset @ np.array([-along[1], along[0]])
    near = points[(position > 0.04 * length) & (position < 0.96 * length) & (np.abs(distance) < 0.12 * length)]
    if len(near) < 0.25 * length:
        return None
    for tolerance in (8.0, 3.0, 2.0):
        dx, dy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
        line = -dy, dx, -dy * x + dx * y
        close = near[np.abs(near @ np.array(line[:2]) - line[2]) < tolerance]
        if len(close) < 0.2 * length:
            return None
        near = close
    return line


def _beyond(points: Points, opposite: Straight | None) -> Straight:
    """The side that cannot be seen: parallel to the opposite one, beyond all of the paper that the picture holds."""
    assert opposite is not None
    a, b, c = opposite
    heights = points @ np.array([a, b])
    return a, b, float(heights[np.abs(heights - c).argmax()])


def _crossing(one: Straight, two: Straight) -> tuple[float, float] | None:
    determinant = one[0] * two[1] - one[1] * two[0]
    if abs(determinant) < 0.3:
        return None
    x = (one[2] * two[1] - one[1] * two[2]) / determinant
    y = (one[0] * two[2] - one[2] * two[0]) / determinant
    return x, y


def _clockwise(corners: Points) -> Points:
    """In order, beginning at the one that is the picture's top left."""
    middle = corners.mean(axis=0)
    around = corners[np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))]
    return np.roll(around, -int(np.argmin(around.sum(axis=1))), axis=0)


def _plausible(quad: Points, shape: tuple[int, ...]) -> bool:
    """Convex, nearly a rectangle, of a sheet's proportions, large, and not just the picture itself."""
    height, width = shape
    sides = [quad[(i + 1) % 4] - quad[i] for i in range(4)]
    lengths = [float(np.hypot(*side)) for side in sides]
    if min(lengths) < 0.3 * min(height, width):
        return False
    bends = [float(np.dot(sides[i], sides[i - 1]) / lengths[i] / lengths[i - 1]) for i in range(4)]
    area = cv2.contourArea(quad.astype(np.float32))
    outside = max(-quad.min(), float((quad - (width, height)).max()))
    return (
        bool(cv2.isContourConvex(quad.astype(np.float32)))
        and max(abs(bend) for bend in bends) < math.cos(math.radians(65))
        and 0.25 * height * width < area < 0.97 * height * width
        and outside < 0.15 * max(height, width)
        and max(lengths) / min(lengths) < 2.4
    )


def _support(plain: Picture, quad: Points) -> float:
    """How well the sides are seen, 0..1: the share of each along which the paper is lighter than what is beside it.

    Sides that lie on the picture's edge cannot be seen; one such side is allowed.
    """
    height, width = plain.shape[:2]
    middle = quad.mean(axis=0)
    seen: list[float] = []
    for i in range(4):
        start, end = quad[i], quad[(i + 1) % 4]
        steps = np.linspace(0.03, 0.97, 60)[:, None]
        spots = start + (end - start) * steps
        normal = np.array([-(end - start)[1], (end - start)[0]]) / math.dist(start, end)
        if np.dot(middle - start, normal) < 0:
            normal = -normal
        inside, outside = spots + 5 * normal, spots - 5 * normal
        held = np.all((outside >= 0) & (outside < (width, height)), axis=1) & np.all(
            (inside >= 0) & (inside < (width, height)), axis=1
        )
        if held.mean() < 0.3:
            continue
        one = plain[inside[held][:, 1].astype(int), inside[held][:, 0].astype(int)].astype(np.float64)
        two = plain[outside[held][:, 1].astype(int), outside[held][:, 0].astype(int)].astype(np.float64)
        seen.append(float(((one - two).max(axis=1) > CONTRAST).mean()))
    if len(seen) < 3 or min(seen) < SEEN:
        return 0.0
    return float(np.mean(seen)) * (0.5 + len(seen) / 8)
