"""What the commands show on a terminal, in Chinese (door: rich)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from api.commands import Explanation, Summary
from api.store import work
from corpora.programme import Programme
from corpora.vocabulary import vocabulary

if TYPE_CHECKING:
    from api.form_samples import Trial

TERMS = {
    "windows": "受理时间",
    "routes": "报送渠道",
    "reviews": "审核次序",
    "quotas": "名额",
    "cohorts": "最低人数",
    "expected": "应报表格",
}
COLOURS = {"error": "red", "warning": "yellow", "info": "dim"}


class Bar:
    """Two progress bars, messages and pages: `with Bar(console) as bar: … bar(progress)`."""

    def __init__(self, console: Console):
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        self._messages = self._bars.add_task("邮件", total=None)
        self._pages = self._bars.add_task("页面", total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, progress: work.Progress) -> None:
        self._bars.update(self._messages, total=progress.messages, completed=progress.messages_done)
        self._bars.update(self._pages, total=progress.pages, completed=progress.pages_done)


def _table(*headings: str, **options: Any) -> Table:
    """A table that breaks what is long over lines; Chinese has no spaces, and rich would cut it off."""
    return Table(*(Column(heading, overflow="fold") for heading in headings), **options)


def show_summary(console: Console, summary: Summary) -> None:
    words = vocabulary()
    line = f"新收 {summary.new} 封，此前已收 {summary.known} 封"
    console.print(line + (f"，接着处理上次未完成的 {summary.finished} 封" if summary.finished else "") + "。")
    if summary.records:
        table = _table("表格", *words.lanes.values(), title="记录")
        for form in sorted({form for form, _ in summary.records}, key=lambda form: (form is None, form)):
            counts = [summary.records.get((form, lane), 0) for lane in words.lanes]
            table.add_row(words.form_title(form), *(str(count or "") for count in counts))
        console.print(table)
    if summary.findings:
        table = _table("问题", "次数")
        for code, count in summary.findings.items():
            table.add_row(f"{words.codes.get(code, code)}（{code}）", str(count))
        console.print(table)


def show_records(console: Console, records: list[dict[str, Any]]) -> None:
    """One line for each record: its form, its school, whether it asks, and what for."""
    words = vocabulary()
    table = _table("表格", "学校", "分类", "问题", title="记录", show_lines=True)
    for record in records:
        school = record["matches"]["school"] or {}
        written = record["fields"].get("school", {}).get("text", "")
        name = school["name"] if school.get("decided") else f"{written}？" if written else "—"
        told = Counter(f["code"] for f in record["findings"] if f["severity"] != "info")
        asked = "\n".join(words.codes.get(code, code) + (f"×{n}" if n > 1 else "") for code, n in told.items())
        lane = words.lanes.get(record["lane"], record["lane"])
        table.add_row(words.form_title(record["form"]), Text(name), lane, asked)
    console.print(table)


def show_record(console: Console, record: dict[str, Any]) -> None:
    """A record's findings, and what was read."""
    words = vocabulary()
    title = f"{words.form_title(record['form'])} · {words.lanes.get(record['lane'], record['lane'])}"
    table = _table("字段", "原文", "值", "识别情况", "置信度", title=title)
    rows: list[tuple[str, int | None, dict[str, Any]]] = [
        (key, None, reading) for key, reading in record["fields"].items()
    ]
    rows += [(key, n, r) for n, row in enumerate(record["rows"], start=1) for key, r in row.items()]
    for key, number, reading in rows:
        name = words.field(key).heading + (f" {number}" if number else "")
        value = "" if reading["value"] is None else str(reading["value"])
        state = words.readings.get(reading["reading"], reading["reading"])
        table.add_row(name, Text(reading["text"]), Text(value), state, f"{reading['confidence']:.3f}")
    if rows:
        console.print(table)
    _show_findings(console, record["findings"], title)


def _show_findings(console: Console, findings: list[dict[str, Any]], title: str) -> None:
    words = vocabulary()
    if not findings:
        console.print(f"{title}：没有发现问题。")
        return
    table = _table("", "代码", "位置", "说明", title=f"{title} · 问题 {len(findings)} 个")
    for finding in findings:
        place = words.field(finding["field"]).heading if finding["field"] else ""
        place += f" 第 {finding['row']} 行" if finding["row"] else ""
        severity = words.severities.get(finding["severity"], finding["severity"])
        mark = Text(severity, style=COLOURS[finding["severity"]])
        table.add_row(mark, finding["code"], place, Text(finding["message"]))
    console.print(table)


def show_explanation(console: Console, name: str, explained: Explanation, crop: Path | None) -> None:
    words = vocabulary()
    reading = explained.reading
    key, _, row = name.partition(".")
    table = _table("", "", title=words.field(key).heading + (f" 第 {row} 行" if row else ""), show_header=False)
    table.add_row("原文", Text(reading["text"]))
    table.add_row("值", Text("" if reading["value"] is None else str(reading["value"])))
    table.add_row("识别情况", words.readings.get(reading["reading"], reading["reading"]))
    table.add_row("置信度", f"{reading['confidence']:.3f}")
    if reading.get("doubt"):
        table.add_row("疑问", Text(reading["doubt"]))
    table.add_row("其他读法", Text("；".join(reading.get("options", [])) or "无"))
    table.add_row("规则", Text("\n".join(explained.rule) or "无"))
    if reading.get("page"):
        box = "，".join(f"{x:.3f}" for x in reading["box"]) if reading.get("box") else ""
        table.add_row("位置", f"第 {reading['page']} 页（{box}）")
    table.add_row("截图", Text(str(crop) if crop else "无"))
    for candidate in _candidates(explained.match):
        reasons = "、".join(words.reasons.get(r, r) for r in candidate.get("reasons", []))
        table.add_row("候选", Text(f"{candidate['name']}（{candidate.get('score', 0):.3f}）：{reasons}"))
    if explained.match:
        table.add_row("匹配", "已确定" if explained.match.get("decided") else "未确定，需要人工选择")
    console.print(table)
    if explained.findings:
        _show_findings(console, list(explained.findings), words.field(key).heading)


def show_programmes(console: Console, programmes: list[Programme]) -> None:
    """What each programme rules: its forms, and its terms with their clauses."""
    words = vocabulary()
    for programme in programmes:
        table = _table("规定", "表格", "通知原文", title=f"{programme.key} · {programme.name}")
        table.add_row("收取", Text("、".join(words.form_title(form) for form in programme.forms)), "")
        for part, term in programme.terms():
            forms = "、".join(words.form_title(form) for form in term.forms)
            table.add_row(TERMS[part], Text(forms or "全部"), Text(term.clause))
        console.print(table)


def show_trials(console: Console, trials: list[Trial]) -> None:
    """Every value of the samples, where it stands and how it was read; what is not as expected is red."""
    words = vocabulary()
    for trial in trials:
        if trial.found is None or not trial.values:
            other = f"，被认作 {trial.found}" if trial.found else ""
            console.print(f"[red]{trial.sample.name}：没有认出这种表格{other}。请核对 titles 和 labels。[/]")
            continue
        table = _table("字段", "原文", "值", "识别情况", "置信度", "位置", "应为", title=trial.sample.name)
        for value in trial.values:
            reading = value.reading
            name = value.name + (f".{value.row}" if value.row else "")
            state = words.readings.get(reading.reading, reading.reading)
            if reading.reading == "not_found" and value.labels:
                state += f"（标签：{'、'.join(value.labels)}）"
            where = f"第 {reading.page} 页" if reading.page else ""
            where += f"（{reading.box[0]:.2f}，{reading.box[1]:.2f}）" if reading.box else ""
            expected = "" if not value.told else "空白" if value.expected is None else str(value.expected)
            shown = "" if reading.value is None else str(reading.value)
            style = "" if value.right and reading.reading != "not_found" else "yellow" if value.right else "red"
            cells = (reading.text, shown, state, f"{reading.confidence:.3f}", where, expected)
            table.add_row(name, *(Text(cell) for cell in cells), style=style)
        console.print(table)
        told = [value for value in trial.values if value.told]
        wrong = sum(not value.right for value in told)
        console.print(f"{trial.sample.name}：核对 {len(told)} 项，{wrong} 项不符。")
        if trial.asked:
            console.print(f"[yellow]有 {trial.asked} 处需要放大再读，记录中没有：请再运行一次 forms record。[/]")


def _candidates(match: dict[str, Any] | None) -> list[dict[str, Any]]:
    if not match:
        return []
    return match.get("candidates") or ([match] if match.get("name") else [])
