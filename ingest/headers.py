"""Mail headers to text: encoded words (RFC 2047), parameters (RFC 2231), and raw 8-bit text that follows neither.

Input is the header's raw bytes: the standard library's own decoding loses Chinese characters (see `ingest.charset`).
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import unquote_to_bytes

from ingest.charset import canonical, decode

LONGEST = 20_000
"""Bytes of one header that are looked at: real ones are far shorter, and the patterns below are not linear."""

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_WORDS = re.compile(rf"{_WORD.pattern}(?:\s*{_WORD.pattern})*".replace("(.*?)", "(?:.*?)"), re.DOTALL)
_FOLD = re.compile(r"\r?\n(?=[ \t])|[\r\n]+")
_PARAMETER = re.compile(r"""(?:^|;|(?<="))\s*([^\s=;"]{1,60})\s*=\s*("(?:\\.|[^"\\])*"?|[^;]*)""", re.DOTALL)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){2,}")


def header_text(raw: bytes) -> str:
    """The readable text of a header's value, on one line."""
    return " ".join(decode_words(_unfold(raw)).split())


def decode_words(text: str) -> str:
    """Replaces the encoded words in `text`.

    Neighbouring words of one charset are joined before they are decoded: many senders cut in the middle of a
    character, some in the middle of a base64 quantum.
    """
    return _WORDS.sub(lambda run: _decode_run(run.group()), text)


def _unfold(raw: bytes) -> str:
    return _FOLD.sub("", decode(raw[:LONGEST]))


def _decode_run(run: str) -> str:
    words = [(canonical(charset.split("*")[0]), kind.lower(), text) for charset, kind, text in _WORD.findall(run)]
    return "".join(
        decode(b"".join(_payloads(list(same))), charset) for charset, same in groupby(words, key=lambda word: word[0])
    )


def _payloads(words: list[tuple[str, str, str]]) -> Iterator[bytes]:
    for kind, same in groupby(words, key=lambda word: word[1]):
        texts = [text for _, _, text in same]
        if kind == "b":
            yield _base64_words(texts)
        else:
            for text in texts:
                yield quopri.decodestring(text.encode("utf-8"), header=True)


def _base64_words(texts: list[str]) -> bytes:
    """Each word stands alone when it is padded as it should; otherwise they are one text that was cut anywhere."""
    cleaned = [re.sub(r"[^A-Za-z0-9+/=]", "", text) for text in texts]
    if all(len(text) % 4 == 0 for text in cleaned[:-1]):
        return b"".join(from_base64(text.encode()) for text in cleaned)
    return from_base64("".join(text.rstrip("=") for text in cleaned).encode())


def from_base64(data: bytes) -> bytes:
    """Base64 with whatever padding, up to its end or its first padding. `data`: only alphabet and padding."""
    body = data.split(b"=", 1)[0]
    body = body[: len(body) - (len(body) % 4 == 1)]
    try:
        return base64.b64decode(body + b"=" * (-len(body) % 4))
    except binascii.Error:
        return b""


def parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """The value of a Content-Type or Content-Disposition header (lower case) and its decoded parameters.

    Understands RFC 2231 (continuations, charset, percent-encoding, also with the charset left out or wrong), encoded
    words inside quotes, percent-encoding as browsers write it, and raw 8-bit names.
    """
    head, _, rest = _unfold(raw).partition(";")
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(rest):
        section = _SECTION.fullmatch(match.group(1).lower())
        if section:
            name, number, extended = section.groups()
            sections.setdefault(name, []).append((int(number or -1), bool(extended), _unquote(match.group(2))))
    return head.strip().lower(), {name: _join(found) for name, found in sections.items()}


def _unquote(text: str) -> str:
    text = text.strip()
    if not text.startswith('"'):
        return text
    # A backslash escapes only a quote or a backslash: old clients send whole Windows paths.
    return re.sub(r'\\(["\\])', r"\1", text[1:].removesuffix('"'))


def _join(found: list[tuple[int, bool, str]]) -> str:
    """One parameter from its sections (number or -1, percent-encoded?, text). The extended form wins over the plain."""
    numbered = sorted(section for section in found if section[0] >= 0)
    whole = sorted((section for section in found if section[0] < 0), key=lambda section: not section[1])
    chosen = whole[:1] if whole and (whole[0][1] or not numbered) else numbered
    charset, text = "", ""
    for extended, run in groupby(chosen, key=lambda section: section[1]):
        joined = "".join(section[2] for section in run)
        if extended:
            if not text and joined.count("'") >= 2:
                charset, _, joined = joined.split("'", 2)
            text += decode(unquote_to_bytes(joined), charset)
        else:
            text += joined
    return _percent_decoded(decode_words(text))


def _percent_decoded(text: str) -> str:
    """filename="%E9%99%84.pdf": browsers' way, taken only where it gives something beyond ASCII."""

    def replace(run: re.Match[str]) -> str:
        plain = decode(unquote_to_bytes(run.group()))
        return run.group() if plain.isascii() or "\ufffd" in plain else plain

    return _PERCENT.sub(replace, text)
