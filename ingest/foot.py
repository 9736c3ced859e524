"""What stands upright at a seal's foot: the line below its star, which names an office or a purpose, and along its ring
the number under which it is registered."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.seal_ink import Grey, Ink, SealInk, distance, on_white

EDGE = 6  # pixels of paper before and after the line
WHOLE = 0.95  # of the ring that must be on the page for its number to be
DIGITS_HIGH = 48  # pixels of the number's line
FEWEST, MOST = 8, 20  # pieces of ink in a row of 13 digits: some run together, some fall apart
RING = 0.9  # of the radius: letters end there


def lower_line(ink: SealInk, askew: float) -> Grey | None:
    """The band below the star where a department's or purpose's name stands, upright; None when it holds no writing.

    askew: the seal's tilt, degrees clockwise.
    """
    if ink.imprint.shape == "square":
        return None
    band, full = _band(ink, askew)
    dark = band > 0.4 * full
    rows = _longest(dark.mean(axis=1) > 0.025)
    if rows is None or rows[1] - rows[0] < 0.1 * len(band) or dark[rows[0] : rows[1]].mean() < 0.03:
        return None
    pad = int(0.2 * (rows[1] - rows[0])) + 2
    inked = np.flatnonzero(dark[rows[0] : rows[1]].any(axis=0))
    return on_white(band[max(0, rows[0] - pad) : rows[1] + pad, max(0, inked[0] - EDGE) : inked[-1] + EDGE + 1])


def number_line(ink: SealInk, askew: float) -> Grey | None:
    """The number along the ring, laid straight; None when nothing stands there that looks like one."""
    if ink.imprint.shape != "round" or ink.imprint.visible < WHOLE:
        return None
    digits = _along_ring(ink, askew, 0.80, 0.925, 45)
    height = np.sort(digits, axis=0)[-DIGITS_HIGH // 12 :].mean(axis=0)
    on = height > 0.5 * max(40.0, float(np.percentile(height, 85)))
    if not FEWEST <= np.count_nonzero(np.diff(on.astype(np.int8)) == 1) <= MOST:
        return None
    return on_white(_along_ring(ink, askew, 0.74, 0.96, 60))


def _along_ring(ink: SealInk, askew: float, inner: float, outer: float, reach: float) -> Ink:
    """The ink at the foot between two radii, `reach` degrees to each side, tops of digits to the middle of the seal."""
    cx, cy, a, b, _ = ink.place
    width = int(math.radians(2 * reach) * (inner + outer) / 2 / (outer - inner) * DIGITS_HIGH)
    angle = np.radians(180 + askew + np.linspace(reach, -reach, width))
    rho = np.linspace(inner, outer, DIGITS_HIGH)[:, None]
    px, py = (
        (cx + a * rho * np.sin(angle)).astype(np.float32),
        (cy - b * rho * np.cos(angle)).astype(np.float32),
    )
    return np.asarray(cv2.remap(ink.bare, px, py, cv2.INTER_CUBIC), np.float32)


def _band(ink: SealInk, askew: float) -> tuple[Ink, float]:
    """The ink below the star, upright, without the ring; with how dark full ink is, 0..255."""
    cx, cy, a, b, _ = ink.place
    full = max(60.0, float(np.percentile(ink.bare[ink.bare > 30], 90) if (ink.bare > 30).any() else 0))
    across, down = np.meshgrid(
        np.linspace(-0.75 * a, 0.75 * a, int(1.5 * a)), np.linspace(0.26 * b, 0.68 * b, int(0.42 * b))
    )
    turn = math.radians(askew)
    x, y = across * math.cos(turn) - down * math.sin(turn), across * math.sin(turn) + down * math.cos(turn)
    px, py = (x + cx).astype(np.float32), (y + cy).astype(np.float32)
    band = cv2.remap(ink.bare, px, py, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return np.where(distance(x, y, ink.place) < RING, band, 0), full


def _longest(on: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Start and end of the longest run that is on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    runs = [(int(b - a), int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return max(runs)[1:] if runs else None
