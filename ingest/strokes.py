"""The ink in a slot, as numbers: pieces of dark ink without seals, rules and paper, and the frames of name seals.

What they mean (a hand, print, a name seal, nothing) is judged in `extractors.signatures`, which sees no pixel.
Lengths are in units: a unit is about the height of a line of print on a sheet of A4, 1/38 of its short side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Blot, Box, Imprint, InkTrace
from ingest.ink import dark_layer, red_ink
from ingest.ocr import Picture

Mask = NDArray[np.uint8]

UNITS = 38  # in the short side of a page
INK, FAINT = 0.33, 0.17  # darkness from which a pixel is ink, on a sharp page and on a pale one
BLUE = 18  # by how much blue stands out over red in ink that is blue
RULE = 1.5  # units from which an even straight line is a rule
SIDE = 0.55  # units: the least straight run of a name seal's frame
FRAME = (1.35, 7.0, 0.9)  # units: the longer side of a name seal, 8 to 38 mm, and the least of the shorter one
SPECK = 0.004  # square units below which a piece is dust
RING = (0.9, 1.06)  # of a seal's ellipse: the band that holds its ring
PALER = 0.12  # by how much ink within a grey seal is darker than the seal


def trace(picture: Picture, box: Box, seals: Sequence[Imprint] = ()) -> InkTrace:
    """Traces the ink in `box`.

    picture: the whole working picture, RGB; box: in its pixels; seals: found on it, in its pixels too, to be left out.
    """
    unit = min(picture.shape[:2]) / UNITS
    x0, y0, x1, y1 = _pixels(picture, box)
    if x1 - x0 < 4 or y1 - y0 < 4:
        return InkTrace(())
    crop = picture[y0:y1, x0:x1]
    darkness, dark = _ink(picture, (x0, y0, x1, y1), unit)
    red = red_ink(crop)
    rings = [_ring(crop.shape[:2], seal, x0, y0) for seal in seals]
    frames = _frames(_outside(red, rings), unit, whole=False) + _frames(dark, unit, whole=True)
    for seal, ring in zip(seals, rings, strict=True):
        dark = _without_seal(dark, darkness, red, seal, ring)
    bare = _without_rules(dark, unit)
    loose = red.copy()
    for ring in rings:
        loose[ring.disc] = False
    return InkTrace(
        _blots(bare, darkness, crop, unit, x0, y0), tuple(_moved(frame, x0, y0) for frame in frames), int(loose.sum())
    )


def unread_rows(picture: Picture, box: Box, seals: Sequence[Imprint], read: Sequence[Box]) -> tuple[Box, ...]:
    """Rows of ink in `box` that the detector passed over, mostly because a seal or a signature stands in them.

    read: boxes of what was read. A row is as high as the ink at its left end: what is signed behind a label is taller.
    """
    unit = min(picture.shape[:2]) / UNITS
    x0, y0, x1, y1 = _pixels(picture, box)
    darkness, dark = _ink(picture, (x0, y0, x1, y1), unit)
    red = red_ink(picture[y0:y1, x0:x1])
    for seal in seals:
        dark = _without_seal(dark, darkness, red, seal, _ring(dark.shape, seal, x0, y0))
    dark = _without_rules(dark, unit)
    for one in read:
        top, bottom = max(0, round(one.y0 - y0)), max(0, round(one.y1 - y0))
        dark[top:bottom, max(0, round(one.x0 - x0)) : max(0, round(one.x1 - x0))] = 0
    words = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((3, int(1.6 * unit)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(words, connectivity=8)
    rows = []
    for x, y, w, h, _area in stats[1:]:
        if w < 4 * unit or not 0.4 * unit < h < 4 * unit:
            continue
        inked = np.flatnonzero(dark[y : y + h, x : x + int(4 * unit)].any(1))
        top, bottom = y + int(inked[0]), y + int(inked[-1]) + 1
        if 0.4 * unit < bottom - top < 1.6 * unit:
            pad = 0.2 * unit
            rows.append(Box(x0 + x - pad, y0 + top - pad, x0 + x + w + pad, y0 + bottom + pad))
    return tuple(rows)


def _pixels(picture: Picture, box: Box) -> tuple[int, int, int, int]:
    height, width = picture.shape[:2]
    return max(0, int(box.x0)), max(0, int(box.y0)), min(width, round(box.x1)), min(height, round(box.y1))


def _ink(picture: Picture, at: tuple[int, int, int, int], unit: float) -> tuple[NDArray[np.float32], Mask]:
    """How dark each pixel is, and which are ink. All of the page beside it is looked at: an empty slot has no ink."""
    x0, y0, x1, y1 = at
    band = _darkness(dark_layer(picture[y0:y1]), unit)
    darkness = band[:, x0:x1]
    return darkness, (darkness > _threshold(band)).astype(np.uint8)


def _threshold(darkness: NDArray[np.float32]) -> float:
    """From which darkness a pixel is ink: less where all ink around is pale, as in a blurred picture."""
    inked = darkness[darkness > 0.2]
    if len(inked) < 50:
        return INK
    return float(np.clip(0.45 * np.percentile(inked, 90), FAINT, INK))


def _moved(box: Box, x: int, y: int) -> Box:
    return Box(box.x0 + x, box.y0 + y, box.x1 + x, box.y1 + y)


def _darkness(crop: Picture, unit: float) -> NDArray[np.float32]:
    """How dark each pixel is against the paper around it, 0..1: shadows and casts fall out."""
    grey = crop.min(axis=2)
    size = max(3, int(unit) | 1)
    paper = cv2.blur(cv2.dilate(grey, np.ones((size, size), np.uint8)), (2 * size + 1, 2 * size + 1))
    level = np.maximum(paper.astype(np.float32), np.percentile(grey, 70) * 0.8)
    return np.asarray(np.clip(1.0 - grey.astype(np.float32) / np.maximum(1.0, level), 0.0, 1.0))


def _ellipse(shape: tuple[int, ...], seal: Imprint, x0: int, y0: int, scale: float) -> NDArray[np.bool_]:
    cx, cy, a, b, angle = seal.ellipse
    mask = np.zeros(shape, np.uint8)
    cv2.ellipse(mask, ((cx - x0, cy - y0), (2 * a * scale, 2 * b * scale), angle), 1, -1)
    return mask > 0


@dataclass(frozen=True, slots=True)
class _Seal:
    """A seal's place in a crop: its whole disc and its ring alone."""

    disc: NDArray[np.bool_]
    ring: NDArray[np.bool_]


def _ring(shape: tuple[int, ...], seal: Imprint, x0: int, y0: int) -> _Seal:
    disc = _ellipse(shape, seal, x0, y0, RING[1])
    return _Seal(disc, disc & ~_ellipse(shape, seal, x0, y0, RING[0]))


def _without_seal(
    dark: Mask, darkness: NDArray[np.float32], red: NDArray[np.bool_], seal: Imprint, place: _Seal
) -> Mask:
    """A seal is as dark as its ring, and what lies over it is darker. Of a black one only the ring can be told."""
    bare = dark.copy()
    own = place.ring & (red | (dark > 0))
    if seal.colour == "black":
        bare[place.ring] = 0
    elif own.sum() > 30:
        bare[place.disc & (darkness < float(np.percentile(darkness[own], 60)) + PALER)] = 0
    return bare


def _without_rules(dark: Mask, unit: float) -> Mask:
    """A rule may slant by a few pixels over its length; strokes that cross it are mended."""
    length, thick = max(12, int(RULE * unit)), max(3, int(0.22 * unit))
    rules = np.zeros_like(dark)
    for along, across, slack in (((1, length), (thick, 1), (3, 1)), ((length, 1), (1, thick), (1, 3))):
        long = cv2.morphologyEx(cv2.dilate(dark, np.ones(slack, np.uint8)), cv2.MORPH_OPEN, np.ones(along, np.uint8))
        rules |= long & ~cv2.morphologyEx(long, cv2.MORPH_OPEN, np.ones(across, np.uint8))
    bare = dark.copy()
    bare[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 0
    mended = cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return np.asarray(mended & dark)


def _outside(red: NDArray[np.bool_], seals: Sequence[_Seal]) -> Mask:
    """Red ink without the rings of round seals, whose flat parts look like sides."""
    bare = red.astype(np.uint8)
    for seal in seals:
        bare[seal.ring] = 0
    return bare


def _frames(ink: Mask, unit: float, whole: bool) -> list[Box]:
    """Squares and rectangles as large as a name seal with four sides drawn or (whole=False) three."""
    if not ink.any():
        return []
    thick = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    side = max(5, int(SIDE * unit))
    flat = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, side), np.uint8))
    steep = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((side, 1), np.uint8))
    joined = cv2.morphologyEx(flat | steep, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for x, y, w, h, _area in stats[1:]:
        fits = (
            FRAME[0] * unit < max(w, h) < FRAME[1] * unit and min(w, h) > FRAME[2] * unit and max(w, h) < 4 * min(w, h)
        )
        at = slice(y, y + h), slice(x, x + w)
        if fits and _drawn(flat[at] > 0, steep[at] > 0) >= (4 if whole else 3):
            found.append(Box(float(x), float(y), float(x + w), float(y + h)))
    return found


def _drawn(flat: NDArray[np.bool_], steep: NDArray[np.bool_]) -> int:
    """How many sides of a rectangle are drawn, by its level and its upright runs."""
    edge = max(2, int(0.14 * min(flat.shape)))
    sides = flat[:edge].any(0), flat[-edge:].any(0), steep[:, :edge].any(1), steep[:, -edge:].any(1)
    return sum(float(side.mean()) > 0.62 for side in sides)


def _blots(dark: Mask, darkness: NDArray[np.float32], crop: Picture, unit: float, x0: int, y0: int) -> tuple[Blot, ...]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    distance = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
    ridge = (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)) - 1e-6) & (dark > 0)
    blue = (crop[:, :, 2].astype(np.int16) - crop[:, :, 0] > BLUE) & (dark > 0)
    flat = labels.ravel()
    area = np.maximum(1, np.bincount(flat, minlength=count))
    spine = np.maximum(1, np.bincount(labels[ridge], minlength=count))
    mean = np.bincount(labels[ridge], distance[ridge], count) / spine
    square = np.bincount(labels[ridge], distance[ridge] ** 2, count) / spine
    depth = np.bincount(flat, darkness.ravel(), count) / area
    share = np.bincount(labels[blue], minlength=count) / area
    blots = []
    for n in range(1, count):
        x, y, w, h, size = (int(v) for v in stats[n])
        if size < SPECK * unit * unit:
            continue
        uneven = float(np.sqrt(max(0.0, square[n] - mean[n] ** 2)) / max(mean[n], 1e-6))
        at = Box(float(x + x0), float(y + y0), float(x + w + x0), float(y + h + y0))
        figures = (2 * mean[n], uneven, depth[n], share[n])
        blots.append(Blot(at, size, *(round(float(f), 3) for f in figures)))
    return tuple(sorted(blots, key=lambda b: b.box.x0))
