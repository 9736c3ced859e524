"""The command line. Each command calls one function; what is heavy is imported when its command runs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, Optional

import typer
from rich.console import Console

app = typer.Typer(
    help="印鉴：把邮箱里扫描的证书申报表读成经过核对的结构化记录。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they would show what was read
)
registers = typer.Typer(help="名录（学校、教育局、证书、别名、专业、协作组）。", no_args_is_help=True)
app.add_typer(registers, name="register")
form_files = typer.Typer(help="表格描述（一种表格一个文件）和样例。", no_args_is_help=True)
app.add_typer(form_files, name="forms")
programmes = typer.Typer(help="项目（一份通知一个文件）。", no_args_is_help=True)
app.add_typer(programmes, name="programme")

platforms = typer.Typer(help="国家平台导出的数据。", no_args_is_help=True)
app.add_typer(platforms, name="platform")
people = typer.Typer(help="账号。", no_args_is_help=True)
app.add_typer(people, name="user")
logbook = typer.Typer(help="审计日志。", no_args_is_help=True)
app.add_typer(logbook, name="audit")

said = Console(stderr=True)  # what is said to a person; standard output is for results
out = Console()

Paths = Annotated[list[Path], typer.Argument(help=".eml、.mbox、Maildir、PDF、图片、Office 文件，或含有这些的文件夹")]


@app.callback()
def common(
    context: typer.Context,
    data: Annotated[Optional[Path], typer.Option(help="数据文件夹（默认 ./data，或 YINJIAN_DATA）")] = None,  # noqa: UP045
) -> None:
    """Reads the settings; `--data` stands before the command."""
    context.obj = data


@app.command()
def ingest(context: typer.Context, paths: Paths) -> None:
    """收取邮件或文件并处理完毕。"""
    from api import commands
    from api.console import Bar, show_summary
    from api.house import open_house

    with open_house(_settings(context)) as house, Bar(said) as bar:
        summary = commands.ingest(house, paths, bar)
    show_summary(out, summary)


@app.command()
def poll(context: typer.Context, once: Annotated[bool, typer.Option("--once", help="只收取一次")] = False) -> None:
    """从配置的邮箱收取新邮件并处理。"""
    from api import commands
    from api.console import Bar, show_summary
    from api.house import open_house
    from api.server import work_and_poll

    settings = _settings(context)
    if not settings.mailboxes:
        _wrong("没有配置邮箱：请在 yinjian.toml 的 [[mailboxes]] 或 YINJIAN_MAILBOXES 中填写。")
    with open_house(settings) as house:
        if not once:
            said.print("正在收信，Ctrl-C 结束。")
            work_and_poll(house)
            return
        with Bar(said) as bar:
            summary, troubles = commands.poll(house, bar)
    show_summary(out, summary)
    for trouble in troubles:
        said.print(trouble, style="yellow", markup=False)
    if troubles:
        raise typer.Exit(1)


@app.command()
def work(context: typer.Context) -> None:
    """再加一个处理进程，与 serve 共用数据（跨机器请用 PostgreSQL 与共享的原件存储）；不收信，不开网页。"""
    from api.house import open_house
    from api.server import work_only

    with open_house(_settings(context)) as house:
        said.print("正在处理，Ctrl-C 结束。")
        work_only(house)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[Optional[str], typer.Option(help="监听地址")] = None,  # noqa: UP045
    port: Annotated[Optional[int], typer.Option(help="端口")] = None,  # noqa: UP045
) -> None:
    """网页、接口、处理与收信，在一个进程里。"""
    from api.accounts.console import welcome
    from api.server import serve as run

    settings = _settings(context, host=host, port=port)
    run(settings, lambda address: said.print(f"印鉴：{address}  （Ctrl-C 结束）"), welcome(said))


@app.command()
def export(
    context: typer.Context,
    format: Annotated[str, typer.Option(help="jsonl、csv 或 xlsx")] = "jsonl",
    programme: Annotated[Optional[str], typer.Option(help="只要这个项目")] = None,  # noqa: UP045
    form: Annotated[Optional[str], typer.Option(help="只要这种表格")] = None,  # noqa: UP045
    state: Annotated[Optional[str], typer.Option(help="只要这种状态")] = None,  # noqa: UP045
    evidence: Annotated[bool, typer.Option("--evidence", help="附上原文、置信度与位置（csv、xlsx）")] = False,
    columns: Annotated[str, typer.Option(help="只要这些列，用逗号分开，如 school,certificate 或 学校名称,证书")] = "",
    template: Annotated[Optional[Path], typer.Option(help="填写这个 .xlsx 模板（xlsx）")] = None,  # noqa: UP045
    out: Annotated[Optional[Path], typer.Option(help="写入文件；默认标准输出")] = None,  # noqa: UP045
) -> None:
    """导出记录。"""
    from api.accounts.console import operator
    from api.audit.key import open_store
    from api.audit.log import append
    from api.export.columns import UnknownColumn, chosen_columns
    from api.export.service import export_records
    from api.export.workbook import BadTemplate, check_template
    from api.export.writers import WRITERS
    from api.review.queries import Filter

    chosen = next((name for name in WRITERS if name == format), None)
    if chosen is None:
        _wrong(f"没有“{format}”这种格式，可用：{'、'.join(WRITERS)}")
    try:
        keys = chosen_columns([columns])
        filling = template.read_bytes() if template else None
        if filling is not None:
            check_template(filling)
    except (UnknownColumn, BadTemplate) as error:
        _wrong(str(error))
    except OSError:
        _wrong(f"无法读取模板：{template}")
    if template and chosen != "xlsx":
        _wrong("模板只能导出为 xlsx：请加上 --format xlsx")
    store, actor = open_store(_settings(context)), operator()
    how: dict[str, Any] = {"evidence": evidence, "columns": keys, "template": filling}
    asked, name = Filter(form=form, state=state, programme=programme), out.name if out else ""
    with store.session() as session:
        count = export_records(session, asked, chosen, out or sys.stdout.buffer, file_name=name, by=actor.shown, **how)
        append(session, actor, "export", detail={"format": chosen, "count": count})
    if out:
        said.print(f"{count} 条记录已写入 {out}")


@app.command()
def check(
    context: typer.Context,
    file: Path,
    picture: Annotated[Optional[Path], typer.Option(help="把识别到的内容画在页面上，写入此 PNG 文件")] = None,  # noqa: UP045
) -> None:
    """检查一个文件，列出问题；什么也不保存。"""
    from api import commands
    from api.console import show_record

    with said.status("正在识别…"):
        records = commands.check(_settings(context), file, picture)
    for record in records:
        show_record(out, record)


@app.command()
def explain(
    context: typer.Context,
    record: Annotated[str, typer.Argument(help="记录编号")],
    field: Annotated[str, typer.Argument(help="字段，如 school；明细为 列.行号，如 headcount.2")],
    crop: Annotated[Optional[Path], typer.Option(help="截图写入此文件（默认在当前文件夹）")] = None,  # noqa: UP045
) -> None:
    """说明一个值是怎么来的：截图、原文、其他读法、规则、候选与理由。"""
    from api import commands
    from api.console import show_explanation
    from api.house import open_house

    with open_house(_settings(context)) as house:
        explanation = commands.explain(house, record, field)
    path = None
    if explanation.crop:
        path = crop or Path(f"{record}-{field}.jpg")
        path.write_bytes(explanation.crop)
    show_explanation(out, field, explanation, path)


@registers.command("import")
def import_register(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="schools、bureaus、certificates、majors、aliases 或 groups")],
    file: Annotated[Path, typer.Argument(help="CSV 文件")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不导入")] = False,
) -> None:
    """导入名录：同一键的条目被替换，其余为新增；有一行不对就都不导入。"""
    from api import commands
    from api.house import open_house

    with open_house(_settings(context)) as house:
        count, bad = commands.import_register(house, kind, file, dry_run)
    for line, reason in bad:
        said.print(f"第 {line} 行：{reason}", markup=False)
    if bad:
        said.print(f"[red]共 {len(bad)} 行有误，没有导入任何条目。[/]")
        raise typer.Exit(1)
    said.print(f"{count} 个条目{'检查无误，未导入' if dry_run else '已导入'}。")


@form_files.command("record")
def record_samples(
    context: typer.Context,
    form: Annotated[Path, typer.Argument(help="表格描述，如 corpora/forms/hubin/plan.yaml")],
    samples: Annotated[list[Path], typer.Argument(help="样例：扫描件、照片或邮件（请用虚构内容）")],
) -> None:
    """识别样例，把识别结果和读出的值存在样例旁边，以后改表格描述时不用再识别。"""
    from api.console import show_trials
    from api.form_samples import record_sample

    trials = []
    for sample in samples:
        with said.status(f"正在识别 {sample.name} …"):
            trials.append(record_sample(_settings(context), form, sample))
    show_trials(out, trials)


@form_files.command("check")
def check_form(
    form: Annotated[Path, typer.Argument(help="表格描述")],
    samples: Annotated[Optional[list[Path]], typer.Argument(help="样例；默认是旁边 samples 文件夹里的")] = None,  # noqa: UP045
) -> None:
    """用表格描述重读记录过的样例，列出每个值、依据和没读对的地方；不识别图像。有不对的，退出码为 1。"""
    from api.console import show_trials
    from api.form_samples import check_samples

    trials = check_samples(form, samples or [])
    show_trials(out, trials)
    if not all(trial.right for trial in trials):
        raise typer.Exit(1)


@programmes.command("check")
def check_programmes(
    folder: Annotated[Optional[Path], typer.Argument(help="项目文件夹；默认 corpora/programmes")] = None,  # noqa: UP045
    forms: Annotated[Optional[Path], typer.Option(help="表格文件夹；默认 corpora/forms")] = None,  # noqa: UP045
) -> None:
    """检查项目文件：写错的键、日期和表格名，指出文件、位置和改法；没有错就列出各项目的规定。"""
    from api import commands
    from api.console import show_programmes

    checked, problems = commands.check_programmes(folder, forms)
    show_programmes(out, checked)
    for problem in problems:
        said.print(problem, style="red", markup=False)
    if problems:
        raise typer.Exit(1)


@platforms.command("import")
def import_platform(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX 文件：学校、证书、级别、人数")],
    programme: Annotated[Optional[str], typer.Option(help="项目；只有一个项目要核对时可省略")] = None,  # noqa: UP045
) -> None:
    """导入国家平台的申报数据，与盖章的汇总表逐行核对；有一行不对就都不导入。"""
    from api import commands
    from api.house import open_house

    with open_house(_settings(context)) as house:
        key, count, bad = commands.import_platform(house, file, programme)
    for line, reason in bad:
        said.print(f"第 {line} 行：{reason}", markup=False)
    if bad:
        said.print(f"[red]共 {len(bad)} 行有误，没有导入任何数据。[/]")
        raise typer.Exit(1)
    said.print(f"{key}：{count} 行已导入，并已与汇总表核对。")


@people.command("add")
def add_user(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="账号名")],
    role: Annotated[str, typer.Option(help="clerk、reviewer、approver、administrator 或 auditor")] = "clerk",
    shown: Annotated[str, typer.Option(help="姓名")] = "",
    city: Annotated[Optional[list[str]], typer.Option(help="只看这个城市；可写多次，不写为全部")] = None,  # noqa: UP045
) -> None:
    """新增账号，显示一次性密码（只显示一次，首次登录时须修改）。"""
    from api.accounts.console import add_user as run

    run(_settings(context), out, name, role, shown, city or [])


@people.command("passwd")
def reset_password(context: typer.Context, name: Annotated[str, typer.Argument(help="账号名")]) -> None:
    """重设为一次性密码；该账号在各处的登录都会退出。"""
    from api.accounts.console import reset_password as run

    run(_settings(context), out, name)


@people.command("list")
def list_users(context: typer.Context) -> None:
    """列出账号。"""
    from api.accounts.console import list_users as run

    run(_settings(context), out)


@logbook.command("verify")
def verify_audit(
    context: typer.Context,
    known: Annotated[str, typer.Option(help="以前记下的“编号:哈希”，查它是否还在原处")] = "",
) -> None:
    """从头核对审计日志；有被改、被删、被插入或换了次序的，指出第一处。"""
    from api.audit.console import verify

    if not verify(_settings(context), out, known):
        raise typer.Exit(1)


@app.command()
def missing(
    context: typer.Context,
    programme: Annotated[str, typer.Option(help="项目，如 anhui-2023")],
    day: Annotated[Optional[datetime], typer.Option(formats=["%Y-%m-%d"], help="看哪一天所在的一轮；默认今天")] = None,  # noqa: UP045
) -> None:
    """应报未报的学校：按表格、城市与类别，并逐日列出。"""
    from api.board.console import show_missing
    from api.board.service import missing as ask
    from api.store.engine import Store

    with Store(_settings(context).store_url).reading() as session:
        show_missing(out, ask(session, programme, today=day.date() if day else None))


@app.command()
def reprocess(
    context: typer.Context,
    start: Annotated[str, typer.Option("--from", help="recognise 或 match")] = "recognise",
) -> None:
    """不重新识别文字，重跑之后的各步（改了表格描述、导入了名录之后）。"""
    from api import commands
    from api.console import Bar
    from api.house import open_house

    if start not in ("recognise", "match"):
        _wrong("--from 只能是 recognise 或 match")
    with open_house(_settings(context)) as house, Bar(said) as bar:
        count = commands.reprocess(house, bar, "match" if start == "match" else "recognise")
    said.print(f"{count} 封邮件已重新处理。")


@app.command()
def doctor(context: typer.Context) -> None:
    """检查运行条件：模型、磁盘、数据库、邮箱配置。"""
    from api.doctor import examine

    fine = True
    for finding in examine(_settings(context)):
        fine = fine and finding.fine
        mark = "[green]正常[/]" if finding.fine else "[red]有问题[/]"
        out.print(f"{mark}  {finding.what}：", end="")
        out.print(finding.says, markup=False)
    if not fine:
        raise typer.Exit(1)


@app.command()
def demo(
    context: typer.Context,
    stop: Annotated[bool, typer.Option("--stop", envvar="CI", help="显示汇总后结束，不打开网页")] = False,
) -> None:
    """用自带的演示邮件走一遍全过程，并打开网页。"""
    from api.demo import run

    run(_settings(context), said, out, stop)


def _settings(context: typer.Context, **given: Any) -> Any:
    """The settings of this call; logs are set up by them. Ends with 2 when one is not valid."""
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from api.failures import settings_failure
    from api.logs import set_up_logs
    from api.settings import load_settings

    try:
        settings = load_settings(data=context.obj, **given)
    except (ValidationError, SettingsError, TOMLDecodeError) as error:
        _wrong(settings_failure(error))
    set_up_logs(settings.log_level, settings.log_json)
    return settings


def _wrong(message: str) -> NoReturn:
    said.print(message, style="red", markup=False)
    raise typer.Exit(2)


def main() -> None:
    """The entry of `yinjian`. Exit 2 for a wrong call, 1 for what went wrong, 0 otherwise."""
    try:
        app()
    except KeyboardInterrupt:
        said.print("已中断；没有处理完的会在下次接着处理。")
        sys.exit(130)
    except Exception as error:
        from api.failures import failure

        told = failure(error)
        if told is None:
            raise
        code, message = told
        said.print(message, style="red", markup=False)
        sys.exit(code)


if __name__ == "__main__":
    main()
