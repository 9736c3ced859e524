"""The evidence pack (证据包): all that proves how a record, or a whole mail, was dealt with, as one ZIP.

In it: the original as it arrived, the pages with what was found on them, the values, the decisions, the review sheet,
the entries of the audit log with what hangs them together, and the SHA-256 of every file.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from api.audit.chain import START, Entry
from api.audit.service import entries_before, entries_of, head_of
from api.drawing import draw, frames
from api.evidence.review_sheet import review_sheet
from api.review.decisions import Decisions
from api.store import changes, work
from api.store.files import Files
from api.store.tables import AuditRow, Change, Message, Record
from corpora.vocabulary import vocabulary

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the ZIP: the same evidence is the same bytes."""

ORIGINAL = "{name}　　收到的原件，一个字节未改（SHA-256：{sha256}）"
HELD_BACK = "收到的原件未放入本包：来信中还有其他城市的材料（原件的 SHA-256：{sha256}）"
README = """本包由印鉴导出，用于说明材料如何收到、识别和审核。

{original}
每条记录一个文件夹，其中：
  页面-N.png　　　页面图像，标出识别到的内容
  记录.json　　　  全部字段的值：机器读作什么，人工改作什么，何时、由谁
  审核经过.json　  每一次修改和决定
  审核单.pdf　　　 可打印签署
  审计记录.json　  审计日志中关于此记录的条目，以及把它们连在一起的散列值
SHA256SUMS.txt　  每个文件的散列值，可用 sha256sum -c 核对

审计日志各条首尾相连：每一条的散列值由上一条的散列值和本条内容算出（SHA-256）。在本系统上运行
yinjian audit verify 可验证整条日志未被改动；其末条的编号和散列值写在 审计记录.json 的 head 中，
可与另存的记录核对。
"""


def evidence_pack(
    session: Session, files: Files, decisions: Decisions, records: Sequence[Record], now: datetime, *, whole: bool
) -> bytes:
    """The ZIP of some records of one mail, at least one.

    now: aware; it stands on the review sheets. whole: whether the original may be in it, which holds all of the mail.
    """
    message = work.message(session, records[0].message)
    name = f"原件.{'eml' if message.kind == 'mail' else _ending(message)}"
    said = (ORIGINAL if whole else HELD_BACK).format(name=name, sha256=message.sha256)
    packed = {"说明.txt": README.format(original=said).encode()}
    if whole:
        packed[name] = files.get(message.sha256)
    for number, record in enumerate(records, 1):
        folder = f"记录{number}-{record.id}/"
        packed |= {folder + name: data for name, data in _of(session, files, decisions, record, now)}
    sums = "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in packed.items())
    packed["SHA256SUMS.txt"] = sums.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as together:
        for name, data in packed.items():
            together.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _of(
    session: Session, files: Files, decisions: Decisions, record: Record, now: datetime
) -> Iterator[tuple[str, bytes]]:
    done = changes.changes(session, record.id)
    chain = decisions.case(record).chain
    yield from _pages(session, files, record)
    yield "记录.json", _json(record.body | {"version": record.version, "city": record.city})
    yield "审核经过.json", _json([_told(one) for one in done])
    yield "审核单.pdf", review_sheet(record.body, chain, done, now)
    yield "审计记录.json", _json(_proof(session, record.id))


def _pages(session: Session, files: Files, record: Record) -> Iterator[tuple[str, bytes]]:
    """The pages that have a picture, with their frames."""
    from ingest.sheets import decode_picture

    found = list(frames(record.body, vocabulary()))
    views = {(row.file, row.number): row.view for row in work.pages(session, record.message)}
    for number, source in enumerate(record.body["source"]["pages"], 1):
        if view := views.get((source["sha256"], source["page"])):
            own = [frame for frame in found if frame.page == number]
            yield f"页面-{number}.png", draw([(decode_picture(files.get(view)), own)])


def _proof(session: Session, record: str) -> dict[str, Any]:
    """The record's entries, each with the hash before it, and the end of the log."""
    rows = entries_of(session, record)
    before = entries_before(session, rows)
    head = head_of(session)
    return {
        "entries": [_entry(row) | {"previous": before.get(row.number - 1, START), "hash": row.hash} for row in rows],
        "head": {"number": head[0], "hash": head[1]},
    }


def _entry(row: AuditRow) -> dict[str, Any]:
    return asdict(Entry(row.number, row.at, row.by, row.event, row.record, row.detail))


def _told(change: Change) -> dict[str, Any]:
    names = ("number", "by", "shown", "kind", "reason", "edits", "detail", "undoes", "undone_by")
    return {"at": change.at.isoformat()} | {name: getattr(change, name) for name in names}


def _ending(message: Message) -> str:
    ending = message.name.rpartition(".")[2]
    return ending.lower() if ending.isalnum() and len(ending) <= 5 else "bin"


def _json(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
