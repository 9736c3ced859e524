"""Which files of a mail are read, and why the others are not. Pure.

The kind of a file is told by its bytes, never by its name or media type: webmail sends PDFs as
application/octet-stream, and a login page saved as .pdf is still a web page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.archive import BOMB, MOST_BYTES, MOST_MEMBERS, Member, Refused, is_office, unpack
from ingest.document import Attachment, File, FileKind, Mail, Trouble
from ingest.mail import NO_ATTACHMENT, parse_mail
from ingest.parts import looks_like_mail
from ingest.picture import is_decoration

DEEPEST = 3
"""Archives and saved mails within one another that are opened."""

_IGNORED_TYPES = {
    "text/calendar",
    "text/vcard",
    "text/x-vcard",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
}
_IGNORED_NAMES = re.compile(r"(?:^|/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|~\$[^/]*|\._[^/]*)$|(?:^|/)__MACOSX/", re.I)

_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HEIC = re.compile(rb"....ftyp(?:heic|heix|heim|heis|hevc|hevx|hevm|hevs|mif1|msf1)", re.DOTALL)
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta|div|p|table)\b", re.I | re.DOTALL
)

_RESEND = "请学校另存为 PDF 或拍照、扫描成图片后重新发送。"
_REPACK = "请学校直接添加文件，或改用 ZIP 压缩后重新发送。"
_SIGNS = (
    (re.compile(rb"Rar!\x1a\x07"), f"不支持 RAR 压缩包，{_REPACK}"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), f"不支持 7z 压缩包，{_REPACK}"),
    (re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ\0"), f"不支持这种压缩包，{_REPACK}"),
    (re.compile(rb"\x78\x9f\x3e\x22"), "附件被发件软件封装成 winmail.dat，请学校改用网页邮箱重新发送。"),
    (re.compile(rb"MZ"), "这是可执行程序，请勿打开，并与发件人核实。"),
    (_HTML, "文件内容是网页，不是扫描件（可能是下载失败时保存的页面），请学校重新发送原文件。"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def choose_files(mail: Mail) -> tuple[tuple[File, ...], tuple[Trouble, ...]]:
    """The files to read, in the mail's order, each content once, and what stands in the way of the others.

    Small pictures of the signature or the letterhead are passed over; ZIP archives are opened, and so are mails saved
    as files. A file with macros is read all the same (its macros are never run) beside its `file.macro`. Whether a PDF
    or a picture can really be opened is for `ingest.sheets` to find out.
    """
    files: dict[str, File] = {}
    troubles: list[Trouble] = []
    kept = [attachment for attachment in mail.attachments if not _is_passed_over(attachment)]
    members = (Member(attachment.file_name, attachment.data) for attachment in kept)
    for outcome in _all(members, DEEPEST, _Budget()):
        if isinstance(outcome, File):
            files.setdefault(outcome.sha256, outcome)
        elif outcome not in troubles:
            troubles.append(outcome)
    explained = mail.auto_reply or any(trouble.code.startswith("mail.") for trouble in mail.troubles)
    if not (files or troubles or explained):
        troubles.append(NO_ATTACHMENT)
    return tuple(files.values()), tuple(troubles)


@dataclass
class _Budget:
    """What may still be taken out of archives in this mail: a mail of small bombs is a bomb."""

    members: int = MOST_MEMBERS
    size: int = MOST_BYTES

    def spend(self, members: Iterable[Member]) -> Iterator[Member]:
        for member in members:
            self.members -= 1
            self.size -= len(member.data) if isinstance(member.data, bytes) else 0
            if self.members < 0 or self.size < 0:
                yield Member(member.name, BOMB)
                return
            yield member


def _is_passed_over(attachment: Attachment) -> bool:
    return attachment.media_type in _IGNORED_TYPES or is_decoration(attachment)


def _all(members: Iterable[Member], depth: int, budget: _Budget) -> Iterator[File | Trouble]:
    for member in members:
        if not _IGNORED_NAMES.search(member.name):
            yield from _one(member, depth, budget)


def _one(member: Member, depth: int, budget: _Budget) -> Iterator[File | Trouble]:
    name, data = member.name, member.data
    if isinstance(data, Refused):
        yield Trouble(data.code, data.message, name)
    elif not data.strip(b"\0"):
        yield Trouble("file.unreadable", "文件是空的，没有内容，请学校重新发送。", name)
    elif data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        yield from _zip(name, data, depth, budget)
    elif kind := _page_kind(data):
        yield _file(name, kind, data)
    elif looks_like_mail(data):
        yield from _saved_mail(name, data, depth, budget)
    else:
        yield _unsupported(name, data)


def _page_kind(data: bytes) -> FileKind | None:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    is_webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    is_bmp = data.startswith(b"BM") and data[6:10] == b"\0\0\0\0"
    if data.startswith(_IMAGES) or is_webp or is_bmp or _HEIC.match(data):
        return "image"
    return None


def _file(name: str, kind: FileKind, data: bytes) -> File:
    return File(name, kind, data, hashlib.sha256(data).hexdigest())


def _zip(name: str, data: bytes, depth: int, budget: _Budget) -> Iterator[File | Trouble]:
    office = is_office(data)
    if office is None:
        if depth == 0:
            yield Trouble("file.bomb", "压缩包套压缩包层数过多，未予展开，请学校直接添加文件重新发送。", name)
            return
        yield from _all(budget.spend(unpack(name, data)), depth - 1, budget)
        return
    if isinstance(office.kind, Refused):
        yield Trouble(office.kind.code, office.kind.message, name)
        return
    if office.has_macros:
        yield Trouble("file.macro", "文件带有宏，系统只读取文字、不会运行；请勿在电脑上启用宏。", name)
    yield _file(name, office.kind, data)


def _saved_mail(name: str, data: bytes, depth: int, budget: _Budget) -> Iterator[File | Trouble]:
    if depth == 0:
        yield Trouble("file.bomb", "邮件嵌套层数过多，未予展开，请学校直接添加文件重新发送。", name)
        return
    inner = parse_mail(data)
    yield from (trouble for trouble in inner.troubles if trouble.code.startswith("file."))
    members = (Member(a.file_name, a.data) for a in inner.attachments if not _is_passed_over(a))
    yield from _all(budget.spend(members), depth - 1, budget)


def _unsupported(name: str, data: bytes) -> Trouble:
    if data.startswith(_OLE):
        return _old_office(name, data)
    head = data[:4000]
    messages = (message for pattern, message in _SIGNS if pattern.match(head))
    return Trouble("file.unsupported", next(messages, f"不支持这种文件格式，{_RESEND}"), name)


def _old_office(name: str, data: bytes) -> Trouble:
    """Compound files: names of streams are UTF-16 in their directory."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return Trouble("file.encrypted", "文件设有打开密码，请学校去掉密码后重新发送。", name)
    if holds("WordDocument"):
        return Trouble("file.unsupported", "不支持旧版 Word（.doc），请学校另存为 .docx 或 PDF 后重新发送。", name)
    if holds("Workbook") or holds("Book"):
        return Trouble("file.unsupported", "不支持旧版 Excel（.xls），请学校另存为 .xlsx 或 PDF 后重新发送。", name)
    return Trouble("file.unsupported", f"不支持旧版办公文件，{_RESEND}", name)
