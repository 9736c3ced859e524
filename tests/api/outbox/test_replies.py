"""A reply by the JSON API and by its pages: drafted, edited, sent once, by whom may, to whom it may go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.app import create_app
from api.outbox.office import Office, office_of
from api.outbox.sender import Sender
from api.settings import Settings
from api.store.tables import AuditRow, Record
from tests.api.outbox.servers import deliver, serving
from tests.api.records import Shelf, a_message, a_picture, a_reading, a_record
from tests.api.signed import signed

ID = "a1b2c3d4e5f60718293a"
OFFICE = Office("office@office.test", "某省办公室", frozenset({"office@office.test"}))
RAW = (
    "Return-Path: <dean@school.test>\r\nFrom: =?gb2312?B?vczO8bSm?= <dean@school.test>\r\nTo: office@office.test\r\n"
    "Subject: 安徽职业技术学院+2023年证书申报\r\nMessage-ID: <7@school.test>\r\nReferences: <6@school.test>\r\n"
    "Date: Tue, 28 Mar 2023 09:12:00 +0800\r\n\r\n"
).encode()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.store.close()


def keep(shelf: Shelf, *bodies: dict[str, Any], raw: bytes = RAW, **changed: Any) -> str:
    sha256 = shelf.files.put(raw)
    shelf.keep(a_message(sha256=sha256, **changed), *bodies, picture=a_picture())
    return sha256


def client(shelf: Shelf, office: Office = OFFICE, **who: Any) -> TestClient:
    return signed(create_app(shelf.store, shelf.files, office=office), **who)


def answer(draft: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The draft as it is, with all its pictures."""
    shown = [one for one in draft["items"] if one["number"] and one["picture"]]
    pictures = [{key: one[key] for key in ("number", "record", "place")} for one in shown]
    return {"id": draft["id"], "text": draft["text"], "pictures": pictures, "versions": draft["versions"]} | changed


def events(shelf: Shelf) -> list[tuple[str, str, str | None]]:
    with shelf.store.reading() as session:
        rows = session.scalars(sa.select(AuditRow).order_by(AuditRow.number))
        return [(row.event, row.by, row.record) for row in rows]


def test_a_draft_says_to_whom_in_which_words_and_with_what_pictures(shelf: Shelf) -> None:
    keep(shelf, a_record())
    draft = client(shelf).get(f"/api/records/{ID}/reply").json()
    assert (draft["to"], draft["subject"]) == ("dean@school.test", "Re: 安徽职业技术学院+2023年证书申报")
    assert (draft["refusal"], draft["versions"]) == ("", {ID: 1})
    assert draft["text"].startswith("安徽职业技术学院：\n\n贵校2023年3月28日发来的")
    assert draft["text"].splitlines()[-2] == "某省办公室"
    assert [(one["code"], one["number"], one["picture"]) for one in draft["items"]] == [
        ("total.mismatch", 1, f"/api/records/{ID}/findings/0/picture.jpg"),
        ("certificate.ambiguous", None, f"/api/records/{ID}/findings/1/picture.jpg"),
    ]
    picture = client(shelf, role="clerk").get(draft["items"][0]["picture"])
    assert picture.headers["Content-Type"] == "image/jpeg" and picture.content.startswith(b"\xff\xd8")
    assert client(shelf, role="reviewer").get(f"/api/records/{ID}/findings/7/picture.jpg").status_code == 404


def test_a_reply_leaves_once_in_the_thread_of_its_mail(shelf: Shelf) -> None:
    message = keep(shelf, a_record())
    clerk = client(shelf, role="clerk")
    wish = answer(clerk.get(f"/api/records/{ID}/reply").json())
    first, again = (clerk.post(f"/api/records/{ID}/reply", json=wish) for _ in range(2))
    assert (first.status_code, again.json()["id"]) == (202, first.json()["id"])
    with serving() as server:
        sender = Sender(shelf.store, shelf.files, server.smtp, OFFICE.address)
        assert deliver(sender) == 1
        sent = server.message()
    assert {name: sent[name] for name in ("From", "To", "Subject", "In-Reply-To", "References", "Message-ID")} == {
        "From": "某省办公室 <office@office.test>",
        "To": "dean@school.test",
        "Subject": "Re: 安徽职业技术学院+2023年证书申报",
        "In-Reply-To": "<7@school.test>",
        "References": "<6@school.test> <7@school.test>",
        "Message-ID": f"<{wish['id']}@office.test>",
    }
    assert [part.get_content_type() for part in sent.walk()][-2:] == ["text/html", "image/jpeg"]
    kept = clerk.get("/api/outbox").json()
    assert kept["states"] == {"sent": 1}
    assert (kept["items"][0]["message"], kept["items"][0]["records"]) == (message, [ID])
    assert events(shelf) == [("reply.queued", "clerk", ID), ("reply.sent", "machine", ID)]


def test_a_whole_mail_is_answered_about_what_is_still_open(shelf: Shelf) -> None:
    done = a_record(id="b" * 20, state="accepted")
    other = a_record(id="c" * 20, form="anhui/application", state="returned", fields={"school": a_reading("某校")})
    message = keep(shelf, a_record(), done, other)
    draft = client(shelf).get(f"/api/messages/{message}/reply").json()
    assert [(one["record"], one["number"]) for one in draft["items"]] == [
        (ID, 1), (ID, None), ("c" * 20, 2), ("c" * 20, None)
    ]  # fmt: skip
    titles = [line for line in draft["text"].splitlines() if re.fullmatch("《.*》", line)]
    assert titles == ["《申报学校汇总表》", "《证书申报表》"]


def test_what_changed_since_the_draft_is_not_sent(shelf: Shelf) -> None:
    keep(shelf, a_record())
    clerk = client(shelf)
    wish = answer(clerk.get(f"/api/records/{ID}/reply").json())
    with shelf.store.session() as session:
        session.execute(sa.update(Record).values(version=2))
    refused = clerk.post(f"/api/records/{ID}/reply", json=wish)
    assert (refused.status_code, refused.json()["detail"]) == (409, "材料已有变化，请重新起草后再发送")


@pytest.mark.parametrize(
    ("raw", "changed", "refusal"),
    [
        (
            RAW.replace(b"References:", b"Auto-Submitted: auto-replied\r\nReferences:"),
            {},
            "这是自动回复或系统通知，不能回复",
        ),
        (RAW.replace(b"dean@school", b"office@office"), {}, "发件人就是本办公室的邮箱"),
        (RAW, {"kind": "file", "name": "附件2.pdf"}, "这份材料不是从邮箱收到的，没有可以回复的地址"),
    ],
)
def test_whom_nobody_answers_gets_a_draft_that_cannot_be_sent(
    shelf: Shelf, raw: bytes, changed: dict[str, Any], refusal: str
) -> None:
    keep(shelf, a_record(), raw=raw, **changed)
    clerk = client(shelf)
    draft = clerk.get(f"/api/records/{ID}/reply").json()
    assert (draft["to"], draft["refusal"]) == ("", refusal)
    refused = clerk.post(f"/api/records/{ID}/reply", json=answer(draft))
    assert (refused.status_code, refused.json()["detail"]) == (409, refusal)
    assert 'value="send"' not in clerk.get(f"/records/{ID}/reply").text


def test_without_a_server_nothing_leaves_and_the_page_says_so(shelf: Shelf) -> None:
    keep(shelf, a_record())
    clerk = client(shelf, Office())
    page = clerk.get(f"/records/{ID}/reply").text
    assert "没有配置发信服务器" in page and 'value="send"' not in page and "合计不符" in page
    draft = clerk.get(f"/api/records/{ID}/reply").json()
    assert clerk.post(f"/api/records/{ID}/reply", json=answer(draft)).status_code == 409


def test_who_may_not_reply_sees_the_outbox_only(shelf: Shelf) -> None:
    keep(shelf, a_record())
    auditor = client(shelf, role="auditor")
    assert auditor.get(f"/api/records/{ID}/reply").status_code == 403
    assert auditor.get(f"/records/{ID}/reply").status_code == 403
    assert auditor.get("/outbox").status_code == 200
    assert auditor.post("/api/outbox/0/retry").status_code == 403


def test_a_clerk_of_another_city_sees_neither_draft_nor_mail(shelf: Shelf) -> None:
    message = keep(shelf, a_record())
    with shelf.store.session() as session:
        session.execute(sa.update(Record).values(city="合肥市"))
    clerk = client(shelf, name="li")
    made = clerk.post(f"/api/records/{ID}/reply", json=answer(clerk.get(f"/api/records/{ID}/reply").json())).json()
    own, other = (
        client(shelf, role="clerk", name="a", cities=["合肥市"]),
        client(shelf, role="clerk", name="b", cities=["滁州市"]),
    )
    for path in (f"/api/records/{ID}/reply", f"/api/messages/{message}/reply", f"/api/outbox/{made['id']}"):
        assert (own.get(path).status_code, other.get(path).status_code) == (200, 404)
    assert other.get(f"/records/{ID}/reply").status_code == 404
    assert other.get(f"/api/records/{ID}/findings/0/picture.jpg").status_code == 404
    assert other.get("/api/outbox").json() == {"states": {}, "items": []}


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of the reply's form: hidden values and ticks."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and value and ('type="hidden"' in tag or "checked" in tag):
            found.setdefault(name[1], []).append(value[1])
    return found


def test_the_page_redrafts_previews_and_sends_what_was_edited(shelf: Shelf) -> None:
    keep(shelf, a_record())
    clerk = client(shelf)
    path = f"/records/{ID}/reply"
    form = fields(clerk.get(path).text)
    assert form["write"] == form["picture"] == form["drafted"] == [f"{ID}:0"]
    again = clerk.post(path, data={**form, "write": [f"{ID}:0", f"{ID}:1"], "picture": [f"{ID}:1"], "do": "redraft"})
    form = fields(again.text)
    assert form["drafted"] == [f"{ID}:0", f"{ID}:1"]
    assert "2. 证书有多个候选" in again.text and "【附图 2】" in again.text and "【附图 1】" not in again.text
    edited = {**form, "text": "某校：\n请改正合计。<b>\n【附图 2】\n此致", "do": "preview"}
    shown = clerk.post(path, data=edited).text
    preview = shown[shown.index('id="preview"') :]
    assert "请改正合计。&lt;b&gt;" in preview
    assert (
        preview.index("请改正合计") < preview.index(f"/api/records/{ID}/findings/1/picture.jpg") < preview.index("此致")
    )
    sent = clerk.post(path, data={**edited, "do": "send"}, follow_redirects=False)
    assert sent.status_code == 303
    page = clerk.get(sent.headers["Location"]).text
    assert "等待发送" in page and "请改正合计。&lt;b&gt;" in page and "dean@school.test" in page
    assert "已有的答复" in clerk.get(path).text


def test_an_edited_text_is_kept_when_it_cannot_be_sent(shelf: Shelf) -> None:
    keep(shelf, a_record())
    clerk = client(shelf)
    path = f"/records/{ID}/reply"
    form = fields(clerk.get(path).text)
    refused = clerk.post(path, data={**form, "version": f"{ID}:9", "text": "改过的正文", "do": "send"})
    assert refused.status_code == 409
    assert "改过的正文" in refused.text and "材料已有变化" in refused.text


def queued(shelf: Shelf, clerk: TestClient) -> str:
    draft = clerk.get(f"/api/records/{ID}/reply").json()
    return str(clerk.post(f"/api/records/{ID}/reply", json=answer(draft)).json()["id"])


def test_a_waiting_mail_can_be_cancelled_and_sent_after_all_but_not_one_that_left(shelf: Shelf) -> None:
    keep(shelf, a_record())
    clerk = client(shelf)
    id = queued(shelf, clerk)
    assert clerk.post(f"/outbox/{id}/cancel").status_code == 200
    assert clerk.get("/api/outbox", params={"state": "cancelled"}).json()["items"][0]["id"] == id
    with serving() as server:
        sender = Sender(shelf.store, shelf.files, server.smtp, OFFICE.address)
        assert deliver(sender) == 0
        assert clerk.post(f"/api/outbox/{id}/retry").json()["state"] == "waiting"
        assert deliver(sender) == 1
    refused = clerk.post(f"/api/outbox/{id}/cancel")
    assert (refused.status_code, refused.json()["detail"]) == (409, "邮件正在发送或已经发出，不能取消")
    assert [event for event, _, _ in events(shelf)] == [
        "reply.queued", "reply.cancelled", "reply.retried", "reply.sent"
    ]  # fmt: skip


def test_neither_audit_log_nor_addresses_of_pages_hold_a_mail_address(shelf: Shelf) -> None:
    keep(shelf, a_record())
    queued(shelf, client(shelf))
    with shelf.store.reading() as session:
        told = " ".join(f"{row.event} {row.detail}" for row in session.scalars(sa.select(AuditRow)))
    assert "@" not in told and "school.test" not in told


def test_the_office_is_known_by_all_its_mailboxes() -> None:
    given: dict[str, Any] = {"smtp_host": "mx.test", "smtp_user": "Office@126.test", "smtp_name": "某办"}
    office = office_of(Settings(**given))
    assert (office.address, office.name, office.sends, office.host) == ("Office@126.test", "某办", True, "126.test")
    assert {"office@126.test", "anhui-office@126.example"} <= office.own
    assert not office_of(Settings(smtp_user="office@126.test")).sends
