"""The parts of a mail: its text, its attachments, and what of them is damaged. Pure; no message makes it raise.

The standard library splits the message (policy compat32, which keeps the raw header bytes); names, texts and transfer
encodings are decoded here, because its own decoding loses Chinese characters and raises on some mails.
"""

from __future__ import annotations

import mimetypes
import quopri
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Any

from ingest.charset import decode
from ingest.document import Attachment, Trouble
from ingest.headers import from_base64, header_text, parameters
from ingest.html import html_text

DEEPEST = 20
MOST_PARTS = 500
"""Limits on nesting and on the number of parts: far beyond any real mail."""

_HEADER_LINE = re.compile(rb"(?:^|\n)([A-Za-z][A-Za-z0-9-]{1,60}):")
_MAIL_HEADERS = {
    *(b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version", b"return-path"),
    *(b"content-type", b"delivered-to", b"reply-to", b"sender", b"x-mailer"),
}

Headers = dict[str, list[bytes]]
"""Raw values by lower-case name, in the order of the message."""


@dataclass
class Parts:
    """What a message holds: attachments with their Content-ID ("" for none), text, HTML sources, troubles."""

    text: str = ""
    attachments: list[tuple[str, Attachment]] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    count: int = 0


def read_parts(raw: bytes) -> tuple[Headers, Parts]:
    """The headers of a message and all its parts, those of nested messages included."""
    parts = Parts()
    message = _parse(raw, parts)
    headers = _headers(message)
    parts.text = _read(message, 0, parts)
    return headers, parts


def first(headers: Headers, name: str) -> str:
    """The readable text of the first header of that name, or ""."""
    values = headers.get(name)
    return header_text(values[0]) if values else ""


def looks_like_mail(data: bytes) -> bool:
    """True when `data` begins as a saved message (.eml) does: with at least two of the usual headers."""
    head = data[:4000].replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    if not re.match(rb"[A-Za-z][A-Za-z0-9-]{1,60}:", head):
        return False
    return len({name.lower() for name in _HEADER_LINE.findall(head)} & _MAIL_HEADERS) >= 2


def _parse(raw: bytes, parts: Parts) -> Message:
    try:
        return message_from_bytes(raw, policy=compat32)
    except Exception:  # noqa: BLE001 - it recurses and raises many kinds on hostile mails, and one may not stop the rest
        parts.troubles.append(Trouble("file.unreadable", "邮件结构损坏或嵌套过深，无法拆出附件，请学校重新发送。"))
        message = BytesHeaderParser(policy=compat32).parsebytes(raw)
        message.set_payload("")
        return message


def _headers(part: Message) -> Headers:
    headers: Headers = {}
    for name, value in part.raw_items():
        headers.setdefault(name.lower(), []).append(str(value).encode("utf-8", "surrogateescape"))
    return headers


def _read(part: Message, depth: int, parts: Parts) -> str:
    """The text of a part and of all below it; attachments, HTML and troubles go to `parts`."""
    parts.count += 1
    if depth > DEEPEST or parts.count > MOST_PARTS:
        trouble = Trouble("file.bomb", "邮件嵌套过深或部分过多，其余内容未处理，请学校直接添加附件重新发送。")
        if trouble not in parts.troubles:
            parts.troubles.append(trouble)
        return ""
    headers = _headers(part)
    kind, options = parameters(headers.get("content-type", [b""])[0])
    if kind == "message/delivery-status":
        return ""
    if part.is_multipart():
        texts = [_read_child(child, kind, headers, depth, parts) for child in part.get_payload()]
        spoken = [text for text in texts if text]
        return "\n".join(spoken[:1] if kind == "multipart/alternative" else spoken)
    return _read_leaf(part, headers, kind, options, depth, parts)


def _read_child(child: Any, kind: str, headers: Headers, depth: int, parts: Parts) -> str:
    if not kind.startswith("message/"):
        return _read(child, depth + 1, parts)
    encoding = _encoding(headers)
    if encoding in ("base64", "quoted-printable") and not child.keys():
        # A nested message sent encoded, which the parser took for a body without headers.
        child = _parse(_payload(child, encoding)[0], parts)
    return _nested(child, depth, parts)


def _nested(inner: Message, depth: int, parts: Parts) -> str:
    subject = first(_headers(inner), "subject")
    text = _read(inner, depth + 1, parts)
    return "\n".join(filter(None, (subject, text)))


def _read_leaf(part: Message, headers: Headers, kind: str, options: dict[str, str], depth: int, parts: Parts) -> str:
    disposition, extra = parameters(headers.get("content-disposition", [b""])[0])
    encoding = _encoding(headers)
    data, damaged = _payload(part, encoding)
    name = _file_name(extra.get("filename", ""), options.get("name", ""))
    if not name and disposition != "attachment" and _is_text(kind):
        text = decode(data, options.get("charset", ""))
        if kind == "text/html":
            parts.html.append(text)
            return html_text(text)
        return _tidy(text)
    if kind.startswith("message/") and not data:
        return ""
    if looks_like_mail(data):
        return _nested(_parse(data, parts), depth, parts)
    if not name:
        name = f"附件{len(parts.attachments) + 1}{mimetypes.guess_extension(kind) or ''}"
    if damaged:
        message = "附件在传输中损坏，读出的内容可能不全，请核对；必要时请学校重新发送。"
        parts.troubles.append(Trouble("file.unreadable", message, name))
    cid = first(headers, "content-id").strip("<> ")
    parts.attachments.append((cid, Attachment(name, kind or "application/octet-stream", data)))
    return ""


def _is_text(kind: str) -> bool:
    """A multipart without parts is one whose boundary is missing: what it holds is still text."""
    return kind in ("text/plain", "text/html") or "/" not in kind or kind.startswith("multipart/")


def _tidy(text: str) -> str:
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _file_name(*candidates: str) -> str:
    """The first name that was decoded whole, else the first at all; without folders and control characters."""
    names = [re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff]", "", name) for name in candidates]
    names = [name for name in (re.split(r"[/\\]", name.strip())[-1].strip() for name in names) if name]
    whole = [name for name in names if "\ufffd" not in name and "??" not in name]
    return next(iter(whole or names), "")


def _encoding(headers: Headers) -> str:
    words = first(headers, "content-transfer-encoding").lower().split()
    return words[0].strip("\"';,") if words else ""


def _payload(part: Message, encoding: str) -> tuple[bytes, bool]:
    """The decoded bytes of a leaf, and whether something was visibly lost on the way."""
    if "uu" not in encoding:  # uuencode is left to the library; else it hands the bytes out as they came
        del part["content-transfer-encoding"]
    del part["content-type"]  # the library would stumble over a strange charset
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b"", False
    if encoding == "quoted-printable":
        return quopri.decodestring(data), False
    if encoding != "base64":
        return data, False
    body = b"".join(data.split()).split(b"=", 1)[0]  # what follows the padding is a mailing list's footer
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    return from_base64(letters), len(letters) != len(body) or len(letters) % 4 == 1
