"""Square seals in a map of ink: four straight sides with letters between them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ingest.rings import Map

SIDES = (0.095, 0.27)  # of the map's short side: an office's seal is 20 mm and more, a person's name seal less
LONGEST = 1.4  # ratio of the sides from which it is a stamped line, not a seal
INK = 0.3


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle in pixels of the map: centre, half sides a >= b, angle of a in degrees.

    sides: share of the poorest side on which ink stands; fill: ink within.
    """

    cx: float
    cy: float
    a: float
    b: float
    angle: float
    sides: float
    fill: float


def find_frames(ink: Map) -> list[Frame]:
    """Square seals that touch no other ink of their colour, largest first."""
    mask = cv2.morphologyEx((ink > INK).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    short = min(ink.shape)
    found = []
    for contour in contours:
        (cx, cy), (one, other), angle = cv2.minAreaRect(contour)
        least, most = min(one, other), max(one, other)
        if SIDES[0] * short <= least and most <= SIDES[1] * short and most <= LONGEST * least:
            frame = _measured(ink, cx, cy, one, other, angle)
            if frame.sides >= 0.6 and 0.08 <= frame.fill <= 0.75:
                found.append(frame)
    return sorted(found, key=lambda frame: -frame.a * frame.b)


def _measured(ink: Map, cx: float, cy: float, one: float, other: float, angle: float) -> Frame:
    """Lays the rectangle straight and looks along its sides and inside."""
    width, height = round(one), round(other)
    turn = cv2.getRotationMatrix2D((cx, cy), angle, 1.0)
    turn[:, 2] += (width / 2 - cx, height / 2 - cy)
    straight = cv2.warpAffine(ink, turn, (width, height)) > INK
    rim = max(3, round(0.06 * min(width, height)))
    sides = (straight[:rim].any(0), straight[-rim:].any(0), straight[:, :rim].any(1), straight[:, -rim:].any(1))
    a, b, tilt = (one, other, angle) if one >= other else (other, one, angle + 90)
    inside = straight[2 * rim : -2 * rim, 2 * rim : -2 * rim]
    return Frame(
        cx,
        cy,
        a / 2,
        b / 2,
        tilt,
        min(float(side.mean()) for side in sides),
        float(inside.mean()) if inside.size else 0,
    )
