"""What stands on a sheet of paper: print, handwriting, rules, seals, signatures. Lengths are mm, sizes are points."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin
from typing import Literal

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Kind = Literal["print", "bold", "value", "left"]
Rgb = tuple[int, int, int]

FONTS = {  # file of a Debian package, and the face in it that is drawn for the mainland
    "song": ("NotoSerifCJK-Regular.ttc", 2),
    "bold": ("NotoSerifCJK-Bold.ttc", 2),
    "hei": ("NotoSansCJK-Regular.ttc", 2),
    "kai": ("ukai.ttc", 0),
}
A4 = (210.0, 297.0)
TONER: Rgb = (28, 28, 30)
RED: Rgb = (205, 40, 45)


@dataclass(frozen=True, slots=True)
class Style:
    """How a form is made: `seed` decides all that is left to chance; `hand`: the values are written by hand."""

    seed: int
    font: str = "song"
    hand: bool = False
    ink: Rgb = (25, 30, 70)
    ruled: bool = True
    dates: Literal["figures", "dots", "chinese"] = "figures"
    dpi: int = 150


@cache
def font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    file, face = FONTS[name]
    return ImageFont.truetype(file, pixels, index=face)


class Sheet:
    """One white page that is drawn on, from its top left corner."""

    def __init__(self, style: Style, number: int = 1, landscape: bool = False):
        self.style = style
        self.chance = random.Random(f"{style.seed}/{number}")
        self.width, self.height = A4[::-1] if landscape else A4
        self.image = Image.new("RGB", (self.px(self.width), self.px(self.height)), "white")
        self._draw = ImageDraw.Draw(self.image)

    def px(self, mm: float) -> int:
        return round(mm / 25.4 * self.style.dpi)

    def length(self, text: str, size: float = 12, kind: Kind = "print") -> float:
        """Of a line of text, in mm."""
        return self._font(kind, size).getlength(text) / self.style.dpi * 25.4

    def write(self, x: float, y: float, text: str, size: float = 12, kind: Kind = "print") -> float:
        """Writes one line with its top left there; gives where it ends (x, mm)."""
        if kind == "value" and self.style.hand:
            return self._by_hand(x, y, text, size)
        self._draw.text((self.px(x), self.px(y)), text, TONER, self._font(kind, size))
        return x + self.length(text, size, kind)

    def centre(self, y: float, text: str, size: float = 12, kind: Kind = "print") -> None:
        self.write((self.width - self.length(text, size, kind)) / 2, y, text, size, kind)

    def blank(self, x: float, y: float, text: str, width: float, size: float = 12) -> float:
        """A value on an underline; gives the end of the underline."""
        width = max(width, self.length(text, size, "value") + 4)
        self.write(x + (width - self.length(text, size, "value")) / 2, y, text, size, "value")
        below = y + size * 0.353 * 1.45
        self.rule(x, below, x + width, below)
        return x + width

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.25) -> None:
        ends = (self.px(x0), self.px(y0), self.px(x1), self.px(y1))
        self._draw.line(ends, TONER, max(1, self.px(weight)))

    def row(
        self, x: float, y: float, height: float, cells: Sequence[tuple[float, str, Kind]], size: float = 11
    ) -> float:
        """A table's row: (width, text, kind) for each cell; text is wrapped and centred (`left`: from the top left).
        Gives the row's lower edge, which is lower than asked where text needs it."""
        lines = [self._wrap(text, width - 3, size, kind) for width, text, kind in cells]
        step = size * 0.353 * 1.45
        height = max(height, *(len(one) * step + 3 for one in lines))
        for (width, _, kind), wrapped in zip(cells, lines, strict=True):
            if self.style.ruled:
                self._box(x, y, width, height)
            top = y + 1.5 if kind == "left" else y + (height - len(wrapped) * step) / 2
            for n, line in enumerate(wrapped):
                left = x + 1.5 if kind == "left" else x + (width - self.length(line, size, kind)) / 2
                self.write(left, top + n * step, line, size, kind)
            x += width
        return y + height

    def paragraph(self, x: float, y: float, width: float, text: str, size: float = 12) -> float:
        for line in self._wrap(text, width, size, "print"):
            self.write(x, y, line, size)
            y += size * 0.353 * 1.8
        return y

    def sign(self, x: float, y: float, name: str, size: float = 19) -> None:
        """A signature: the name quickly written, its strokes joined."""
        layer = Image.new("L", (self.px(45), self.px(16)), 0)
        draw, at = ImageDraw.Draw(layer), self.px(5)
        for character in name:
            grown = round(self._pixels(size) * self.chance.uniform(0.85, 1.2))
            draw.text((at, self.px(3) + self.chance.randint(-4, 4)), character, 255, font("kai", grown))
            at += round(grown * self.chance.uniform(0.62, 0.8))
        points = [(at * t / 6, self.px(9) + self.chance.randint(-self.px(3), self.px(3))) for t in range(1, 9)]
        draw.line(points, 220, max(1, self.px(0.35)), joint="curve")
        slanted = layer.transform(layer.size, Image.Transform.AFFINE, (1, 0.35, -self.px(3), 0.05, 1, 0))
        self._stain(slanted.filter(ImageFilter.GaussianBlur(0.6)), self.style.ink, x - 3, y - 6)

    def seal(self, x: float, y: float, name: str, lower: str = "", colour: Rgb = RED, radius: float = 20) -> None:
        """A round seal with its centre there: the name in an arch over a star, `lower` straight below."""
        mask = impression(self.px(radius) * 2, name, lower, self.chance)
        mask = mask.rotate(self.chance.uniform(-14, 14), Image.Resampling.BICUBIC)
        mask = mask.resize((mask.width // 2, mask.height // 2), Image.Resampling.LANCZOS)
        half = mask.width / 2 / self.style.dpi * 25.4
        self._stain(mask, colour, x - half, y - half)

    def _font(self, kind: Kind, size: float) -> ImageFont.FreeTypeFont:
        name = {"bold": "bold", "value": "kai" if self.style.hand else self.style.font}.get(kind, self.style.font)
        return font(name, self._pixels(size))

    def _pixels(self, size: float) -> int:
        return round(size / 72 * self.style.dpi)

    def _wrap(self, text: str, width: float, size: float, kind: Kind) -> list[str]:
        lines = [""]
        for character in text:
            if character == "\n" or (lines[-1] and self.length(lines[-1] + character, size, kind) > width):
                lines.append("")
            if character != "\n":
                lines[-1] += character
        return lines

    def _box(self, x: float, y: float, width: float, height: float) -> None:
        corners = (self.px(x), self.px(y), self.px(x + width), self.px(y + height))
        self._draw.rectangle(corners, outline=TONER, width=max(1, self.px(0.25)))

    def _by_hand(self, x: float, y: float, text: str, size: float) -> float:
        """Character by character, none like the other, rising or falling a little along the line."""
        rise = self.chance.uniform(-0.02, 0.02)
        for n, character in enumerate(text):
            pixels = round(self._pixels(size) * self.chance.uniform(1.1, 1.3))
            glyph = Image.new("L", (pixels * 2, pixels * 2), 0)
            ImageDraw.Draw(glyph).text((pixels // 2, pixels // 2), character, 255, font("kai", pixels))
            middle = (pixels // 2 + font("kai", pixels).getlength(character) / 2, pixels)
            glyph = glyph.rotate(self.chance.uniform(-7, 7), Image.Resampling.BICUBIC, center=middle)
            offset = pixels / 2 / self.style.dpi * 25.4
            sink = self.chance.uniform(-0.3, 0.3) + rise * n * size * 0.353
            self._stain(glyph, self.style.ink, x - offset, y - offset + sink)
            x += self.length(character, size, "value") * self.chance.uniform(1.06, 1.14)
        return x

    def _stain(self, mask: Image.Image, colour: Rgb, x: float, y: float) -> None:
        """Ink on what is there already: both stay visible. mask: 255 is full ink."""
        layer = Image.new("RGB", self.image.size, "white")
        layer.paste(Image.new("RGB", mask.size, colour), (self.px(x), self.px(y)), mask)
        self.image = ImageChops.multiply(self.image, layer)
        self._draw = ImageDraw.Draw(self.image)


def impression(radius: int, name: str, lower: str, chance: random.Random) -> Image.Image:
    """The ink of a seal as a mask; radius in pixels."""
    side = radius * 2 + 8
    centre, mask = side / 2, Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse((4, 4, side - 4, side - 4), outline=255, width=max(2, radius // 18))
    star = [
        (centre + r * sin(n * pi / 5), centre - r * cos(n * pi / 5))
        for n, r in enumerate([radius * 0.3, radius * 0.115] * 5)
    ]
    draw.polygon(star, fill=255)
    size = round(min(radius * 0.34, radius * 3.3 / len(name)))
    sweep = min(1.5 * pi, len(name) * size * 1.25 / (radius * 0.74))
    for n, character in enumerate(name):
        angle = sweep * ((n + 0.5) / len(name) - 0.5)
        glyph = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(glyph).text((size, size), character, 255, font("bold", size), anchor="mm")
        glyph = glyph.resize((size * 2, round(size * 2.3))).rotate(-angle * 180 / pi, Image.Resampling.BICUBIC, True)
        at = (centre + radius * 0.74 * sin(angle), centre - radius * 0.74 * cos(angle))
        mask.paste(255, (round(at[0] - glyph.width / 2), round(at[1] - glyph.height / 2)), glyph)
    if lower:
        draw.text((centre, centre + radius * 0.58), lower, 255, font("bold", round(radius * 0.2)), anchor="mm")
    return _worn(mask, chance)


def _worn(mask: Image.Image, chance: random.Random) -> Image.Image:
    """Ink takes unevenly: fainter on one side, with small holes."""
    noise = np.random.default_rng(chance.getrandbits(32))
    coarse = Image.fromarray(noise.integers(120, 255, (7, 7), np.uint8)).resize(mask.size, Image.Resampling.BICUBIC)
    fine = Image.fromarray(noise.integers(150, 255, (mask.height // 2, mask.width // 2), np.uint8)).resize(mask.size)
    return ImageChops.multiply(ImageChops.multiply(mask, coarse), fine)
