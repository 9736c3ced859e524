"""The registers: schools with their names over time, education offices, certificates, aliases that an office keeps.

Bundled lists lie in `corpora/registers/*.csv` (compiled from public lists of the Ministry of Education and of the
certificate platform). An office adds its own with `yinjian register import`: `read_register` reads such a file,
`merge` lays its entries over the bundled ones.

Empty means unknown, never none: a certificate without levels may have any.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).parent / "registers"
LEVELS = ("初级", "中级", "高级")


@dataclass(frozen=True, slots=True)
class FormerName:
    """An earlier name. The change lies between the list that last showed it and the first that showed the next name.

    Both dates are ISO prefixes ("2021", "2025-06-20") or empty when no list is known.
    """

    name: str
    last_seen: str = ""
    next_first_seen: str = ""

    def is_former_in(self, year: int) -> bool:
        """True when the name was surely given up before `year`; False when it may still have been in force."""
        return bool(self.next_first_seen) and int(self.next_first_seen[:4]) < year


@dataclass(frozen=True, slots=True)
class School:
    """kind: undergraduate, higher_vocational, adult, secondary or empty; status: open or gone; former: oldest first.

    honours: titles that a programme may rule by (双高, 双优); empty when none is known.
    """

    code: str
    name: str
    kind: str = ""
    province: str = ""
    city: str = ""
    authority: str = ""
    status: str = "open"
    former: tuple[FormerName, ...] = ()
    honours: tuple[str, ...] = ()

    @property
    def standing(self) -> str:
        """The kind of sender that programmes rule by (corpora.terms.Kind), or empty."""
        provincial = "省" in self.authority and not {"市", "县", "区", "州"} & set(self.authority)
        return "provincial_secondary" if self.kind == "secondary" and provincial else self.kind

    def name_in(self, year: int) -> str:
        """The name in force in `year`; the earlier one while the year of the change is not known."""
        return next((old.name for old in self.former if not old.is_former_in(year)), self.name)


@dataclass(frozen=True, slots=True)
class Certificate:
    """batch: the round in which it was published, as written; levels: those that a source names, empty when unknown.

    minimum: how many takers an examination needs at least, None when unknown.
    """

    name: str
    batch: str = ""
    issuer: str = ""
    levels: tuple[str, ...] = ()
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that people use. kind: school or certificate; target: the school's code or the certificate's name.

    programme: the key of the only one that it holds in; empty: everywhere. misread: no one writes so, it is how the
    machine misreads the target's name.
    """

    kind: str
    alias: str
    target: str
    programme: str = ""
    misread: bool = False


@dataclass(frozen=True, slots=True)
class Major:
    """One entry of the vocational catalogue of majors; level: 中职, 高职专科 or 高职本科."""

    code: str
    name: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Bureau:
    """An office that schools send to and that sends for many: 合肥市教育局. city: empty for a province's own."""

    name: str
    province: str
    city: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of schools around some certificates; the lead school reviews for it. number: as its list counts."""

    number: str
    name: str
    lead_school: str
    province: str
    certificates: tuple[str, ...] = ()


Entry = School | Certificate | Alias | Major | Bureau | Group


@dataclass(frozen=True, slots=True)
class Registers:
    """Everything that names can be matched with. Keys are unique within each tuple."""

    schools: tuple[School, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    aliases: tuple[Alias, ...] = ()
    majors: tuple[Major, ...] = ()
    bureaus: tuple[Bureau, ...] = ()
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be imported. line: from 1, as an editor counts it; reason: Chinese, says what to mend."""

    line: int
    reason: str


Row = Mapping[str, str]

HEADINGS = {  # what offices write over their columns
    "学校代码": "code", "学校标识码": "code", "代码": "code", "专业代码": "code",
    "学校名称": "name", "证书名称": "name", "专业名称": "name", "名称": "name",
    "类别": "kind", "学校类别": "kind", "办学层次": "kind", "省份": "province", "所在省份": "province",
    "城市": "city", "所在地": "city", "地市": "city", "主管部门": "authority", "状态": "status",
    "批次": "batch", "培训评价组织": "issuer", "等级": "levels", "层次": "level",
    "别名": "alias", "简称": "alias", "对应": "target", "项目": "programme", "称号": "honours", "最低人数": "minimum",
    "教育局": "name", "单位名称": "name", "协作组": "name", "协作组名称": "name", "序号": "number", "编号": "number",
    "组长单位": "lead_school", "组长学校": "lead_school", "省": "province", "证书": "certificates",
}  # fmt: skip
KINDS = {
    "undergraduate": "undergraduate", "本科": "undergraduate", "higher_vocational": "higher_vocational",
    "高职": "higher_vocational", "专科": "higher_vocational", "高职专科": "higher_vocational",
    "adult": "adult", "成人": "adult", "secondary": "secondary", "中职": "secondary", "中专": "secondary", "": "",
}  # fmt: skip
STATUSES = {"": "open", "open": "open", "gone": "gone", "在办": "open", "撤销": "gone", "停办": "gone"}
ALIAS_KINDS = {"school": "school", "学校": "school", "certificate": "certificate", "证书": "certificate"}


def _one_of(value: str, known: Mapping[str, str], heading: str) -> str:
    if value not in known:
        raise ValueError(f"{heading}“{value}”不认识，可写：{'、'.join(k for k in known if k)}")
    return known[value]


def _school(row: Row) -> School:
    return School(
        code=row["code"],
        name=row["name"],
        kind=_one_of(row.get("kind", ""), KINDS, "类别"),
        province=row.get("province", ""),
        city=row.get("city", ""),
        authority=row.get("authority", ""),
        status=_one_of(row.get("status", ""), STATUSES, "状态"),
        honours=_several(row.get("honours", "")),
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[/、，,;；\s]+", cell) if part)


def _certificate(row: Row) -> Certificate:
    levels = _several(row.get("levels", ""))
    if unknown := [level for level in levels if level not in LEVELS]:
        raise ValueError(f"等级“{unknown[0]}”不认识，可写：{'/'.join(LEVELS)}")
    minimum = row.get("minimum", "")
    if minimum and not (minimum.isdecimal() and int(minimum)):
        raise ValueError(f"最低人数“{minimum}”不是正整数")
    return Certificate(row["name"], row.get("batch", ""), row.get("issuer", ""), levels, int(minimum or 0) or None)


def _alias(row: Row) -> Alias:
    return Alias(_one_of(row["kind"], ALIAS_KINDS, "类别"), row["alias"], row["target"], row.get("programme", ""))


def _major(row: Row) -> Major:
    return Major(row["code"], row["name"], row.get("level", ""))


def _bureau(row: Row) -> Bureau:
    return Bureau(row["name"], row["province"], row.get("city", ""))


def _group(row: Row) -> Group:
    certificates = tuple(part for part in re.split(r"[、;；]+", row.get("certificates", "")) if part)
    return Group(row["number"], row["name"], row["lead_school"], row["province"], certificates)


@dataclass(frozen=True, slots=True)
class _Table:
    required: tuple[str, ...]
    key: tuple[str, ...]
    make: Callable[[Row], Entry]


TABLES: Mapping[str, _Table] = {
    "schools": _Table(("code", "name"), ("code",), _school),
    "certificates": _Table(("name",), ("name",), _certificate),
    "aliases": _Table(("kind", "alias", "target"), ("kind", "alias", "programme"), _alias),
    "majors": _Table(("code", "name"), ("code",), _major),
    "bureaus": _Table(("name", "province"), ("name",), _bureau),
    "groups": _Table(("number", "name", "lead_school", "province"), ("province", "number"), _group),
}
ENTRIES: Mapping[str, type[Entry]] = {
    "schools": School,
    "certificates": Certificate,
    "aliases": Alias,
    "majors": Major,
    "bureaus": Bureau,
    "groups": Group,
}
_FIELD_OF: Mapping[type, str] = {entry: kind for kind, entry in ENTRIES.items()}


def read_register(kind: str, data: bytes) -> tuple[tuple[Entry, ...], tuple[BadRow, ...]]:
    """Read a register from CSV bytes (UTF-8 with or without BOM, else GBK; headings in English or Chinese).

    Returns (entries, bad rows); when any row is bad there are no entries, so that nothing is half imported.
    Raises KeyError for a `kind` that is not in TABLES.
    """
    table = TABLES[kind]
    try:
        rows = _rows(_decode(data))
    except (UnicodeDecodeError, csv.Error):
        return (), (BadRow(1, "不是 UTF-8 或 GBK 编码的 CSV 文件，请另存为 CSV 后再导入"),)
    headings = [HEADINGS.get(cell.strip(), cell.strip()) for cell in rows[0][1]] if rows else []
    if missing := [column for column in table.required if column not in headings]:
        return (), (BadRow(1, f"缺少列：{'、'.join(missing)}"),)
    entries: dict[tuple[str, ...], Entry] = {}
    bad: list[BadRow] = []
    for line, cells in rows[1:]:
        try:
            row = _row(headings, cells, table.required)
            key = tuple(row.get(column, "") for column in table.key)
            if key in entries:
                raise ValueError(f"与前面的行重复：{' '.join(key).rstrip()}")
            entries[key] = table.make(row)
        except ValueError as error:
            bad.append(BadRow(line, str(error)))
    return (() if bad else tuple(entries.values())), tuple(bad)


def csv_rows(data: bytes) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file (UTF-8 or GBK) that are not empty, each with its line.

    Raises UnicodeDecodeError, csv.Error.
    """
    return _rows(_decode(data))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Rows that are not empty, each with the line on which it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]


def _row(headings: Sequence[str], cells: Sequence[str], required: Sequence[str]) -> Row:
    if len(cells) > len(headings):
        raise ValueError(f"有 {len(cells)} 个单元格，表头只有 {len(headings)} 列")
    row = {heading: cell.strip() for heading, cell in zip(headings, cells, strict=False)}
    if empty := [column for column in required if not row.get(column)]:
        raise ValueError(f"没有填写：{'、'.join(empty)}")
    return row


def merge(registers: Registers, entries: Iterable[Entry]) -> Registers:
    """Lay `entries` over `registers`: the same key replaces (a school keeps its former names), a new key is added."""
    merged: dict[str, dict[tuple[str, ...], Entry]] = {
        name: {_key(entry): entry for entry in getattr(registers, name)} for name in TABLES
    }
    for entry in entries:
        held = merged[_FIELD_OF[type(entry)]]
        before = held.get(_key(entry))
        if isinstance(entry, School) and isinstance(before, School) and not entry.former:
            entry = replace(entry, former=before.former)
        held[_key(entry)] = entry
    return Registers(**{name: tuple(held.values()) for name, held in merged.items()})  # type: ignore[arg-type]


def _key(entry: Entry) -> tuple[str, ...]:
    return tuple(str(getattr(entry, column)) for column in TABLES[_FIELD_OF[type(entry)]].key)


def entry_key(entry: Entry) -> str:
    """What an entry is kept by: entries of one key replace one another."""
    return "/".join(_key(entry)).removesuffix("/")


def load_registers(folder: Path = FOLDER, extra: Iterable[Entry] = ()) -> Registers:
    """The bundled registers with `extra` (what the office imported) laid over them.

    Raises OSError when a file is missing, ValueError when a bundled file has a bad row.
    """
    former = _former_names((folder / "school_names.csv").read_text(encoding="utf-8"))
    bundled: list[Entry] = []
    for kind in TABLES:
        path = folder / f"{kind}.csv"
        if not path.exists():
            continue
        entries, bad = read_register(kind, path.read_bytes())
        if bad:
            raise ValueError(f"{path.name} line {bad[0].line}: {bad[0].reason}")
        bundled += entries
    named = (replace(e, former=former.get(e.code, ())) if isinstance(e, School) else e for e in bundled)
    return merge(merge(Registers(), named), extra)


def _former_names(text: str) -> dict[str, tuple[FormerName, ...]]:
    """School code -> its former names, oldest first, as the rows stand."""
    names: dict[str, tuple[FormerName, ...]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        name = FormerName(row["name"], row["last_seen"], row["next_first_seen"])
        names[row["code"]] = (*names.get(row["code"], ()), name)
    return names
