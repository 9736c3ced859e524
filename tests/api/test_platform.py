"""The national platform's list, taken in whole or not at all, and held against the stamped summaries."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from api import commands
from api.errors import NotFound, WrongCall
from api.store import across as sql
from tests.api.builders import house
from tests.api.bundles import kept, save
from tests.matching.bundles import A_SCHOOL, a_summary

ROWS = [("传感网应用开发", "中级", 100), ("网店运营推广", "初级", 80)]
HEAD = ["学校标识码", "学校名称", "证书名称", "证书级别", "申报人数"]


def listed(*counts: int) -> list[list[str]]:
    return [[A_SCHOOL.code, A_SCHOOL.name, row[0], row[1], str(n)] for row, n in zip(ROWS, counts, strict=False)]


def as_csv(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    return "\n".join(",".join(row) for row in [HEAD, *rows]).encode(encoding)


def as_xlsx(rows: list[list[str]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in [HEAD, *rows]:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("data", [as_csv(listed(100, 81)), as_csv(listed(100, 81), "gbk"), as_xlsx(listed(100, 81))])
def test_a_list_is_held_against_the_summary(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(data)
    with house(tmp_path / "data") as opened:
        save(opened.store, [a_summary("summary", ROWS)])
        assert commands.import_platform(opened, tmp_path / "list") == ("anhui-2023", 2, [])
        assert [(code, message) for code, _, message in kept(opened.store)["summary"][2]] == [
            ("platform.differs", "第2行考核人数为 80，平台为 81，请核对。")
        ]
        (tmp_path / "list").write_bytes(as_csv(listed(100, 80)))
        commands.import_platform(opened, tmp_path / "list")
        assert kept(opened.store)["summary"] == ("review", "ready", [])


def test_nothing_is_half_imported(tmp_path: Path) -> None:
    wrong = [
        *listed(100),
        [A_SCHOOL.code, "", "没有这个证书吧", "中级", "5"],
        [A_SCHOOL.code, "", ROWS[1][0], "特级", "5"],
    ]
    (tmp_path / "list.csv").write_bytes(as_csv(wrong))
    with house(tmp_path / "data") as opened:
        _, count, bad = commands.import_platform(opened, tmp_path / "list.csv", "anhui-2023")
        with opened.store.reading() as session:
            assert (count, [line for line, _ in bad], sql.platform(session, (A_SCHOOL.code, "anhui-2023"))) == (
                0,
                [3, 4],
                [],
            )


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "few.csv").write_text("学校名称,证书名称\n", "utf-8")
    with house(tmp_path / "data") as opened:
        assert commands.import_platform(opened, tmp_path / "list.csv")[2][0][0] == 1
        assert commands.import_platform(opened, tmp_path / "few.csv")[2] == [(1, "缺少列：证书级别、申报人数")]
        with pytest.raises(NotFound):
            commands.import_platform(opened, tmp_path / "few.csv", "none")
        with pytest.raises(WrongCall):
            commands.import_platform(opened, tmp_path / "none.csv")
