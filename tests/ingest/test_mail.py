"""Mails as Chinese mail software writes them, and mails that nobody should write."""

from __future__ import annotations

import base64
import quopri
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Attachment, Mail, Trouble
from ingest.headers import header_text, parameters
from ingest.mail import parse_mail
from ingest.parts import looks_like_mail

CHINA = timezone(timedelta(hours=8))
PDF = b"%PDF-1.4\n1 0 obj\n"


def mail(*headers: str | bytes, body: bytes = b"") -> bytes:
    lines = [header.encode() if isinstance(header, str) else header for header in headers]
    return b"\r\n".join([*lines, b"", body])


def word(text: str, codec: str, name: str = "", kind: str = "B") -> str:
    data = text.encode(codec)
    if kind == "B":
        return f"=?{name or codec}?B?{base64.b64encode(data).decode()}?="
    return f"=?{name or codec}?Q?{''.join(f'={byte:02X}' for byte in data)}?="


def multipart(*parts: bytes, kind: str = "mixed", headers: tuple[str, ...] = ("Subject: x",)) -> bytes:
    head = mail(*headers, f'Content-Type: multipart/{kind}; boundary="{kind}"')
    mark = f"--{kind}".encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def file_part(data: bytes = PDF, *headers: str | bytes) -> bytes:
    return mail(*headers, "Content-Transfer-Encoding: base64", body=base64.encodebytes(data))


def codes(read: Mail) -> list[str]:
    return [trouble.code for trouble in read.troubles]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (word("王喆老师", "gbk", "gb2312"), "王喆老师"),
        (word("安庆职院", "gbk", "x-gbk"), "安庆职院"),
        (word("安庆职院", "gbk", "GB_2312-80"), "安庆职院"),
        (word("安庆职院", "gbk", "cp936"), "安庆职院"),
        (word("安庆职院", "gbk", "utf-8"), "安庆职院"),
        (word("安庆职院", "utf-8", "gb2312"), "安庆职院"),
        (word("安庆职院", "gbk", "iso-8859-1"), "安庆职院"),
        (word("安庆职院", "utf-8", "no-such-charset"), "安庆职院"),
        (word("安庆", "gbk", "gb2312") + "\r\n " + word("职院+2023", "gbk", "gb2312", "Q"), "安庆职院+2023"),
        ("Re: " + word("安庆", "utf-8") + " x", "Re: 安庆 x"),
        ("=?utf-8?Q?a_b=3F?=", "a b?"),
        ("=?utf-8?B?not base64!!?=", header_text(b"=?utf-8?B?not base64!!?=")),
        ("安庆职院+2023年证书申报".encode("gbk"), "安庆职院+2023年证书申报"),
        ("安庆职院+2023年证书申报", "安庆职院+2023年证书申报"),
        ("Caf\xe9".encode("latin-1"), None),
    ],
)
def test_reads_chinese_subjects_whatever_they_claim_to_be(raw: str | bytes, text: str | None) -> None:
    subject = parse_mail(mail(b"Subject: " + (raw if isinstance(raw, bytes) else raw.encode()))).subject
    assert subject if text is None else subject == text


@pytest.mark.parametrize("cut", range(1, 12))
def test_joins_encoded_words_that_were_cut_inside_a_character(cut: int) -> None:
    data = "安庆职院申报".encode("gbk")
    words = [f"=?gb2312?B?{base64.b64encode(half).decode()}?=" for half in (data[:cut], data[cut:])]
    assert header_text("\r\n ".join(words).encode()) == "安庆职院申报"


def test_joins_encoded_words_that_were_cut_inside_a_base64_quantum() -> None:
    text = base64.b64encode("安庆职院申报".encode()).decode()
    assert header_text(f"=?utf-8?B?{text[:6]}?=\r\n =?utf-8?B?{text[6:]}?=".encode()) == "安庆职院申报"


@given(
    text=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30),
    codec=st.sampled_from(["gbk", "gb18030", "utf-8"]),
    kind=st.sampled_from("BQ"),
    cut=st.integers(0, 30),
)
def test_encoded_words_come_back_as_they_were(text: str, codec: str, kind: str, cut: int) -> None:
    words = [word(piece, codec, kind=kind) for piece in (text[:cut], text[cut:]) if piece]
    assert header_text("\r\n\t".join(words).encode()) == text


@pytest.mark.parametrize(
    "header",
    [
        b"attachment; filename*=gb2312''%B8%BD%BC%FE2.pdf",
        b"attachment; filename*=utf-8'zh'%E9%99%84%E4%BB%B62.pdf",
        b"attachment; filename*=%B8%BD%BC%FE2.pdf",
        b"attachment; filename*=no-such''%B8%BD%BC%FE2.pdf",
        b"attachment; filename*=iso-8859-1''%B8%BD%BC%FE2.pdf",
        b"attachment;\r\n filename*0*=utf-8''%E9%99%84%E4;\r\n filename*1*=%BB%B6;\r\n filename*2=2.pdf",
        b"attachment; filename*1*=%BB%B62.pdf; filename*0*=utf-8''%E9%99%84%E4",
        b"attachment; filename=old.pdf; filename*=utf-8''%E9%99%84%E4%BB%B62.pdf",
        b'attachment; filename="' + word("附件2.pdf", "gbk", "gb2312").encode() + b'"',
        b"attachment; filename=" + word("附件2.pdf", "utf-8").encode(),
        b'attachment; filename*0="=?gbk?B?uL28"; filename*1="/jIucGRm?="',
        'attachment; filename="附件2.pdf"'.encode("gbk"),
        'attachment; filename="附件2.pdf"'.encode(),
        b'attachment; filename="%E9%99%84%E4%BB%B62.pdf"',
        'ATTACHMENT ; FileName = "附件2.pdf" ; size=3'.encode(),
    ],
)
def test_reads_file_names_in_every_way_they_are_written(header: bytes) -> None:
    assert parameters(header)[1]["filename"] == "附件2.pdf"


def test_takes_a_name_that_stands_in_the_content_type_only_and_leaves_folders_out() -> None:
    raw = multipart(
        file_part(PDF, b"Content-Type: application/octet-stream; name=" + '"附件2.pdf"'.encode("gbk")),
        file_part(PDF + b"2", rb'Content-Disposition: attachment; filename="C:\Users\me\scan.pdf"'),
        file_part(PDF + b"3", "Content-Type: application/pdf"),
    )
    assert [(one.file_name, one.data) for one in parse_mail(raw).attachments] == [
        ("附件2.pdf", PDF),
        ("scan.pdf", PDF + b"2"),
        ("附件3.pdf", PDF + b"3"),
    ]


def test_reads_a_whole_mail() -> None:
    text = mail("Content-Type: text/plain; charset=gb2312", body="王喆老师：\r\n\r\n  见附件。".encode("gbk"))
    html = mail("Content-Type: text/html; charset=gb2312", body="<p>王喆老师：<p>见附件。".encode("gbk"))
    raw = multipart(
        multipart(text, html, kind="alternative", headers=()),
        file_part(PDF, 'Content-Disposition: attachment; filename="a.pdf"'),
        headers=(
            "Received: from a by b; Tue, 28 Mar 2023 09:12:00 +0800 (CST)",
            "Received: from c by a; Tue, 28 Mar 2023 09:11:00 +0800",
            "Date: Tue, 28 Mar 2023 09:10:00 +0800",
            f'From: "{word("王喆", "gbk", "gb2312")}" <wang@school.example>',
            f"Subject: {word('安庆职院+2023年证书申报', 'utf-8')}",
            "Message-ID: <1@school.example>",
            "In-Reply-To: <0@office.test>",
        ),
    )
    assert parse_mail(raw) == Mail(
        message_id="<1@school.example>",
        subject="安庆职院+2023年证书申报",
        sender="wang@school.example",
        sender_name="王喆",
        received_at=datetime(2023, 3, 28, 9, 12, tzinfo=CHINA),
        text="王喆老师：\n见附件。",
        attachments=(Attachment("a.pdf", "application/octet-stream", PDF),),
        in_reply_to="<0@office.test>",
    )


def test_the_servers_receipt_time_wins() -> None:
    at = datetime(2023, 4, 1, tzinfo=UTC)
    assert parse_mail(mail("Date: Tue, 28 Mar 2023 09:10:00 +0800"), received_at=at).received_at == at


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        (("Received: from a; nonsense", "Received: from b; Tue, 28 Mar 2023 09:10:00 +0800"), CHINA),
        (("Received: no date", "Date: Tue, 28 Mar 2023 01:10:00 -0000"), UTC),
        (("Date: Tue, 28 Mar 2023 09:10:00 GMT+8:00",), CHINA),
        (("Date: Tue, 28 Mar 2023 09:10:00",), CHINA),
        (("Date: 28 Mar 23 09:10 +0800",), CHINA),
    ],
)
def test_the_receipt_time_is_the_topmost_that_can_be_read(headers: tuple[str, ...], at: timezone) -> None:
    assert parse_mail(mail(*headers)).received_at == datetime(2023, 3, 28, 9, 10, tzinfo=CHINA).astimezone(at)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Tue, 99 Mar 2023 99:10:00 +9999", "Thu, 01 Jan 1970 08:00:00 +0800"]
)
def test_a_date_that_cannot_be_read_is_none(date: str) -> None:
    assert parse_mail(mail(f"Date: {date}")).received_at is None


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("王喆 <wang@school.example>".encode("gbk"), "王喆", "wang@school.example"),
        (b"wang@school.example", "", "wang@school.example"),
        (b"wang@school.example (Wang)", "Wang", "wang@school.example"),
        (b'"Wang, Zhe" <wang@school.example>', "Wang, Zhe", "wang@school.example"),
        ((word("王喆", "gbk") + "<wang@school.example>").encode(), "王喆", "wang@school.example"),
        (b"nobody", "nobody", ""),
    ],
)
def test_tells_the_senders_name_and_address(value: bytes, name: str, address: str) -> None:
    read = parse_mail(mail(b"From: " + value))
    assert (read.sender_name, read.sender) == (name, address)


def test_attachments_and_text_of_nested_mails_belong_to_the_outer_one() -> None:
    text = mail("Content-Type: text/plain; charset=utf-8", body="附件是盖章件".encode())
    inner = multipart(
        text,
        file_part(PDF, 'Content-Disposition: attachment; filename="a.pdf"'),
        kind="inner",
        headers=("From: a@school.example", f"Subject: {word('安庆职院+2023年证书申报', 'gbk')}"),
    )
    expected = (Attachment("a.pdf", "application/octet-stream", PDF),)
    for part in (
        mail("Content-Type: message/rfc822", body=inner),
        mail(
            "Content-Type: message/rfc822",
            "Content-Transfer-Encoding: base64",
            body=base64.encodebytes(inner),
        ),
        file_part(inner, 'Content-Type: application/octet-stream; name="转发.eml"'),
    ):
        read = parse_mail(multipart(mail("Content-Type: text/plain", body=b"see below"), part))
        assert read.attachments == expected
        assert read.text == "see below\n安庆职院+2023年证书申报\n附件是盖章件"
        assert read.troubles == ()


def test_pictures_that_the_html_shows_are_inline() -> None:
    html = mail("Content-Type: text/html; charset=utf-8", body=b'<p>x<img src="cid:logo%40mail">')
    raw = multipart(
        html,
        file_part(b"\x89PNG1", 'Content-Type: image/png; name="1.png"', "Content-ID: <logo@mail>"),
        file_part(b"\x89PNG2", 'Content-Type: image/png; name="2.png"', "Content-ID: <other>"),
        kind="related",
    )
    assert [(one.file_name, one.inline) for one in parse_mail(raw).attachments] == [("1.png", True), ("2.png", False)]


def test_html_is_read_as_its_reader_sees_it() -> None:
    page = (
        "<html><head><title>t</title><style>p{}</style></head><body>王老师：<br>合计&nbsp;<b>20</b>人"
        "<table><tr><td>姓名</td><td>电话</td></tr></table><script>x()</script><!-- no --></body>"
    )
    read = parse_mail(mail("Content-Type: text/html; charset=GBK", body=page.encode("gbk")))
    assert read.text == "王老师：\n合计 20人\n姓名 电话"


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        (("X-QQ-AUTO-REPLY: true",), True),
        (("Auto-Submitted: auto-replied (vacation)",), True),
        (("Auto-Submitted: auto-generated",), True),
        (("Auto-Submitted: no",), False),
        ((f"Subject: {word('自动回复: 您好', 'gb18030')}",), True),
        ((f"Subject: {word('Re: 自动回复: 您好', 'gb18030')}",), False),
        (("Content-Type: multipart/report; report-type=delivery-status; boundary=x",), True),
        (("Subject: x",), False),
    ],
)
def test_knows_answers_by_machines(headers: tuple[str, ...], automatic: bool) -> None:
    read = parse_mail(mail(*headers))
    assert (read.auto_reply, codes(read)) == (automatic, ["mail.auto_reply" if automatic else "mail.no_attachment"])


def test_a_scanner_that_mails_a_file_is_no_auto_reply() -> None:
    part = file_part(PDF, 'Content-Disposition: attachment; filename="scan.pdf"')
    assert not parse_mail(multipart(part, headers=("Auto-Submitted: auto-generated",))).auto_reply


@pytest.mark.parametrize(
    ("text", "link", "until"),
    [
        (
            "从QQ邮箱发来的超大附件 汇总表.pdf (128.03M, 2020年11月27日 21:59 到期)进入下载页面：",
            "http://mail.qq.com/cgi-bin/ftnExs_download?t=exs",
            "2020年11月27日 21:59 到期",
        ),
        ("从腾讯企业邮箱发来的超大附件", "https://exmail.qq.com/cgi-bin/ftnExs_download?k=1", "链接会过期"),
        ("从网易163邮箱发来的超大附件", "https://mail.163.com/large-attachment-download/index.html?p=1", "链接会过期"),
        ("从网易企业邮箱发来的云附件", "https://edisk.qiye.163.com/api/biz/attachment/download?x", "链接会过期"),
        ("通过网盘分享的文件 提取码 abcd", "https://pan.baidu.com/s/1", "链接会过期"),
    ],
)
def test_a_cloud_attachment_is_told_by_words_and_address(text: str, link: str, until: str) -> None:
    page = f'<div id="x">{text}<a href="{link}">下载</a></div>'.encode()
    read = parse_mail(mail("Content-Type: text/html; charset=utf-8", body=page))
    assert codes(read) == ["mail.cloud_attachment"]
    assert until in read.troubles[0].message


@pytest.mark.parametrize("body", ["请不要用超大附件发送", "https://mail.qq.com/cgi-bin/ftnExs_download"])
def test_words_or_address_alone_are_no_cloud_attachment(body: str) -> None:
    assert codes(parse_mail(mail("Content-Type: text/plain; charset=utf-8", body=body.encode()))) == [
        "mail.no_attachment"
    ]


def test_damaged_base64_gives_what_is_left_and_says_so() -> None:
    part = mail(
        'Content-Disposition: attachment; filename="a.pdf"', "Content-Transfer-Encoding: base64", body=b"JVBE!!Ri0"
    )
    read = parse_mail(multipart(part))
    assert [one.data for one in read.attachments] == [b"%PDF-"]
    assert [(trouble.code, trouble.file_name) for trouble in read.troubles] == [("file.unreadable", "a.pdf")]


def test_a_footer_after_the_padding_and_missing_padding_do_no_harm() -> None:
    encoded = base64.b64encode(b"%PDF-1.4")
    for body in (encoded + b"\r\n_____\r\nlist footer", encoded.rstrip(b"=")):
        part = mail('Content-Disposition: attachment; filename="a"', "Content-Transfer-Encoding: BASE64 ", body=body)
        read = parse_mail(multipart(part))
        assert ([one.data for one in read.attachments], read.troubles) == ([b"%PDF-1.4"], ())


def test_quoted_printable_text_and_a_missing_charset_are_read() -> None:
    body = quopri.encodestring("安庆职院".encode("gbk"))
    assert parse_mail(mail("Content-Transfer-Encoding: quoted-printable", body=body)).text == "安庆职院"


def nested(levels: int) -> bytes:
    heads = (b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(levels))
    return b"".join(heads) + b"\nhello"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", ["mail.no_attachment"]),
        (b"\r\n\r\n", ["mail.no_attachment"]),
        (b"no headers at all", ["mail.no_attachment"]),
        (b"\x00\xff" * 100, ["mail.no_attachment"]),
        (nested(10), ["mail.no_attachment"]),
        (nested(50), ["file.bomb", "mail.no_attachment"]),
        (nested(3000), ["file.unreadable", "mail.no_attachment"]),
        (b"Content-Type: message/rfc822\n\n" * 3000, ["file.unreadable", "mail.no_attachment"]),
    ],
)
def test_what_is_hardly_a_mail_is_a_mail_with_its_troubles(raw: bytes, found: list[str]) -> None:
    assert codes(parse_mail(raw)) == found


def test_a_multipart_without_its_boundary_is_still_text() -> None:
    assert parse_mail(mail("Content-Type: multipart/mixed", body=b"hello")).text == "hello"


@pytest.mark.parametrize("piece", ["=?a?b?x", "%E9%99", '"', ';a="\\', "(", "@", "a@b,", "=?gbk?Q?=E5?= "])
@pytest.mark.parametrize("header", ["Subject", "From", "Content-Disposition", "Content-Type", "Date", "Received"])
def test_very_long_headers_are_read_in_time_that_does_not_explode(header: str, piece: str) -> None:
    assert parse_mail(mail(f"{header}: attachment;{piece * 100_000}")).text == ""


_PIECES = st.sampled_from(
    [
        *(b"Subject: ", b"From: ", b"Content-Type: ", b"multipart/mixed; boundary=x", b"message/rfc822", b"text/html"),
        *(b"Content-Disposition: attachment; filename", b"*0*=utf-8''%E5", b"=?gbk?B?", b"?=", b"\r\n", b"\r\n\r\n"),
        *(b"--x", b"--x--", b"Content-Transfer-Encoding: base64", b"; charset=idna", b"; charset=utf-7", b"\xb0\xb2"),
        *(b"Date: ", b"Received: ;", b"<![x[", b"<p>", b"&#0;", b"\x00", b"; charset=unicode_escape", b"\\", b"+2AA-"),
    ]
)


@given(st.binary() | st.lists(_PIECES | st.binary(max_size=8), max_size=40).map(b"".join))
def test_no_bytes_make_it_raise_or_give_text_that_cannot_be_stored(raw: bytes) -> None:
    read = parse_mail(raw)
    for text in (read.subject, read.text, read.sender, read.message_id, *(one.file_name for one in read.attachments)):
        assert "\x00" not in text
        text.encode("utf-8")
    assert all(isinstance(trouble, Trouble) for trouble in read.troubles)


def test_a_saved_mail_is_told_by_its_headers() -> None:
    assert looks_like_mail(b"Received: x\r\nSubject: y\r\n\r\nz")
    assert not looks_like_mail(b"Subject: only one header\r\n\r\nz")
    assert not looks_like_mail(PDF)
