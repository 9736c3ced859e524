"""The writing of a seal laid straight: its arched text as a strip, the line below its star upright.

The strip runs once around the ellipse, clockwise from where it is cut open, letters upright; only the seal's own ink is
in it, dark on white, so that print under or over the seal is gone.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Imprint
from ingest.ocr import Picture
from ingest.squares import square_lines

STRIP = 56  # pixels of a strip's height
INNER, OUTER = 0.50, 0.985  # of the radius: between star and ring
CUTS = 3  # places where the circle may be cut open
PALE, DARKER = 175, 50  # ink, of 255, up to which a ring is grey, and by how much print is darker than it
Grey = NDArray[np.uint8]


def strips(picture: Picture, imprint: Imprint) -> list[Grey]:
    """The arched text, cut open at its widest gaps, the widest first; shape (STRIP, width).

    Of a colourless seal twice, then without the print that crosses it and is darker. Of a square seal, its characters
    in one line, by columns and by rows.
    """
    if imprint.shape == "square":
        ink, (x0, y0) = _ink(picture, imprint)
        cx, cy, *rest = imprint.ellipse
        return [_on_white(line) for line in square_lines(ink, (cx - x0, cy - y0, rest[0], rest[1], rest[2]), STRIP)]
    laid = [_strip(picture, imprint)]
    if imprint.colour in ("grey", "black"):
        laid.append(_strip(picture, imprint, bare=True))
    return [_trimmed(np.roll(strip, -cut, axis=1)) for strip in laid for cut in _gaps(strip)]


def lower_line(picture: Picture, imprint: Imprint) -> Grey | None:
    """The band below the star where a department's or purpose's name stands, upright; None when it holds no writing.

    Upright is by the widest gap of the arched text, which is at the foot of a seal.
    """
    if imprint.shape == "square":
        return None
    strip = _strip(picture, imprint, bare=True)
    tilt = _tilt(strip)
    ink, (x0, y0) = _ink(picture, imprint, bare=True)
    cx, cy, a, b, _ = imprint.ellipse
    cx, cy = cx - x0, cy - y0
    width, height = int(1.5 * a), int(0.42 * b)
    turn = math.radians(tilt)
    xs = np.linspace(-0.75 * a, 0.75 * a, width)
    ys = np.linspace(0.26 * b, 0.68 * b, height)
    gx, gy = np.meshgrid(xs, ys)
    px = (cx + gx * math.cos(turn) - gy * math.sin(turn)).astype(np.float32)
    py = (cy + gx * math.sin(turn) + gy * math.cos(turn)).astype(np.float32)
    band = cv2.remap(ink, px, py, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    dark = band > 0.4 * max(60.0, float(np.percentile(ink[ink > 30], 90) if (ink > 30).any() else 0))
    rows = _longest(dark.mean(axis=1) > 0.025)
    if rows is None or rows[1] - rows[0] < 0.1 * height or dark[rows[0] : rows[1]].mean() < 0.03:
        return None
    pad = int(0.2 * (rows[1] - rows[0])) + 2
    return _on_white(band[max(0, rows[0] - pad) : rows[1] + pad])


def _longest(on: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Start and end of the longest run that is on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    runs = [(int(b - a), int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return max(runs)[1:] if runs else None


def impression_hash(picture: Picture, imprint: Imprint) -> str:
    """Perceptual hash of the unwrapped seal, 64 hex digits: the very same picture again gives nearly the same bits."""
    if imprint.visible < 0.95 or imprint.shape == "riding":
        return ""
    small = cv2.resize(_strip(picture, imprint), (64, 16), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:16, :16]
    bits = (low > np.median(low)).astype(np.uint8).ravel()
    return np.packbits(bits).tobytes().hex()


def _ink(picture: Picture, imprint: Imprint, bare: bool = False) -> tuple[NDArray[np.float32], tuple[int, int]]:
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


def _paler(ink: NDArray[np.float32], centre: tuple[float, float], imprint: Imprint) -> NDArray[np.float32]:
    """Grey ink without what is clearly darker than the seal's own ring: print that crosses it."""
    y, x = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]].astype(np.float32)
    turn = math.radians(imprint.ellipse[4])
    u = (x - centre[0]) * math.cos(turn) + (y - centre[1]) * math.sin(turn)
    v = -(x - centre[0]) * math.sin(turn) + (y - centre[1]) * math.cos(turn)
    rho = np.hypot(u / imprint.ellipse[2], v / imprint.ellipse[3])
    ring = ink[(rho > 0.96) & (rho < 1.0)]
    ring = ring[ring > 40]
    own = float(np.median(ring)) if ring.size else 255.0
    if own > PALE:
        return ink
    print_ = cv2.dilate((ink > own + DARKER).astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(print_ > 0, 0, ink)


def _strip(picture: Picture, imprint: Imprint, bare: bool = False) -> Grey:
    own, (x0, y0) = _ink(picture, imprint, bare)
    cx, cy, a, b, angle = imprint.ellipse
    cx, cy = cx - x0, cy - y0
    turn = math.radians(angle)
    width = int(STRIP * 2 * math.pi * (INNER + OUTER) / 2 / (OUTER - INNER))
    theta = np.linspace(0, 2 * np.pi, width, endpoint=False)
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
    return _on_white(ink)


def _on_white(ink: NDArray[np.float32]) -> Grey:
    most = max(30.0, float(np.percentile(ink, 97)))
    return np.asarray(255 - np.clip(ink / most * 255, 0, 255), np.uint8)


def _profile(strip: Grey) -> NDArray[np.float32]:
    """How much ink stands in each column of the band of letters."""
    band = 255 - strip[int(STRIP * 0.2) : int(STRIP * 0.85)].astype(np.float32)
    ring = np.concatenate([band.mean(axis=0)] * 3)
    width = strip.shape[1]
    return np.convolve(ring, np.ones(9) / 9, "same")[width : 2 * width].astype(np.float32)


def _runs(strip: Grey) -> list[tuple[int, int]]:
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


def _gaps(strip: Grey) -> list[int]:
    """Where to cut: in the widest gaps, apart from one another, and opposite the top in any case."""
    width = strip.shape[1]
    cuts: list[int] = []
    for _, centre in _runs(strip):
        if all(min(abs(centre - c), width - abs(centre - c)) > width * 0.08 for c in cuts):
            cuts.append(centre)
    foot = width // 2
    if all(min(abs(foot - c), width - abs(foot - c)) > width * 0.04 for c in cuts[:CUTS]):
        cuts = [*cuts[: CUTS - 1], foot]
    return cuts[:CUTS]


def _tilt(strip: Grey) -> float:
    """Degrees clockwise by which the seal was stamped askew: where the gap at its foot lies, against straight down.

    A department's name stands in that gap and parts it in two; two wide gaps around something short are one.
    """
    width = strip.shape[1]
    runs = _runs(strip)
    length, centre = runs[0]
    if len(runs) > 1:
        (first, a), (second, b) = runs[0], runs[1]
        apart = (b - a) % width
        left = a if apart <= width - apart else b
        between = min(apart, width - apart) - (first + second) / 2
        if second > 0.08 * width and between < 0.2 * width:
            start = left - (first if left == a else second) / 2
            length = int(first + second + between)
            centre = int(start + length / 2) % width
    tilt = (centre / width) * 360 - 180
    return tilt if length > 0.06 * width and abs(tilt) < 60 else 0.0


def _trimmed(strip: Grey) -> Grey:
    ink = np.flatnonzero((255 - strip[int(STRIP * 0.15) : int(STRIP * 0.85)]).mean(axis=0) > 18)
    return strip[:, max(0, ink[0] - 8) : ink[-1] + 9] if len(ink) > 10 else strip
