"""Is everything there that running needs? Each answer says what is so, or what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from api.audit.key import open_store
from api.audit.service import verify_store
from api.errors import YinjianError
from api.settings import Settings
from api.store.engine import Store
from api.store.files import Files

ROOM = 2 << 30  # bytes of free disk below which a full inbox may not fit


@dataclass(frozen=True, slots=True)
class Answer:
    what: str
    fine: bool
    says: str


def examine(settings: Settings) -> Iterator[Answer]:
    """One answer for each thing, in order."""
    yield _models(settings)
    yield _database(settings)
    yield _files(settings)
    yield _audit(settings)
    yield _disk(settings)
    yield _mailboxes(settings)


def _models(settings: Settings) -> Answer:
    from ingest.models import faults, models_folder

    folder = models_folder(settings.models)
    if damaged := faults(folder):
        return Answer("识别模型", False, f"缺少或损坏：{'、'.join(damaged)}。请运行 make setup。")
    return Answer("识别模型", True, f"完整，在 {folder}")


def _database(settings: Settings) -> Answer:
    kind = "PostgreSQL" if settings.database_url else "SQLite"
    try:
        Store(settings.store_url).close()
    except (SQLAlchemyError, OSError) as error:
        advice = "请检查 YINJIAN_DATABASE_URL" if settings.database_url else "请检查数据文件夹的权限"
        return Answer("数据库", False, f"{kind} 打不开（{type(error).__name__}）。{advice}。")
    return Answer("数据库", True, f"{kind}，表结构为最新")


def _files(settings: Settings) -> Answer:
    try:
        files = Files(settings.originals_url)
        files.get(files.put(b"yinjian doctor"))
    except (OSError, YinjianError) as error:
        return Answer("原件存储", False, f"不能读写（{type(error).__name__}）。请检查数据文件夹或 YINJIAN_FILES_URL。")
    return Answer("原件存储", True, "可以读写")


def _audit(settings: Settings) -> Answer:
    try:
        with closing(open_store(settings)) as store:
            report = verify_store(store)
    except (SQLAlchemyError, OSError, YinjianError) as error:
        says = str(error) if isinstance(error, YinjianError) else f"不能核对（{type(error).__name__}）"
        return Answer("审计日志", False, says)
    if report.fault is not None:
        return Answer("审计日志", False, report.fault.message)
    return Answer("审计日志", True, f"{report.count} 条，完好")


def _disk(settings: Settings) -> Answer:
    folder = settings.data.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    room = f"剩余 {free / (1 << 30):.1f} GB"
    return Answer("磁盘", True, room) if free > ROOM else Answer("磁盘", False, f"{room}，请清理或换一个数据文件夹。")


def _mailboxes(settings: Settings) -> Answer:
    if not settings.mailboxes:
        return Answer("邮箱", True, "未配置（只用 ingest 时不需要）")
    return Answer("邮箱", True, f"已配置 {len(settings.mailboxes)} 个")
