"""Seals found on a page: rings of one colour of ink, told from letterheads, stains and pen marks.

A ring of known width is searched by correlation: ink on the ring, none just outside it, scored over the arc that lies
on the page, so that cut seals and riding strips (骑缝章) are found as well. The ellipse is then fitted to the outermost
ink along rays. Red and blue are searched in their colour; grey and black, where a page shows no coloured seal, in the
dark ink with stiffer limits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Box, Imprint, SealColour
from ingest.ocr import Picture

Map = NDArray[np.float32]

SMALL = 320  # pixels of the short side on which rings are searched
DIAMETERS = (0.13, 0.27)  # of the short side: an official seal is 38 to 45 mm wide, A4 210 mm
OVALS = ((0.70, 0), (0.70, 90), (0.78, 0), (0.78, 15), (0.78, -15))
RAYS = 180
LEAST_SCORE, LEAST_SUPPORT = 0.38, 0.3  # below these a peak is nothing; the support is the share of rays that meet ink
FEWEST = 0.0004  # share of coloured pixels below which a page has no coloured seal


@dataclass(frozen=True, slots=True)
class Ring:
    """An ellipse in pixels of the picture it was found in: centre, half axes (a >= b), angle of a in degrees.

    side: the half that is there, where a riding seal was cut open: -1 left, 1 right, 0 both.
    """

    cx: float
    cy: float
    a: float
    b: float
    angle: float
    score: float
    support: float
    visible: float
    side: int = 0


def find_imprints(picture: Picture) -> tuple[Imprint, ...]:
    """The seals on a page, surest first; boxes and ellipses in pixels of `picture`, nothing read yet."""
    height, width = picture.shape[:2]
    scale = SMALL / min(height, width)
    flat = _flat_field(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    found: list[tuple[Ring, SealColour]] = []
    for colour, ink in (("red", red_map(flat)), ("blue", blue_map(flat))):
        if float((ink > 0.25).mean()) >= FEWEST:
            found += [(ring, colour) for ring in _coloured_rings(ink)]  # type: ignore[misc]
    if not any(colour == "red" for _, colour in found):
        found += [(ring, _darkness(flat, ring)) for ring in _dark_rings(_dark_map(flat))]
    kept: list[tuple[Ring, SealColour]] = []
    for ring, colour in sorted(found, key=lambda f: -f[0].score):
        if all(math.hypot(ring.cx - k.cx, ring.cy - k.cy) > 0.6 * k.b for k, _ in kept):
            kept.append((ring, colour))
    return tuple(_imprint(ring, colour, scale, width, height) for ring, colour in kept)


def _imprint(ring: Ring, colour: SealColour, scale: float, width: int, height: int) -> Imprint:
    cx, cy, a, b = ring.cx / scale, ring.cy / scale, ring.a / scale, ring.b / scale
    turn = math.radians(ring.angle)
    half_width = math.hypot(a * math.cos(turn), b * math.sin(turn))
    half_height = math.hypot(a * math.sin(turn), b * math.cos(turn))
    x0, x1 = cx - half_width * (ring.side <= 0), cx + half_width * (ring.side >= 0)
    box = Box(max(0.0, x0), max(0.0, cy - half_height), min(float(width), x1), min(float(height), cy + half_height))
    at_edge = box.x0 < 0.012 * width or box.x1 > 0.988 * width
    riding = ring.side != 0 or (at_edge and (ring.visible < 0.88 or a / b > 1.15))
    shape = "riding" if riding else "oval" if a / b > 1.15 else "round"
    confidence = round(min(0.99, 0.5 + 0.5 * ring.score), 3)
    ellipse = (round(cx, 1), round(cy, 1), round(a, 1), round(b, 1), round(ring.angle, 1))
    return Imprint(box, ellipse, shape, colour, confidence, round(ring.visible, 2))  # type: ignore[arg-type]


# --- ink --------------------------------------------------------------------------------------------------------------


def _flat_field(small: Picture) -> Map:
    """Divides by the paper: shadows and casts of light go. 0..255 per channel."""
    coarse = cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(coarse, np.ones((7, 7), np.uint8)), 21)
    paper = cv2.resize(paper, small.shape[1::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return np.asarray(np.clip(small.astype(np.float32) / np.maximum(paper, 40) * 255, 0, 255), np.float32)


def red_map(flat: Map) -> Map:
    """0..1: how red. What is yellower than seal ink (coffee, wood, a warm shadow) counts less."""
    red, green, blue = flat[:, :, 0], flat[:, :, 1], flat[:, :, 2]
    excess = red - np.maximum(green, blue) - np.clip(green - blue - 14, 0, None) * 1.3
    return np.asarray(np.clip(excess / 80, 0, 1), np.float32)


def blue_map(flat: Map) -> Map:
    red, blue = flat[:, :, 0], flat[:, :, 2]
    return np.asarray(np.clip((blue - red - 12) / 90, 0, 1), np.float32)


def _dark_map(flat: Map) -> Map:
    """Dark ink without long straight lines: tables are no rings."""
    dark = np.clip((232 - flat.min(axis=2)) / 80, 0, 1)
    mask = (dark > 0.24).astype(np.uint8)
    for kernel in ((31, 1), (1, 31)):
        lines = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8))
        dark[cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0] = 0
    return np.asarray(dark, np.float32)


def _darkness(flat: Map, ring: Ring) -> SealColour:
    """Grey or black, by the ink on the ring itself."""
    y, x = np.mgrid[0 : flat.shape[0], 0 : flat.shape[1]].astype(np.float32)
    rho = _radius(x, y, ring)
    values = flat.min(axis=2)[np.abs(rho - 0.97) < 0.05]
    return "black" if values.size and float(np.percentile(values, 25)) < 95 else "grey"


# --- rings ------------------------------------------------------------------------------------------------------------


def _coloured_rings(ink: Map) -> list[Ring]:
    """Round seals first; ovals and halves of riding seals in the ink that these leave."""
    rings = [r for r in _peaks(ink, "round") if r.score >= 0.57 and (r.support >= 0.66 or r.score >= 0.72)]
    rings = [ring for ring in rings if _is_seal(ink, ring)]
    y, x = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]].astype(np.float32)
    rest = ink.copy()
    for ring in rings:
        rest[_radius(x, y, ring) < 1.08] = 0
    if float((rest > 0.25).mean()) < FEWEST:
        return rings
    others = [r for r in _peaks(rest, "other") if r.score >= (0.6 if r.side else 0.56) and r.support >= 0.62]
    return rings + [ring for ring in others if _is_seal(rest, ring)]


def _dark_rings(ink: Map) -> list[Ring]:
    """Rings in dark ink, clearer than this page's print is ring-like anyway: writing and folds make many poor rings."""
    rings = list(_peaks(ink, "dark"))
    floor = float(np.median([ring.score for ring in rings[2:7]])) if len(rings) > 4 else 0.45

    def stands_out(ring: Ring) -> bool:
        clear = ring.score >= max(0.66, floor + 0.06) and ring.support >= 0.52
        return clear or (ring.score >= floor + 0.125 and ring.support >= 0.45)

    return [ring for ring in rings if stands_out(ring) and _is_seal(ink, ring)]


def _peaks(ink: Map, kind: str) -> Iterator[Ring]:
    """The best rings, best first, each apart from the ones before."""
    mask = (ink > 0.24).astype(np.float32)
    pad = int(SMALL * DIAMETERS[1] / 2)
    padded = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    thick = cv2.dilate(padded, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    score, which = _correlate(thick, padded, pad, kind)
    for _ in range(8):
        _, best, _, (x, y) = cv2.minMaxLoc(score)
        if best < LEAST_SCORE:
            return
        shape = _shapes(kind)[int(which[y, x])]
        cv2.circle(score, (x, y), int(shape[1] * 0.7), -1.0, -1)
        ring = _refined(padded, pad, x, y, shape, float(best))
        if ring is not None and ring.support >= LEAST_SUPPORT:
            yield ring


Shape = tuple[float, float, float, int]
"""Half axes, angle of the longer one in degrees, and the side that is there: 0 both, -1 left, 1 right."""


@lru_cache(maxsize=4)
def _shapes(kind: str) -> tuple[Shape, ...]:
    step = 1.8 if kind == "dark" else 1.3
    radii = [float(r) for r in np.arange(SMALL * DIAMETERS[0] / 2, SMALL * DIAMETERS[1] / 2, step)]
    if kind != "other":
        return tuple((r, r, 0.0, 0) for r in radii)
    ovals = [(r, r * aspect, float(angle), 0) for r in radii[2::2] for aspect, angle in OVALS]
    return (*ovals, *((r, r, 0.0, side) for r in radii[::2] for side in (-1, 1)))


@lru_cache(maxsize=256)
def _templates(size: tuple[int, int], shape: Shape) -> tuple[Map, Map]:
    """Spectra of the ring and of the band just outside it, each summing to one."""
    a, b, angle, side = shape
    reach = int(a + 14)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    turn = math.radians(angle)
    u, v = x * math.cos(turn) + y * math.sin(turn), -x * math.sin(turn) + y * math.cos(turn)
    distance = (np.sqrt((u / a) ** 2 + (v / b) ** 2) - 1) * (a + b) / 2
    spectra = []
    for part in (np.abs(distance) <= 0.7, (distance > 3) & (distance < 6)):
        part = part & (x * side > 0.1 * a) if side else part
        kernel = np.zeros(size, np.float32)
        kernel[: 2 * reach + 1, : 2 * reach + 1] = part / part.sum()
        spectra.append(cv2.dft(np.roll(kernel, (-reach, -reach), (0, 1)), flags=cv2.DFT_COMPLEX_OUTPUT))
    return spectra[0], spectra[1]


@lru_cache(maxsize=512)
def _visible(page: tuple[int, int], pad: int, size: tuple[int, int], shape: Shape) -> Map:
    """The share of a ring around each place that lies on the page."""
    paper = np.zeros(size, np.float32)
    paper[pad : pad + page[0], pad : pad + page[1]] = 1
    return _filtered(cv2.dft(paper, flags=cv2.DFT_COMPLEX_OUTPUT), _templates(size, shape)[0])


def _filtered(spectrum: Map, kernel: Map) -> Map:
    product = cv2.mulSpectrums(spectrum, kernel, 0, conjB=True)
    return np.asarray(cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT), np.float32)


def _correlate(thick: Map, thin: Map, pad: int, kind: str) -> tuple[Map, NDArray[np.int32]]:
    height, width = thick.shape
    size = (cv2.getOptimalDFTSize(height), cv2.getOptimalDFTSize(width))
    spectra = []
    for layer in (thick, thin):
        whole = np.zeros(size, np.float32)
        whole[:height, :width] = layer
        spectra.append(cv2.dft(whole, flags=cv2.DFT_COMPLEX_OUTPUT))
    best = np.full((height, width), -1, np.float32)
    which = np.zeros((height, width), np.int32)
    page = (height - 2 * pad, width - 2 * pad)
    for n, shape in enumerate(_shapes(kind)):
        ring, outside = _templates(size, shape)
        seen = _visible(page, pad, size, shape)[:height, :width]
        hit = _filtered(spectra[0], ring)[:height, :width]
        around = _filtered(spectra[1], outside)[:height, :width]
        score = hit / np.maximum(seen, 0.3) - (0.9 if kind == "dark" else 0.6) * around
        score -= 0.15 * (1 - np.minimum(seen, 1)) + (0.05 if kind == "other" else 0)
        score[seen < 0.3] = -1
        better = score > best
        best[better] = score[better]
        which[better] = n
    return best, which


def _refined(mask: Map, pad: int, x: float, y: float, shape: Shape, score: float) -> Ring | None:
    """Fits the ellipse to the outermost ink near the ring, along rays from its centre."""
    a, b, angle, side = shape
    turn = math.radians(angle)
    theta = np.linspace(0, 2 * np.pi, RAYS, endpoint=False)
    theta = theta[np.cos(theta) * side > 0.1] if side else theta
    factors = np.arange(0.84, 1.16, 0.01)[:, None]
    ex, ey = a * np.cos(theta), b * np.sin(theta)
    px = (x + factors * (ex * math.cos(turn) - ey * math.sin(turn))).astype(np.float32)
    py = (y + factors * (ex * math.sin(turn) + ey * math.cos(turn))).astype(np.float32)
    hit = cv2.remap(mask, px, py, cv2.INTER_LINEAR) > 0.4
    height, width = mask.shape
    inside = (px[16] >= pad) & (px[16] < width - pad) & (py[16] >= pad) & (py[16] < height - pad)
    outermost = np.where(hit.any(axis=0), len(factors) - 1 - np.argmax(hit[::-1], axis=0), -1)
    met = outermost >= 0
    if met.sum() < 20 or not inside.any():
        return None
    met &= np.abs(outermost - np.median(outermost[met])) < 7
    support, visible = float((met & inside).sum() / inside.sum()), float(inside.mean())
    cx, cy = float(x), float(y)
    points = np.array([(px[outermost[i], i], py[outermost[i], i]) for i in np.flatnonzero(met)], np.float32)
    if len(points) >= 25 and visible > 0.6 and not side:
        (fx, fy), (d1, d2), fitted = cv2.fitEllipseDirect(points)
        long, short = max(d1, d2) / 2, min(d1, d2) / 2
        if 0.85 < long / a < 1.15 and 0.82 < short / b < 1.18 and math.hypot(fx - cx, fy - cy) < 0.15 * a:
            cx, cy, a, b, angle = fx, fy, long, short, fitted if d1 >= d2 else fitted + 90
    return Ring(cx - pad, cy - pad, a, b, angle, score, support, visible / 2 if side else visible, side)


def _radius(x: Map, y: Map, ring: Ring) -> Map:
    """Distance from the ring's centre in units of the ellipse: 1 on it."""
    turn = math.radians(ring.angle)
    u = (x - ring.cx) * math.cos(turn) + (y - ring.cy) * math.sin(turn)
    v = -(x - ring.cx) * math.sin(turn) + (y - ring.cy) * math.cos(turn)
    return np.sqrt((u / ring.a) ** 2 + (v / ring.b) ** 2)


def _is_seal(ink: Map, ring: Ring) -> bool:
    """Letters along the ring and paper between: no disc, no empty circle."""
    height, width = ink.shape
    y0, y1 = max(0, int(ring.cy - ring.a)), min(height, int(ring.cy + ring.a) + 1)
    x0, x1 = max(0, int(ring.cx - ring.a)), min(width, int(ring.cx + ring.a) + 1)
    if y1 - y0 < 5 or x1 - x0 < 5:
        return False
    y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    rho, part = _radius(x, y, ring), ink[y0:y1, x0:x1] > 0.25
    rho[(x - ring.cx) * ring.side < 0] = 9
    band, inner = part[(rho > 0.58) & (rho < 0.9)], part[rho < 0.92]
    return bool(band.size and inner.size) and 0.05 < float(band.mean()) < 0.8 and float(inner.mean()) < 0.7
