"""Bytes of unknown or wrongly named charset to text, as Chinese mail needs it.

Chinese senders write "gb2312" for any GBK or GB18030 text, leave the charset out, or name the wrong one; so a name is
a hint and the bytes have the last word.
"""

from __future__ import annotations

import codecs
import re

GB18030 = "gb18030"
_GB = re.compile(r"gb|x-?gb|cp-?936|ms-?936|windows-?936|936|euc-?cn|iso-ir-58|chinese|hz-gb18030")
_LATIN = re.compile(r"(iso-?8859|windows-?125|latin|cp125|us-?ascii|ascii|ansi)")
_HIGH = re.compile(r"[^\x00-\x7f]+")
_CHINESE = re.compile(r"[\u2010-\u203b\u2460-\u24ff\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
_LOST = re.compile(r"[\x00\ud800-\udfff]")
_NOT_FOR_TEXT = re.compile(r"idna|punycode|undefined|escape|mbcs|oem")


def decode(data: bytes, charset: str = "") -> str:
    """`data` as text. charset: what the sender called it, or "". Never raises; what fits no charset becomes U+FFFD.

    The text holds no NUL and no lone surrogate, which no database takes. Order: UTF-8 that reads as Chinese whatever
    was declared, the declared charset, UTF-8, GB18030. Single-byte Western names are believed last, because they fit
    any bytes.
    """
    return _LOST.sub("", _decode(data, charset))


def _decode(data: bytes, charset: str) -> str:
    if data.isascii() and b"\x1b" not in data and b"~{" not in data and b"\x00" not in data and "7" not in charset:
        return data.decode("ascii")
    as_utf8 = _strict(data, "utf-8-sig")
    if as_utf8 is not None and _reads_as_chinese(as_utf8):
        return as_utf8
    name = canonical(charset)
    if _LATIN.match(name):
        tried = (as_utf8, _strict(data, "gb2312"), _strict(data, name))
    else:
        tried = (_strict(data, name), as_utf8, _strict(data, GB18030))
    for text in tried:
        if text is not None:
            return text
    return data.decode(name if _known(name) == GB18030 else _closest(data), "replace")


def canonical(charset: str) -> str:
    """The charset's name in lower case; every kin of GB2312 and GBK is the superset GB18030."""
    name = charset.strip().strip("\"'").lower().replace("_", "-")
    return GB18030 if _GB.match(name) else name


def _closest(data: bytes) -> str:
    """Of UTF-8 and GB18030 the one that loses fewer characters."""
    return min(("utf-8", GB18030), key=lambda name: data.decode(name, "replace").count("\ufffd"))


def _strict(data: bytes, name: str) -> str | None:
    known = _known(name)
    if known is None:
        return None
    try:
        return data.decode(known)
    except (ValueError, LookupError):  # UnicodeError is a ValueError; codecs that are not for text raise LookupError
        return None


def _known(name: str) -> str | None:
    if not name or not name.isascii() or "\0" in name or _NOT_FOR_TEXT.search(name):
        return None
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def _reads_as_chinese(text: str) -> bool:
    high = _HIGH.findall(text)
    return bool(high) and all(_CHINESE.fullmatch(run) for run in high)
