"""What a command says, in Chinese, when something around it is not as it must be, and what to do then.

Secrets stay out of it: of an error of the database or the network only its class is told.
"""

from __future__ import annotations

from tomllib import TOMLDecodeError
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

WRONG_CALL, FAILED = 2, 1  # exit codes

_DATABASE = (
    "数据库打不开或中断了（{}）。用 SQLite 时请检查数据文件夹（--data、YINJIAN_DATA）能否读写、文件是否完好；"
    "用 PostgreSQL 时请检查 YINJIAN_DATABASE_URL，以及数据库是否在运行。"
)
# What pydantic found wrong with a setting, by the type of its error; `{}` are the values of its context.
_WRONG = {
    "missing": "没有填写",
    "extra_forbidden": "没有这个设置，请检查拼写",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "int_type": "应为整数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "bool_parsing": "应为 true 或 false",
    "string_type": "应为文字，请加引号",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "应为 {expected}",
}


def settings_failure(error: ValidationError | SettingsError | TOMLDecodeError) -> str:
    """Why the settings cannot be read: each that is wrong by its name."""
    if isinstance(error, TOMLDecodeError):
        return f"yinjian.toml 的写法不对，请改正：{error}"
    if isinstance(error, SettingsError):
        return '环境变量中的 YINJIAN_MAILBOXES 应为 JSON，如 [{"host": "…", "user": "…", "password": "…"}]。'
    return "设置不对：" + "；".join(f"{_name(one['loc'])}（{_reason(one)}）" for one in error.errors())


def _name(place: tuple[int | str, ...]) -> str:
    return "YINJIAN_" + ".".join(str(part) for part in place).upper()


def _reason(one: Any) -> str:
    wording = _WRONG.get(one["type"])
    return wording.format(**one.get("ctx", {})) if wording else str(one["msg"])


def failure(error: Exception) -> tuple[int, str] | None:
    """The exit code and what to say; None for what must not happen: its traceback is for the developers."""
    from sqlalchemy.exc import SQLAlchemyError

    from api.errors import NotFound, WrongCall, YinjianError
    from corpora.form import FormError
    from corpora.programme import ProgrammeError
    from ingest.models import ModelsMissing

    match error:
        case WrongCall() | NotFound():
            return WRONG_CALL, str(error)
        case YinjianError():
            return FAILED, str(error)
        case FormError() | ProgrammeError():
            return FAILED, f"表格或项目的描述文件有误，请改正：{error}"
        case ModelsMissing():
            return FAILED, "识别模型缺少或损坏，请运行 make setup，或用 YINJIAN_MODELS 指明模型所在的文件夹。"
        case SQLAlchemyError():
            return FAILED, _DATABASE.format(type(error).__name__)
        case OSError():
            place = f"{error.filename}：" if error.filename else ""
            return FAILED, f"{place}不能读写（{error.strerror or type(error).__name__}）。请检查路径、权限和磁盘空间。"
    return None
