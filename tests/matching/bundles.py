"""Made-up bundles: what one school (or a bureau for many) sends over a year, with contradictions planted in it.

Built as the core's own values, without OCR. A bundle says which findings it must give, by document and code, and which
documents a later version replaces; everything else would be invented.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from corpora.programme import Programme, load_programmes
from corpora.register import School
from extractors.extraction import Value
from matching.across.filed import Cell, Content, Filed, Impression, PlatformRow, Signed

CERTIFICATES = ("甲类运维", "乙类开发", "丙类推广", "丁类护理", "戊类建模", "己类财税", "庚类物流", "辛类汽修")
LEVELS = ("初级", "中级", "高级")
SPRING = datetime(2023, 3, 22, 2, 0, tzinfo=UTC)
Row = tuple[str, str, int]
Expected = Counter[tuple[str, str]]


def programme(key: str) -> Programme:
    return next(one for one in load_programmes() if one.key == key)


ANHUI, YUNNAN = programme("anhui-2023"), programme("yunnan-2023")
A_SCHOOL = School("9900000001", "某某职业技术学院", kind="higher_vocational")


def cell(value: Value, **changed: object) -> Cell:
    """Written, and surely read; None is a blank."""
    made = Cell("", None, "blank") if value is None else Cell(str(value), value)
    return replace(made, **changed)  # type: ignore[arg-type]


def certificate(name: str) -> Cell:
    return Cell(name, name, name=name)


SEALED = (Impression("same"),)
SIGNED = (Signed("school_leader", 1),)


def a_document(form: str, identity: str, content: Content, day: int = 0, **changed: object) -> Filed:
    """A record under review that came by itself, `day` days after the first. Its pages are its own."""
    made = Filed(
        identity, f"mail of {identity}", 0, SPRING + timedelta(days=day), form, "review", content,
        pages=(identity,), seals=SEALED, signatures=SIGNED,
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


def a_summary(identity: str, rows: Sequence[Row], day: int = 0, **changed: object) -> Filed:
    lines = tuple(
        {"certificate": certificate(name), "level": cell(level), "headcount": cell(count)}
        for name, level, count in rows
    )
    fields = {"total": cell(sum(count for *_, count in rows)), "contact_name": cell("甲某")}
    return a_document("anhui/summary", identity, Content(fields, lines), day, **changed)


def a_sheet(identity: str, row: Row, day: int = 0, **changed: object) -> Filed:
    name, level, count = row
    fields = {
        "certificate": certificate(name),
        "level": cell(level),
        "headcount": cell(count),
        "date": cell("2023-03-20"),
    }
    return a_document("anhui/application", identity, Content(fields), day, **changed)


def an_increase(identity: str, rows: Sequence[tuple[str, str, int, int]], day: int = 30, **changed: object) -> Filed:
    lines = tuple(
        {
            "certificate": certificate(name),
            "level": cell(level),
            "approved_headcount": cell(before),
            "revised_headcount": cell(after),
        }
        for name, level, before, after in rows
    )
    return a_document("anhui/increase", identity, Content({"contact_name": cell("甲某")}, lines), day, **changed)


def a_report(identity: str, month: int, values: Mapping[str, Value], **changed: object) -> Filed:
    fields = {"date": cell(f"2023-{month:02}-25")}
    row = {key: cell(value) for key, value in values.items()}
    return a_document("anhui/progress", identity, Content(fields, (row,)), 30 * (month - 3), **changed)


def a_list(identity: str, people: Sequence[tuple[str, str]], day: int = 0, **changed: object) -> Filed:
    rows = tuple({"name": cell(name), "phone": cell(phone), "gender": cell("女")} for name, phone in people)
    return a_document("yunnan/expert-list", identity, Content({}, rows), day, **changed)


def an_expert(identity: str, name: str, phone: str, day: int = 0, **changed: object) -> Filed:
    fields = {"name": cell(name), "phone": cell(phone), "gender": cell("女")}
    return a_document("yunnan/expert", identity, Content(fields), day, **changed)


@dataclass(frozen=True)
class Bundle:
    """documents of one school; expected: how often which document must have which code."""

    name: str
    documents: tuple[Filed, ...]
    expected: Expected = field(default_factory=Counter)
    superseded: frozenset[str] = frozenset()
    programme: Programme = ANHUI
    school: School = A_SCHOOL
    platform: tuple[PlatformRow, ...] = ()
    specimens: tuple[Impression, ...] = ()


def some_rows(random: Random, least: int = 3) -> list[Row]:
    names = random.sample(CERTIFICATES, random.randint(least, 6))
    rows = [(name, random.choice(LEVELS), random.randrange(20, 200, 5)) for name in names]
    name, level, _ = rows[0]  # one certificate at two levels, as schools do
    return [*rows, (name, next(one for one in LEVELS if one != level), random.randrange(20, 200, 5))]


def application(random: Random, number: int) -> Bundle:
    """One mail with a summary and its sheets; by turns right, or one sheet missing, extra, or different."""
    rows, mail = some_rows(random), f"mail {number}"
    documents = [a_summary("summary", rows, message=mail)]
    documents += [a_sheet(f"sheet {n}", row, message=mail, place=n) for n, row in enumerate(rows, 1)]
    kind = ("right", "missing", "extra", "headcount", "level", "both")[number % 6]
    expected: Expected = Counter()
    victim = random.randrange(2, len(rows))  # among the certificates at one level
    name, level, count = rows[victim - 1]
    if kind in ("missing", "both"):
        documents = [one for one in documents if one.id != f"sheet {victim}"]
        expected["summary", "set.missing"] += 1
    if kind in ("extra", "both"):
        free = next(one for one in CERTIFICATES if one not in [row[0] for row in rows])
        documents.append(a_sheet("extra", (free, level, count), message=mail, place=99))
        expected["extra", "set.extra"] += 1
    if kind in ("headcount", "level"):
        other = next(one for one in LEVELS if one != level)
        changed = (name, level, count + 10) if kind == "headcount" else (name, other, count)
        documents[victim] = a_sheet(f"sheet {victim}", changed, message=mail, place=victim)
        expected["summary", "set.differs"] += 1
        expected[f"sheet {victim}", "set.differs"] += 1
    return Bundle(f"application, {kind}", tuple(documents), expected)


MONTHS = (5, 6, 9, 10, 11, 12)


def months(random: Random, number: int) -> Bundle:
    """A year of reports; by turns right, with a total that falls, another target, or a month sent twice."""
    kind = ("right", "falls", "target", "again")[number % 4]
    target, assessed, paid = random.randrange(300, 900, 10), 0, 0.0
    reports = []
    for month in MONTHS:
        assessed += random.randrange(5, 40)
        paid = round(paid + random.random(), 2)
        values = {"target": target, "total_assessed": assessed, "total_certified": assessed - 3, "fees_paid": paid}
        reports.append(a_report(f"report {month}", month, values))
    expected: Expected = Counter()
    place = random.randrange(1, len(MONTHS) - 1)
    hit = reports[place]
    row = dict(hit.content.rows[0])
    superseded: frozenset[str] = frozenset()
    if kind == "falls":
        key = random.choice(["total_assessed", "total_certified", "fees_paid"])
        before = reports[place - 1].content.rows[0][key].value
        assert isinstance(before, int | float)
        row[key] = cell(before - 1)
        expected[hit.id, "progress.falls"] += 1
    if kind == "target":
        row["target"] = cell(target + 50)
        expected[hit.id, "progress.target"] += 1
        expected[reports[place + 1].id, "progress.target"] += 1  # and back again
    reports[place] = replace(hit, content=Content(hit.content.fields, (row,)))
    if kind == "again":
        row["fees_paid"] = cell(paid + 0.0, text="x") if place == len(MONTHS) - 1 else row["fees_paid"]
        row["month_assessed"] = cell(7)
        content = Content(hit.content.fields, ({**row, "month_enrolled": cell(3)},))
        first = replace(hit, content=Content(hit.content.fields, ({**hit.content.rows[0], "month_enrolled": cell(2)},)))
        reports[place] = first
        reports.append(
            replace(hit, id="again", message="mail again", pages=("again",), content=content,
                    received_at=hit.received_at and hit.received_at + timedelta(days=1))
        )  # fmt: skip
        expected["again", "mail.supersedes"] += 1
        superseded = frozenset({hit.id})
    return Bundle(f"months, {kind}", tuple(reports), expected, superseded)


def increase(random: Random, number: int) -> Bundle:
    """A summary, then a request to raise; its base is right, another number, or of a certificate never applied for."""
    rows = some_rows(random)
    name, level, count = random.choice(rows)
    kind = ("right", "number", "certificate", "resent summary")[number % 4]
    documents = [a_summary("summary", rows)]
    expected: Expected = Counter()
    superseded: frozenset[str] = frozenset()
    if kind == "right":
        documents.append(an_increase("increase", [(name, level, count, count + 20)]))
    elif kind == "number":
        documents.append(an_increase("increase", [(name, level, count + 5, count + 20)]))
        expected["increase", "increase.base"] += 1
    elif kind == "certificate":
        free = next(one for one in CERTIFICATES if one not in [row[0] for row in rows])
        documents.append(an_increase("increase", [(free, level, count, count + 20), (name, level, count, count + 20)]))
        expected["increase", "increase.base"] += 1
    else:  # what was true of the first summary is not true of the second
        changed = [(n, v, c + 15 if (n, v) == (name, level) else c) for n, v, c in rows]
        documents += [a_summary("second", changed, 3), an_increase("increase", [(name, level, count, count + 50)])]
        expected["second", "mail.supersedes"] += 1
        expected["increase", "increase.base"] += 1
        superseded = frozenset({"summary"})
    return Bundle(f"increase, {kind}", tuple(documents), expected, superseded)


def resend(random: Random, number: int) -> Bundle:
    """A sheet or a summary sent again: the same bytes, scanned again, corrected, or after it was accepted."""
    kind = ("bytes", "scan", "corrected", "accepted", "returned", "autumn", "sealed", "level")[number % 8]
    rows = some_rows(random)
    first = a_summary("first", rows)
    changed = [(rows[0][0], rows[0][1], rows[0][2] + 30), *rows[1:]]
    expected: Expected = Counter({("second", "mail.supersedes"): 1})
    superseded = frozenset({"first"})
    second = a_summary("second", changed, 2)
    match kind:
        case "bytes":
            second = replace(first, id="second", message="mail of second", received_at=SPRING + timedelta(days=2))
        case "scan":
            second = a_summary("second", rows, 2)
        case "accepted" | "returned":
            first, superseded = replace(first, state=kind), frozenset()
        case "autumn":
            first = replace(first, round="春季")
            second, superseded, expected = replace(second, round="秋季"), frozenset(), Counter()
        case "sealed":
            first, second = replace(first, seals=()), a_summary("second", rows, 2)
        case "level":  # the list names the certificate once: the sheet of another level is the same one, corrected
            name, level, count = rows[1]
            wrong = next(one for one in LEVELS if one != level)
            first, second = a_sheet("first", (name, wrong, count)), a_sheet("second", (name, level, count), 2)
            listed = a_summary("summary", [rows[1]])
            return Bundle("resend, level", (first, second, listed), expected, superseded)
    if kind in ("bytes", "scan"):
        expected, superseded = Counter({("second", "mail.duplicate"): 1}), frozenset()
    return Bundle(f"resend, {kind}", (first, second), expected, superseded)


def experts(random: Random, number: int) -> Bundle:
    """Yunnan's list and its sheets, one mail each; right, one missing, one extra, another phone, too few."""
    kind = ("right", "missing", "extra", "phone", "quota", "name")[number % 6]
    surnames = random.sample("赵钱孙李周吴郑王冯陈", 5)
    people = [(f"{surname}某某", f"1390000{random.randrange(1000, 9999)}") for surname in surnames[:4]]
    school = replace(A_SCHOOL, honours=("双高",))
    expected: Expected = Counter()
    if kind == "quota":
        people = people[:2]
        expected["list", "expert.quota"] += 1
    sheets = [an_expert(f"expert {n}", *person, day=n) for n, person in enumerate(people, 1)]
    if kind == "missing":
        sheets.pop()
        expected["list", "set.missing"] += 1
    if kind == "extra":
        sheets.append(an_expert("extra", f"{surnames[4]}某某", "13900000001", 6))
        expected["extra", "set.extra"] += 1
    if kind in ("phone", "name"):
        name, phone = people[0]
        changed = (name, "13900000002") if kind == "phone" else (f"{name}乙", phone)
        sheets[0] = an_expert("expert 1", *changed, day=1)
        expected["list", "set.differs"] += 1
        expected["expert 1", "set.differs"] += 1
    return Bundle(f"experts, {kind}", (a_list("list", people), *sheets), expected, programme=YUNNAN, school=school)


def versions(random: Random, number: int) -> Bundle:
    """Electronic versions, the platform's list, seals: right, and contradicted."""
    kind = ("attached", "attached, right", "platform", "platform, right", "reused", "specimen", "platform, row")[
        number % 7
    ]
    rows = some_rows(random)
    summary = a_summary("summary", rows)
    expected: Expected = Counter()
    platform = [PlatformRow(*row) for row in rows] if kind.startswith("platform") else []
    specimens: tuple[Impression, ...] = ()
    documents = [summary]
    if kind.startswith("attached"):
        lines = [dict(row) for row in summary.content.rows]
        if kind == "attached":
            lines[1]["headcount"] = cell(rows[1][2] + 1)
            expected["summary", "version.differs"] += 1
        attached = Content({**summary.content.fields, "contact_name": cell(None)}, tuple(lines))
        documents = [replace(summary, attached=(attached,))]
    elif kind == "platform":
        platform[0] = replace(platform[0], headcount=rows[0][2] + 1)
        expected["summary", "platform.differs"] += 1
    elif kind == "platform, row":
        platform.pop(1)
        expected["summary", "platform.differs"] += 1
    elif kind == "reused":
        pasted = (Impression("same", f"{random.getrandbits(64):016x}"),)
        report = a_report("report 5", 5, {"target": 10})
        documents = [replace(summary, seals=pasted), replace(report, seals=pasted)]
        expected.update([("summary", "seal.reused"), ("report 5", "seal.reused")])
    elif kind == "specimen":
        specimens = (Impression("same", code="3400000000001"),)
        documents = [replace(summary, seals=(Impression("same", code="3400000000002"),))]
        expected["summary", "seal.differs"] += 1
    return Bundle(
        f"versions, {kind}", tuple(documents), expected, platform=tuple(platform), specimens=specimens
    )  # fmt: skip


def bureau(random: Random, schools: int = 30) -> list[Bundle]:
    """One message with the summaries of many schools: each school is judged by itself, and nothing is wrong."""
    return [
        Bundle(f"bureau, school {n}", (a_summary(f"summary {n}", some_rows(random), message="bureau", place=n),))
        for n in range(schools)
    ]


KINDS = (application, months, increase, resend, experts, versions)


def all_bundles(seed: int = 20230316, rounds: int = 16) -> list[Bundle]:
    """Each kind of bundle in each of its kinds of contradiction, several times, and a bureau's mail."""
    random = Random(seed)
    return [kind(random, number) for number in range(rounds) for kind in KINDS] + bureau(random)
