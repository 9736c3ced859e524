"""The list that an office exports from the national platform, taken in to be held against the stamped summaries."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from api.store.tables import PlatformEntry
from corpora.programme import Programme
from corpora.register import LEVELS, BadRow, csv_rows
from extractors.fieldtypes import parse
from ingest.errors import FileError
from ingest.office import table_rows
from matching.match import match_certificate, match_school
from matching.verdict import Known

HEADINGS = {
    "school": ("学校名称", "院校名称", "试点院校", "申报院校", "学校"),
    "code": ("学校标识码", "学校代码", "院校代码"),
    "certificate": ("职业技能等级证书", "证书名称", "职业技能等级证书名称", "证书"),
    "level": ("证书级别", "证书等级", "级别", "等级"),
    "headcount": ("申报人数", "拟申报人数", "计划人数", "审核通过人数", "考核人数", "人数"),
}
REQUIRED = ("certificate", "level", "headcount")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One row, understood: the school's code and the certificate's name as in the registers."""

    school: str
    certificate: str
    level: str
    headcount: int


def read_platform(data: bytes, programme: Programme, known: Known) -> tuple[tuple[Listed, ...], tuple[BadRow, ...]]:
    """The rows of a CSV or XLSX file; when any is bad there are none, so that nothing is half imported."""
    try:
        rows = table_rows(data) if data.startswith(b"PK") else csv_rows(data)
    except (UnicodeDecodeError, csv.Error, FileError):
        return (), (BadRow(1, "不是 CSV（UTF-8 或 GBK）或 XLSX 文件，请从平台重新导出"),)
    columns = _columns(rows[0][1]) if rows else {}
    if absent := [HEADINGS[key][0] for key in REQUIRED if key not in columns]:
        return (), (BadRow(1, f"缺少列：{'、'.join(absent)}"),)
    if not {"school", "code"} & set(columns):
        return (), (BadRow(1, "缺少列：学校名称 或 学校标识码"),)
    listed: dict[tuple[str, str, str], Listed] = {}
    bad: list[BadRow] = []
    for line, cells in rows[1:]:
        row = {key: cells[place].strip() if place < len(cells) else "" for key, place in columns.items()}
        try:
            one = _listed(row, programme, known)
            if listed.setdefault((one.school, one.certificate, one.level), one) is not one:
                raise ValueError("与前面的行重复：同一学校、证书、级别")
        except ValueError as error:
            bad.append(BadRow(line, str(error)))
    return (() if bad else tuple(listed.values())), tuple(bad)


def platform_entries(programme: Programme, listed: Iterable[Listed], now: datetime) -> list[PlatformEntry]:
    return [
        PlatformEntry(
            programme=programme.key,
            school_code=one.school,
            certificate=one.certificate,
            level=one.level,
            headcount=one.headcount,
            imported_at=now,
        )
        for one in listed
    ]


def _columns(heads: Iterable[str]) -> dict[str, int]:
    places = {head.strip(): place for place, head in reversed(list(enumerate(heads)))}
    return {
        key: next(places[name] for name in names if name in places)
        for key, names in HEADINGS.items()
        if any(name in places for name in names)
    }


def _listed(row: Row, programme: Programme, known: Known) -> Listed:
    """Raises ValueError with what is to be mended, in Chinese."""
    level = str(parse("level", row["level"]).value or "")
    if level not in LEVELS:
        raise ValueError(f"级别“{row['level']}”不认识，可写：{'/'.join(LEVELS)}")
    count = parse("integer", row["headcount"]).value
    if not isinstance(count, int):
        raise ValueError(f"人数“{row['headcount']}”不是整数")
    certificate = match_certificate(row["certificate"], known.certificates, level=level)
    if not (certificate.decided and certificate.best):
        raise ValueError(f"证书“{row['certificate']}”不在名录中，请先导入名录或登记别名")
    return Listed(_school(row, programme, known), certificate.best.key, level, count)


def _school(row: Row, programme: Programme, known: Known) -> str:
    if row.get("code"):
        return row["code"]
    found = match_school(row.get("school", ""), known.schools, year=programme.year, province=programme.province)
    if not (found.decided and found.best):
        raise ValueError(f"学校“{row.get('school', '')}”不能确定，请改写全称或加学校标识码一列")
    return found.best.key
