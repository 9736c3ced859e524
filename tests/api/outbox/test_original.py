"""Whom a reply goes to, what thread it joins, and whom nobody answers."""

from __future__ import annotations

import base64

import pytest

from api.outbox.original import Original, read_original

OWN = frozenset({"office@office.test"})


def a_mail(**headers: str) -> bytes:
    known = {"From": "school@school.test", "To": "office@office.test", "Subject": "S", "Message-ID": "<1@school.test>"}
    named = known | {name.replace("_", "-"): value for name, value in headers.items()}
    return "".join(f"{name}: {value}\r\n" for name, value in named.items() if value).encode() + b"\r\n\xe8\xa7\x81"


def test_the_sender_is_answered_in_the_thread_of_the_mail() -> None:
    subject = base64.b64encode("安徽职业技术学院+2023年证书申报".encode("gb18030")).decode()
    raw = a_mail(Subject=f"=?gb2312?B?{subject}?=", References="<a@x.test>\r\n\t<b@x.test>")
    found = read_original(raw, OWN)
    assert found == Original(
        "school@school.test",
        "安徽职业技术学院+2023年证书申报",
        "<1@school.test>",
        ("<a@x.test>", "<b@x.test>", "<1@school.test>"),
    )
    assert found.answer_subject == "Re: 安徽职业技术学院+2023年证书申报"


@pytest.mark.parametrize("subject", ["Re: 汇总表", "RE：回复: 汇总表", "答复：Re[2]: 汇总表", "汇总表"])
def test_a_subject_says_once_that_it_is_an_answer(subject: str) -> None:
    assert read_original(a_mail(Subject=subject), OWN).answer_subject == "Re: 汇总表"


def test_reply_to_goes_first_unless_it_is_the_office() -> None:
    assert read_original(a_mail(Reply_To='"教务处" <dean@school.test>'), OWN).to == "dean@school.test"
    assert read_original(a_mail(Reply_To="Office@office.test"), OWN).to == "school@school.test"


def test_a_mail_without_ids_is_answered_without_a_thread() -> None:
    found = read_original(a_mail(Message_ID="no id", In_Reply_To="<a@x.test>"), OWN)
    assert (found.message_id, found.references) == ("", ("<a@x.test>",))


def test_a_nested_message_is_answered_to_who_sent_the_outer_one() -> None:
    inner = b"From: inner@school.test\r\nSubject: inner\r\nReply-To: inner@school.test\r\n\r\n"
    raw = a_mail(From="clerk@city.test", Content_Type='multipart/mixed; boundary="b"')
    raw += b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n"
    assert read_original(raw, OWN).to == "clerk@city.test"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner"},
        {"X_QQ_AUTO_REPLY": "true"},
        {"Precedence": "bulk"},
        {"Precedence": " List"},
        {"List_Id": "<all.school.test>"},
        {"Return_Path": "<>"},
        {"Content_Type": "multipart/report; report-type=delivery-status; boundary=b"},
        {"From": "MAILER-DAEMON@mx.school.test"},
        {"From": "no-reply@school.test"},
        {"From": "office@office.test"},
        {"From": "OFFICE@OFFICE.TEST", "Reply_To": "office@office.test"},
        {"From": "某校"},
        {"From": ""},
    ],
)
def test_machines_lists_and_the_office_itself_are_never_answered(headers: dict[str, str]) -> None:
    found = read_original(a_mail(**headers), OWN)
    assert found.to == "" and found.refusal.endswith(
        ("不能回复", "不能回复（没有退信地址）", "邮箱", "地址", "不接收回复")
    )


def test_an_ordinary_mail_says_that_it_was_not_made_by_a_machine() -> None:
    assert read_original(a_mail(Auto_Submitted="no", Return_Path="<school@school.test>"), OWN).refusal == ""


def test_what_was_found_when_the_mail_was_read_counts() -> None:
    assert read_original(a_mail(), OWN, auto_reply=True).to == ""


def test_an_address_can_bring_no_other_header_with_it() -> None:
    found = read_original(a_mail(Reply_To="=?utf-8?q?a=40b=2Etest=0D=0ABcc=3A_x=40y=2Etest?="), OWN)
    assert found.to == "a@b.test"


def test_long_threads_keep_their_first_and_their_last() -> None:
    found = read_original(a_mail(References=" ".join(f"<{n}@x.test>" for n in range(100))), OWN)
    assert len(found.references) == 20
    assert (found.references[0], found.references[-2:]) == ("<0@x.test>", ("<99@x.test>", "<1@school.test>"))
