"""Seals found on a page: rings and squares of one colour of ink, told from letterheads, emblems, stains and pen marks.

Red and blue seals are searched in their own ink (`ingest.unmix`), grey and black ones, on a page without a coloured
seal, in the dark ink and by stiffer limits. A ring (`ingest.rings`) is a seal when ink stands all along it, little just
outside, and letters with paper between them inside: an emblem is a disc, a letterhead's round strokes have neighbours.
Whole rings come first, then those that the page's edge cuts, then halves of riding seals (骑缝章) on fanned sheets.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from ingest.document import Box, Imprint, SealColour, SealShape
from ingest.frames import Frame, find_frames
from ingest.ocr import Picture
from ingest.rings import (
    Map,
    Ring,
    find_rings,
    half_shapes,
    oval_shapes,
    radius,
    round_shapes,
    search_scale,
)
from ingest.shrink import shrink
from ingest.unmix import Inks, unmix

INK = 0.3  # of a map: what counts as ink
SMALLEST = 37.5  # pixels of half a seal at twice the scale of the search: stamps of receipt are smaller
OFFICIAL = 52.0  # the same of a school's own seal, 38 to 45 mm wide, with what a bad fit may take off
EMPTY = 0.03  # share of ink within a ring up to which a pen drew it
PART = (24, 52)  # pixels of the sides of what may be a part of a seal
CLEAR = 0.5  # score in the search: in coloured ink, and of half a ring, hardly a seal has less than 0.6
FAINT = 0.62  # score in the search from which a faint ring is no chance
SURE = 1.25  # worth of a ring that no other one contends with
OVAL = 1.15  # ratio of the axes from which a seal is oval
RED = 0.15  # density of red within a dark ring from which it is an emblem
DOT = 10  # pixels of the picture, at most, in a dot of a fax
BLACK = 1.0  # density of ink on the ring from which a colourless seal is black


def find_imprints(picture: Picture) -> tuple[Imprint, ...]:
    """The seals on a page, surest first; boxes and ellipses in pixels of `picture`, nothing read yet."""
    height, width = picture.shape[:2]
    scale = search_scale(height, width)
    inks = unmix(shrink(picture, scale))
    found: list[tuple[Ring, SealColour]] = []
    frames: list[tuple[Frame, SealColour]] = []
    for colour, ink in _coloured(inks):
        if _may_hold_seal(ink):
            circles = _coloured_seals(ink)
            squares = find_frames(_without(ink, [ring for ring in circles if _is_sure(ring)]))
            frames += [(frame, colour) for frame in squares]
            found += [(ring, colour) for ring in circles if not any(_in(ring, square) for square in squares)]
    if not found and not frames:
        dark = _without_rules(np.clip((inks.dark - 0.06) / 0.4, 0, 1))
        found = [(ring, _shade(inks, ring)) for ring in _dark_seals(dark) if _on(inks.red, ring, 0, 0.9) < RED]
    if not found and not frames:
        found = [(ring, "black") for ring in _dotted_seals(_dotted(picture, scale))]
    kept = _apart(sorted(found, key=lambda one: -one[0].worth))
    rings = (_imprint(ring, colour, scale, width, height) for ring, colour in kept)
    return (*rings, *(_square(frame, colour, scale, width, height) for frame, colour in frames))


def _in(ring: Ring, frame: Frame) -> bool:
    return math.hypot(ring.cx - frame.cx, ring.cy - frame.cy) < 0.5 * frame.a


def _coloured(inks: Inks) -> Iterator[tuple[SealColour, Map]]:
    yield "red", np.clip((inks.red - 0.04) / 0.22, 0, 1)
    yield "blue", np.clip((inks.blue - 0.05) / 0.3, 0, 1)


# --- which rings are seals --------------------------------------------------------------------------------------------


def _coloured_seals(ink: Map) -> list[Ring]:
    """Round seals first; ovals and halves in the ink that sure ones leave, because they take longer to search."""
    rings = [ring for ring in find_rings(ink, round_shapes(), CLEAR) if _is_seal(ring)]
    rest = _without(ink, [ring for ring in rings if _is_sure(ring) and ring.visible > 0.9])
    if _may_hold_seal(rest):
        rings += [ring for ring in find_rings(rest, oval_shapes(), CLEAR) if _is_seal(ring)]
        rest = _without(rest, [ring for ring in rings if ring.worth >= 1])
        if _may_hold_seal(rest):
            rings += [ring for ring in find_rings(rest, half_shapes(), CLEAR) if _is_seal(ring)]
    return rings


def _is_seal(ring: Ring) -> bool:
    """Limits for coloured ink, measured on 250 pages; what they mean is told above."""
    clear = ring.worth >= 1.35 and ring.outside <= 0.05
    if ring.a < SMALLEST or ring.band > 0.62 or not EMPTY < ring.fill <= (0.58 if clear else 0.5):
        return False
    if ring.side:
        return ring.worth >= 1 and ring.outside <= 0.1 and ring.beyond < 0.3
    if ring.visible < 0.6:
        return ring.worth >= 1.05 and ring.outside <= 0.1 and ring.fill < 0.4 and ring.a / ring.b < OVAL
    if ring.a / ring.b > OVAL or ring.outside > 0.15:
        return ring.worth >= 1.05
    if ring.outside <= 0.03 and ring.score >= FAINT:
        return ring.worth >= 0.74 and ring.evenness >= 0.1
    return ring.worth >= 0.84 and ring.evenness >= 0.2


def _is_sure(ring: Ring) -> bool:
    """A circle drawn into a square seal has the square's corners around it."""
    return ring.worth >= SURE and ring.outside <= 0.1


def _dark_seals(ink: Map) -> list[Ring]:
    """Print and handwriting make many poor rings: only clear ones count, or ones far clearer than the others."""
    rings = find_rings(ink, round_shapes())
    floor = float(np.median([ring.worth for ring in rings[1:]])) if len(rings) > 3 else 0.5
    seals = [ring for ring in rings if _is_dark_seal(ring, floor)]
    rest = _without(ink, seals)
    return seals + [ring for ring in find_rings(rest, half_shapes(), CLEAR) if _is_dark_seal(ring, floor)]


def _is_dark_seal(ring: Ring, floor: float) -> bool:
    if ring.a < SMALLEST or ring.band > 0.45 or not EMPTY < ring.fill <= 0.42 or ring.a / ring.b > OVAL:
        return False
    if ring.side or ring.visible < 0.6:
        return ring.worth >= 1.15 and ring.outside <= 0.09 and ring.beyond < 0.3
    clear = ring.outside <= (0.2 if ring.score >= FAINT else 0.12)
    return ring.worth >= 1.04 or (ring.worth >= max(0.76, floor + 0.28) and clear)


def _dotted_seals(ink: Map) -> list[Ring]:
    """Dots are hardly anything else's, so one broken ring is enough: of a school's seal's size, empty around it, and
    with none like it elsewhere on the page, as the specks of print have."""
    rings = [ring for ring in find_rings(ink, round_shapes()) if ring.visible >= 0.9]
    rings.sort(key=_standing, reverse=True)
    if not rings or any(_standing(ring) > _standing(rings[0]) - 0.1 for ring in rings[1:]):
        return []
    first = rings[0]
    seal = first.a >= OFFICIAL and first.a / first.b <= OVAL and first.outside <= 0.08 and EMPTY < first.fill <= 0.3
    return [first] if seal and first.score >= 0.4 and first.worth >= 0.45 else []


def _standing(ring: Ring) -> float:
    return ring.score + ring.worth


def _apart(found: Sequence[tuple[Ring, SealColour]]) -> list[tuple[Ring, SealColour]]:
    """Without the poorer ones of those that lie on the same place."""
    kept: list[tuple[Ring, SealColour]] = []
    for ring, colour in found:
        if all(math.hypot(ring.cx - k.cx, ring.cy - k.cy) > 0.6 * max(k.b, ring.b) for k, _ in kept):
            kept.append((ring, colour))
    return kept


# --- ink --------------------------------------------------------------------------------------------------------------


def _without(ink: Map, rings: Sequence[Ring]) -> Map:
    """The ink outside some rings."""
    if not rings:
        return ink
    rest = ink.copy()
    for ring in rings:
        part, rho = _near(rest, ring, 1.06)
        part[rho < 1.06] = 0
    return rest


def _dotted(picture: Picture, scale: float) -> Map:
    """Where small dots stand close together: what a fax or a scan in two tones makes of a seal's paler ink."""
    dark = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) < 150).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    dots = stats[:, cv2.CC_STAT_AREA] <= DOT
    dots[0] = False  # the paper
    spread = cv2.GaussianBlur(dots[labels].astype(np.float32), (0, 0), 1.5)
    reduced = cv2.resize(spread, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(reduced / 0.12, 0, 1), np.float32)


def _may_hold_seal(ink: Map) -> bool:
    """Whether some ink, with what lies close to it, is as large as half a seal, or is cut by the page's edge.

    Lines of letters and signatures, the most common coloured ink, are not as high.
    """
    mask = cv2.dilate((ink > INK).astype(np.uint8), np.ones((4, 4), np.uint8))[::4, ::4]
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    stats = 4 * cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:]
    top, wide, high = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    cut = (top <= 4) | (top + high >= ink.shape[0] - 8)
    least, most = PART
    return bool((((high >= most) & (wide >= least)) | (cut & (high >= least) & (wide >= most))).any())


def _without_rules(ink: Map) -> Map:
    """The ink without long straight lines: tables are no rings."""
    mask = (ink > INK).astype(np.uint8)
    bare = ink.copy()
    for kernel in ((1, 61), (61, 1)):
        lines = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(kernel, np.uint8))
        bare[cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0] = 0
    return bare


def _shade(inks: Inks, ring: Ring) -> SealColour:
    """Grey or black, by the ink on the ring itself."""
    return "black" if _on(inks.dark, ring, 0.94, 1.02) > BLACK else "grey"


def _on(ink: Map, ring: Ring, inner: float, outer: float) -> float:
    """How dense the upper quarter of the ink is between two radii."""
    part, rho = _near(ink, ring, outer)
    part = part[(rho > inner) & (rho < outer)]
    return float(np.percentile(part, 75)) if part.size else 0.0


def _near(ink: Map, ring: Ring, reach: float) -> tuple[Map, Map]:
    """A view of the ink around a ring, and of each of its pixels the distance in units of the ellipse."""
    x0, y0 = (max(0, int(centre - reach * ring.a)) for centre in (ring.cx, ring.cy))
    part = ink[y0 : max(y0, int(ring.cy + reach * ring.a) + 2), x0 : max(x0, int(ring.cx + reach * ring.a) + 2)]
    y, x = np.mgrid[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]].astype(np.float32)
    return part, np.asarray(radius(x, y, ring), np.float32)


def _imprint(ring: Ring, colour: SealColour, scale: float, width: int, height: int) -> Imprint:
    cx, cy, a, b = ring.cx / scale, ring.cy / scale, ring.a / scale, ring.b / scale
    turn = math.radians(ring.angle)
    half_width = math.hypot(a * math.cos(turn), b * math.sin(turn))
    half_height = math.hypot(a * math.sin(turn), b * math.cos(turn))
    x0, x1 = cx - half_width * (ring.side <= 0), cx + half_width * (ring.side >= 0)
    box = Box(max(0.0, x0), max(0.0, cy - half_height), min(float(width), x1), min(float(height), cy + half_height))
    shape: SealShape = "oval" if a / b > OVAL else "round"
    if ring.side or (ring.visible < 0.88 and (box.x0 < 0.012 * width or box.x1 > 0.988 * width)):
        shape = "riding"
    ellipse = (round(cx, 1), round(cy, 1), round(a, 1), round(b, 1), round(ring.angle, 1))
    return Imprint(box, ellipse, shape, colour, round(min(0.99, 0.35 + 0.45 * ring.worth), 3), round(ring.visible, 2))


def _square(frame: Frame, colour: SealColour, scale: float, width: int, height: int) -> Imprint:
    corners = cv2.boxPoints(((frame.cx, frame.cy), (2 * frame.a, 2 * frame.b), frame.angle)) / scale
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    box = Box(max(0.0, float(x0)), max(0.0, float(y0)), min(float(width), float(x1)), min(float(height), float(y1)))
    a, b = round(frame.a / scale, 1), round(frame.b / scale, 1)
    ellipse = (round(frame.cx / scale, 1), round(frame.cy / scale, 1), a, b, round(frame.angle, 1))
    return Imprint(box, ellipse, "square", colour, round(0.4 + 0.55 * frame.sides, 3), 1.0)
