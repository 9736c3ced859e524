"""Who has not sent a form is reminded by the address that the school wrote from before, after a person's yes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.accounts.actor import MACHINE, Actor
from api.app import create_app
from api.outbox.office import Office
from api.outbox.reminders import Absentee, Contact, reminding
from api.outbox.sender import Sender
from api.store.tables import AuditRow, Record
from tests.api.outbox.servers import deliver, serving
from tests.api.records import Shelf, a_message, a_record
from tests.api.signed import signed

OFFICE = Office("office@office.test", "某省办公室", frozenset({"office@office.test"}))
NOW = datetime(2023, 3, 25, 1, tzinfo=UTC)
ASK = {"programme": "anhui-2023", "form": "anhui/summary"}
ANZHI, HEFEI = "4134010869", "4134013845"
"""安徽职业技术学院, and another school of Anhui."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path, "" if request.param == "sqlite" else request.getfixturevalue("postgresql_url"))
    yield made
    made.store.close()


def came(shelf: Shelf, school: str, sender: str, form: str = "anhui/increase", day: int = 20) -> None:
    """A form of a school, by mail."""
    id = sha256(f"{school}{sender}{form}{day}".encode()).hexdigest()[:20]
    source = a_record()["source"] | {"sender": sender, "received_at": f"2023-03-{day}T09:00:00+08:00"}
    shelf.keep(a_message(id), a_record(id=id, form=form, source=source))
    with shelf.store.session() as session:
        session.execute(sa.update(Record).where(Record.id == id).values(school_code=school))


def found(shelf: Shelf, actor: Actor = MACHINE) -> dict[str, Absentee]:
    with shelf.store.reading() as session:
        made = reminding(session, OFFICE, actor, "anhui-2023", "anhui/summary", NOW)
    return {one.code: one for one in made.schools}


def client(shelf: Shelf, office: Office = OFFICE, **who: Any) -> TestClient:
    return signed(create_app(shelf.store, shelf.files, office=office), **who)


def test_a_missing_school_is_known_by_the_addresses_that_it_wrote_from(shelf: Shelf) -> None:
    came(shelf, ANZHI, "old@school.test", day=10)
    came(shelf, ANZHI, "new@school.test", day=22)
    came(shelf, ANZHI, "office@office.test", day=23)
    came(shelf, ANZHI, "no-reply@school.test", day=24)
    came(shelf, ANZHI, "bureau@city.test", day=24)
    came(shelf, HEFEI, "bureau@city.test", day=24)
    own = found(shelf)[ANZHI]
    assert own.contacts == (
        Contact("new@school.test", False),
        Contact("old@school.test", False),
        Contact("bureau@city.test", True),
    )
    assert own.until == "春季报送截止日为2023年4月3日，还有 9 天。"
    came(shelf, ANZHI, "new@school.test", "anhui/summary")
    assert ANZHI not in found(shelf)


def test_a_city_s_clerk_reminds_the_schools_of_her_city(shelf: Shelf) -> None:
    clerk = Actor("li", "李明", "clerk", ("合肥市",))
    assert {one.city for one in found(shelf, clerk).values()} == {"合肥市"}


def test_a_reminder_says_what_until_when_and_by_which_clause(shelf: Shelf) -> None:
    with shelf.store.reading() as session:
        made = reminding(session, OFFICE, MACHINE, "anhui-2023", "anhui/summary", NOW)
    assert made.subject == "安徽省 2023 年 1+X 证书申报：请报送申报学校汇总表"
    assert (
        made.text
        == """{学校}：

按照安徽省 2023 年 1+X 证书申报通知要求，贵校应报送《申报学校汇总表》。截至2023年3月25日，我们尚未收到贵校的材料。

{截止时间}

依据：安徽省 2023 年 1+X 证书申报通知：“四、各市教育行政部门、应用型本科院校、高职院校将《申报校级汇总表》（附件2）\
加盖公章扫描件发送至邮箱”

材料请以普通附件发送到本邮箱（彩色扫描的 PDF 或清晰照片），不要使用云附件，邮件主题请写作“单位名称+2023年证书申报”。\
如已发送，请回复本邮件告知发送时间和所用邮箱，以便查找；如不需要报送，也请回复说明。

感谢支持。

某省办公室
2023年3月25日"""
    )


def test_one_yes_sends_one_mail_to_each_school(shelf: Shelf) -> None:
    came(shelf, ANZHI, "a@school.test")
    came(shelf, HEFEI, "b@school.test")
    clerk = client(shelf)
    made = clerk.get("/api/reminders", params=ASK).json()
    known = {one["code"]: one["contacts"][0]["address"] for one in made["schools"] if one["contacts"]}
    assert known == {ANZHI: "a@school.test", HEFEI: "b@school.test"}
    wish = {"id": made["id"], **ASK, "text": "{学校}，{截止时间}", "schools": known}
    assert [clerk.post("/api/reminders", json=wish).json() for _ in range(2)] == [{"new": 2}, {"new": 0}]
    with serving() as server:
        assert deliver(Sender(shelf.store, shelf.files, server.smtp, OFFICE.address)) == 2
        sent = {str(server.message(n)["To"]): server.message(n) for n in range(2)}
    body = sent["a@school.test"].get_body(("plain",))
    assert body is not None and body.get_content().startswith("安徽职业技术")
    assert "报送" in body.get_content() and sent["a@school.test"]["In-Reply-To"] is None
    again = clerk.get("/api/reminders", params=ASK).json()
    assert {one["code"] for one in again["schools"] if one["reminded"]} == {ANZHI, HEFEI}
    with shelf.store.reading() as session:
        told = [(row.event, row.by) for row in session.scalars(sa.select(AuditRow).order_by(AuditRow.number))]
    assert told == [("reminder.queued", "administrator"), ("reminder.sent", "machine"), ("reminder.sent", "machine")]


def test_nobody_is_reminded_by_an_address_of_the_asker_s_own_or_who_is_not_missing(shelf: Shelf) -> None:
    came(shelf, ANZHI, "a@school.test")
    clerk = client(shelf)
    id = clerk.get("/api/reminders", params=ASK).json()["id"]
    for schools in ({ANZHI: "else@where.test"}, {"0": "a@school.test"}):
        wish = {"id": id, **ASK, "text": "x", "schools": schools}
        assert clerk.post("/api/reminders", json=wish).status_code == 409
    assert clerk.get("/api/outbox").json()["items"] == []


def test_programmes_and_forms_that_nobody_expects_are_not_found(shelf: Shelf) -> None:
    clerk = client(shelf)
    assert clerk.get("/api/reminders", params=ASK | {"programme": "nowhere"}).status_code == 404
    assert clerk.get("/reminders", params=ASK | {"form": "anhui/increase"}).status_code == 404
    assert client(shelf, role="auditor").get("/reminders").status_code == 403


def test_the_page_sends_only_after_a_preview_and_a_tick(shelf: Shelf) -> None:
    came(shelf, ANZHI, "a@school.test")
    clerk = client(shelf)
    page = clerk.get("/reminders", params=ASK).text
    ticked = re.findall(r'name="school" value="([^"]*)"[^>]*checked', page)
    assert ticked == [f"{ANZHI} a@school.test"] and 'value="send"' not in page
    mail = re.findall(r'name="mail" value="([0-9a-f]{32})"', page)[0]
    form = {"mail": mail, **ASK, "text": "{学校}：请报送", "school": ticked}
    preview = clerk.post("/reminders", data=form | {"do": "preview"}).text
    assert "确认向所选 1 所学校发送" in preview and re.search("安徽职业技术(学院|大学)：请报送", preview)
    unsure = clerk.post("/reminders", data=form | {"do": "send"})
    assert (unsure.status_code, "请先勾选确认" in unsure.text) == (409, True)
    assert clerk.get("/api/outbox").json()["items"] == []
    sent = clerk.post("/reminders", data=form | {"do": "send", "yes": "yes"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/outbox?state=waiting")
    assert [one["to"] for one in clerk.get("/api/outbox").json()["items"]] == ["a@school.test"]
    assert re.findall(r'name="school"[^>]*checked', clerk.get("/reminders", params=ASK).text) == []  # asked already


def test_without_a_server_there_is_nothing_to_press(shelf: Shelf) -> None:
    came(shelf, ANZHI, "a@school.test")
    clerk = client(shelf, Office())
    form = {"mail": "0" * 32, **ASK, "text": "x", "school": f"{ANZHI} a@school.test", "do": "preview"}
    page = clerk.post("/reminders", data=form).text
    assert "没有配置发信服务器" in page and 'value="send"' not in page
