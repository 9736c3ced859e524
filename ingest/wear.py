"""How the ink took along a seal's ring: the same in all pictures of one impression, another when it is stamped anew.

Letters and their places are the same in every impression of a seal, so a picture's likeness says little. Pressure, ink
and paper are not: where the ring came out strong and where weak tells a pasted picture from a seal stamped twice.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.seal_ink import SealInk
from ingest.unwrap import around

BITS, FINER = 256, 2  # around the ring, and how many samples for each
ACROSS = np.linspace(0.88, 1.06, 18)[:, None]  # of the radius: the ring
NEAR, WIDE = 3, 63  # samples that are taken together, and their surroundings
WHOLE = 0.95  # of the ring that must be on the page


def impression_hash(ink: SealInk) -> str:
    """64 hex digits, a bit for each 256th of the ring, from its top clockwise: more ink there than around it? Empty for
    squares and what is not whole."""
    if ink.imprint.visible < WHOLE or ink.imprint.shape in ("riding", "square"):
        return ""
    cx, cy, *_ = ink.place
    ex, ey = around(ink.place, BITS * FINER)
    px, py = (cx + ACROSS * ex).astype(np.float32), (cy + ACROSS * ey).astype(np.float32)
    ring = cv2.remap(ink.bare, px, py, cv2.INTER_LINEAR).sum(axis=0).reshape(BITS, FINER).mean(axis=1)
    return np.packbits(_mean(ring, NEAR) > _mean(ring, WIDE)).tobytes().hex()


def _mean(ring: NDArray[np.floating], samples: int) -> NDArray[np.floating]:
    """Running mean; the ring closes."""
    closed = np.concatenate([ring[-samples:], ring, ring[:samples]])
    return np.convolve(closed, np.ones(samples) / samples, "same")[samples:-samples]
