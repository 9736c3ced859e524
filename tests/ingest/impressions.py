"""Seals drawn by hand: blocks for letters, so that where each lies is known."""

from __future__ import annotations

import cv2
import numpy as np

from ingest.document import Box, Imprint, Lattice, SealColour
from ingest.sheets import Picture

RED = (205, 40, 45)
CENTRE, HALF = 300, 140  # pixels


def stamped(letters: int, askew: float, lower: bool = False, ink: tuple[int, int, int] = RED) -> Picture:
    """A round seal on white: letters 24 degrees apart, the arch's middle `askew` degrees clockwise from the top; below
    its star a bar of 120 by 24 pixels."""
    seal = np.full((2 * CENTRE, 2 * CENTRE, 3), 255, np.uint8)
    cv2.circle(seal, (CENTRE, CENTRE), HALF - 3, ink, 6, cv2.LINE_AA)
    cv2.circle(seal, (CENTRE, CENTRE), 35, ink, -1, cv2.LINE_AA)
    for n in range(letters):
        at = np.radians(24 * (n - (letters - 1) / 2) + askew)
        box = ((CENTRE + 105 * np.sin(at), CENTRE - 105 * np.cos(at)), (26, 30), np.degrees(at))
        cv2.fillPoly(seal, [cv2.boxPoints(box).astype(np.int32)], ink)
    if lower:
        at = np.radians(askew)
        bar = ((CENTRE - 65 * np.sin(at), CENTRE + 65 * np.cos(at)), (120, 24), askew)
        cv2.fillPoly(seal, [cv2.boxPoints(bar).astype(np.int32)], ink)
    return seal


def imprint(colour: SealColour = "red") -> Imprint:
    box = Box(CENTRE - HALF, CENTRE - HALF, CENTRE + HALF, CENTRE + HALF)
    return Imprint(box, (CENTRE, CENTRE, HALF, HALF, 0.0), "round", colour, 0.9, 1.0)


def letters_at(columns: list[int], length: int = 90) -> Lattice:
    """A lattice that surely reads another Chinese character at each column, and nothing between."""
    return tuple(((chr(0x4E00 + n), -0.1),) if n in columns else (("", 0.0),) for n in range(length))
