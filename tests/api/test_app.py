import io
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.export.schema import Record, record_schema
from api.store.tables import Record as RecordRow
from tests.api.records import Shelf, a_message, a_picture, a_reading, a_record
from tests.api.signed import signed

MAIL = sha256(b"1").hexdigest()
TROUBLE = {"code": "file.encrypted", "message": "文件有密码，请去掉密码后重新发送。", "file_name": "附件.pdf"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    made = Shelf(tmp_path, url)
    yield made
    made.store.close()


@pytest.fixture
def client(shelf: Shelf) -> Iterator[TestClient]:
    with signed(create_app(shelf.store, shelf.files)) as opened:
        yield opened


def an_expert(**changed: Any) -> dict[str, Any]:
    made = {
        "id": "b" * 20,
        "form": "yunnan/expert",
        "programme": "yunnan-2023",
        "lane": "ready",
        "fields": {"school": a_reading("昆明学院"), "name": a_reading("李一")},
        "rows": [],
        "findings": [],
        "matches": {"school": None, "certificate": None, "rows": []},
        "source": a_record()["source"] | {"received_at": "2023-04-02T10:00:00+08:00", "subject": "推荐专家 100%"},
    }
    return a_record(**(made | changed))


def unknown_pages() -> dict[str, Any]:
    return an_expert(id="c" * 20, form=None, programme=None, lane="parked", fields={})


@pytest.fixture
def filled(shelf: Shelf, client: TestClient) -> TestClient:
    shelf.keep(a_message("1"), a_record(), picture=a_picture())
    shelf.keep(a_message("2"), an_expert())
    shelf.keep(a_message("3", troubles=[TROUBLE], state="parked"), unknown_pages())
    return client


def test_the_list_of_records_has_the_newest_first_with_counts(filled: TestClient) -> None:
    found = filled.get("/api/records").json()
    assert {key: found[key] for key in found if key != "items"} == {
        "total": 3,
        "counts": {
            "lane": {"ask": 1, "parked": 1, "ready": 1},
            "state": {"review": 3},
            "level": {"none": 3},
            "programme": {"anhui-2023": 1, "none": 1, "yunnan-2023": 1},
            "city": {"none": 3},
            "kind": {"none": 3},
            "form": {"anhui/summary": 1, "none": 1, "yunnan/expert": 1},
            "assignee": {"none": 3},
            "age": {"older": 3},
            "due": {"none": 3},
            "finding": {},
        },
        "lanes": {"ask": 1, "parked": 1, "ready": 1},
        "states": {"review": 3},
        "forms": {"none": 1, "anhui/summary": 1, "yunnan/expert": 1},
        "programmes": {"none": 1, "anhui-2023": 1, "yunnan-2023": 1},
    }
    assert {item["id"] for item in found["items"][:2]} == {"b" * 20, "c" * 20}
    assert found["items"][2] == {
        "id": "a1b2c3d4e5f60718293a",
        "form": "anhui/summary",
        "programme": "anhui-2023",
        "lane": "ask",
        "state": "review",
        "school": "安徽职业技术学院",
        "subject": "安徽职业技术学院+2023年证书申报",
        "sender": "office@school.test",
        "received_at": "2023-03-28T09:12:00+08:00",
        "findings": {"error": 1, "warning": 1},
        "level": None,
        "city": None,
        "kind": None,
        "due": None,
        "assignee": None,
        "version": 1,
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("form=yunnan/expert", "b"),
        ("form=none", "c"),
        ("lane=ask", "a"),
        ("state=accepted", ""),
        ("programme=anhui-2023", "a"),
        ("q=传感网", "a"),
        ("q=李一", "b"),
        ("q=昆明", "b"),
        ("q=安徽职业 office@", "a"),
        ("q=安徽职业 李一", ""),
        ("q=100%25", "bc"),
        ("q=confidence", ""),
        ("q=0.98", ""),
        ("q=a1b2c3", "a"),
        ("q=%22", ""),
        ("lane=&form=&q=", "abc"),
        ("limit=1&offset=2", "a"),
    ],
)
def test_records_can_be_filtered_and_searched(filled: TestClient, asked: str, found: str) -> None:
    assert "".join(sorted(item["id"][0] for item in filled.get(f"/api/records?{asked}").json()["items"])) == found


def test_a_count_tells_what_another_choice_of_that_filter_would_give(filled: TestClient) -> None:
    found = filled.get("/api/records?lane=ask").json()
    assert (found["total"], found["lanes"], found["forms"]) == (
        1,
        {"ask": 1, "parked": 1, "ready": 1},
        {"anhui/summary": 1},
    )


def test_a_record_is_given_as_the_contract_has_it(filled: TestClient) -> None:
    told = filled.get("/api/records/a1b2c3d4e5f60718293a").json()
    why = "还有须处理的问题：合计不符（合计写作 1250，各行之和为 180）"
    task = {"accept": why, "back": "这是第一级审核，没有上一级可退", "return": None, "reject": None}
    task |= {"reopen": "待审核的材料不能重新打开", "correct": None}
    assert told == a_record() | {
        "exports": [],
        "version": 1,
        "task": {"level": "province", "number": 1, "of": 1, "actions": task},
    }


def test_a_page_picture_is_given_as_it_was_kept(filled: TestClient) -> None:
    answer = filled.get("/api/records/a1b2c3d4e5f60718293a/pages/1.jpg")
    assert (answer.headers["content-type"], answer.content) == ("image/jpeg", a_picture())


@pytest.mark.parametrize("path", ["records/x", "messages/x", "records/x/pages/1.jpg", "nothing"])
def test_what_is_not_there_is_told_in_chinese(filled: TestClient, path: str) -> None:
    answer = filled.get(f"/api/{path}")
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])
    assert answer.json()["detail"].startswith("没有")


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_page_that_the_record_has_not_is_not_found(filled: TestClient, number: int) -> None:
    answer = filled.get(f"/api/records/a1b2c3d4e5f60718293a/pages/{number}.jpg")
    assert (answer.status_code, answer.json()) == (404, {"detail": "没有这一页的图像"})


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ("records?limit=many", "请求参数不正确：limit应为整数"),
        ("records?limit=1000", "请求参数不正确：limit数值过大"),
        ("records?lane=green", "请求参数不正确：lane不在可选值之内"),
        ("messages?offset=-1", "请求参数不正确：offset数值过小"),
        ("export.pdf", "请求参数不正确：format不在可选值之内"),
    ],
)
def test_a_wrong_question_is_refused_in_chinese(filled: TestClient, asked: str, detail: str) -> None:
    answer = filled.get(f"/api/{asked}")
    assert (answer.status_code, answer.json()) == (422, {"detail": detail})


def test_every_message_is_listed_with_its_troubles(filled: TestClient) -> None:
    found = filled.get("/api/messages").json()
    assert (found["total"], found["states"]) == (3, {"done": 2, "parked": 1})
    troubled = filled.get("/api/messages?state=parked").json()["items"]
    assert [(one["troubles"], one["records"]) for one in troubled] == [([TROUBLE], ["c" * 20])]


def test_a_message_names_its_records(filled: TestClient) -> None:
    assert filled.get(f"/api/messages/{MAIL}").json() == {
        "id": MAIL,
        "kind": "mail",
        "name": "",
        "state": "done",
        "subject": "安徽职业技术学院+2023年证书申报",
        "sender": "office@school.test",
        "received_at": "2023-03-28T01:12:00Z",
        "taken_at": "2023-03-28T01:12:00Z",
        "troubles": [],
        "records": ["a1b2c3d4e5f60718293a"],
    }


def test_the_filtered_records_can_be_downloaded(filled: TestClient) -> None:
    lines = filled.get("/api/export.jsonl?lane=ask")
    assert [json.loads(line) for line in lines.text.splitlines()] == [a_record()]
    assert re.fullmatch(r'attachment; filename="yinjian-\d{8}-\d{6}\.jsonl"', lines.headers["content-disposition"])
    book = openpyxl.load_workbook(io.BytesIO(filled.get("/api/export.xlsx").content))
    assert book.sheetnames == ["申报学校汇总表", "专家推荐表", "未识别表格"]


def test_that_a_record_left_is_a_fact_about_it(filled: TestClient) -> None:
    filled.get("/api/export.jsonl?lane=ask")
    filled.get("/api/export.csv?lane=ask")
    left, stayed = (filled.get(f"/api/records/{id}").json() for id in ("a1b2c3d4e5f60718293a", "b" * 20))
    assert [(one["file_name"][:8], one["format"], one["by"]) for one in left["exports"]] == [
        ("yinjian-", "jsonl", "administrator"),
        ("yinjian-", "csv", "administrator"),
    ]
    assert (left["state"], stayed["exports"]) == ("review", [])
    Record.model_validate(left)


def test_the_schema_is_published_beside_the_api(client: TestClient) -> None:
    assert client.get("/api/schema/record.json").json() == record_schema()
    assert "/api/records/{id}" in client.get("/api/openapi.json").json()["paths"]


def test_health_and_metrics_speak_of_the_store(filled: TestClient) -> None:
    assert filled.get("/health").json() == {"status": "ok"}
    metrics = filled.get("/metrics").text.splitlines()
    assert {'yinjian_messages{state="parked"} 1.0', 'yinjian_records_lane{lane="ask"} 1.0'} <= {*metrics}


@pytest.mark.parametrize("path", ["/", "/messages", "/api/records", "/nothing", "/static/record/main.js"])
def test_every_answer_forbids_what_comes_from_elsewhere(filled: TestClient, path: str) -> None:
    headers = filled.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; script-src 'self'; style-src 'self'")
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")


def test_a_failure_tells_nothing_of_what_was_read(
    shelf: Shelf, client: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = an_expert(source=a_record()["source"] | {"received_at": None})
    shelf.keep(a_message("1"), broken | {"source": {"subject": "李一的推荐表", "received_at": None, "pages": []}})
    with shelf.store.session() as session:
        session.get_one(RecordRow, "b" * 20).body = {"fields": "李一"}
    answer = client.get("/api/records")
    assert (answer.status_code, answer.json()) == (500, {"detail": "服务出错，请稍后再试；若仍不行，请联系管理员"})
    assert "李一" not in "".join(capfd.readouterr())
