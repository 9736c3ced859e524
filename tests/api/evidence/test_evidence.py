"""Evidence packs and review sheets."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest

from api.app import create_app
from api.audit.chain import Entry, entry_hash
from api.judging import Judging
from api.review.edits import Value
from api.store.tables import Record
from tests.api.review.desk import CLERK, COLLEGE, SCHOOL, Desk, reading, summary
from tests.api.signed import signed


@pytest.fixture
def desk(tmp_path: Path, registers: Judging) -> Iterator[Desk]:
    made = Desk(tmp_path, registers=registers)
    yield made
    made.store.close()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "".join(page.extract_text() for page in opened.pages)


def corrected(desk: Desk) -> str:
    """A record of a mail whose total was wrong and was corrected."""
    id = desk.take(summary(total="190"))
    with desk.store.reading() as session:
        version = session.get_one(Record, id).version
    desk.decisions.correct(CLERK, id, [Value("total", None, text="180")], version)
    return id


def message_of(desk: Desk, id: str) -> str:
    with desk.store.reading() as session:
        return session.get_one(Record, id).message


def test_a_pack_holds_the_original_the_values_the_decisions_and_their_proof(desk: Desk) -> None:
    id = corrected(desk)
    client = signed(create_app(desk.store, desk.files), "reviewer")
    answer = client.get(f"/api/records/{id}/evidence.zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    packed = unpacked(answer.content)
    folder = f"记录1-{id}/"
    assert sorted(packed) == sorted(
        ["SHA256SUMS.txt", "原件.eml", "说明.txt"]
        + [folder + name for name in ("记录.json", "审核经过.json", "审核单.pdf", "审计记录.json")]
    )
    assert hashlib.sha256(packed["原件.eml"]).hexdigest() == message_of(desk, id)
    total = json.loads(packed[f"{folder}记录.json"])["fields"]["total"]
    assert (total["value"], total["origin"], total["machine"]["value"]) == (180, "person", 190)
    (change,) = json.loads(packed[f"{folder}审核经过.json"])
    assert (change["kind"], change["by"], change["number"]) == ("correct", CLERK.name, 1)
    assert "合计" in text_of(packed[f"{folder}审核单.pdf"])


def test_every_file_of_a_pack_has_its_hash_in_it(desk: Desk) -> None:
    packed = unpacked(
        signed(create_app(desk.store, desk.files)).get(f"/api/records/{corrected(desk)}/evidence.zip").content
    )
    lines = [line.split("  ", 1) for line in packed.pop("SHA256SUMS.txt").decode().splitlines()]
    told = {name: digest for digest, name in lines}
    assert told == {name: hashlib.sha256(data).hexdigest() for name, data in packed.items()}


def test_the_audit_entries_of_a_pack_can_be_recomputed_from_it(desk: Desk) -> None:
    id = corrected(desk)
    packed = unpacked(signed(create_app(desk.store, desk.files)).get(f"/api/records/{id}/evidence.zip").content)
    proof = json.loads(packed[f"记录1-{id}/审计记录.json"])
    assert [one["event"] for one in proof["entries"]] == ["record.corrected"]
    for one in proof["entries"]:
        entry = Entry(**{name: one[name] for name in Entry.__dataclass_fields__})
        assert entry_hash(one["previous"], entry) == one["hash"]
    assert proof["head"]["number"] >= proof["entries"][-1]["number"]


def test_a_mail_is_packed_with_all_its_records(desk: Desk) -> None:
    id = corrected(desk)
    message = message_of(desk, id)
    packed = unpacked(signed(create_app(desk.store, desk.files)).get(f"/api/messages/{message}/evidence.zip").content)
    assert f"记录1-{id}/记录.json" in packed and "原件.eml" in packed


def test_the_review_sheet_shows_the_values_what_was_done_and_a_line_for_each_level(desk: Desk) -> None:
    id = desk.take(summary(school=SCHOOL, contact_name=reading("person", "赵一")))
    answer = signed(create_app(desk.store, desk.files)).get(f"/api/records/{id}/review-sheet.pdf")
    said = text_of(answer.content)
    for told in (SCHOOL, "赵一", "传感网应用开发", "市级审核意见", "省级审核意见", "尚无人工处理"):
        assert told in said


def test_who_handed_out_what_is_in_the_audit_log(desk: Desk) -> None:
    id = corrected(desk)
    client = signed(create_app(desk.store, desk.files))
    client.get(f"/api/records/{id}/evidence.zip")
    client.get(f"/api/records/{id}/review-sheet.pdf")
    entries = client.get("/api/audit", params={"record": id}).json()["items"]
    assert [one["event"] for one in entries] == ["review_sheet", "evidence", "record.corrected"]


def test_neither_another_city_nor_who_may_not_export_gets_anything(desk: Desk) -> None:
    id = corrected(desk)
    app = create_app(desk.store, desk.files)
    message = message_of(desk, id)
    elsewhere = signed(app, "clerk", "elsewhere", ["芜湖市"])
    auditor = signed(app, "auditor", "auditor")
    for path in (f"records/{id}/evidence.zip", f"records/{id}/review-sheet.pdf", f"messages/{message}/evidence.zip"):
        assert (elsewhere.get(f"/api/{path}").status_code, auditor.get(f"/api/{path}").status_code) == (404, 403)


def test_a_mail_with_another_citys_forms_is_not_handed_out_whole(desk: Desk) -> None:
    id = corrected(desk)
    with desk.store.session() as session:
        record = session.get_one(Record, id)
        record.city = "合肥市"
        other = {one.key: getattr(record, one.key) for one in Record.__table__.columns}
        session.add(Record(**other | {"id": "f" * 20, "place": 1, "city": "芜湖市"}))
    client = signed(create_app(desk.store, desk.files), "clerk", "hefei", ["合肥市"])
    packed = unpacked(client.get(f"/api/records/{id}/evidence.zip").content)
    assert "原件.eml" not in packed and "其他城市" in packed["说明.txt"].decode()
    assert COLLEGE in packed[f"记录1-{id}/记录.json"].decode()
