"""Where a value of a record comes from: its reading, what it was matched with, its rule and its place on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.errors import NotFound
from api.review.sheet import crop_pixels
from api.store.files import Files
from api.store.tables import PageRow

AROUND = 0.5  # of the value's height, shown beyond its box


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a record: its key, its row (from 1) or None, the reading, and the match that belongs to it."""

    key: str
    row: int | None
    reading: dict[str, Any]
    match: dict[str, Any] | None


def reading_of(body: dict[str, Any], name: str) -> Place:
    """`name`: a field, or `column.row`. Raises NotFound, which names what there is."""
    key, _, number = name.partition(".")
    matches = body["matches"]
    if not number and key in body["fields"]:
        return Place(key, None, body["fields"][key], matches.get(key))
    row = int(number) if number.isdigit() else 0
    if 1 <= row <= len(body["rows"]) and key in body["rows"][row - 1]:
        matched = matches.get("rows") or []
        own = matched[row - 1] if row <= len(matched) else {}
        return Place(key, row, body["rows"][row - 1][key], (own or {}).get(key))
    columns = [f"{column}.{n}" for n, row_ in enumerate(body["rows"], start=1) for column in row_]
    raise NotFound(f"这条记录没有“{name}”，可用：{'、'.join([*body['fields'], *columns]) or '（无）'}")


def rule_of(form: str | None, key: str) -> tuple[str, ...]:
    """How the form's description finds and reads this value, as sentences."""
    from corpora.form import load_forms

    spec = next((one for one in load_forms() if one.key == form), None)
    if spec is None:
        return ()
    if field := spec.fields.get(key):
        lines = [f"类型：{field.type}"]
        if field.labels:
            lines.append(f"标签：{'、'.join(field.labels)}")
        if field.alone:
            lines.append("位置：表格下方单独书写")
        if spec.sentence and f"{{{key}}}" in spec.sentence:
            lines.append(f"位置：句子“{spec.sentence}”中的空格")
        return tuple(lines)
    if spec.table and (column := spec.table.columns.get(key)):
        return f"类型：{column.type}", f"列标题：{'、'.join(column.labels)}"
    return ()


def crop_of(files: Files, pages: Sequence[PageRow], body: dict[str, Any], reading: dict[str, Any]) -> bytes:
    """A JPEG of the place on the page, with a little around it; empty when there is no place or no picture."""
    if not reading.get("page") or not reading.get("box"):
        return b""
    source = body["source"]["pages"][reading["page"] - 1]
    wanted = (source["sha256"], source["page"])
    view = next((row.view for row in pages if (row.file, row.number) == wanted), "")
    if not view:
        return b""
    from ingest.sheets import decode_picture, encode_jpeg

    picture = decode_picture(files.get(view))
    height, width = picture.shape[:2]
    left, top, right, bottom = crop_pixels(reading["box"], width, height, AROUND)
    return encode_jpeg(picture[top:bottom, left:right])
