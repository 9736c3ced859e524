"""Rings in a map of ink: circles, ovals and halves of circles, also where they are cut off or broken.

First a search by correlation with rings of every width that a seal has, over the arc that lies on the page, on a page
so small that a seal is 20 to 40 pixels wide. Then each peak is fitted, on a larger map, to the outermost ink along rays
from its centre, and measured: what stands on the ring, around it and inside. Whether that is a seal is for
`ingest.seals` to say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]
"""Ink, 0..1, shape (height, width)."""

SHORT, LONG = 160, 228  # pixels of the sides on which rings are searched
FINER = 4  # times as many pixels along each side has the map on which they are fitted
DIAMETERS = (0.115, 0.27)  # of the short side: an official seal is 38 to 45 mm wide, A4 210 mm
OVAL = 0.72  # ratio of the axes of an oval seal, more or less
TURNS = range(0, 180, 30)  # degrees by which ovals are turned
PAD = 22  # half of the widest ring
AROUND = 0.6  # what ink just outside a ring takes away
PEAKS = 7
RAYS = 240
STEPS = (2.5, 1.25)  # pixels of the map by which centre and axes are tried
BESIDE = 8  # pixels of the map outside a ring where its paper is
NUDGES = np.array(sorted(product((0, -1, 1), repeat=4), key=lambda nudge: sum(map(abs, nudge))), np.float32)
OCTANTS = 8

Shape = tuple[float, float, float, int]
"""Half axes a >= b, angle of a in degrees, the side that is there: 0 both, -1 left, 1 right."""


@dataclass(frozen=True, slots=True)
class Ring:
    """An ellipse in pixels of the map, a >= b, angle of a in degrees, and what was measured on it.

    side:    the half that is there, where a riding seal was cut open: -1 left, 1 right, 0 both.
    visible: share of the whole ring that lies on the page.
    support: share of the visible ring on which ink stands; evenness: the same in its second poorest eighth.
    outside, band, core, fill: ink just around the ring, where its letters stand, in its middle, in all of it.
    beyond:  of half a ring, the support of the half that is not there.
    """

    cx: float
    cy: float
    a: float
    b: float
    angle: float
    side: int
    score: float
    visible: float = 0.0
    support: float = 0.0
    evenness: float = 0.0
    outside: float = 0.0
    band: float = 0.0
    core: float = 0.0
    fill: float = 0.0
    beyond: float = 0.0

    @property
    def worth(self) -> float:
        """Orders rings that compete for a place."""
        return self.support + 0.3 * self.evenness - self.outside + 0.15 * self.visible


def search_scale(height: int, width: int) -> float:
    """By how much a picture is scaled to the map of ink on which rings are found."""
    return FINER * min(SHORT / min(height, width), LONG / max(height, width))


def find_rings(ink: Map, shapes: Sequence[Shape], least: float = 0.25) -> list[Ring]:
    """The best rings, best first, in pixels of the map, which has the scale of `search_scale`.

    least: score in the search below which a ring is not looked at; chance makes 0.3 in coloured ink, 0.5 in print.
    """
    score, which = _correlate(_reduced(ink), tuple(shapes))
    thick = cv2.dilate((ink > 0.24).astype(np.uint8), np.ones((3, 3), np.uint8))
    found = []
    for _ in range(PEAKS):
        _, best, _, (x, y) = cv2.minMaxLoc(score)
        if best < least:
            break
        a, b, angle, side = shapes[int(which[y, x])]
        cv2.circle(score, (x, y), int(b * 0.6), -1.0, -1)
        cx, cy = (FINER * (place - PAD + 0.5) - 0.5 for place in (x, y))
        rough = Ring(cx, cy, FINER * a, FINER * b, angle, side, round(float(best), 3))
        ring = _measured(ink, _fitted(ink, _sharpened(thick, rough)))
        found.append(replace(ring, beyond=_measured(ink, replace(ring, side=-side)).support) if side else ring)
    return sorted(found, key=lambda ring: -ring.worth)


@cache
def round_shapes() -> tuple[Shape, ...]:
    radii = np.arange(SHORT * DIAMETERS[0] / 2, SHORT * DIAMETERS[1] / 2, 1.0)
    return tuple((float(r), float(r), 0.0, 0) for r in radii)


@cache
def oval_shapes() -> tuple[Shape, ...]:
    radii = np.arange(SHORT * 0.15 / 2, SHORT * DIAMETERS[1] / 2, 1.5)
    return tuple((float(r), float(r * OVAL), float(angle), 0) for r in radii for angle in TURNS)


@cache
def half_shapes() -> tuple[Shape, ...]:
    radii = np.arange(SHORT * 0.15 / 2, SHORT * 0.25 / 2, 1.2)
    return tuple((float(r), float(r), 0.0, side) for r in radii for side in (-1, 1))


# --- the search -------------------------------------------------------------------------------------------------------


@cache
def _canvas(tall: bool) -> tuple[int, int]:
    """One size for all pages that stand, one for all that lie, so that spectra are made once."""
    sides = [cv2.getOptimalDFTSize(side + 2 * PAD) for side in (LONG, SHORT)]
    return (sides[0], sides[1]) if tall else (sides[1], sides[0])


@cache
def _spectrum(size: tuple[int, int], shape: Shape) -> Map:
    """Of the ring, summing to one, less the band just outside it, summing to AROUND."""
    a, b, angle, side = shape
    reach = int(a + 4)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    distance = (radius(x, y, Ring(0, 0, a, b, angle, 0, 0)) - 1) * (a + b) / 2
    half = x * side > 0.08 * a if side else np.ones_like(x, bool)
    ring, around = (np.abs(distance) <= 0.6) & half, (distance > 1.4) & (distance < 2.9) & half
    kernel = np.zeros(size, np.float32)
    kernel[: 2 * reach + 1, : 2 * reach + 1] = ring / ring.sum() - AROUND * around / around.sum()
    return np.asarray(cv2.dft(np.roll(kernel, (-reach, -reach), (0, 1))), np.float32)


def _reduced(ink: Map) -> Map:
    """Where ink is, on the small page of the search: 1 or 0."""
    half = cv2.resize(cv2.dilate(ink, np.ones((2, 2), np.uint8)), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    some = cv2.dilate((half > 0.24).astype(np.uint8), np.ones((2, 2), np.uint8))
    size = (max(1, round(ink.shape[1] / FINER)), max(1, round(ink.shape[0] / FINER)))
    return np.asarray(cv2.resize(some, size, interpolation=cv2.INTER_NEAREST), np.float32)


def _correlate(ink: Map, shapes: tuple[Shape, ...]) -> tuple[Map, NDArray[np.int16]]:
    """Per place of the padded page the best score and the shape that has it."""
    height, width = ink.shape
    size = _canvas(height >= width)
    page = np.zeros(size, np.float32)
    page[PAD : PAD + height, PAD : PAD + width] = ink
    spectrum = cv2.dft(page)
    whole = (height + 2 * PAD, width + 2 * PAD)
    best, which = np.full(whole, -1, np.float32), np.zeros(whole, np.int16)
    for n, shape in enumerate(shapes):
        product = cv2.mulSpectrums(spectrum, _spectrum(size, shape), 0, conjB=True)
        score = cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)[: whole[0], : whole[1]]
        seen = np.outer(_share(height, shape), _share(width, shape))
        score = cv2.divide(score, cv2.max(seen, 0.3))
        cv2.scaleAdd(seen, 0.15, score, score)
        score[seen < 0.3] = -1
        better = score > best
        np.copyto(best, score, where=better)
        np.copyto(which, n, where=better)
    best -= 0.15  # what is not on the page speaks against a ring
    return best, which


def _share(length: int, shape: Shape) -> Map:
    """Per place along one side of the padded page, the share of a circle around it that lies on the page."""
    if shape[3]:  # half a circle was cut from a whole one: its centre lies where the page is open
        return np.ones(length + 2 * PAD, np.float32)
    place = np.arange(-PAD, length + PAD, dtype=np.float32)
    inside = [np.arccos(np.clip(-d / shape[0], -1, 1)) / np.pi for d in (place, length - 1 - place)]
    return np.asarray(inside[0] + inside[1] - 1, np.float32)


# --- the fit ----------------------------------------------------------------------------------------------------------


def _sharpened(thick: NDArray[np.uint8], rough: Ring) -> Ring:
    """The ellipse moved and stretched a little to where most ink stands on it and least around it."""
    theta = _rays(rough)[::3]
    ring = rough
    for step in STEPS:
        tried = NUDGES * step + (ring.cx, ring.cy, ring.a, ring.b)
        cx, cy, a, b = tried.T[:, :, None]
        on, around = (
            cv2.remap(thick, *_ellipse_points(cx, cy, a + by, b + by, ring.angle, theta), cv2.INTER_NEAREST).mean(
                axis=1
            )
            for by in (0, BESIDE)
        )
        cx, cy, a, b = (float(value) for value in tried[np.argmax(on - AROUND * around)])
        ring = replace(ring, cx=cx, cy=cy, a=a, b=b)
    return ring


def _fitted(ink: Map, rough: Ring) -> Ring:
    """The ellipse moved to the outermost ink near it, twice, the second time more narrowly."""
    ring = rough
    for reach in (0.15, 0.07):
        points = _outermost(ink, ring, reach)
        whole = not ring.side and len(points) > 0.55 * RAYS
        for _ in range(3):
            if len(points) < 40:
                return ring
            fitted = _ellipse(points, ring, whole)
            if fitted is None or not _near(fitted, rough):
                return ring
            ring = fitted
            off = np.abs(radius(points[:, 0], points[:, 1], ring) - 1)
            points = points[off <= max(0.02, 1.5 * float(np.median(off)))]
    return ring


def _outermost(ink: Map, ring: Ring, reach: float) -> NDArray[np.float32]:
    """Where the outermost ink of each ray lies; rays where it jumps away from its neighbours' are left out."""
    theta = _rays(ring)
    factors = np.arange(1 - reach, 1 + reach, 0.008, dtype=np.float32)[:, None]
    px, py = _places(ring, theta, factors)
    hit = cv2.remap(ink, px, py, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0) > 0.3
    last = np.where(hit.any(axis=0), len(factors) - 1 - np.argmax(hit[::-1], axis=0), -1)
    met = last >= 0
    if not met.any():
        return np.empty((0, 2), np.float32)
    met &= np.abs(last - np.median(last[met])) < 0.6 * len(factors) / 2
    rays = np.flatnonzero(met)
    return np.stack([px[last[rays], rays], py[last[rays], rays]], axis=1).astype(np.float32)


def _ellipse(points: NDArray[np.float32], ring: Ring, whole: bool) -> Ring | None:
    """The ellipse through most of the points; of a part of a ring only the circle can be told."""
    if not whole:
        x, y = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
        known = np.stack([2 * x, 2 * y, np.ones_like(x)], axis=1)
        (cx, cy, rest), *_ = np.linalg.lstsq(known, x * x + y * y, rcond=None)
        radius = math.sqrt(max(1.0, rest + cx * cx + cy * cy))
        return replace(ring, cx=float(cx), cy=float(cy), a=radius, b=radius, angle=0.0)
    (cx, cy), (one, other), angle = cv2.fitEllipseDirect(points)
    if not all(map(math.isfinite, (cx, cy, one, other))) or min(one, other) < 16:
        return None
    a, b = max(one, other) / 2, min(one, other) / 2
    return replace(ring, cx=cx, cy=cy, a=a, b=b, angle=angle if one >= other else angle + 90)


def _near(ring: Ring, rough: Ring) -> bool:
    """False when a fit ran away."""
    moved = math.hypot(ring.cx - rough.cx, ring.cy - rough.cy) < 0.2 * rough.a
    return moved and 0.8 < ring.a / rough.a < 1.2 and 0.78 < ring.b / rough.b < 1.25


def _rays(ring: Ring) -> Map:
    theta = np.linspace(0, 2 * np.pi, RAYS, endpoint=False, dtype=np.float32)
    return theta[np.cos(theta + math.radians(ring.angle)) * ring.side > 0.1] if ring.side else theta


def _places(ring: Ring, theta: Map, factors: Map) -> tuple[Map, Map]:
    """Pixels at `factors` (a column) of the ellipse along each ray."""
    return _ellipse_points(ring.cx, ring.cy, factors * ring.a, factors * ring.b, ring.angle, theta)


def _ellipse_points(
    cx: float | Map, cy: float | Map, a: float | Map, b: float | Map, angle: float, theta: Map
) -> tuple[Map, Map]:
    """x and y on an ellipse; centres and axes may be columns of many ellipses."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    u, v = a * np.cos(theta), b * np.sin(theta)
    return np.asarray(cx + u * cos - v * sin, np.float32), np.asarray(cy + u * sin + v * cos, np.float32)


def radius(x: NDArray[np.floating], y: NDArray[np.floating], ring: Ring) -> NDArray[np.floating]:
    """Distance from the ring's centre in units of the ellipse: 1 on it."""
    turn = math.radians(ring.angle)
    u = (x - ring.cx) * math.cos(turn) + (y - ring.cy) * math.sin(turn)
    v = -(x - ring.cx) * math.sin(turn) + (y - ring.cy) * math.cos(turn)
    return np.sqrt((u / ring.a) ** 2 + (v / ring.b) ** 2)


# --- the measures -----------------------------------------------------------------------------------------------------


def _measured(ink: Map, ring: Ring) -> Ring:
    height, width = ink.shape
    theta = _rays(ring)
    pixel = 1 / ring.b
    factors = np.concatenate(
        [np.arange(0.04, 0.95, 0.03), 1 + pixel * np.arange(-3, 2.1), 1 + np.arange(0.06, 0.15, 0.02)]
    )
    px, py = _places(ring, theta, factors[:, None].astype(np.float32))
    on_page = (px >= 0) & (px < width) & (py >= 0) & (py < height)
    seen = on_page[factors > 0.9].all(axis=0)
    if seen.sum() < 0.2 * RAYS:
        return replace(ring, support=0.0)
    value = cv2.remap(ink, px, py, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    near = np.abs(factors - 1) <= 3.01 * pixel
    on = value[near].max(axis=0) > 0.3
    eighth = (np.arange(len(theta)) * OCTANTS // len(theta))[seen]
    parts = sorted(float(on[seen][eighth == k].mean()) for k in range(OCTANTS) if (eighth == k).sum() >= 5)

    def mean(low: float, high: float) -> float:
        rows = (factors >= low) & (factors <= high) & ~near
        inside = on_page[rows]
        return round(float((value[rows] > 0.3)[inside].mean()), 3) if inside.any() else 0.0

    return replace(
        ring,
        visible=round(float(seen.sum()) / RAYS, 3),
        support=round(float(on[seen].mean()), 3),
        evenness=round(parts[min(1, len(parts) - 1)], 3) if parts else 0.0,
        outside=mean(1.05, 1.2),
        band=mean(0.6, 0.9),
        core=mean(0, 0.25),
        fill=mean(0, 0.93),
    )
