"""Which files of a mail are read, and what is said about the others."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import zipfile
import zlib

import pytest

from ingest.attachments import choose_files
from ingest.document import Attachment, File, FileKind, Mail, Trouble

PDF = b"%PDF-1.4\n1 0 obj\n"
JPEG = b"\xff\xd8\xff\xe0 a scan"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def mail(*attachments: Attachment, troubles: tuple[Trouble, ...] = ()) -> Mail:
    return Mail("<1@school.example>", "x", "a@school.example", "", None, "", attachments, troubles=troubles)


def named(name: str, data: bytes, media_type: str = "application/octet-stream", inline: bool = False) -> Attachment:
    return Attachment(name, media_type, data, inline)


def file(name: str, kind: FileKind, data: bytes) -> File:
    return File(name, kind, data, hashlib.sha256(data).hexdigest())


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def zipped_in(codec: str, name: str, data: bytes = PDF, flags: int = 0) -> bytes:
    """A ZIP as old software writes it: the name in `codec`, the UTF-8 flag off."""
    raw = name.encode(codec)
    crc = zlib.crc32(data)
    fields = (20, flags, 0, 0, 0, crc, len(data), len(data), len(raw), 0)
    local = b"PK\x03\x04" + struct.pack("<5H3L2H", *fields) + raw + data
    central = b"PK\x01\x02" + struct.pack("<6H3L5H2L", 20, *fields[:8], len(raw), 0, 0, 0, 0, 0, 0) + raw
    return local + central + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, len(central), len(local), 0)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    head = chunk(b"IHDR", struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def office(main: str, *more: str) -> bytes:
    return zipped(*((name, b"<xml/>") for name in ("[Content_Types].xml", main, *more)))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "pdf"),
        (b"\xef\xbb\xbf junk \n" + PDF, "pdf"),
        (JPEG, "image"),
        (png(800, 1000), "image"),
        (b"GIF89a....", "image"),
        (b"II*\0....", "image"),
        (b"MM\0*....", "image"),
        (b"BM\x10\0\0\0\0\0\0\0\x36\0\0\0", "image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image"),
        (office("word/document.xml"), "docx"),
        (office("word/document2.xml"), "docx"),
        (office("xl/workbook.xml"), "xlsx"),
    ],
)
@pytest.mark.parametrize("name", ["附件2.pdf", "附件2.docx", "附件2"])
def test_the_kind_is_told_by_the_bytes_whatever_the_name(data: bytes, kind: FileKind, name: str) -> None:
    assert choose_files(mail(named(name, data))) == ((file(name, kind, data),), ())


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "file.unreadable", "空的"),
        (b"\0" * 100, "file.unreadable", "空的"),
        (b"<!DOCTYPE html><html>\xe7\x99\xbb\xe5\xbd\x95", "file.unsupported", "网页"),
        (b"\r\n <HTML><body>", "file.unsupported", "网页"),
        (b"Rar!\x1a\x07\x01\0", "file.unsupported", "ZIP"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "file.unsupported", "ZIP"),
        (b"\x1f\x8b\x08\0", "file.unsupported", "ZIP"),
        (b"\x78\x9f\x3e\x22\0", "file.unsupported", "网页邮箱"),
        (OLE + "WordDocument".encode("utf-16-le"), "file.unsupported", ".docx"),
        (OLE + "Workbook".encode("utf-16-le"), "file.unsupported", ".xlsx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "file.encrypted", "密码"),
        (OLE, "file.unsupported", "PDF"),
        (zipped(("OFD.xml", b"<OFD/>"), ("Doc_0/Document.xml", b"")), "file.unsupported", "OFD"),
        (office("ppt/presentation.xml"), "file.unsupported", "演示文稿"),
        (office("xl/workbook.bin"), "file.unsupported", ".xlsx"),
        (zipped(("mimetype", b"application/vnd.oasis.opendocument.text")), "file.unsupported", "OpenDocument"),
        (office("word/document.xml")[:-40], "file.unreadable", "损坏"),
        (zipped(), "file.unreadable", "空的"),
        (zipped(("0.bmp", b"\0" * 40_000_000)), "file.bomb", "过大"),
        (zipped(*((f"{n}.txt", b"x") for n in range(501))), "file.bomb", "过多"),
        (zipped(("[Content_Types].xml", b""), ("word/document.xml", b"\0" * 40_000_000)), "file.bomb", "过大"),
        (b"hello, plain text", "file.unsupported", "PDF"),
        (b"MZ\x90\0", "file.unsupported", "可执行"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_what_to_do(data: bytes, code: str, words: str) -> None:
    files, troubles = choose_files(mail(named("附件2.pdf", data)))
    assert (files, [(one.code, one.file_name) for one in troubles]) == ((), [(code, "附件2.pdf")])
    assert words in troubles[0].message


def test_a_file_with_macros_is_read_and_said_to_have_them() -> None:
    data = office("word/document.xml", "word/vbaProject.bin")
    files, troubles = choose_files(mail(named("附件2.docm", data)))
    assert files == (file("附件2.docm", "docx", data),)
    assert [one.code for one in troubles] == ["file.macro"]


def test_an_archive_is_opened_in_the_order_that_people_count() -> None:
    data = zipped(("10.jpg", JPEG + b"10"), ("2.jpg", JPEG + b"2"), ("__MACOSX/._2.jpg", b"x"), ("Thumbs.db", OLE))
    files, troubles = choose_files(mail(named("a.zip", data)))
    assert ([one.name for one in files], troubles) == (["2.jpg", "10.jpg"], ())


@pytest.mark.parametrize("codec", ["gbk", "utf-8"])
def test_names_in_archives_without_the_utf8_flag_are_readable(codec: str) -> None:
    files, _ = choose_files(mail(named("a.zip", zipped_in(codec, "安庆职院/附件2.pdf"))))
    assert files == (file("安庆职院/附件2.pdf", "pdf", PDF),)


def test_archives_in_archives_are_opened_to_a_small_depth() -> None:
    data = PDF
    for depth in range(1, 5):
        data = zipped((f"{depth}", data))
        files, troubles = choose_files(mail(named("a.zip", data)))
        got = ([one.name for one in files], [one.code for one in troubles])
        assert got == ((["1"], []) if depth <= 3 else ([], ["file.bomb"]))


def test_many_small_bombs_are_one() -> None:
    inner = zipped(("0.bmp", b"\0" * 29_000_000))
    data = zipped(*((f"{n}.zip", inner + bytes([n])) for n in range(12)), compression=zipfile.ZIP_STORED)
    files, troubles = choose_files(mail(named("a.zip", data)))
    assert files == ()
    assert "file.bomb" in [one.code for one in troubles]


def test_an_encrypted_archive_says_so() -> None:
    files, troubles = choose_files(mail(named("a.zip", zipped_in("gbk", "附件2.pdf", flags=1))))
    assert (files, [one.code for one in troubles]) == ((), ["file.encrypted"])


def test_a_damaged_member_does_not_hide_the_others() -> None:
    data = bytearray(zipped(("1.pdf", PDF), ("2.pdf", PDF + b"2"), compression=zipfile.ZIP_STORED))
    data[data.index(PDF)] ^= 1
    files, troubles = choose_files(mail(named("a.zip", bytes(data))))
    assert [one.name for one in files] == ["2.pdf"]
    assert [(one.code, one.file_name) for one in troubles] == [("file.unreadable", "1.pdf")]


def test_a_saved_mail_in_an_archive_gives_its_attachments() -> None:
    body = base64.b64encode(PDF)
    saved = b"Subject: x\r\nFrom: a@school.example\r\nContent-Type: application/pdf; name=b.pdf\r\n"
    saved += b"Content-Transfer-Encoding: base64\r\n\r\n" + body
    files, troubles = choose_files(mail(named("a.zip", zipped(("转发.eml", saved)))))
    assert (files, troubles) == ((file("b.pdf", "pdf", PDF),), ())


def test_the_same_bytes_are_read_once() -> None:
    files, troubles = choose_files(
        mail(named("a.pdf", PDF), named("b.pdf", PDF), named("c.zip", zipped(("d.pdf", PDF))))
    )
    assert (files, troubles) == ((file("a.pdf", "pdf", PDF),), ())


@pytest.mark.parametrize(
    ("picture", "kept"),
    [
        (named("image001.png", png(180, 60), inline=True), False),
        (named("x.png", png(1200, 200), inline=True), False),
        (named("x.png", png(1240, 1754), inline=True), True),
        (named("x.png", png(800, 600), inline=True), True),
        (named("x.png", png(1, 1)), False),
        (named("logo.png", png(300, 300)), False),
        (named("签名.png", png(300, 100)), False),
        (named("附件1.png", png(300, 300)), True),
        (named("签名页.png", png(1240, 1754)), True),
        (named("x.jpg", JPEG, inline=True), True),
    ],
)
def test_pictures_of_the_letterhead_are_told_from_scans(picture: Attachment, kept: bool) -> None:
    files, troubles = choose_files(mail(picture, named("a.pdf", PDF)))
    assert ([one.name for one in files], troubles) == ([picture.file_name, "a.pdf"] if kept else ["a.pdf"], ())


def test_a_mail_with_only_a_letterhead_has_no_attachment() -> None:
    logo = named("logo.png", png(100, 100), inline=True)
    assert [one.code for one in choose_files(mail(logo))[1]] == ["mail.no_attachment"]
    cloud = Trouble("mail.cloud_attachment", "……")
    assert choose_files(mail(logo, troubles=(cloud,))) == ((), ())


def test_a_mails_own_digital_signature_is_no_file() -> None:
    signature = named("smime.p7s", b"0\x82\x01", "application/pkcs7-signature")
    assert choose_files(mail(signature, named("a.pdf", PDF))) == ((file("a.pdf", "pdf", PDF),), ())
