"""Ink told apart by colour: what was printed and written, without the red of seals that lies over it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Box
from ingest.ocr import Picture

REDNESS = 28  # by how much red stands out over green and blue; wood and warm paper stay below
CLEARED = 0.74  # red ink this bright, as a share of the paper's red, is paper to the reader


def red_ink(picture: Picture) -> NDArray[np.bool_]:
    """Where the picture is red: shape (height, width)."""
    red, green, blue = cv2.split(picture)
    return np.asarray(cv2.subtract(red, cv2.max(green, blue)) > REDNESS)


def dark_layer(picture: Picture) -> Picture:
    """The picture without its red ink. Print under a seal is dark in the red channel, the seal itself is not.

    Only pixels that are red are changed: they become grey, as bright as their red is beside the paper's. A picture
    without red is returned as it is.
    """
    mask = red_ink(picture)
    if np.count_nonzero(mask) < 0.0002 * mask.size:
        return picture
    paper = float(np.percentile(picture[::8, ::8, 0], 80))
    red = picture[:, :, 0][mask].astype(np.float32)
    grey = np.where(red >= CLEARED * paper, paper, red)
    layer = picture.copy()
    layer[mask] = np.clip(grey, 0, 255).astype(np.uint8)[:, None]
    return layer


def tight(picture: Picture, margin: float = 0.25) -> Picture:
    """A crop cut down to the line of writing in it: without the rules at its edges and the paper around.

    margin: paper left around the ink, as a share of its height. A crop without ink, or full of it, comes back whole.
    """
    grey = picture.min(axis=2)
    paper = float(np.percentile(grey, 85))
    dark = (grey < paper - 55).astype(np.uint8)
    height, width = dark.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    keep = np.zeros(count, bool)
    for n in range(1, count):
        x, y, w, h, area = stats[n]
        rule = (w > 0.6 * width and h < 0.2 * height) or (h > 0.8 * height and w < 0.15 * width)
        edge = (x == 0 or y == 0 or x + w == width or y + h == height) and (h > 0.5 * height or w > 0.3 * width)
        keep[n] = area >= 6 and not rule and not edge
    ys, xs = np.nonzero(keep[labels])
    if len(xs) < 12:
        return picture
    pad = int(max(4, margin * (ys.max() - ys.min())))
    y0, y1 = max(0, ys.min() - pad), min(height, ys.max() + pad + 1)
    x0, x1 = max(0, xs.min() - pad), min(width, xs.max() + pad + 1)
    return np.ascontiguousarray(picture[y0:y1, x0:x1])


def crop(picture: Picture, box: Box) -> Picture:
    """The pixels under a box, at least one."""
    height, width = picture.shape[:2]
    x0, y0 = min(max(0, int(box.x0)), width - 1), min(max(0, int(box.y0)), height - 1)
    return picture[y0 : max(y0 + 1, round(box.y1)), x0 : max(x0 + 1, round(box.x1))]
