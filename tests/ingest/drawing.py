"""Draws made-up sheets, photographs and PDF files for the tests of `ingest`."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import Literal

import cv2
import numpy as np
from PIL import Image

from ingest.document import File
from ingest.sheets import Picture

FileKind = Literal["pdf", "image", "docx", "xlsx"]


def file_of(data: bytes, kind: FileKind, name: str = "附件2") -> File:
    return File(name, kind, data, sha256(data).hexdigest())


def saved(picture: Picture | Image.Image, form: str, **options: object) -> bytes:
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def page(width: int = 1654, height: int = 2339, *, table: bool = True) -> Picture:
    """White paper with lines of words and a table of 4 columns and 6 rows from (200, 900) to (1400, 1500)."""
    picture = np.full((height, width, 3), 250, np.uint8)
    for y in range(200, 800, 60):
        for x in range(200, 1300, 90):
            cv2.putText(picture, "abc", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (40, 40, 40), 2, cv2.LINE_AA)
    if table:
        for y in range(900, 1501, 100):
            cv2.line(picture, (200, y), (1400, y), (60, 60, 60), 2)
        for x in range(200, 1401, 300):
            cv2.line(picture, (x, 900), (x, 1500), (60, 60, 60), 2)
    return picture


def tilted(picture: Picture, angle: float) -> Picture:
    """Turned clockwise about its middle, on a canvas of the same size."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderValue=(250, 250, 250)), np.uint8)


def photographed(picture: Picture, corners: list[tuple[float, float]], size: tuple[int, int] = (1800, 2500)) -> Picture:
    """The sheet on a dark, grainy desk, its corners (clockwise from its top left) where they are told to be."""
    height, width = picture.shape[:2]
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    desk = np.random.default_rng(1).normal(90, 12, (size[1], size[0], 1)).clip(0, 255)
    desk = (cv2.GaussianBlur(desk, (0, 0), 2)[:, :, None] * (1.0, 0.8, 0.6)).astype(np.uint8)
    sheet = cv2.warpPerspective(picture, matrix, size)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    return np.asarray(np.where(mask[:, :, None] > 127, sheet, desk), np.uint8)


HELVETICA = "/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf_of(*pages: str, fonts: str = HELVETICA) -> bytes:
    """A PDF of A4 pages, each given as "extra dictionary entries | content stream"."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        extra, _, content = text.partition("|")
        objects.append(f"<< /Length {len(content)} >> stream\n{content}\nendstream")
        kids.append(len(objects) + 1)
        box = "" if "/MediaBox" in extra else "/MediaBox [0 0 595 842]"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {box} {extra} /Contents {len(objects)} 0 R "
            f"/Resources << /Font << {fonts} >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{out.rfind(b'xref')}\n%%EOF".encode()
