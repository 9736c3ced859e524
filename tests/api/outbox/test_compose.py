"""A mail's bytes: Chinese headers, ids that stay whole, text beside HTML with pictures in their places."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email.policy import default
from typing import Any

from api.outbox.compose import Figure, Letter, Line, compose, laid_out
from ingest.mail import parse_mail

LONG = f"<{'x' * 200}@school.test>"
SUBJECT = "Re: 安徽职业技术学院+2023年证书申报——附件2申报学校汇总表补充材料第三次报送（含电子版与盖章扫描件）"


def a_letter(**changed: Any) -> Letter:
    made: dict[str, Any] = {
        "sender": "office@office.test",
        "sender_name": "安徽省 1+X 证书制度试点工作协调推进办公室（职业教育与成人教育处）",
        "to": "school@school.test",
        "subject": SUBJECT,
        "text": "某校：\r\n   情况：<b>合计</b>不符\n   【附图 2】\n【附图 7】\n谢谢",
        "message_id": "<7@office.test>",
        "at": datetime(2023, 3, 30, 1, 2, 3, tzinfo=UTC),
        "in_reply_to": LONG,
        "references": ("<a@school.test>", LONG),
        "figures": (Figure(1, b"\xff\xd8one"), Figure(2, b"\xff\xd8two")),
    }
    return Letter(**(made | changed))


def test_headers_are_encoded_and_ids_stay_whole() -> None:
    raw = compose(a_letter())
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    assert f"\r\nIn-Reply-To: {LONG}\r\nReferences: <a@school.test>\r\n {LONG}\r\n" in head
    assert "\r\nDate: Thu, 30 Mar 2023 09:02:03 +0800\r\nMessage-ID: <7@office.test>\r\n" in head
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert all(len(word) <= 75 for word in head.split() if word.startswith("=?"))
    read = parse_mail(raw)
    assert (read.subject, read.sender, read.in_reply_to) == (SUBJECT, "office@office.test", LONG)
    assert read.sender_name == a_letter().sender_name


def test_text_and_html_say_the_same_and_pictures_stand_in_their_places() -> None:
    mail = email.message_from_bytes(compose(a_letter()), policy=default)
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/jpeg",
        "image/jpeg",
    ]
    plain, related = mail.iter_parts()
    assert (
        plain.get_content().replace("\r\n", "\n") == "某校：\n   情况：<b>合计</b>不符\n（附图 2）\n谢谢\n（附图 1）\n"
    )
    html, *pictures = related.iter_parts()
    text = html.get_content()
    assert "情况：&lt;b&gt;合计&lt;/b&gt;不符" in text
    assert text.index("cid:2.7@office.test") < text.index("谢谢") < text.index("cid:1.7@office.test")
    named = [(p["Content-ID"], p.get_content_disposition(), p.get_content()) for p in pictures]
    assert named == [("<1.7@office.test>", "inline", b"\xff\xd8one"), ("<2.7@office.test>", "inline", b"\xff\xd8two")]


def test_a_mail_without_pictures_or_thread_is_plain_and_html_only() -> None:
    mail = email.message_from_bytes(compose(a_letter(in_reply_to="", references=(), figures=())), policy=default)
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert mail["In-Reply-To"] is None and mail["References"] is None


def test_what_a_person_types_can_bring_no_header_with_it() -> None:
    mail = email.message_from_bytes(compose(a_letter(subject="a\r\nBcc: x@y.test")), policy=default)
    assert (mail["Subject"], mail["Bcc"]) == ("a Bcc: x@y.test", None)


def test_a_picture_is_shown_once_and_comes_last_where_its_line_is_gone() -> None:
    assert laid_out("【附图1】\na\n【附图 1】\n看【附图 2】", [1, 2]) == [
        Line("", 1),
        Line("a"),
        Line("看【附图 2】"),
        Line("", 2),
    ]
