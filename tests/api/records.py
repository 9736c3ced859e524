"""Builders of made-up records, messages and pictures for the tests of export, API and pages."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from api.store.engine import Store
from api.store.files import Files
from api.store.tables import Message, PageRow, Record

MORNING = datetime(2023, 3, 28, 1, 12, tzinfo=UTC)


def a_reading(text: str, value: Any = ..., **changed: Any) -> dict[str, Any]:
    """A value read from page 1; its value is the text unless given."""
    made = {
        "text": text,
        "value": text if value is ... else value,
        "reading": "written",
        "confidence": 0.98,
        "page": 1,
        "box": [0.3, 0.1, 0.6, 0.13],
        "origin": "machine",
    }
    return made | changed


def a_row(certificate: str, level: str, headcount: int, y: float) -> dict[str, Any]:
    return {
        "number": a_reading("1", 1, box=[0.1, y, 0.14, y + 0.02]),
        "certificate": a_reading(certificate, box=[0.2, y, 0.5, y + 0.02]),
        "level": a_reading(level, box=[0.55, y, 0.62, y + 0.02]),
        "headcount": a_reading(str(headcount), headcount, box=[0.75, y, 0.8, y + 0.02]),
    }


def a_record(**changed: Any) -> dict[str, Any]:
    """A summary of a school with two rows, a wrong total and an undecided certificate."""
    made: dict[str, Any] = {
        "schema": 1,
        "id": "a1b2c3d4e5f60718293a",
        "state": "review",
        "level": None,
        "lane": "ask",
        "source": {
            "message_id": "<1@school.test>",
            "subject": "安徽职业技术学院+2023年证书申报",
            "sender": "office@school.test",
            "received_at": "2023-03-28T09:12:00+08:00",
            "file_name": "附件2.pdf",
            "pages": [{"file_name": "附件2.pdf", "sha256": "0" * 64, "page": 1}],
        },
        "programme": "anhui-2023",
        "form": "anhui/summary",
        "fields": {
            "school": a_reading("安徽职业技术学院"),
            "total": a_reading("1250", 1250, box=[0.75, 0.4, 0.82, 0.42]),
            "contact_name": a_reading("王小明", box=[0.2, 0.8, 0.3, 0.82]),
            "contact_phone": a_reading("0551-6268 0000", "055162680000", box=[0.5, 0.8, 0.7, 0.82]),
            "date": a_reading("", None, reading="blank", confidence=0.9, box=[0.6, 0.86, 0.8, 0.88]),
        },
        "rows": [a_row("传感网应用开发", "中级", 100, 0.3), a_row("网店运营推厂", "初级", 80, 0.34)],
        "matches": {
            "school": {
                "code": "4134010869",
                "name": "安徽职业技术学院",
                "current_name": "安徽职业技术大学",
                "score": 0.97,
                "decided": True,
                "reasons": ["exact", "subject"],
            },
            "certificate": None,
            "rows": [
                {"certificate": {"name": "传感网应用开发", "score": 1.0, "decided": True, "reasons": ["exact"]}},
                {
                    "certificate": {
                        "decided": False,
                        "candidates": [
                            {"name": "网店运营推广", "score": 0.86, "reasons": ["near"]},
                            {"name": "新媒体运营", "score": 0.41, "reasons": ["near"]},
                        ],
                    }
                },
            ],
        },
        "seals": [],
        "signatures": [],
        "findings": [
            {
                "code": "total.mismatch",
                "severity": "error",
                "field": "total",
                "row": None,
                "message": "合计写作 1250，各行之和为 180",
            },
            {
                "code": "certificate.ambiguous",
                "severity": "warning",
                "field": "certificate",
                "row": 2,
                "message": "“网店运营推厂”没有完全一致的证书，请从候选中确认",
            },
        ],
    }
    return made | changed


def a_picture(width: int = 620, height: int = 877) -> bytes:
    """A JPEG of a made-up sheet: a few ruled lines on white."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for y in range(3, 10):
        draw.line((width // 12, y * height // 24, width * 11 // 12, y * height // 24), fill="#555", width=2)
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def a_message(name: str = "1", **changed: Any) -> Message:
    made: dict[str, Any] = {
        "sha256": sha256(name.encode()).hexdigest(),
        "kind": "mail",
        "name": "",
        "taken_at": MORNING,
        "received_at": MORNING,
        "state": "done",
        "mail": {
            "subject": "安徽职业技术学院+2023年证书申报",
            "sender": "office@school.test",
            "sender_name": "教务处",
            "text": "附件为我校汇总表，请查收。",
        },
        "troubles": [],
    }
    return Message(**(made | changed))


class Shelf:
    """A real store and real files in a folder, and how tests put things there."""

    def __init__(self, folder: Path, url: str = ""):
        self.store = Store(url or f"sqlite:///{folder / 'test.sqlite'}")
        self.files = Files(str(folder / "files"))

    def keep(self, message: Message, *bodies: dict[str, Any], picture: bytes | None = None) -> None:
        """One message with its records; `picture` is the view of every page that the records name."""
        view = self.files.put(picture) if picture else ""
        with self.store.session() as session:
            session.add(message)
            session.flush()
            pages = [page for body in bodies for page in body["source"]["pages"]]
            for place, page in enumerate(pages):
                session.add(_page_row(message.sha256, place, page, view))
            for place, body in enumerate(bodies):
                session.add(_record_row(message.sha256, place, body))


def _page_row(message: str, place: int, page: dict[str, Any], view: str) -> PageRow:
    return PageRow(
        message=message,
        place=place,
        file=page["sha256"],
        file_name=page["file_name"],
        kind="pdf",
        number=page["page"],
        view=view,
        dpi=200.0,
        page="read",
    )


def _record_row(message: str, place: int, body: dict[str, Any]) -> Record:
    received = body["source"]["received_at"]
    return Record(
        id=body["id"],
        message=message,
        place=place,
        programme=body["programme"],
        form=body["form"],
        state=body["state"],
        lane=body["lane"],
        received_at=datetime.fromisoformat(received) if received else None,
        created_at=MORNING,
        updated_at=MORNING,
        body=body,
    )
