"""Pages with seals that a mailbox brings seldom, and with red things that are none: what stands where is known.

`python -m tests.made_up.seals FOLDER` draws them all, to look at.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from tests.made_up.camera import scanned
from tests.made_up.paper import RED, Rgb, Sheet, Style, font, impression

BLUE: Rgb = (40, 60, 170)
NAMES = ("江南示例职业技术学院", "云岭示例学院", "淮上示例中等专业学校", "示例开放大学")
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Seal:
    """box: fractions of the page; kind and colour as the contract has them."""

    kind: str
    colour: str
    box: Box


@dataclass(frozen=True, slots=True)
class Case:
    """One page; `seals` is empty where red things only look like one."""

    name: str
    picture: Image.Image
    seals: tuple[Seal, ...] = ()


class _Page(Sheet):
    """A page of a form that keeps note of its seals. Lengths are mm."""

    def __init__(self, seed: int, head: bool = True):
        super().__init__(Style(seed, font=("song", "hei")[seed % 2]))
        self.seals: list[Seal] = []
        if head:
            self.centre(45, "职业技能等级证书试点申报汇总表", 18, "bold")
        for n in range(9):
            self.row(
                25,
                70 + 9 * n,
                9,
                [(20, str(n + 1), "print"), (90, "示例证书考核与培训", "print"), (50, "中级", "print")],
            )
        self.write(25, 175, f"学校名称（盖章）：{NAMES[seed % len(NAMES)]}")
        self.write(120, 215, "2023年3月28日")

    def stamp(self, kind: str, colour: str, x: float, y: float, wide: float, high: float = 0.0) -> None:
        half, tall = wide / 2, (high or wide) / 2
        box = (max(0.0, x - half), max(0.0, y - tall), min(self.width, x + half), min(self.height, y + tall))
        scaled = (box[0] / self.width, box[1] / self.height, box[2] / self.width, box[3] / self.height)
        self.seals.append(Seal(kind, colour, scaled))

    def round(self, x: float, y: float, ink: Rgb = RED, colour: str = "red") -> None:
        self.seal(x, y, self.chance.choice(NAMES), colour=ink)
        self.stamp("round" if x + 20 < self.width else "riding", colour, x, y, 40)

    def oval(self, x: float, y: float, ink: Rgb = RED) -> None:
        wide, high = self.px(45), self.px(32)
        mask = Image.new("L", (wide + 4, high + 4), 0)
        draw = ImageDraw.Draw(mask)
        draw.ellipse((2, 2, wide, high), outline=255, width=self.px(1))
        name = self.chance.choice(NAMES)
        for n, character in enumerate(name):
            angle = 1.35 * pi * ((n + 0.5) / len(name) - 0.5)
            at = (wide / 2 + 0.39 * wide * sin(angle), high / 2 - 0.36 * high * cos(angle))
            draw.text(at, character, 255, font("bold", self.px(4.2)), anchor="mm")
        draw.text((wide / 2, high / 2), "合同专用章", 255, font("bold", self.px(3.6)), anchor="mm")
        self._stain(mask, ink, x - 22.5, y - 16)
        self.stamp("oval", "red", x, y, 45, 32)

    def square(self, x: float, y: float, side: float = 30, ink: Rgb = RED, colour: str = "red") -> None:
        pixels = self.px(side)
        mask = Image.new("L", (pixels + 2, pixels + 2), 0)
        draw = ImageDraw.Draw(mask)
        draw.rectangle((1, 1, pixels, pixels), outline=255, width=self.px(1.1))
        for n, character in enumerate("示例学院教务之印专用"[:9]):
            at = (pixels * (0.81 - 0.31 * (n // 3)), pixels * (0.19 + 0.31 * (n % 3)))
            draw.text(at, character, 255, font("bold", round(pixels * 0.27)), anchor="mm")
        self._stain(mask.rotate(self.chance.uniform(-5, 5), Image.Resampling.BICUBIC), ink, x - side / 2, y - side / 2)
        self.stamp("square", colour, x, y, side)

    def strokes(self, points: list[tuple[float, float]], thick: float, ink: Rgb = RED) -> None:
        self._draw.line([(self.px(x), self.px(y)) for x, y in points], ink, self.px(thick), joint="curve")

    def headline(self, text: str = "江南示例职业技术学院文件") -> None:
        size = font("bold", self.px(11))
        self._draw.text((self.px(self.width / 2), self.px(22)), text, RED, size, anchor="mm")
        self.strokes([(25, 33), (185, 33)], 0.8)

    def star(self, x: float, y: float, radius: float) -> None:
        rim = [radius, radius * 0.38] * 5
        corners = [(x + r * sin(n * pi / 5), y - r * cos(n * pi / 5)) for n, r in enumerate(rim)]
        self._draw.polygon([(self.px(a), self.px(b)) for a, b in corners], fill=RED)

    def disc(self, x: float, y: float, radius: float, ink: Rgb) -> None:
        self._draw.ellipse([self.px(v) for v in (x - radius, y - radius, x + radius, y + radius)], fill=ink)

    def emblem(self, x: float, y: float, radius: float = 16) -> None:
        """A red disc in a golden wreath, stars on it and a ribbon below."""
        self.disc(x, y, radius, (196, 150, 60))
        self.disc(x, y, radius * 0.8, (214, 32, 38))
        for n in range(5):
            angle = (n - 2) * 0.5
            self.disc(x + 0.5 * radius * sin(angle), y - 0.5 * radius * cos(angle), radius * 0.08, (240, 205, 80))
        corners = [(x - radius * 0.9, y + radius * 0.5), (x + radius * 0.9, y + radius * 0.5), (x, y + radius * 1.15)]
        self._draw.polygon([(self.px(a), self.px(b)) for a, b in corners], fill=(214, 32, 38))

    def logo(self, x: float, y: float) -> None:
        """A school's round mark, as small as on writing paper: a ring, Latin letters, a solid middle."""
        for radius, ink in ((11, RED), (10.2, (255, 255, 255)), (7, RED)):
            self.disc(x, y, radius, ink)
        for n, character in enumerate("SHILI COLLEGE 1958 "):
            angle = 2 * pi * n / 19
            at = (self.px(x + 8.6 * sin(angle)), self.px(y - 8.6 * cos(angle)))
            self._draw.text(at, character, RED, font("hei", self.px(2)), anchor="mm")

    def case(self, name: str, picture: Image.Image | None = None) -> Case:
        return Case(name, picture or self.image, tuple(self.seals))


def impression_on_a_page(seed: int, name: str, worn: int, turn: float, x: float, y: float) -> Image.Image:
    """A form, another for each seed, with one pressing of a seal at x, y mm; `worn` gives how its ink took."""
    page = _Page(seed)
    ink = impression(page.px(20), name, "", random.Random(worn)).rotate(turn, Image.Resampling.BICUBIC)
    page._stain(ink, RED, x - 20, y - 20)
    return page.image


def _faded(page: _Page, seed: int) -> Case:
    page.round(140, 200, ink=(238, 175, 178))
    return page.case("faded")


def _doubled(page: _Page, seed: int) -> Case:
    page.round(140, 200)
    page.seal(143, 201.5, NAMES[0], colour=(225, 120, 125))
    return page.case("pressed twice")


def _overlapping(page: _Page, seed: int) -> Case:
    page.round(120, 195)
    page.round(148, 207)
    return page.case("overlapping")


def _cut(page: _Page, seed: int) -> Case:
    page.round(page.width - 6, 150)  # how a riding seal looks, as long as no other sheet has its rest
    return page.case("cut off")


def _copied(page: _Page, seed: int) -> Case:
    page.round(140, 205, colour="grey")
    return page.case("copied", ImageOps.grayscale(page.image).convert("RGB"))


def _faxed(page: _Page, seed: int) -> Case:
    """Two tones: what is paler than print becomes dots."""
    page.round(140, 205, ink=(205, 120, 125), colour="grey")
    return page.case("faxed", page.image.convert("1").convert("RGB"))


def _wine(page: _Page, seed: int) -> Case:
    page.round(140, 205, ink=(150, 25, 60))
    return page.case("dark red")


def _simple(name: str, draw: Callable[[_Page], None]) -> Callable[[_Page, int], Case]:
    def made(page: _Page, seed: int) -> Case:
        draw(page)
        return page.case(name)

    return made


def _mirrored(page: _Page, seed: int) -> Case:
    """The seal of the facing page has come off on this one, pale and the wrong way round."""
    facing = _Page(seed)
    facing.round(90, 240)
    pale = Image.blend(Image.new("RGB", facing.image.size, "white"), ImageOps.mirror(facing.image), 0.1)
    return page.case("mirror ghost", ImageChops.multiply(page.image, pale))


def _coffee(page: _Page, seed: int) -> Case:
    layer = Image.new("RGB", page.image.size, "white")
    circle = [page.px(v) for v in (60, 190, 104, 234)]
    ImageDraw.Draw(layer).ellipse(circle, outline=(196, 150, 100), width=page.px(1.6))
    soft = layer.filter(ImageFilter.GaussianBlur(3))
    return page.case("coffee", ImageChops.multiply(page.image, soft))


def _in_two_tones(page: _Page, seed: int) -> Case:
    page.disc(105, 33, 6, (214, 160, 160))
    return page.case("fax without a seal", page.image.convert("1").convert("RGB"))


def _pen(page: _Page) -> None:
    circle = [(150 + 16 * cos(t / 9) + page.chance.uniform(-0.6, 0.6), 100 + 10 * sin(t / 9)) for t in range(62)]
    page.strokes(circle, 0.6)
    page.strokes([(60, 200), (66, 208), (82, 188)], 0.8)


def _red_table(page: _Page) -> None:
    for n in range(8):
        page.strokes([(30, 190 + 9 * n), (180, 190 + 9 * n)], 0.4)
    for n in range(7):
        page.strokes([(30 + 25 * n, 190), (30 + 25 * n, 253)], 0.4)


def _head_with_star(page: _Page) -> None:
    page.headline()
    page.star(105, 33, 4)


def _head_with_emblem(page: _Page) -> None:
    page.headline()
    page.emblem(105, 40)


def _head_with_logo(page: _Page) -> None:
    page.headline("示例学院")
    page.logo(45, 22)


def _square_and_round(page: _Page) -> None:
    page.square(70, 220, 26)
    page.round(140, 205)


WITH_SEAL: tuple[Callable[[_Page, int], Case], ...] = (
    _simple("round", lambda page: page.round(140, 205)),
    _simple("blue", lambda page: page.round(140, 205, ink=BLUE, colour="blue")),
    _simple("oval", lambda page: page.oval(140, 205)),
    _simple("square", lambda page: page.square(140, 205)),
    _simple("square and round", _square_and_round),
    _faded,
    _doubled,
    _overlapping,
    _cut,
    _copied,
    _faxed,
    _wine,
)
WITHOUT: tuple[Callable[[_Page, int], Case], ...] = (
    _simple("letterhead", lambda page: page.headline()),
    _simple("letterhead with star", _head_with_star),
    _simple("letterhead with emblem", _head_with_emblem),
    _simple("letterhead with logo", _head_with_logo),
    _simple("red pen", _pen),
    _simple("red table", _red_table),
    _mirrored,
    _coffee,
    _in_two_tones,
)


def cases(kinds: tuple[Callable[[_Page, int], Case], ...], each: int) -> Iterator[Case]:
    """`each` pages of every kind, every other one scanned."""
    for n, kind in enumerate(kinds):
        for seed in range(each):
            case = kind(_Page(100 * n + seed), 100 * n + seed)
            yield Case(case.name, scanned(case.picture, seed), case.seals) if seed % 2 else case


if __name__ == "__main__":
    for number, drawn in enumerate([*cases(WITH_SEAL, 3), *cases(WITHOUT, 3)]):
        drawn.picture.save(Path(sys.argv[1]) / f"{number:02d}-{drawn.name.replace(' ', '-')}.png")
