"""The ink of one seal, taken from what it was stamped on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Imprint
from ingest.ocr import Picture

PALE, DARKER = 175, 50  # ink, of 255, up to which a ring is grey, and by how much print is darker than it
PRINT = 60  # of 255: the same of a coloured ring, in its own channel
FAINT = 40  # ink, of 255, that is surely there
BRIDGE = 2  # pixels around a gap from which strokes are carried on over it
Grey = NDArray[np.uint8]
Ink = NDArray[np.float32]
Place = tuple[float, float, float, float, float]  # an ellipse: centre x and y, half axes a >= b, angle of a


@dataclass(frozen=True)
class SealInk:
    """What is a seal's ink in the part of a picture around it, 0..255.

    bare:   without the print that crosses it, whose strokes are carried on.
    whole:  of a colourless seal with that print, else the same.
    place:  the seal's ellipse in pixels of this part.
    """

    imprint: Imprint
    bare: Ink
    whole: Ink
    place: Place


def seal_ink(picture: Picture, imprint: Imprint) -> SealInk:
    cx, cy, a, b, angle = imprint.ellipse
    height, width = picture.shape[:2]
    reach = 1.3 * a
    x0, y0 = max(0, int(cx - reach)), max(0, int(cy - reach))
    x1, y1 = min(width, int(cx + reach) + 1), min(height, int(cy + reach) + 1)
    place = (cx - x0, cy - y0, a, b, angle)
    part = picture[y0:y1, x0:x1].astype(np.float32)
    paper = np.percentile(part.reshape(-1, 3), 90, axis=0)
    flat = np.clip(part / np.maximum(paper, 40) * 255, 0, 255)
    red, green, blue = flat[:, :, 0], flat[:, :, 1], flat[:, :, 2]
    y, x = np.mgrid[0 : y1 - y0, 0 : x1 - x0].astype(np.float32)
    rho = distance(x - place[0], y - place[1], place)
    if imprint.colour == "red":
        bare = _bridged(np.clip(red - np.minimum(green, blue), 0, 255), red, rho)
    elif imprint.colour == "blue":
        bare = _bridged(np.clip(blue - red, 0, 255), blue, rho)
    else:
        whole = 255 - flat.min(axis=2)
        return SealInk(imprint, _paler(whole, rho), whole, place)
    return SealInk(imprint, bare, bare, place)


def distance(x: NDArray[np.floating], y: NDArray[np.floating], place: Place) -> Ink:
    """How far pixels, counted from the seal's centre, lie from it, in units of its ellipse."""
    turn = math.radians(place[4])
    along, athwart = x * math.cos(turn) + y * math.sin(turn), -x * math.sin(turn) + y * math.cos(turn)
    return np.asarray(np.hypot(along / place[2], athwart / place[3]), np.float32)


def on_white(ink: Ink) -> Grey:
    most = max(30.0, float(np.percentile(ink, 97)))
    return np.asarray(255 - np.clip(ink / most * 255, 0, 255), np.uint8)


def _bridged(ink: Ink, own: Ink, rho: Ink) -> Ink:
    """Coloured ink with its strokes carried on over print, which is darker in the ink's own channel."""
    ring = own[(rho > 0.95) & (rho < 1.0) & (ink > FAINT)]
    if ring.size < 50:
        return ink
    return _carried_on(ink, own < np.median(ring) - PRINT)


def _paler(ink: Ink, rho: Ink) -> Ink:
    """Grey ink without what is clearly darker than the seal's own ring: print that crosses it."""
    ring = ink[(rho > 0.96) & (rho < 1.0) & (ink > FAINT)]
    own = float(np.median(ring)) if ring.size else 255.0
    if own > PALE:
        return ink
    return _carried_on(ink, cv2.dilate((ink > own + DARKER).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _carried_on(ink: Ink, gap: NDArray[np.bool_]) -> Ink:
    """The strokes at both sides of a gap are joined."""
    whole = cv2.inpaint(ink.astype(np.uint8), gap.astype(np.uint8), BRIDGE, cv2.INPAINT_TELEA)
    return np.asarray(whole, np.float32)
