"""Ink told apart by colour: what was printed and written, without the red of seals that lies over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingest.ocr import Picture

REDNESS = 28  # by how much red stands out over green and blue; wood and warm paper stay below
CLEARED = 0.74  # red ink this bright, as a share of the paper's red, is paper to the reader


def red_ink(picture: Picture) -> NDArray[np.bool_]:
    """Where the picture is red: shape (height, width)."""
    red = picture[:, :, 0].astype(np.int16)
    return np.asarray(red - np.maximum(picture[:, :, 1], picture[:, :, 2]) > REDNESS)


def dark_layer(picture: Picture) -> Picture:
    """The picture without its red ink. Print under a seal is dark in the red channel, the seal itself is not.

    Only pixels that are red are changed: they become grey, as bright as their red is beside the paper's. A picture
    without red is returned as it is.
    """
    mask = red_ink(picture)
    if mask.mean() < 0.0002:
        return picture
    paper = float(np.percentile(picture[::8, ::8, 0], 80))
    red = picture[:, :, 0][mask].astype(np.float32)
    grey = np.where(red >= CLEARED * paper, paper, red)
    layer = picture.copy()
    layer[mask] = np.clip(grey, 0, 255).astype(np.uint8)[:, None]
    return layer
