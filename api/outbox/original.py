"""Whom a reply to a mail goes to, and how it is threaded: from the outer headers of its bytes. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32

from ingest.headers import header_text

HEAD = 200_000
"""Bytes in which the headers stand."""
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f-\U0010ffff]{1,250}>")
ANSWERED = re.compile(r"^\s*(?:(?:re|reply|回复|答复|回覆)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
MACHINES = re.compile(r"^(?:mailer-?daemon|postmaster|no-?_?reply|do-?not-?reply|bounces?|auto-?reply)(?:[+@]|$)", re.I)
LONGEST_THREAD = 20
"""Ids of References that are kept: the first, and the last ones (RFC 5322 sets no limit, servers do)."""


@dataclass(frozen=True, slots=True)
class Original:
    """The mail to be answered. refusal: why no answer may go, in Chinese; "" when one may. to: "" then."""

    to: str = ""
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    refusal: str = ""

    @property
    def answer_subject(self) -> str:
        bare = ANSWERED.sub("", self.subject).strip()
        return f"Re: {bare or '（无主题）'}"


def read_original(raw: bytes, own: Collection[str], auto_reply: bool = False) -> Original:
    """own: the office's mailboxes, lower case. auto_reply: what was found when the mail was read.

    Nested messages are not looked at: who forwarded them gets the answer.
    """
    parsed = BytesHeaderParser(policy=compat32).parsebytes(raw[:HEAD])
    headers: dict[str, list[str]] = {}
    for name, value in parsed.raw_items():
        headers.setdefault(name.lower(), []).append(header_text(str(value).encode("utf-8", "surrogateescape")))
    subject = headers.get("subject", [""])[0]
    own_id = _ids(headers.get("message-id", ()))[:1]
    thread = _ids(headers.get("references", ())) or _ids(headers.get("in-reply-to", ()))[:1]
    references = tuple(dict.fromkeys([*(one for one in thread if one not in own_id), *own_id]))
    if len(references) > LONGEST_THREAD:
        references = (references[0], *references[1 - LONGEST_THREAD :])
    to, refusal = _recipient(headers, own)
    refusal = _machine(headers, auto_reply) or refusal
    return Original("" if refusal else to, subject, own_id[0] if own_id else "", references, refusal)


def addresses(text: str) -> list[str]:
    return [found.rstrip(".") for found in ADDRESS.findall(text)]


def _recipient(headers: dict[str, list[str]], own: Collection[str]) -> tuple[str, str]:
    """Reply-To before From; the office itself is never answered."""
    named = [
        one for header in ("reply-to", "from", "sender") for text in headers.get(header, ()) for one in addresses(text)
    ]
    others = [one for one in named if one.lower() not in own]
    if not named:
        return "", "邮件没有可用的发件人地址"
    if not others:
        return "", "发件人就是本办公室的邮箱"
    if MACHINES.match(others[0]):
        return "", "发件人是邮件系统，不接收回复"
    return others[0], ""


def _machine(headers: dict[str, list[str]], auto_reply: bool) -> str:
    """Why a mail was made by a machine or sent to a list (RFC 3834, and what QQ mail writes in its place)."""

    def said(name: str) -> str:
        return " ".join(headers.get(name, ())).strip().lower()

    if auto_reply or said("auto-submitted").partition(";")[0].strip() not in ("", "no"):
        return "这是自动回复或系统通知，不能回复"
    if "x-qq-auto-reply" in headers or "x-autoreply" in headers or said("content-type").startswith("multipart/report"):
        return "这是自动回复或退信通知，不能回复"
    if any(said("precedence") == kind for kind in ("bulk", "list", "junk", "auto_reply")):
        return "这是群发邮件，不能回复"
    if any(name in headers for name in ("list-id", "list-post", "list-unsubscribe")):
        return "这是邮件列表的邮件，不能回复"
    if "<>" in headers.get("return-path", ()):
        return "这是退信或系统通知（没有退信地址），不能回复"
    return ""


def _ids(values: Collection[str]) -> list[str]:
    return [one for value in values for one in MESSAGE_ID.findall(value)]
