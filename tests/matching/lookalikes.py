"""Characters that look alike, found by drawing them: what a reader confuses, measured without our own table.

`python -m tests.matching.lookalikes FONT FONT` draws every character of the registers and the common ones of GB 2312
and writes lookalikes.txt: a character, then those whose drawings lie nearest. Two typefaces must agree.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from corpora.register import load_registers
from matching.names import folded

FILE = Path(__file__).with_name("lookalikes.txt")
SIZE, NEAREST = 40, 6
SIMILAR = 0.45  # correlation of two blurred drawings from which they may be confused


def load_lookalikes() -> dict[str, str]:
    """Each character's look-alikes, nearest first."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {line[0]: line[2:] for line in lines if not line.startswith("# ")}


def _drawn(char: str, font: ImageFont.FreeTypeFont) -> np.ndarray:
    picture = Image.new("L", (SIZE + 16, SIZE + 16))
    ImageDraw.Draw(picture).text((8, 2), char, 255, font)
    ink = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5)), np.float32).ravel()
    ink -= ink.mean()
    return ink / (float(np.linalg.norm(ink)) or 1.0)


def _alphabets() -> tuple[list[str], list[str]]:
    """The characters of the registers, and those that may be taken for them."""
    registers = load_registers()
    names = [school.name for school in registers.schools] + [entry.name for entry in registers.certificates]
    of_names = {char for name in names for char in folded(name) if char.isalnum()}
    common = {bytes((a, b)).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFF)}
    return sorted(of_names), sorted(common | of_names | set("0123456789abcdefghijklmnopqrstuvwxyz"))


def main(fonts: list[str]) -> None:
    of_names, all_chars = _alphabets()
    alike = np.full((len(of_names), len(all_chars)), 1.0, np.float32)
    for path in fonts:
        font = ImageFont.truetype(path, SIZE)
        drawn = {char: _drawn(char, font) for char in all_chars}
        alike = np.minimum(alike, np.stack([drawn[c] for c in of_names]) @ np.stack([drawn[c] for c in all_chars]).T)
    lines = [f"# Drawn by tests/matching/lookalikes.py in {' and '.join(Path(path).stem for path in fonts)}."]
    for char, row in zip(of_names, alike, strict=True):
        near = [all_chars[i] for i in np.argsort(-row) if row[i] >= SIMILAR and all_chars[i] != char][:NEAREST]
        lines.append(f"{char} {''.join(near)}")
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
