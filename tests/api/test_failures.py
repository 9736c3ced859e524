"""A setting, a store or a description that is not as it must be: a sentence that says what to do, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from api.__main__ import main
from api.errors import WrongCall
from api.failures import failure
from corpora.form import FormError, read_form

Called = Callable[..., tuple[object, str]]


@pytest.fixture
def yinjian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Called:
    """The command, called in this process in an empty folder: its exit code, and what it says, without line breaks."""
    for name in [name for name in os.environ if name.startswith("YINJIAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["yinjian", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, capsys.readouterr().err.replace("\n", "")

    return call


@pytest.mark.parametrize(
    ("settings", "exit_code", "told"),
    [
        ("port = 99999", 2, "设置不对：YINJIAN_PORT（不能大于 65535）"),
        ("port = 'eight'", 2, "设置不对：YINJIAN_PORT（应为整数）"),
        ("prot = 8000", 2, "设置不对：YINJIAN_PROT（没有这个设置，请检查拼写）"),
        ("[[mailboxes]]\nhost = 'imap.126.test'\nuser = 'a'", 2, "YINJIAN_MAILBOXES.0.PASSWORD（没有填写）"),
        ("port = [", 2, "yinjian.toml 的写法不对，请改正"),
        ("database_url = 'postgresql://u:secret@127.0.0.1:1/x'", 1, "请检查 YINJIAN_DATABASE_URL"),
        ("database_url = 'nonsense'", 1, "请检查 YINJIAN_DATABASE_URL"),
        ("files_url = 'gopher://x'", 1, "请检查 YINJIAN_FILES_URL"),
    ],
)
def test_a_setting_that_does_not_work_is_named(settings: str, exit_code: int, told: str, yinjian: Called) -> None:
    Path("yinjian.toml").write_text(settings)
    Path("a.eml").write_bytes(b"Subject: a\n\nb\n")
    ended, said = yinjian("ingest", "a.eml")
    assert (ended, told in said, "secret" in said) == (exit_code, True, False)


def test_a_data_folder_that_is_none_is_named(yinjian: Called) -> None:
    Path("data").write_text("in the way")
    ended, said = yinjian("export")
    assert (ended, "请检查路径、权限和磁盘空间" in said) == (1, True)


def test_a_store_that_is_damaged_is_told(yinjian: Called) -> None:
    Path("data").mkdir()
    Path("data/yinjian.sqlite").write_text("no database at all, " * 100)
    ended, said = yinjian("export")
    assert (ended, "文件是否完好" in said) == (1, True)


def test_a_form_whose_description_is_broken_is_told_with_the_key(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("titles: [")
    with pytest.raises(FormError) as broken:
        read_form(tmp_path / "a.yaml")
    told = failure(broken.value)
    assert told is not None
    assert (told[0], "请改正：a.yaml" in told[1]) == (1, True)


def test_the_class_of_an_error_of_the_database_is_told_without_its_words() -> None:
    told = failure(OperationalError("SELECT name", {"name": "甲"}, ValueError("张三")))
    assert told is not None
    assert (told[0], "OperationalError" in told[1], "张三" in told[1]) == (1, True, False)


def test_a_wrong_call_ends_with_two_and_a_mistake_of_ours_is_left_to_its_traceback() -> None:
    assert failure(WrongCall("没有这个文件：a")) == (2, "命令的参数不对。（没有这个文件：a）")
    assert failure(ZeroDivisionError()) is None
