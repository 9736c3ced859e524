"""Programmes as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.form import load_forms
from corpora.programme import ProgrammeError, load_programmes

YAML = """
key: test-2024
name: 试点
province: 安徽
year: 2024
forms: [anhui/summary]
subjects:
  conventions:
    - {key: a, pattern: 单位名称+2024年证书申报, parts: [school, year, kind], kinds: [证书申报]}
"""


def problem(folder: Path, text: str) -> str:
    (folder / "test-2024.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeError) as caught:
        load_programmes(folder)
    return str(caught.value)


def test_a_new_programme_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "test-2024.yaml").write_text(YAML, encoding="utf-8")
    (programme,) = load_programmes(tmp_path)
    assert (programme.key, programme.year, programme.timezone) == ("test-2024", 2024, "Asia/Shanghai")


def test_the_programmes_of_the_house_name_forms_that_exist() -> None:
    known = {form.key for form in load_forms()}
    programmes = load_programmes()
    assert [programme.key for programme in programmes] == ["anhui-2023", "yunnan-2023"]
    for programme in programmes:
        asked = {form for convention in programme.subjects.conventions for form in convention.forms}
        assert asked <= set(programme.forms)
        # The work summary is free text, which a later issue describes.
        assert set(programme.forms) - {"yunnan/work-summary"} <= known


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (YAML.replace("province:", "provinse:"), "provinse: unknown key; did you mean province?"),
        (YAML.replace("[school, year", "[shool, year"), "subjects.conventions.0.parts.0: "),
        (YAML.replace("[school, year", "[shool, year"), "did you mean school?"),
        (YAML.replace("year: 2024", "year: next"), "year: "),
        (YAML + "timezone: Asia/Hefei\n", "no such time zone: Asia/Hefei; China is Asia/Shanghai"),
        ("key: [", "not YAML"),
        ("", "file: "),
    ],
)
def test_an_error_names_the_file_the_key_and_what_to_change(tmp_path: Path, wrong: str, words: str) -> None:
    message = problem(tmp_path, wrong)
    assert message.startswith("test-2024.yaml: ")
    assert words in message


def test_a_key_used_twice_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "copy.yaml").write_text(YAML, encoding="utf-8")
    assert "key test-2024 is used by two files" in problem(tmp_path, YAML)
