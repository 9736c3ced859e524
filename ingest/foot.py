"""What stands upright at a seal's foot: the line below its star, which names an office or a purpose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Imprint, Lattice
from ingest.ocr import Picture
from ingest.seal_ink import Grey, Ink, distance, on_white, seal_ink
from ingest.unwrap import AROUND, STRIP, Strip, gaps, unwrapped

COLUMN = 8 * STRIP / 48  # pixels of a strip for each column of its lattice
RING = 0.9  # of the radius: letters end there
SURELY = -0.7  # natural log probability from which a letter's place is believed


def tilt(read: Sequence[tuple[Strip, Lattice]]) -> float | None:
    """Degrees clockwise by which a seal was stamped askew, by where the letters of its arch were read; None if they
    were not. Of all cuts, the one in which most letters stand evenly is believed."""
    best: tuple[int, float] = (3, 0.0)
    for strip, lattice in read:
        row = _even(_letters(lattice))
        if len(row) > best[0]:
            middle = strip.start + (row[0] + row[-1] + 1) / 2 * COLUMN / AROUND
            best = len(row), (middle * 360 + 180) % 360 - 180
    return best[1] if best[0] > 3 and abs(best[1]) < 75 else None


def lower_line(picture: Picture, imprint: Imprint, askew: float | None = None) -> Grey | None:
    """The band below the star where a department's or purpose's name stands, upright; None when it holds no writing.

    askew: the seal's `tilt`, where its arch could be read; else upright is by the widest gap of the arched text, which
    is at the foot of a seal.
    """
    if imprint.shape == "square":
        return None
    turned = _gap_tilt(unwrapped(picture, imprint, bare=True)) if askew is None else askew
    band, full = _band(picture, imprint, turned)
    dark = band > 0.4 * full
    rows = _longest(dark.mean(axis=1) > 0.025)
    if rows is None or rows[1] - rows[0] < 0.1 * len(band) or dark[rows[0] : rows[1]].mean() < 0.03:
        return None
    pad = int(0.2 * (rows[1] - rows[0])) + 2
    return on_white(band[max(0, rows[0] - pad) : rows[1] + pad])


def _band(picture: Picture, imprint: Imprint, turned: float) -> tuple[Ink, float]:
    """The ink below the star, upright, without the ring; with how dark full ink is, 0..255."""
    ink, (x0, y0) = seal_ink(picture, imprint, bare=True)
    cx, cy, a, b, _ = imprint.ellipse
    full = max(60.0, float(np.percentile(ink[ink > 30], 90) if (ink > 30).any() else 0))
    across, down = np.meshgrid(
        np.linspace(-0.75 * a, 0.75 * a, int(1.5 * a)), np.linspace(0.26 * b, 0.68 * b, int(0.42 * b))
    )
    turn = math.radians(turned)
    x, y = across * math.cos(turn) - down * math.sin(turn), across * math.sin(turn) + down * math.cos(turn)
    px, py = (x + cx - x0).astype(np.float32), (y + cy - y0).astype(np.float32)
    band = cv2.remap(ink, px, py, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return np.where(distance(x, y, imprint) < RING, band, 0), full


def _letters(lattice: Lattice) -> list[int]:
    """Columns in which a Chinese character begins that was read surely."""
    columns, before = [], ""
    for n, column in enumerate(lattice):
        char, score = column[0] if column else ("", 0.0)
        if char != before and "\u3400" <= char <= "\u9fff" and score > SURELY:
            columns.append(n)
        before = char
    return columns


def _even(columns: list[int]) -> list[int]:
    """The longest run without a gap much wider than the others."""
    if len(columns) < 3:
        return columns
    pitch = float(np.median(np.diff(columns)))
    runs = [[columns[0]]]
    for before, column in pairwise(columns):
        if column - before <= 1.8 * pitch:
            runs[-1].append(column)
        else:
            runs.append([column])
    return max(runs, key=len)


def _longest(on: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Start and end of the longest run that is on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    runs = [(int(b - a), int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return max(runs)[1:] if runs else None


def _gap_tilt(strip: Grey) -> float:
    """Degrees clockwise by which the seal was stamped askew: where the gap at its foot lies, against straight down.

    A department's name stands in that gap and parts it in two; two wide gaps around something short are one.
    """
    width = strip.shape[1]
    runs = gaps(strip)
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
