import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from api.app import create_app
from api.store.tables import AuditRow, Record
from tests.api.browser import SIZES, WHOLE_WIDTH, faults, page_of, served
from tests.api.export.workbooks import a_template, the_offices, values, with_part
from tests.api.records import Shelf, a_message, a_record
from tests.api.signed import a_user, signed

OTHER = "b" * 20


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    made.keep(a_message("1"), a_record())
    made.keep(a_message("2"), a_record(id=OTHER, lane="ready", findings=[]))
    with made.store.session() as session:
        for row, city in zip(session.query(Record).order_by(Record.id), ("合肥市", "芜湖市"), strict=True):
            row.city = city
    yield made
    made.store.close()


@pytest.fixture
def app(shelf: Shelf) -> FastAPI:
    return create_app(shelf.store, shelf.files)


def sent(client: Any, data: bytes, name: str = "", file_name: str = "汇总.xlsx") -> Any:
    return client.post("/api/export/templates", files={"file": (file_name, data)}, data={"name": name})


def test_the_chosen_columns_of_the_filter_are_exported(app: FastAPI) -> None:
    answer = signed(app, "clerk").get("/api/export.csv?lane=ask&columns=headcount&columns=学校名称,total")
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "学校名称,考核人数（人）,合计（人）",
        "安徽职业技术学院,100,1250",
        "安徽职业技术学院,80,1250",
    ]
    wrong = signed(app, "clerk", "li").get("/api/export.csv?columns=学校名")
    assert (wrong.status_code, wrong.json()) == (422, {"detail": "没有“学校名”这一列，是否指“学校名称”？"})


def test_what_left_is_listed_the_newest_first_to_those_whose_records_they_were(app: FastAPI) -> None:
    boss, own = signed(app), signed(app, "clerk", "li", ["芜湖市"])
    boss.get("/api/export.csv")
    boss.get("/api/export.jsonl?lane=ask")
    told = boss.get("/api/exports").json()
    assert told["total"] == 2
    assert [(one["by"], one["format"], one["records"]) for one in told["items"]] == [
        ("administrator", "jsonl", 1),
        ("administrator", "csv", 2),
    ]
    assert re.fullmatch(r"yinjian-\d{8}-\d{6}\.csv", told["items"][1]["file_name"])
    assert [(one["format"], one["records"]) for one in own.get("/api/exports").json()["items"]] == [("csv", 1)]
    assert [one["format"] for one in boss.get("/api/exports?limit=1&offset=1").json()["items"]] == ["csv"]


def test_a_template_is_kept_filled_replaced_and_dropped(app: FastAPI, shelf: Shelf) -> None:
    boss = signed(app)
    made = sent(boss, a_template(["{{姓名}}"]), "汇总表")
    assert (made.status_code, made.json()["name"], made.json()["file_name"]) == (201, "汇总表", "汇总.xlsx")
    office = the_offices()  # once: a workbook holds the second of its making
    assert sent(boss, office, "汇总表").json()["id"] == made.json()["id"]
    assert [one["name"] for one in boss.get("/api/export/templates").json()] == ["汇总表"]
    file = signed(app, "clerk", "li").get("/api/export.xlsx?lane=ask&template=汇总表")
    assert "filename*=UTF-8''%E6%B1%87" in file.headers["content-disposition"]
    assert [row[:2] for row in values(file.content)[2:5]] == [
        [1, "安徽职业技术学院"],
        [2, "安徽职业技术学院"],
        ["合计", None],
    ]
    assert boss.get(f"/api/export/templates/{made.json()['id']}/file").content == office
    assert boss.get("/api/export.csv?template=汇总表").status_code == 422
    assert boss.delete(f"/api/export/templates/{made.json()['id']}").status_code == 204
    assert boss.delete(f"/api/export/templates/{made.json()['id']}").status_code == 404
    assert boss.get("/api/export.xlsx?template=汇总表").status_code == 404
    with shelf.store.reading() as session:
        events = [(row.event, row.detail) for row in session.query(AuditRow).order_by(AuditRow.number)]
    assert events == [
        ("template.kept", '{"template":"汇总表"}'),
        ("template.kept", '{"template":"汇总表"}'),
        ("export", '{"count":1,"format":"xlsx","template":"汇总表"}'),
        ("template.dropped", '{"template":"汇总表"}'),
    ]


def test_only_who_may_teach_keeps_templates_and_bad_ones_are_refused(app: FastAPI) -> None:
    boss = signed(app)
    assert sent(signed(app, "clerk"), the_offices()).status_code == 403
    macro = sent(boss, with_part(the_offices(), "xl/vbaProject.bin", b"x"))
    assert (macro.status_code, macro.json()) == (422, {"detail": "模板含有宏，请另存为不含宏的 .xlsx"})
    assert sent(boss, bytes(2_100_000)).status_code == 413
    assert boss.post("/api/export/templates").status_code == 422
    assert signed(app, "auditor").get("/api/export.xlsx").status_code == 403


@pytest.mark.slow
def test_an_export_of_the_filter_with_chosen_columns_is_downloaded_and_listed(
    app: FastAPI, browser: Browser, tmp_path: Path
) -> None:
    a_user(app.state.store)
    kept = tmp_path / "模板.xlsx"
    kept.write_bytes(the_offices())
    with served(app) as address, page_of(browser, address, app, "administrator", bypass_csp=True) as page:
        page.goto("/?lane=ask")
        page.get_by_role("link", name="选列与模板").click()
        expect(page.get_by_text("分类：待核对")).to_be_visible()
        for box in page.get_by_role("checkbox").all():
            box.uncheck()
        for name in ("学校名称", "考核人数（人）"):
            page.get_by_label(name, exact=True).check()
        page.get_by_role("button", name="把所选的列记在网址里").click()
        expect(page.get_by_label("考核人数（人）", exact=True)).to_be_checked()
        expect(page.get_by_label("联系电话", exact=True)).not_to_be_checked()
        with page.expect_download() as loading:
            page.get_by_role("button", name="CSV").click()
        text = loading.value.path().read_text("utf-8-sig")
        assert text.splitlines() == ["学校名称,考核人数（人）", "安徽职业技术学院,100", "安徽职业技术学院,80"]
        page.reload()
        listed = page.locator("#left tbody tr")
        expect(listed).to_have_count(1)
        expect(listed.first).to_contain_text(loading.value.suggested_filename)
        page.get_by_label("模板文件").set_input_files(kept)
        page.get_by_role("button", name="上传").click()
        with page.expect_download() as filling:
            page.get_by_role("button", name="填写并下载").click()
        assert values(filling.value.path().read_bytes())[2][1:5] == ["安徽职业技术学院", "传感网应用开发", None, 100]
        assert faults(page) == []
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(WHOLE_WIDTH) <= 0
