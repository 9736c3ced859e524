"""The arched writing of a seal laid straight, as strips.

The strip runs once around the ellipse, clockwise from where it is cut open, letters upright; only the seal's own ink is
in it, dark on white, so that print under or over the seal is gone.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.seal_ink import Grey, Place, SealInk, on_white
from ingest.squares import square_lines

STRIP = 56  # pixels of a strip's height
INNER, OUTER = 0.50, 0.94  # of the radius: between star and ring
CUTS = 2  # places where the circle is cut open
APART = 0.08  # of the circle: cuts closer to one another are one
AROUND = int(STRIP * 2 * math.pi * (INNER + OUTER) / 2 / (OUTER - INNER))  # pixels of a strip once around


def strips(ink: SealInk, askew: float) -> list[Grey]:
    """The arched text, cut open at its foot and at its widest gap; shape (STRIP, width).

    askew: the seal's tilt, degrees clockwise. Of a colourless seal without the print that crosses it and is darker, and
    once with it. Of a square seal, its characters in one line, by columns and by rows.
    """
    if ink.imprint.shape == "square":
        return [on_white(line) for line in square_lines(ink.bare, ink.place, STRIP)]
    strip = unwrapped(ink)
    laid = [_cut(strip, at) for at in _cuts(strip, askew)]
    if ink.whole is not ink.bare:
        whole = unwrapped(ink, with_print=True)
        laid += [_cut(whole, at) for at in _cuts(whole, askew)[:1]]
    return laid


def profile(strip: Grey) -> NDArray[np.float32]:
    """How much ink stands in each column of the band of letters."""
    band = 255 - strip[int(STRIP * 0.2) : int(STRIP * 0.85)].astype(np.float32)
    ring = np.concatenate([band.mean(axis=0)] * 3)
    width = strip.shape[1]
    return np.convolve(ring, np.ones(9) / 9, "same")[width : 2 * width].astype(np.float32)


def bare_places(strip: Grey) -> list[tuple[int, int]]:
    """Gaps between letters as (length, centre), longest first; the strip is a circle."""
    ink = profile(strip)
    width = len(ink)
    low = ink < max(8.0, float(np.percentile(ink, 60)) * 0.35)
    if low.all() or not low.any():
        return [(width, width // 2)]
    start = int(np.flatnonzero(~low)[0])
    turned = np.roll(low, -start)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], turned.astype(np.int8), [0]])))
    runs = [(int(b - a), int((a + b) // 2 + start) % width) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return sorted(runs, reverse=True)


def _cuts(strip: Grey, askew: float) -> list[int]:
    """Where to cut: at the foot, and in the widest gaps, apart from one another."""
    cuts = [round((askew / 360 + 0.5) * AROUND) % AROUND]
    for _, centre in bare_places(strip):
        if all(min(abs(centre - c), AROUND - abs(centre - c)) > APART * AROUND for c in cuts):
            cuts.append(centre)
    return cuts[:CUTS]


def _cut(strip: Grey, at: int) -> Grey:
    """The circle cut open there, without the paper at both ends."""
    opened = np.roll(strip, -at, axis=1)
    ink = np.flatnonzero((255 - opened[int(STRIP * 0.15) : int(STRIP * 0.85)]).mean(axis=0) > 18)
    return opened[:, max(0, ink[0] - 8) : ink[-1] + 9] if len(ink) > 10 else opened


def unwrapped(ink: SealInk, *, with_print: bool = False) -> Grey:
    """Once around, clockwise from the top, letters upright, dark on white; shape (STRIP, AROUND)."""
    cx, cy, a, b, _ = ink.place
    ex, ey = around(ink.place, AROUND)
    rho = np.linspace(OUTER, INNER, STRIP)[:, None]
    if a / b > 1.25:  # a true oval: its band of letters is as high everywhere
        length = np.hypot(ex, ey)
        depth = (1 - rho) * b
        px, py = cx + ex - depth * ex / length, cy + ey - depth * ey / length
    else:
        px, py = cx + rho * ex, cy + rho * ey
    laid = cv2.remap(
        ink.whole if with_print else ink.bare, px.astype(np.float32), py.astype(np.float32), cv2.INTER_CUBIC
    )
    return on_white(laid)


def around(place: Place, steps: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points on the ellipse, x and y from its centre, clockwise from the top of the page."""
    _, _, a, b, angle = place
    turn, theta = math.radians(angle), np.linspace(0, 2 * np.pi, steps, endpoint=False)
    ux, uy = np.sin(theta), -np.cos(theta)
    p = (ux * math.cos(turn) + uy * math.sin(turn)) * a
    q = (-ux * math.sin(turn) + uy * math.cos(turn)) * b
    return p * math.cos(turn) - q * math.sin(turn), p * math.sin(turn) + q * math.cos(turn)
