"""The ink of one seal, taken from what it was stamped on."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Imprint
from ingest.ocr import Picture

PALE, DARKER = 175, 50  # ink, of 255, up to which a ring is grey, and by how much print is darker than it
Grey = NDArray[np.uint8]
Ink = NDArray[np.float32]


def seal_ink(picture: Picture, imprint: Imprint, bare: bool = False) -> tuple[Ink, tuple[int, int]]:
    """0..255: how much of each pixel around the seal is its ink; with that part's left and top edge in the picture."""
    cx, cy, a, _, _ = imprint.ellipse
    height, width = picture.shape[:2]
    reach = 1.3 * a
    x0, y0 = max(0, int(cx - reach)), max(0, int(cy - reach))
    x1, y1 = min(width, int(cx + reach) + 1), min(height, int(cy + reach) + 1)
    part = picture[y0:y1, x0:x1].astype(np.float32)
    paper = np.percentile(part.reshape(-1, 3), 90, axis=0)
    flat = np.clip(part / np.maximum(paper, 40) * 255, 0, 255)
    if imprint.colour == "red":
        ink = flat[:, :, 0] - np.minimum(flat[:, :, 1], flat[:, :, 2])
    elif imprint.colour == "blue":
        ink = flat[:, :, 2] - flat[:, :, 0]
    else:
        ink = 255 - flat.min(axis=2)
        ink = _paler(ink, (cx - x0, cy - y0), imprint) if bare else ink
    return np.asarray(np.clip(ink, 0, 255), np.float32), (x0, y0)


def distance(x: NDArray[np.floating], y: NDArray[np.floating], imprint: Imprint) -> NDArray[np.floating]:
    """How far pixels, counted from the seal's centre, lie from it, in units of its ellipse."""
    turn = math.radians(imprint.ellipse[4])
    along, athwart = x * math.cos(turn) + y * math.sin(turn), -x * math.sin(turn) + y * math.cos(turn)
    return np.hypot(along / imprint.ellipse[2], athwart / imprint.ellipse[3])


def on_white(ink: Ink) -> Grey:
    most = max(30.0, float(np.percentile(ink, 97)))
    return np.asarray(255 - np.clip(ink / most * 255, 0, 255), np.uint8)


def _paler(ink: Ink, centre: tuple[float, float], imprint: Imprint) -> Ink:
    """Grey ink without what is clearly darker than the seal's own ring: print that crosses it."""
    y, x = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]].astype(np.float32)
    rho = distance(x - centre[0], y - centre[1], imprint)
    ring = ink[(rho > 0.96) & (rho < 1.0)]
    ring = ring[ring > 40]
    own = float(np.median(ring)) if ring.size else 255.0
    if own > PALE:
        return ink
    print_ = cv2.dilate((ink > own + DARKER).astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(print_ > 0, 0, ink)
