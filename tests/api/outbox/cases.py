"""Builders for the tests of replies."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.outbox.deadline import deadline
from api.outbox.draft import Case, Part, items
from corpora.programme import Programme, load_programmes
from corpora.replies import replies
from corpora.vocabulary import vocabulary
from tests.api.records import a_record

SENT = date(2023, 3, 28)
ANHUI: Programme = next(one for one in load_programmes() if one.key == "anhui-2023")
TOTAL = ("a1b2c3d4e5f60718293a", 0)


def a_finding(code: str, message: str, field: str | None = None, row: int | None = None, **more: Any) -> dict[str, Any]:
    return {"code": code, "severity": "error", "field": field, "row": row, "message": message} | more


NO_SEAL = a_finding("seal.missing", "没有找到应盖的印章，请学校盖章后重新扫描发送。", "seal")
COPY = a_finding(
    "seal.copy", "印章是黑白的，可能是复印件，请学校发送加盖红章的彩色扫描件。", "seal", severity="warning"
)


def a_part(body: dict[str, Any], today: date, kind: str = "higher_vocational", title: str = "申报学校汇总表") -> Part:
    found = items(body, ANHUI, kind, replies(), vocabulary())
    until = deadline(ANHUI, body["form"], kind, SENT, today)
    return Part(body["id"], 1, title, ANHUI.name, tuple(found), until or "none")


def a_case(*parts: Part, today: date = date(2023, 3, 30)) -> Case:
    own = parts or (a_part(a_record(), today),)
    return Case("安徽职业技术学院", "安徽职业技术学院+2023年证书申报", SENT, own, "安徽省 1+X 办公室", today)
