"""The door to imagesize: is a picture in a mail a scan, or only a logo, an icon or a written signature?"""

from __future__ import annotations

import io
import re
import struct

import imagesize  # type: ignore[import-untyped]

from ingest.document import Attachment

_TYPICAL = re.compile(r"logo|icon|sign|签名|徽|二维码|qrcode|spacer|banner|image\d{3}\.|表情|stamp_\d", re.IGNORECASE)
_SMALL, _TINY = 500, 64
"""Pixels along the longer side. The smallest scan that anyone could read is larger than the one; no scan at all is as
small as the other."""


def is_decoration(attachment: Attachment) -> bool:
    """True for a picture that belongs to the mail's looks.

    A picture that the text shows (inline) is one when it is small, or a banner; an attached picture only when it is
    tiny, or small with a typical name. Large pictures count as scans wherever they stand.
    """
    width, height = _size(attachment.data)
    longer, shorter = max(width, height), min(width, height)
    if shorter <= 0:  # no picture, or one of a kind whose size cannot be told
        return False
    if attachment.inline:
        return longer < _SMALL or (shorter < 400 and longer > 2.5 * shorter)
    return longer <= _TINY or (longer < _SMALL and bool(_TYPICAL.search(attachment.file_name)))


def _size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels by the file's header; (-1, -1) when it is no picture or a broken one."""
    if data.lstrip()[:1] == b"<":  # imagesize would read XML as SVG
        return -1, -1
    try:
        width, height = imagesize.get(io.BytesIO(data))
        return int(width), int(height)
    except (ValueError, struct.error, OSError, IndexError, KeyError, TypeError, OverflowError):
        return -1, -1
