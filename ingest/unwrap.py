"""The arched writing of a seal laid straight, as strips.

The strip runs once around the ellipse, clockwise from where it is cut open, letters upright; only the seal's own ink is
in it, dark on white, so that print under or over the seal is gone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Imprint
from ingest.ocr import Picture
from ingest.seal_ink import Grey, on_white, seal_ink
from ingest.squares import square_lines

STRIP = 56  # pixels of a strip's height
INNER, OUTER = 0.50, 0.985  # of the radius: between star and ring
CUTS = 3  # places where the circle may be cut open
AROUND = int(STRIP * 2 * math.pi * (INNER + OUTER) / 2 / (OUTER - INNER))  # pixels of a strip once around


@dataclass(frozen=True)
class Strip:
    """Arched text laid straight: grey, shape (STRIP, width); `start`: where its left edge lies on the circle, 0..1."""

    picture: Grey
    start: float = 0.0


def strips(picture: Picture, imprint: Imprint) -> list[Strip]:
    """The arched text, cut open at its widest gaps, the widest first.

    Of a colourless seal twice, then without the print that crosses it and is darker. Of a square seal, its characters
    in one line, by columns and by rows.
    """
    if imprint.shape == "square":
        ink, (x0, y0) = seal_ink(picture, imprint)
        cx, cy, *rest = imprint.ellipse
        lines = square_lines(ink, (cx - x0, cy - y0, rest[0], rest[1], rest[2]), STRIP)
        return [Strip(on_white(line)) for line in lines]
    laid = [unwrapped(picture, imprint)]
    if imprint.colour in ("grey", "black"):
        laid.append(unwrapped(picture, imprint, bare=True))
    return [_cut(strip, at) for strip in laid for at in _cuts(strip)]


def impression_hash(picture: Picture, imprint: Imprint) -> str:
    """Perceptual hash of the unwrapped seal, 64 hex digits: the very same picture again gives nearly the same bits."""
    if imprint.visible < 0.95 or imprint.shape == "riding":
        return ""
    small = cv2.resize(unwrapped(picture, imprint), (64, 16), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:16, :16]
    bits = (low > np.median(low)).astype(np.uint8).ravel()
    return np.packbits(bits).tobytes().hex()


def _profile(strip: Grey) -> NDArray[np.float32]:
    """How much ink stands in each column of the band of letters."""
    band = 255 - strip[int(STRIP * 0.2) : int(STRIP * 0.85)].astype(np.float32)
    ring = np.concatenate([band.mean(axis=0)] * 3)
    width = strip.shape[1]
    return np.convolve(ring, np.ones(9) / 9, "same")[width : 2 * width].astype(np.float32)


def gaps(strip: Grey) -> list[tuple[int, int]]:
    """Gaps between letters as (length, centre), longest first; the strip is a circle."""
    profile = _profile(strip)
    width = len(profile)
    low = profile < max(8.0, float(np.percentile(profile, 60)) * 0.35)
    if low.all() or not low.any():
        return [(width, width // 2)]
    start = int(np.flatnonzero(~low)[0])
    turned = np.roll(low, -start)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], turned.astype(np.int8), [0]])))
    runs = [(int(b - a), int((a + b) // 2 + start) % width) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return sorted(runs, reverse=True)


def _cuts(strip: Grey) -> list[int]:
    """Where to cut: in the widest gaps, apart from one another, and opposite the top in any case."""
    width = strip.shape[1]
    cuts: list[int] = []
    for _, centre in gaps(strip):
        if all(min(abs(centre - c), width - abs(centre - c)) > width * 0.08 for c in cuts):
            cuts.append(centre)
    foot = width // 2
    if all(min(abs(foot - c), width - abs(foot - c)) > width * 0.04 for c in cuts[:CUTS]):
        cuts = [*cuts[: CUTS - 1], foot]
    return cuts[:CUTS]


def _cut(strip: Grey, at: int) -> Strip:
    """The circle cut open there, without the paper at both ends."""
    opened = np.roll(strip, -at, axis=1)
    ink = np.flatnonzero((255 - opened[int(STRIP * 0.15) : int(STRIP * 0.85)]).mean(axis=0) > 18)
    first, last = (max(0, int(ink[0]) - 8), int(ink[-1]) + 9) if len(ink) > 10 else (0, strip.shape[1])
    return Strip(opened[:, first:last], (at + first) / strip.shape[1])


def unwrapped(picture: Picture, imprint: Imprint, bare: bool = False) -> Grey:
    """Once around, clockwise from the top, letters upright, dark on white; shape (STRIP, AROUND)."""
    own, (x0, y0) = seal_ink(picture, imprint, bare)
    cx, cy, a, b, angle = imprint.ellipse
    cx, cy = cx - x0, cy - y0
    turn = math.radians(angle)
    theta = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    ux, uy = np.sin(theta), -np.cos(theta)
    p = (ux * math.cos(turn) + uy * math.sin(turn)) * a
    q = (-ux * math.sin(turn) + uy * math.cos(turn)) * b
    ex, ey = p * math.cos(turn) - q * math.sin(turn), p * math.sin(turn) + q * math.cos(turn)
    rho = np.linspace(OUTER, INNER, STRIP)[:, None]
    if a / b > 1.25:  # a true oval: its band of letters is as high everywhere
        length = np.hypot(ex, ey)
        depth = (1 - rho) * b
        px, py = cx + ex - depth * ex / length, cy + ey - depth * ey / length
    else:
        px, py = cx + rho * ex, cy + rho * ey
    ink = cv2.remap(own, px.astype(np.float32), py.astype(np.float32), cv2.INTER_CUBIC)
    return on_white(ink)
