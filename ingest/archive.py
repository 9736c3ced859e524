"""ZIP archives, and the office files that are ZIP archives: names, limits, encryption. Pure."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.charset import decode
from ingest.document import FileKind

MOST_MEMBERS = 500
MOST_BYTES = 300_000_000
MOST_RATIO = 200
SMALL = 30_000_000
"""Limits on what archives may hold: members, bytes in all, and, beyond SMALL bytes, times the archive's own size."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something was not taken: a code of the contract and, in Chinese, what to do."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Member:
    """A file by its name with its bytes, or the reason why they could not be had."""

    name: str
    data: bytes | Refused


@dataclass(frozen=True, slots=True)
class Office:
    """An archive that is a document."""

    kind: FileKind | Refused
    has_macros: bool = False


BROKEN = Refused("file.unreadable", "压缩包或文档已损坏、不完整，请学校重新发送。")
ENCRYPTED = Refused("file.encrypted", "压缩包设有密码，请学校去掉密码后重新发送。")
BOMB = Refused("file.bomb", "压缩包展开后文件过多或过大，为安全起见未予展开，请学校直接添加文件重新发送。")

_OTHER_OFFICE: tuple[tuple[str, str], ...] = (
    ("OFD.xml", "不支持 OFD 版式文件，请学校另存为 PDF 后重新发送。"),
    ("xl/workbook.bin", "不支持 .xlsb 表格，请学校另存为 .xlsx 或 PDF 后重新发送。"),
    ("ppt/presentation.xml", "不支持演示文稿，请学校另存为 PDF 后重新发送。"),
    ("mimetype", "不支持 OpenDocument 等格式，请学校另存为 .docx、.xlsx 或 PDF 后重新发送。"),
)


def is_office(data: bytes) -> Office | None:
    """What document a ZIP archive is; None when it is just an archive (or too broken to tell)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, OverflowError, NotImplementedError):
        return None
    names = {info.filename for info in infos}
    for sign, message in _OTHER_OFFICE:
        if sign in names:
            return Office(Refused("file.unsupported", message))
    if "[Content_Types].xml" not in names:
        return None
    if _is_bomb(infos, len(data)):
        return Office(BOMB)
    has_macros = any(name.endswith("vbaProject.bin") for name in names)
    if any(name.startswith("word/") for name in names):
        return Office("docx", has_macros)
    if any(name.startswith("xl/") for name in names):
        return Office("xlsx", has_macros)
    return Office(Refused("file.unsupported", "不支持这种文档，请学校另存为 PDF 后重新发送。"))


def unpack(name: str, data: bytes) -> Iterator[Member]:
    """The files of a ZIP archive as a person counts them (1, 2, 10), or one Member that says why there are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if _is_bomb(infos, len(data)):
                yield Member(name, BOMB)
            elif not infos:
                yield Member(name, Refused("file.unreadable", "压缩包是空的，请学校重新发送。"))
            elif all(info.flag_bits & 1 for info in infos):
                yield Member(name, ENCRYPTED)
            else:
                for full_name, info in sorted(
                    ((_name(info), info) for info in infos), key=lambda pair: _counted(pair[0])
                ):
                    yield Member(full_name, _read(archive, info))
    except (zipfile.BadZipFile, ValueError, struct.error, OverflowError, NotImplementedError):
        yield Member(name, BROKEN)


def _is_bomb(infos: list[zipfile.ZipInfo], packed: int) -> bool:
    """By the declared sizes: zipfile never gives out more than a member declares."""
    size = sum(info.file_size for info in infos)
    return len(infos) > MOST_MEMBERS or size > MOST_BYTES or (size > SMALL and size > MOST_RATIO * packed)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | Refused:
    if info.flag_bits & 1:
        return ENCRYPTED
    try:
        return archive.read(info)
    except NotImplementedError:
        return Refused("file.unsupported", "压缩包用了少见的压缩方式，请学校改用普通 ZIP 压缩后重新发送。")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError):
        return BROKEN


def _name(info: zipfile.ZipInfo) -> str:
    """The name as the sender saw it: Chinese Windows writes GBK and says nothing, a Mac UTF-8 and says nothing."""
    if info.flag_bits & 0x800:
        name = info.filename
    else:
        raw = info.orig_filename.encode("cp437", "replace")
        name = _unicode_path(info.extra) or decode(raw)
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _unicode_path(extra: bytes) -> str:
    """Info-ZIP's extra field 0x7075: version (1 byte), CRC-32 of the plain name (4 bytes), the name in UTF-8."""
    while len(extra) >= 4:
        tag, size = struct.unpack("<HH", extra[:4])
        if tag == 0x7075:
            return extra[9 : 4 + size].decode("utf-8", "ignore")
        extra = extra[4 + size :]
    return ""


def _counted(name: str) -> list[tuple[int, str]]:
    """Sort key: runs of digits by their value."""
    return [(int(run), "") if run.isascii() and run.isdigit() else (-1, run) for run in re.split(r"(\d{1,9})", name)]
