"""A mail's bytes to a Mail, tolerant of everything that Chinese mail software sends. Pure; no mail makes it raise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from ingest.cloud import cloud_attachment
from ingest.document import Mail, Trouble
from ingest.headers import header_text, parameters
from ingest.parts import Headers, first, read_parts

LONGEST_TEXT = 200_000
"""Characters of body text that are kept: far more than anyone writes."""

NO_ATTACHMENT = Trouble("mail.no_attachment", "邮件没有附件，请学校把盖章扫描件（PDF 或图片）作为附件重新发送。")

_CHINA = timezone(timedelta(hours=8))
_AUTO_SUBJECT = re.compile(r"\s*\[?(自动回复|自动答复|外出自动|automatic reply|auto[- ]?reply|out of office)", re.I)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


def parse_mail(raw: bytes, *, received_at: datetime | None = None) -> Mail:
    """One message. received_at: the server's INTERNALDATE, where it is known.

    Attachments and text of nested messages (forwarded as attachments) belong to this one. Whatever could not be used is
    among the troubles, with what to do about it.
    """
    headers, parts = read_parts(raw)
    text = parts.text[:LONGEST_TEXT]
    sources = "\n".join([text, *parts.html])
    shown = {unquote(cid) for cid in re.findall(r"cid:([^\"'\s>)]+)", sources, re.IGNORECASE)}
    attachments = tuple(replace(attachment, inline=cid in shown) for cid, attachment in parts.attachments)
    sender_name, sender = _sender(headers)
    subject = first(headers, "subject")
    auto_reply = _is_auto_reply(headers, subject, bool(attachments))
    return Mail(
        message_id=first(headers, "message-id"),
        subject=subject,
        sender=sender,
        sender_name=sender_name,
        received_at=received_at or _received_at(headers),
        text=text,
        attachments=attachments,
        auto_reply=auto_reply,
        in_reply_to=first(headers, "in-reply-to"),
        troubles=(*parts.troubles, *_mail_troubles(auto_reply, cloud_attachment(text, sources), bool(attachments))),
    )


def _sender(headers: Headers) -> tuple[str, str]:
    """Name and address. By a pattern: the library's address parser recurses, and knows no raw Chinese."""
    for header in ("from", "sender", "reply-to", "return-path"):
        for raw in headers.get(header, ()):
            text = header_text(raw[:2000])
            found = _ADDRESS.search(text)
            if found:
                before, after = text[: found.start()], text[found.end() :]
                name = before.strip("<\"' ") or "".join(re.findall(r"\(([^()]*)\)", after)[:1])
                return name.replace('\\"', '"').strip(), found.group()
    return first(headers, "from"), ""


def _received_at(headers: Headers) -> datetime | None:
    """The topmost Received that can be read, else Date."""
    stamps = [header_text(raw).rpartition(";")[2] for raw in headers.get("received", ())]
    return next(_dates([*stamps, first(headers, "date")]), None)


def _dates(texts: list[str]) -> Iterator[datetime]:
    for text in texts:
        text = re.sub(r"\b(?:GMT|UTC)\s*([+-])(\d{1,2}):?(\d{2})", lambda m: f"{m[1]}{m[2]:0>2}{m[3]}", text[:200])
        try:
            date = parsedate_to_datetime(text.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if date.tzinfo is None:  # "-0000" means UTC; no zone at all is a Chinese clock here
            date = date.replace(tzinfo=UTC if "-0000" in text else _CHINA)
        if 1990 <= date.year <= 2200:
            yield date


def _is_auto_reply(headers: Headers, subject: str, has_attachments: bool) -> bool:
    """Answers by machines, delivery reports and read receipts. A scanner's "auto-generated" mail with files is none."""
    submitted = first(headers, "auto-submitted").lower().partition(";")[0].strip()
    kind, _ = parameters(headers.get("content-type", [b""])[0])
    return (
        "x-qq-auto-reply" in headers
        or "x-autoreply" in headers
        or kind == "multipart/report"
        or submitted == "auto-replied"
        or (submitted not in ("", "no") and not has_attachments)
        or bool(_AUTO_SUBJECT.match(subject))
    )


def _mail_troubles(auto_reply: bool, expiry: str | None, has_attachments: bool) -> Iterator[Trouble]:
    if auto_reply:
        yield Trouble("mail.auto_reply", "这是自动回复或退信通知，不是申报材料，无需处理，也不要回复。")
    if expiry is not None:
        until = f"{expiry} 到期" if expiry else "链接会过期"
        message = f"材料是以超大附件（云附件）链接发送的（{until}），邮件里没有文件本身，请学校改为普通附件重新发送。"
        yield Trouble("mail.cloud_attachment", message)
    if not (auto_reply or has_attachments or expiry is not None):
        yield NO_ATTACHMENT
