"""The door to image files (Pillow, pillow-heif): from the bytes of a file to its pages as a viewer shows them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile, ImageOps, UnidentifiedImageError

from ingest import pdf
from ingest.document import File
from ingest.errors import Bomb, Encrypted, FileError, Unreadable, Unsupported

Picture = NDArray[np.uint8]

PAPER_DPI = 200
A4_INCHES = 11.69
A3_INCHES = 16.54
SCREEN_DPI = 97  # and less is what software writes that knows nothing of paper
MISSING = 0.7
"""A cut-off picture that lacks more than this share of its rows is no use."""
LONGEST = 3000
"""Pixels. A photographed A4 sheet rarely fills more than four fifths of the frame: 3000 leave it its 200 dpi."""

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # `Limits.pixels` says it, for every format alike


@dataclass(frozen=True)
class Limits:
    """Pages of a file; pixels of one page as decoded; processor seconds for a PDF page; megabytes for a PDF's child."""

    pages: int = 100
    pixels: int = 120_000_000
    seconds: int = 30
    memory: int = 2048


@dataclass(frozen=True)
class Sheet:
    """One page as an ordinary viewer shows it, EXIF turn and /Rotate applied.

    number:     from 1, within its file.
    picture:    RGB, uint8, shape (height, width, 3), no side longer than LONGEST.
    dpi:        pixels per inch of paper; for photographs, which do not say, as if they showed just an A4 sheet.
    characters: how many characters the page's own text layer holds (0 for images).
    damaged:    the file was cut off: a part of the page, or of its pages, may be missing.
    """

    number: int
    picture: Picture
    dpi: float
    characters: int = 0
    damaged: bool = False


def render(file: File, limits: Limits = Limits()) -> Iterator[Sheet]:
    """Yields the pages of a PDF or image file.

    Raises FileError (`ingest.errors`); a file that breaks in its middle yields the pages before it first.
    """
    if file.kind == "pdf":
        return _pdf(file.data, limits)
    if file.kind == "image":
        return _images(file.data, limits)
    raise Unsupported


def encode_jpeg(picture: Picture, quality: int = 90) -> bytes:
    """RGB pixels as a JPEG file."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"no JPEG of a picture of shape {picture.shape}")
    return bytes(data)


def decode_picture(data: bytes) -> Picture:
    """RGB pixels of a picture of our own store. Raises ValueError when it is none."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("not a picture")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))


def shrunk(picture: Picture, width: int) -> Picture:
    """The picture at most `width` pixels wide."""
    height, was = picture.shape[:2]
    if was <= width:
        return picture
    size = width, max(1, round(height * width / was))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def turned(picture: Picture, degrees: int) -> Picture:
    """The picture turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(picture, -degrees // 90))


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of an image file as stored, by its header alone. Raises FileError when it is none."""
    with _opened(data) as image:
        return image.size


_FAILURES: dict[str, FileError] = {
    "encrypted": Encrypted(),
    "broken": Unreadable(),
    "empty": Unreadable("PDF 里没有任何页面，请学校重新导出后再发送。"),
    "too many pages": Bomb("PDF 页数过多，请学校只发送需要的表格。"),
    "memory": Bomb(),
    "time": Bomb("PDF 内容过于复杂，无法在限定时间内打开，请学校打印后重新扫描发送。"),
    "crash": Unreadable(),
}


def _pdf(data: bytes, limits: Limits) -> Iterator[Sheet]:
    damaged = b"startxref" not in data[-4096:]
    try:
        for page in pdf.pages(
            data,
            max_pages=limits.pages,
            seconds=limits.seconds,
            memory=limits.memory,
            paper_dpi=PAPER_DPI,
            longest=LONGEST,
        ):
            picture = np.frombuffer(page.rgb, np.uint8).reshape(page.height, page.width, 3)
            yield Sheet(page.number, picture, page.dpi, page.characters, damaged)
    except pdf.PdfFailure as failure:
        raise type(_FAILURES[failure.reason])(_FAILURES[failure.reason].message) from None


def _images(data: bytes, limits: Limits) -> Iterator[Sheet]:
    with _opened(data) as image:
        # An animation is one picture to a viewer, and so is a burst of a phone: only TIFF is a stack of pages.
        count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if count > limits.pages:
        raise Bomb("图片页数过多，请学校只发送需要的表格。")
    for index in range(count):
        try:
            picture, dpi, damaged = _frame(data, index, limits)
        except FileError:
            raise
        except MemoryError:
            raise Bomb from None
        except Exception as error:
            raise Unreadable from error
        yield Sheet(index + 1, picture, dpi, damaged=damaged)


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd EXIF or TIFF tags are no news
            return Image.open(io.BytesIO(data))
    except UnidentifiedImageError:
        raise Unreadable("图片已损坏，或格式无法识别，请学校转为 PDF 或 JPG 后重新发送。") from None
    except Exception as error:
        raise Unreadable from error


def _frame(data: bytes, index: int, limits: Limits) -> tuple[Picture, float, bool]:
    """The picture, its dpi and whether a part of it is missing."""
    image = _prepared(data, index, limits)
    turned = image.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
    x_dpi, y_dpi = _resolution(image)
    try:
        image, damaged = _loaded(image, cut_off=False), False
    except OSError:
        image, damaged = _loaded(_prepared(data, index, limits), cut_off=True), True
    picture = _rgb(ImageOps.exif_transpose(image))
    if turned:
        x_dpi, y_dpi = y_dpi, x_dpi
    if damaged and _missing(picture) > MISSING:
        raise Unreadable("图片只传来一小部分，请学校重新发送。")
    return *_sized(picture, x_dpi, y_dpi), damaged


def _prepared(data: bytes, index: int, limits: Limits) -> Image.Image:
    """The frame, not yet decoded, reduced while decoding where the format (JPEG) can do so."""
    image = _opened(data)
    if index:
        image.seek(index)
    shrink = LONGEST / max(image.size)
    if image.format in ("JPEG", "MPO") and shrink < 1:
        image.draft(None, (int(image.width * shrink), int(image.height * shrink)))
    if image.width * image.height > limits.pixels:
        raise Bomb
    return image


def _loaded(image: Image.Image, *, cut_off: bool) -> Image.Image:
    """The decoded picture; of a cut-off file what there is, the rest left grey or black. Raises OSError.

    Pillow has one switch for the whole process, and WeasyPrint turns it on as it is imported: without saying so each
    time, half a picture would pass for a whole one.
    """
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, cut_off
    try:
        image.load()
        return image
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _missing(picture: Picture) -> float:
    """Share of the rows, from the last one up, that are of one colour."""
    plain = np.all(picture == picture[-1, -1], axis=(1, 2))[::-1]
    return 1.0 if plain.all() else float(np.argmin(plain)) / len(plain)


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Pixels per inch across and down, as a scanner or fax says; 0, 0 when the file does not say or cannot mean it."""
    try:
        x, y = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    plausible = SCREEN_DPI < x <= 1300 and SCREEN_DPI < y <= 1300 and 0.4 < x / y < 2.5
    paper = plausible and max(image.width / x, image.height / y) < A3_INCHES * 1.1
    return (x, y) if paper else (0.0, 0.0)


def _rgb(image: Image.Image) -> Picture:
    """uint8 RGB of any mode: transparency on white, 16 bits cut to 8."""
    if image.mode.startswith(("I", "F")):
        grey = np.asarray(image, np.float32)
        top = 255 if grey.max(initial=0) <= 255 else 65535
        return np.asarray(np.repeat(np.clip(grey * 255 / top, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        return np.asarray(Image.alpha_composite(paper, rgba).convert("RGB"))
    return np.asarray(image.convert("RGB"))


def _sized(picture: Picture, x_dpi: float, y_dpi: float) -> tuple[Picture, float]:
    """The picture with square pixels (a fax has oblong ones) and of working size, and its dpi."""
    height, width = picture.shape[:2]
    if x_dpi:
        inches = width / x_dpi, height / y_dpi
        dpi = 72 * pdf.scale_of(
            inches[0] * 72, inches[1] * 72, max(inches) * max(x_dpi, y_dpi), paper_dpi=PAPER_DPI, longest=LONGEST
        )
        size = round(inches[0] * dpi), round(inches[1] * dpi)
    else:
        shrink = min(1.0, LONGEST / max(width, height))
        size = max(1, round(width * shrink)), max(1, round(height * shrink))
        dpi = max(size) / A4_INCHES
    if size != (width, height):
        how = cv2.INTER_AREA if size[0] < width else cv2.INTER_CUBIC
        picture = np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)
    return picture, dpi
