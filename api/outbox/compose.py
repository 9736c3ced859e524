"""A mail's bytes from its text and pictures: text and HTML, pictures inline, threaded. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from html import escape
from typing import Any

from api.record import CHINA

MARKER = re.compile(r"\s*【附图 ?(\d{1,3})】\s*")
OF_IDS = frozenset({"message-id", "in-reply-to", "references"})


class _Policy(EmailPolicy):
    """As for SMTP, but ids stay whole, one a line: the library would write a long one as an encoded word."""

    def fold(self, name: str, value: Any) -> str:
        return _ids(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return _ids(name, value).encode("ascii") or super().fold_binary(name, value)


POLICY = _Policy(linesep=SMTP.linesep, max_line_length=76)  # so that no encoded word has more than 75 characters


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of a mail, JPEG. number: of its 【附图】 line."""

    number: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """references: ids of the thread, oldest first; in_reply_to: "" for a mail that answers none."""

    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    message_id: str
    at: datetime
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text, or (figure > 0) the picture that stands there."""

    text: str
    figure: int = 0


def compose(letter: Letter) -> bytes:
    """The whole mail, CRLF, at most 998 bytes a line. The same letter gives the same bytes but for its boundaries."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _address(letter.sender_name, letter.sender)
    mail["To"] = _address("", letter.to)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(letter.at.astimezone(CHINA))
    mail["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
    if letter.references:
        mail["References"] = " ".join(letter.references)
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    known = [one.number for one in letter.figures]
    lines = laid_out(letter.text, known)
    mail.set_content(plain_text(lines), charset="utf-8", cte="base64")
    mail.add_alternative(_html(lines, letter.message_id), subtype="html", charset="utf-8", cte="base64")
    html: Any = mail.get_payload()[1]  # type: ignore[index]
    for figure in letter.figures:
        cid, name = f"<{_cid(figure.number, letter.message_id)}>", f"{figure.number}.jpg"
        html.add_related(figure.jpeg, "image", "jpeg", cid=cid, filename=name, disposition="inline")
    return mail.as_bytes()


def laid_out(text: str, figures: Collection[int]) -> list[Line]:
    """The lines with their pictures; a picture without a place of its own comes last, a place without one goes."""
    lines: list[Line] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not (found := MARKER.fullmatch(line)):
            lines.append(Line(line.rstrip()))
        elif (number := int(found[1])) in figures and all(number != one.figure for one in lines):
            lines.append(Line("", number))
    placed = {one.figure for one in lines}
    return [*lines, *(Line("", number) for number in sorted(figures) if number not in placed)]


def plain_text(lines: Sequence[Line]) -> str:
    return "\n".join(f"（附图 {one.figure}）" if one.figure else one.text for one in lines).strip() + "\n"


def one_line(text: str) -> str:
    """Fit for a header: no line breaks, no other control characters, not endless."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def _html(lines: Sequence[Line], message_id: str) -> str:
    return "\n".join(
        (
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"></head>',
            "<body style=\"font:15px/1.7 'PingFang SC','Microsoft YaHei',sans-serif;color:#1d2730\">",
            *_paragraphs(lines, message_id),
            "</body></html>",
        )
    )


def _paragraphs(lines: Sequence[Line], message_id: str) -> Iterator[str]:
    for line in lines:
        if line.figure:
            source = f"cid:{escape(_cid(line.figure, message_id))}"
            yield (
                f'<p style="margin:.4em 0"><img src="{source}" alt="附图 {line.figure}" '
                f'style="max-width:100%;border:1px solid #dfe3e6"><br><small>附图 {line.figure}</small></p>'
            )
        else:
            yield f'<p style="margin:0;white-space:pre-wrap">{escape(line.text) or "&nbsp;"}</p>'


def _cid(number: int, message_id: str) -> str:
    return f"{number}.{message_id.strip('<>')}"


def _address(name: str, address: str) -> Address:
    return Address(one_line(name), addr_spec=address)


def _ids(name: str, value: Any) -> str:
    if name.lower() not in OF_IDS:
        return ""
    return f"{name}: " + f"{POLICY.linesep} ".join(str(value).split()) + POLICY.linesep
