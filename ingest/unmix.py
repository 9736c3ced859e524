"""Colour unmixing: how much red, blue and dark ink lies on every pixel, whatever the light and the paper.

Ink absorbs: by Beer and Lambert the optical densities of inks that lie over one another add up, channel by channel. So
a page is first divided by its own paper (flat-fielded, which takes shadows and casts out), then turned to densities,
and these are split: dark ink absorbs all three channels alike, red ink green and blue, blue ink red and green.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr import Picture

Density = NDArray[np.float32]
"""Optical densities, shape (height, width): 0 is bare paper, 0.69 half the light gone."""

FIELD = 240  # longer side, in pixels, at which the paper is estimated
BROWN = 1.4  # coffee, wood and orange absorb blue far more than green: each surplus of blue takes this much red away
TINTED = 0.35  # what absorbs unevenly (gold, skin, wood) is no dark ink: its surplus takes this much away
FLOOR = 8  # brightness, of 255, below which a channel says nothing more
DIMMEST = 40  # brightness, of 255, below which no paper is believed
_DENSITY = -np.log(np.maximum(np.arange(256, dtype=np.float32), FLOOR))


@dataclass(frozen=True)
class Inks:
    """The inks of one picture, each of its height and width."""

    red: Density
    blue: Density
    dark: Density


def unmix(picture: Picture) -> Inks:
    """Splits RGB, shape (height, width, 3), into its inks."""
    density = np.clip(_DENSITY[picture] - _DENSITY[_paper(picture)], 0, None)
    r, g, b = cv2.split(density)
    red = np.minimum(g, b) - r - BROWN * np.clip(b - 1.25 * g - 0.08, 0, None)
    blue = np.minimum(r, 0.5 * (r + g)) - b
    least, most = np.minimum(np.minimum(r, g), b), np.maximum(np.maximum(r, g), b)
    dark = least - TINTED * np.clip(most - least - 0.15, 0, None)
    return Inks(*(np.clip(ink, 0, None) for ink in (red, blue, dark)))


def _paper(picture: Picture) -> Picture:
    """The page as if nothing stood on it: smooth, from the brightest of each neighbourhood."""
    height, width = picture.shape[:2]
    scale = FIELD / max(height, width)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    bright = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 17)
    return np.asarray(np.maximum(cv2.resize(bright, (width, height)), DIMMEST), np.uint8)
