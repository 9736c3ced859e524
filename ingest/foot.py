"""What stands upright at a seal's foot: the line below its star, which names an office or a purpose."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Imprint
from ingest.ocr import Picture
from ingest.seal_ink import Grey, Ink, distance, on_white, seal_ink

EDGE = 6  # pixels of paper before and after the line
RING = 0.9  # of the radius: letters end there


def lower_line(picture: Picture, imprint: Imprint, askew: float) -> Grey | None:
    """The band below the star where a department's or purpose's name stands, upright; None when it holds no writing.

    askew: the seal's tilt, degrees clockwise.
    """
    if imprint.shape == "square":
        return None
    band, full = _band(picture, imprint, askew)
    dark = band > 0.4 * full
    rows = _longest(dark.mean(axis=1) > 0.025)
    if rows is None or rows[1] - rows[0] < 0.1 * len(band) or dark[rows[0] : rows[1]].mean() < 0.03:
        return None
    pad = int(0.2 * (rows[1] - rows[0])) + 2
    inked = np.flatnonzero(dark[rows[0] : rows[1]].any(axis=0))
    return on_white(band[max(0, rows[0] - pad) : rows[1] + pad, max(0, inked[0] - EDGE) : inked[-1] + EDGE + 1])


def _band(picture: Picture, imprint: Imprint, askew: float) -> tuple[Ink, float]:
    """The ink below the star, upright, without the ring; with how dark full ink is, 0..255."""
    ink, (x0, y0) = seal_ink(picture, imprint, bare=True)
    cx, cy, a, b, _ = imprint.ellipse
    full = max(60.0, float(np.percentile(ink[ink > 30], 90) if (ink > 30).any() else 0))
    across, down = np.meshgrid(
        np.linspace(-0.75 * a, 0.75 * a, int(1.5 * a)), np.linspace(0.26 * b, 0.68 * b, int(0.42 * b))
    )
    turn = math.radians(askew)
    x, y = across * math.cos(turn) - down * math.sin(turn), across * math.sin(turn) + down * math.cos(turn)
    px, py = (x + cx - x0).astype(np.float32), (y + cy - y0).astype(np.float32)
    band = cv2.remap(ink, px, py, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return np.where(distance(x, y, imprint) < RING, band, 0), full


def _longest(on: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Start and end of the longest run that is on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    runs = [(int(b - a), int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return max(runs)[1:] if runs else None
