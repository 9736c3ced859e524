"""What a scanner and a telephone make of a sheet of paper."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Floats = npt.NDArray[np.float64]


def scanned(sheet: Image.Image, seed: int, noise: float = 3.0) -> Image.Image:
    """Off-white, a little crooked, a shadow along one edge, specks of dust; the size stays."""
    chance = np.random.default_rng(seed)
    turned = sheet.rotate(chance.uniform(-0.9, 0.9), Image.Resampling.BICUBIC, fillcolor="white")
    shade = _array(turned.filter(ImageFilter.GaussianBlur(0.5))) * chance.uniform(0.955, 0.985)
    shade[:, :, 2] *= 0.985
    edge = np.linspace(0, 1, sheet.width)
    shade *= (1 - 0.25 * np.exp(-edge * chance.uniform(60, 120)))[None, :, None]
    for x, y in chance.integers(0, (sheet.width - 2, sheet.height - 2), (25, 2)):
        shade[y : y + 2, x : x + 2] = chance.uniform(90, 190)
    return _image(shade + chance.normal(0, noise, shade.shape[:2])[:, :, None])


def photographed(sheet: Image.Image, seed: int, noise: float = 4.0) -> Image.Image:
    """On a desk, seen from a slant, lit from one side, a hand's shadow across it; larger than the sheet."""
    chance = np.random.default_rng(seed)
    margin = round(sheet.width * 0.07)
    width, height = sheet.width + 2 * margin, sheet.height + 2 * margin
    corners = np.array([(margin, margin), (width - margin, margin), (width - margin, height - margin)])
    corners = np.vstack([corners, (margin, height - margin)]) + chance.uniform(-0.7, 0.7, (4, 2)) * margin
    paper = _laid(sheet, corners, (width, height))
    inside = _array(_laid(Image.new("RGB", sheet.size, "white"), corners, (width, height))) / 255
    picture = _array(paper) * inside + _desk(width, height, chance) * (1 - inside)
    lit = picture * _light(width, height, chance)[:, :, None] * chance.uniform((0.97, 0.94, 0.86), (1.0, 0.97, 0.92))
    blurred = _array(_image(lit).filter(ImageFilter.GaussianBlur(0.7)))
    return _image(blurred + chance.normal(0, noise, (height, width, 1)))


def _laid(sheet: Image.Image, corners: Floats, size: tuple[int, int]) -> Image.Image:
    """The sheet with its corners there (clockwise from the top left, pixels), black around it."""
    source = [(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)]
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    terms = np.linalg.solve(np.array(rows, float), np.array(values, float))
    return sheet.transform(size, Image.Transform.PERSPECTIVE, tuple(terms), Image.Resampling.BICUBIC)


def _desk(width: int, height: int, chance: np.random.Generator) -> Floats:
    """Wood: long streaks of brown."""
    streaks = Image.fromarray(chance.integers(0, 255, (height // 6, 6), np.uint8)).resize((width, height))
    wood: Floats = np.asarray(streaks, float)[:, :, None] / 255 * np.array([38, 26, 18]) + np.array([104, 72, 46])
    return wood


def _light(width: int, height: int, chance: np.random.Generator) -> Floats:
    """A factor for each pixel, 0 to 1."""
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    angle = chance.uniform(0, 2 * np.pi)
    slope = 0.92 + 0.08 * (across * np.cos(angle) + down * np.sin(angle))
    shadow = 1 / (1 + np.exp(-(across * 0.8 + down - chance.uniform(0.5, 0.9)) * 9))
    factor: Floats = slope * (1 - 0.2 * shadow)
    return factor


def _array(image: Image.Image) -> Floats:
    return np.asarray(image, float).copy()


def _image(array: Floats) -> Image.Image:
    return Image.fromarray(np.clip(array, 0, 255).astype(np.uint8))
