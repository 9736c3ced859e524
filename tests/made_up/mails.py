"""How made-up forms travel: as files of many kinds, in mails as Chinese mail software writes them."""

from __future__ import annotations

import base64
import io
import struct
import time
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Literal
from urllib.parse import quote

from PIL import Image

CHINA = timezone(timedelta(hours=8))
Charset = Literal["utf-8", "gb2312", "raw"]
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "zip": "application/zip",
}


def as_file(pages: Sequence[Image.Image], suffix: str, dpi: int, quality: int = 60) -> bytes:
    """Pages as a scanned PDF, a JPEG, a PNG (of 64 colours, to stay small) or a TIFF of several pages."""
    written, first = io.BytesIO(), pages[0]
    when = time.gmtime(1680000000)
    if suffix == "pdf":
        times = {"creationDate": when, "modDate": when}
        first.save(written, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=quality, **times)
    elif suffix == "tif":
        first.save(
            written, "TIFF", save_all=True, append_images=pages[1:], compression="jpeg", quality=quality, dpi=(dpi, dpi)
        )
    elif suffix == "png":
        first.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            written, "PNG", optimize=True, dpi=(dpi, dpi)
        )
    else:
        first.save(written, "JPEG", quality=quality, dpi=(dpi, dpi))
    return written.getvalue()


def zip_with_gbk_names(files: Sequence[tuple[str, bytes]]) -> bytes:
    """An archive as Windows Explorer in China writes it: names in GBK, and no flag that says so."""
    body, directory = b"", b""
    for name, data in files:
        told, packed = name.encode("gbk"), zlib.compress(data, 9)[2:-4]
        # version, flags, deflate, time, date (2023-03-28), checksum, sizes, lengths of name and extra
        head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 22140, zlib.crc32(data), len(packed), len(data), len(told), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + told
        body += b"PK\3\4" + head + told + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def build_mail(
    subject: str,
    sender: tuple[str, str],
    to: str,
    received: datetime,
    files: Sequence[tuple[str, bytes]],
    body: str = "老师好，材料见附件，请查收。",
    charset: Charset = "utf-8",
    forwards: bytes | None = None,
) -> bytes:
    """A mail in bytes.

    sender: name and address. charset: of the headers; `gb2312` labels what is really GB 18030, as NetEase does;
    `raw` puts GBK bytes into the headers as they are. forwards: another mail, carried whole (message/rfc822).
    """
    boundary = f"----=_Part_{zlib.crc32(subject.encode()):08x}"
    stamp = format_datetime(received.astimezone(CHINA))
    domain = sender[1].partition("@")[2]
    head = [
        f"Received: from mx.{domain} by {to.partition('@')[2]} with SMTP; {stamp}".encode(),
        b"From: " + _word(sender[0], charset) + f" <{sender[1]}>".encode(),
        f"To: <{to}>".encode(),
        b"Subject: " + _word(subject, charset),
        f"Date: {format_datetime(received.astimezone(CHINA) - timedelta(seconds=40))}".encode(),
        f"Message-ID: <{zlib.crc32(stamp.encode() + subject.encode()):08x}@{domain}>".encode(),
        b"MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{boundary}"'.encode(),
    ]
    parts = [_part([b"Content-Type: text/plain; charset=utf-8"], body.encode())]
    if forwards is not None:
        parts.append(b"Content-Type: message/rfc822\r\n\r\n" + forwards)
    parts += [_attachment(name, data, charset) for name, data in files]
    fence = f"--{boundary}".encode()
    inside = b"".join(fence + b"\r\n" + part + b"\r\n" for part in parts)
    return b"\r\n".join(head) + b"\r\n\r\n" + inside + fence + b"--\r\n"


def _attachment(name: str, data: bytes, charset: Charset) -> bytes:
    kind = TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    if charset == "utf-8":
        told = b"filename*=UTF-8''" + quote(name).encode()
    else:
        told = b'filename="' + _word(name, charset) + b'"'
    return _part([b"Content-Type: " + kind.encode(), b"Content-Disposition: attachment; " + told], data)


def _part(head: list[bytes], data: bytes) -> bytes:
    lines = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return b"\r\n".join([*head, b"Content-Transfer-Encoding: base64"]) + b"\r\n\r\n" + lines


def _word(text: str, charset: Charset) -> bytes:
    """A header's text, encoded; in words of 12 characters, so that lines stay short."""
    if text.isascii():
        return text.encode()
    if charset == "raw":
        return text.encode("gbk")
    codec = "gb18030" if charset == "gb2312" else "utf-8"
    pieces = [text[start : start + 12].encode(codec) for start in range(0, len(text), 12)]
    return b"\r\n ".join(b"=?" + charset.encode() + b"?B?" + base64.b64encode(piece) + b"?=" for piece in pieces)
