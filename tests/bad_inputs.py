"""Inputs that something is wrong with, each of its own kind, built here byte by byte."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from base64 import encodebytes
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tests.ingest.drawing import page, pdf_of, saved

HEAD = b"From: school@school.test\r\nTo: office@office.test\r\nDate: Tue, 28 Mar 2023 09:12:00 +0800\r\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
TEXT = "这不是邮件，也不是扫描件。\n".encode()


@dataclass(frozen=True, slots=True)
class Bad:
    """A file to be ingested. codes: findings of which its record must have at least one."""

    name: str
    data: bytes
    codes: tuple[str, ...]


def bad_inputs() -> tuple[Bad, ...]:
    """All of them, no two with the same bytes."""
    return (*_pdfs(), *_pictures(), *_archives(), *_other_files(), *_mails())


def _pdfs() -> tuple[Bad, ...]:
    broken = ("file.unreadable",)
    whole = pdf_of("| BT /F1 24 Tf 72 700 Td (whole) Tj ET")
    locked = "/Filter /Standard /V 1 /R 2 /P -4 /O <" + "41" * 32 + "> /U <" + "42" * 32 + ">"
    encrypted = whole.replace(b"/Root 1 0 R", f"/Root 1 0 R /ID [<00><00>] /Encrypt << {locked} >>".encode())
    endless = whole.replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    return (
        Bad("截断.pdf", whole[: len(whole) // 3], broken),
        Bad("只有开头.pdf", b"%PDF-1.7\n", broken),
        Bad("加密.pdf", encrypted, ("file.encrypted",)),
        Bad("没有页.pdf", pdf_of(), broken),
        Bad("页面树成环.pdf", endless, (*broken, "form.unknown", "form.blank")),
        Bad("空白页.pdf", pdf_of("| "), ("form.unknown", "form.blank")),
        Bad("页面极大.pdf", pdf_of("/MediaBox [0 0 9000000 9000000] | "), (*broken, "file.bomb", "form.unknown")),
        Bad("一百零一页.pdf", pdf_of(*["| "] * 101), ("file.bomb",)),
        Bad("零字节.pdf", b"", broken),
    )


def _pictures() -> tuple[Bad, ...]:
    broken, nothing = ("file.unreadable",), ("form.unknown", "form.blank", "mail.no_attachment", "file.unreadable")
    sheet = saved(page(600, 800), "JPEG")
    endless = bytearray(saved(Image.new("L", (40, 40), 255), "TIFF"))
    first = struct.unpack("<I", endless[4:8])[0]
    count = struct.unpack("<H", endless[first : first + 2])[0]
    place = first + 2 + 12 * count
    endless[place : place + 4] = struct.pack("<I", first)  # the next page is this one
    return (
        Bad("截断.jpg", sheet[: len(sheet) // 6], (*broken, *nothing)),
        Bad("只有开头.jpg", sheet[:40], broken),
        Bad("一个像素.png", saved(Image.new("RGB", (1, 1), "white"), "PNG"), nothing),
        Bad("六万像素见方.png", _png(60000, 60000), (*broken, "file.bomb")),
        Bad("页面成环.tif", bytes(endless), (*broken, "file.bomb", *nothing)),
        Bad("其实是文本.jpg", TEXT + b"1", ("file.unsupported",)),
        Bad("其实是图片.pdf", saved(Image.new("RGB", (500, 700), "white"), "PNG"), nothing),
        Bad("全黑.bmp", saved(Image.fromarray(np.zeros((400, 300), np.uint8)), "BMP"), nothing),
    )


def _archives() -> tuple[Bad, ...]:
    nested = TEXT + b"2"
    for level in range(6):
        nested = _zip({f"{level}.zip": nested})
    locked = bytearray(_zip({"a.pdf": TEXT + b"3"}))
    locked[6] |= 1  # the flag of encryption, in the member's own head and in the directory
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    return (
        Bad("层层嵌套.zip", nested, ("file.bomb",)),
        Bad("炸弹.zip", _zip({"a.bmp": b"\0" * 400_000_000}), ("file.bomb",)),
        Bad("上千个文件.zip", _zip({f"{n}.pdf": b"%d" % n for n in range(1000)}), ("file.bomb",)),
        Bad("中文名.zip", _with_gbk_name("附件二.pdf", TEXT + b"4"), ("file.unsupported",)),
        Bad("往外写.zip", _zip({"../../outside.pdf": TEXT + b"5"}), ("file.unsupported",)),
        Bad("加密.zip", bytes(locked), ("file.encrypted",)),
        Bad("截断.zip", _zip({"a.pdf": random.Random(1).randbytes(4000)})[:900], ("file.unreadable",)),
        Bad("空的.zip", b"PK\x05\x06" + b"\0" * 18, ("file.unreadable",)),
        Bad("压缩包.rar", b"Rar!\x1a\x07\x01\0" + b"\0" * 200, ("file.unsupported",)),
        Bad("压缩包.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 200, ("file.unsupported",)),
    )


def _other_files() -> tuple[Bad, ...]:
    kinds = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    macro = {"[Content_Types].xml": kinds, "word/document.xml": b"<broken", "word/vbaProject.bin": b"\0"}
    return (
        Bad("网页.pdf", b"<!DOCTYPE html><html><body>404</body></html>", ("file.unsupported",)),
        Bad("带宏.docm", _zip(macro), ("file.macro",)),
        Bad("坏的.docx", _zip({"[Content_Types].xml": kinds, "word/document.xml": b"<w:"}), ("file.unreadable",)),
        Bad("坏的.xlsx", _zip({"[Content_Types].xml": kinds, "xl/workbook.xml": b"<x"}), ("file.unreadable",)),
        Bad("旧版.xls", OLE + "Workbook".encode("utf-16-le"), ("file.unsupported",)),
        Bad("旧版.doc", OLE + "WordDocument".encode("utf-16-le"), ("file.unsupported",)),
        Bad("有密码.docx", OLE + "EncryptedPackage".encode("utf-16-le"), ("file.encrypted",)),
        Bad("程序.exe", b"MZ" + b"\0" * 300, ("file.unsupported",)),
        Bad("乱码.bin", random.Random(2).randbytes(5000), ("file.unsupported",)),
    )


def _mails() -> tuple[Bad, ...]:
    nothing = ("mail.no_attachment",)
    base64 = b"Content-Transfer-Encoding: base64\r\n\r\n"
    odd = b"Subject: =?x-none?B?1tC5+g==?=\r\nContent-Type: text/plain; charset=x-none\r\n\r\n\xd6\xd0"
    unbounded = b"Subject: b\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhello\r\n"
    automatic = "Subject: 自动回复: 申报\r\nX-QQ-AUTO-REPLY: true\r\n\r\n您好".encode()
    return (
        Bad("只有空行.eml", b"\r\n", nothing),
        Bad("其实是文本.eml", TEXT, nothing),
        Bad("没有正文.eml", HEAD + b"Subject: none\r\n\r\n", nothing),
        Bad("没有邮件头.eml", b"\r\n" + TEXT, nothing),
        Bad("未编码的主题.eml", HEAD + "Subject: 某某学院申报\r\n\r\n见附件".encode("gbk"), nothing),
        Bad("不存在的编码.eml", HEAD + odd, nothing),
        Bad("半个附件.eml", _attached(base64 + encodebytes(pdf_of("| ")[:150])), ("file.unreadable",)),
        Bad("坏的base64.eml", _attached(base64 + b"@@@\xff!!=="), ("file.unreadable", "file.unsupported")),
        Bad("没有边界.eml", HEAD + unbounded, nothing),
        Bad("层层转发.eml", _forwarded(30), (*nothing, "file.bomb")),
        Bad("层层分段.eml", _parted(300), (*nothing, "file.bomb")),
        Bad("满是空字符.eml", HEAD + b"Subject: \0\0\0\r\n\0\0: \0\r\n\r\n" + b"\0" * 500, nothing),
        Bad("只有云附件.eml", _cloud(), ("mail.cloud_attachment",)),
        Bad("自动回复.eml", HEAD + automatic, ("mail.auto_reply",)),
    )


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_gbk_name(name: str, data: bytes) -> bytes:
    """As Chinese Windows packs: the name in GBK, without the flag that would say UTF-8."""
    raw = name.encode("gbk")
    stand_in = "x" * len(raw)
    return _zip({stand_in: data}).replace(stand_in.encode(), raw)


def _png(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def _attached(part: bytes) -> bytes:
    head = b"Subject: broken\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    kind = b'Content-Type: application/octet-stream; name="a.pdf"\r\n'
    return HEAD + head + kind + b'Content-Disposition: attachment; filename="a.pdf"\r\n' + part + b"\r\n--b--\r\n"


def _forwarded(depth: int) -> bytes:
    mail = HEAD + b"Subject: innermost\r\n\r\nhello\r\n"
    for level in range(depth):
        mail = HEAD + b"Subject: Fw %d\r\nContent-Type: message/rfc822\r\n\r\n" % level + mail
    return mail


def _parted(depth: int) -> bytes:
    part = b"Content-Type: text/plain\r\n\r\nhello\r\n"
    for level in range(depth):
        name = b"b%d" % level
        part = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n%s\r\n--%s--\r\n' % (
            name,
            name,
            part,
            name,
        )
    return HEAD + b"Subject: parts\r\nMIME-Version: 1.0\r\n" + part


def _cloud() -> bytes:
    link = '<a href="https://wx.mail.qq.com/ftn/download?func=3&amp;k=0">进入下载页面</a>'
    body = f"<p>从QQ邮箱发来的超大附件</p><p>汇总表.pdf (128.03M, 2023年04月27日 21:59 到期)</p>{link}"
    return HEAD + b"Subject: cloud\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()
