"""Seals drawn by hand: blocks for letters, so that where each lies is known."""

from __future__ import annotations

import cv2
import numpy as np

from ingest.document import Box, Imprint, SealColour
from ingest.sheets import Picture

RED = (205, 40, 45)
CENTRE, HALF = 300, 140  # pixels


def stamped(letters: int, askew: float, *, lower: bool = False, star: bool = True) -> Picture:
    """A round seal on white: letters 24 degrees apart, the arch's middle `askew` degrees clockwise from the top; below
    its star, if there is a `lower` line, a bar of 120 by 24 pixels."""
    seal = np.full((2 * CENTRE, 2 * CENTRE, 3), 255, np.uint8)
    cv2.circle(seal, (CENTRE, CENTRE), HALF - 3, RED, 6, cv2.LINE_AA)
    if star:
        turns = np.radians(36 * np.arange(10) + askew)
        reach = np.where(np.arange(10) % 2, 16, 42)
        points = np.stack([CENTRE + reach * np.sin(turns), CENTRE - reach * np.cos(turns)], axis=1)
        cv2.fillPoly(seal, [np.round(points).astype(np.int32)], RED, cv2.LINE_AA)
    for n in range(letters):
        at = np.radians(24 * (n - (letters - 1) / 2) + askew)
        box = ((CENTRE + 105 * np.sin(at), CENTRE - 105 * np.cos(at)), (26, 30), np.degrees(at))
        cv2.fillPoly(seal, [cv2.boxPoints(box).astype(np.int32)], RED)
    if lower:
        at = np.radians(askew)
        bar = ((CENTRE - 65 * np.sin(at), CENTRE + 65 * np.cos(at)), (120, 24), askew)
        cv2.fillPoly(seal, [cv2.boxPoints(bar).astype(np.int32)], RED)
    return seal


def imprint(colour: SealColour = "red") -> Imprint:
    box = Box(CENTRE - HALF, CENTRE - HALF, CENTRE + HALF, CENTRE + HALF)
    return Imprint(box, (CENTRE, CENTRE, HALF, HALF, 0.0), "round", colour, 0.9, 1.0)
