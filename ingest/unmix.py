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
from ingest.shrink import shrink

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
    r, g, b = _densities(picture)
    least, most = cv2.min(cv2.min(r, g), b), cv2.max(cv2.max(r, g), b)
    brown = _positive(cv2.addWeighted(b, BROWN, g, -1.25 * BROWN, -0.08 * BROWN))
    red = cv2.subtract(cv2.min(g, b), r)
    cv2.subtract(red, brown, red)
    blue = cv2.min(r, cv2.addWeighted(r, 0.5, g, 0.5, 0, brown))
    cv2.subtract(blue, b, blue)
    uneven = cv2.subtract(most, least, most)
    dark = cv2.scaleAdd(_positive(cv2.subtract(uneven, 0.15, uneven)), -TINTED, least)
    return Inks(_positive(red), _positive(blue), _positive(dark))


def _densities(picture: Picture) -> list[Density]:
    """Of each channel, above the page's own paper."""
    paper = cv2.LUT(_paper(picture), _DENSITY)
    size = picture.shape[1::-1]
    planes = zip(cv2.split(picture), cv2.split(paper), strict=True)
    return [_positive(cv2.subtract(cv2.LUT(plane, _DENSITY), cv2.resize(field, size))) for plane, field in planes]


def _positive(ink: Density) -> Density:
    """In its place: pages are large, and fresh memory costs more than the sums."""
    return np.asarray(cv2.max(ink, 0, ink), np.float32)


def _paper(picture: Picture) -> Picture:
    """The page as if nothing stood on it, small: smooth, from the brightest of each neighbourhood."""
    small = shrink(picture, FIELD / max(picture.shape[:2]))
    bright = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 17)
    return np.asarray(np.maximum(bright, DIMMEST), np.uint8)
