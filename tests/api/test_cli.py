"""The commands as a person calls them: their exit codes and their words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from api import commands
from api.errors import NotFound
from tests.api.builders import house, jpeg


def yinjian(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("YINJIAN_")}
    command = [sys.executable, "-m", "api", "--data", folder / "data", *words]
    root = Path(__file__).parents[2]
    return subprocess.run(
        command, cwd=folder, env=environment | {"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=120
    )


def test_help_starts_without_the_heavy_libraries() -> None:
    program = "import sys; sys.argv = ['yinjian', '--help']; import runpy\n"
    program += "try: runpy.run_module('api', run_name='__main__')\n"
    program += "except SystemExit: print([m for m in ('paddleocr', 'cv2', 'dbos', 'sqlalchemy') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert told.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "words",
    [
        ["ingest", "nothing.eml"],
        ["ingest"],
        ["export", "--format", "pdf"],
        ["register", "import", "pupils", "a.csv"],
        ["explain", "none", "school"],
        ["poll", "--once"],
        ["sing"],
    ],
)
def test_a_wrong_call_ends_with_two(words: list[str], tmp_path: Path) -> None:
    assert yinjian(*words, folder=tmp_path).returncode == 2


def test_an_empty_store_exports_nothing(tmp_path: Path) -> None:
    told = yinjian("export", folder=tmp_path)
    assert (told.returncode, told.stdout) == (0, "")


def test_a_setting_that_is_not_valid_is_named(tmp_path: Path) -> None:
    (tmp_path / "yinjian.toml").write_text("port = 99999\n")
    told = yinjian("export", folder=tmp_path)
    assert told.returncode == 2
    assert "YINJIAN_PORT" in told.stderr


def test_records_leave_as_lines_of_json(tmp_path: Path) -> None:
    (tmp_path / "附件2.jpg").write_bytes(jpeg())
    with house(tmp_path / "data") as opened:
        commands.ingest(opened, [tmp_path / "附件2.jpg"])
    told = yinjian("export", "--format", "jsonl", folder=tmp_path)
    records = [json.loads(line) for line in told.stdout.splitlines()]
    assert [(r["schema"], r["form"], r["lane"], r["source"]["file_name"]) for r in records] == [
        (1, None, "ask", "附件2.jpg")
    ]


def test_a_register_is_imported_whole_or_not_at_all(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("学校代码,学校名称\n1,甲学院\n2,\n", encoding="utf-8")
    good = tmp_path / "good.csv"
    good.write_text("学校代码,学校名称\n1,甲学院\n", encoding="gb18030")
    told = yinjian("register", "import", "schools", bad, folder=tmp_path)
    assert (told.returncode, "第 3 行" in told.stderr) == (1, True)
    assert yinjian("register", "import", "schools", good, folder=tmp_path).returncode == 0


def test_what_a_record_does_not_have_is_answered_with_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    with house(tmp_path / "data") as opened:
        commands.ingest(opened, [tmp_path / "a.jpg"])
        with opened.store.reading() as session:
            from api.store import work

            record = work.records(session)[0].id
        with pytest.raises(NotFound, match="这条记录没有“school”"):
            commands.explain(opened, record, "school")


def test_the_programmes_of_the_house_are_checked_and_listed(tmp_path: Path) -> None:
    told = yinjian("programme", "check", folder=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert all(key in told.stdout for key in ("anhui-2023", "yunnan-2023", "jiangsu-2023", "shaanxi-2024"))


def test_a_programme_that_is_wrong_is_named_with_what_to_change(tmp_path: Path) -> None:
    (tmp_path / "a-2024.yaml").write_text(
        "key: a-2024\nname: 试点\nprovince: 安徽\nyear: 2024\nforms: [anhui/sumary]\n"
    )
    told = yinjian("programme", "check", ".", folder=tmp_path)
    assert told.returncode == 1
    assert "a-2024.yaml: forms: there is no form anhui/sumary; did you mean anhui/summary?" in told.stderr.replace(
        "\n", " "
    )
    assert yinjian("programme", "check", "nowhere", folder=tmp_path).returncode == 2
