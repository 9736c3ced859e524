"""Programmes as data."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from corpora.form import load_forms
from corpora.programme import ProgrammeError, check_forms, load_programmes
from corpora.terms import Round

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


def window(forms: str, kinds: str = "[]", last: str = "2024-04-03") -> str:
    return f"""windows:
  - {{forms: {forms}, kinds: {kinds}, clause: 三、申报时间, rounds: [{{first: 2024-03-20, last: {last}}}]}}
"""


def monthly(months: str) -> str:
    return f"windows: [{{clause: 附件4, monthly: {{year: 2024, months: {months}, day: 27}}}}]\n"


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
    assert [programme.key for programme in programmes] == [
        "anhui-2023",
        "jiangsu-2023-second",
        "shaanxi-2024-second",
        "yunnan-2023",
    ]
    assert [check_forms(programme, known) for programme in programmes] == [()] * 4


def test_a_form_that_does_not_exist_is_named_with_the_one_that_is_meant(tmp_path: Path) -> None:
    (tmp_path / "test-2024.yaml").write_text(YAML.replace("anhui/summary", "anhui/sumary"), encoding="utf-8")
    (programme,) = load_programmes(tmp_path)
    assert check_forms(programme, ["anhui/summary", "anhui/increase"]) == (
        "forms: there is no form anhui/sumary; did you mean anhui/summary?",
    )


def test_every_rule_of_the_house_quotes_its_clause() -> None:
    assert [part for programme in load_programmes() for part, term in programme.terms() if len(term.clause) < 10] == []


def test_the_reviews_say_when_each_level_works() -> None:
    """安徽 三、2 市级审核时间安排，三、3 省级审核时间安排；江苏 三、申报时间."""
    anhui, jiangsu, *_ = load_programmes()
    days = {(level, one.name): (one.first, one.last) for level, ones in anhui.reviews[0].rounds.items() for one in ones}
    assert days == {
        ("city", "春季"): (date(2023, 4, 1), date(2023, 4, 5)),
        ("city", "秋季"): (date(2023, 10, 7), date(2023, 10, 11)),
        ("province", "春季"): (date(2023, 4, 3), date(2023, 4, 7)),
        ("province", "秋季"): (date(2023, 10, 9), date(2023, 10, 13)),
    }
    assert [review.rounds for review in jiangsu.reviews] == [
        {"school": (Round(first=date(2023, 8, 30), last=date(2023, 9, 20)),)}
    ] * 2


def test_what_every_school_is_expected_to_send() -> None:
    """安徽 四、六（三）；云南 二、三（一）3、四（三）1."""
    programmes = {one.key: one for one in load_programmes()}

    def expected(programme: str, kind: str, *honours: str) -> set[str]:
        terms = [one for one in programmes[programme].expected if not one.kinds or kind in one.kinds]
        return {form for one in terms if not one.honours or set(one.honours) & set(honours) for form in one.forms}

    assert expected("anhui-2023", "higher_vocational") == {"anhui/summary", "anhui/progress"}
    assert expected("anhui-2023", "secondary") == {"anhui/progress"}
    assert expected("anhui-2023", "bureau") == {"anhui/summary"}
    assert expected("yunnan-2023", "undergraduate") == {"yunnan/expert-list", "yunnan/work-summary"}
    assert "yunnan/lead-school" in expected("yunnan-2023", "higher_vocational", "双高")
    assert expected("shaanxi-2024-second", "secondary") == set()


def test_every_test_that_the_page_of_the_notices_names_exists() -> None:
    root = Path(__file__).parents[2]
    page = (root / "corpora/programmes/README.md").read_text("utf-8")
    named = set(re.findall(r"(tests/\S+\.py)::(\w+)", page))
    gone = [name for name in named if f"def {name[1]}(" not in (root / name[0]).read_text("utf-8")]
    assert (gone, len(named) > 20) == ([], True)


def test_every_row_of_that_page_says_what_holds_it_or_why_nothing_can() -> None:
    page = Path(__file__).parents[2] / "corpora/programmes/README.md"
    rows = [line.split("|")[1:-1] for line in page.read_text("utf-8").splitlines() if line.startswith("| ")]
    reasons = re.compile(r"tests/|not machine-checkable|platform|the office's|held by|---")
    assert [row for row in rows if len(row) != 3 or not reasons.search(row[2])] == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (YAML.replace("province:", "provinse:"), "provinse: unknown key; did you mean province?"),
        (YAML.replace("[school, year", "[shool, year"), "subjects.conventions.0.parts.0: "),
        (YAML.replace("[school, year", "[shool, year"), "did you mean school?"),
        (YAML.replace("year: 2024", "year: next"), "year: "),
        (YAML + "timezone: Asia/Hefei\n", "no such time zone: Asia/Hefei; China is Asia/Shanghai"),
        (YAML + window("[anhui/sumary]"), "windows: anhui/sumary is not in this programme's forms; did you mean"),
        (YAML + window("[]", kinds="[secundary]"), "windows.0.kinds.0: "),
        (YAML + window("[]", kinds="[secundary]"), "did you mean secondary?"),
        (YAML + window("[]", last="2024-02-30"), "day is out of range for month"),
        (YAML + window("[]", last="2024-01-01"), "first 2024-03-20 is after last 2024-01-01; exchange them"),
        (YAML + window("[]").replace("clause", "claus"), "windows.0.claus: unknown key; did you mean clause?"),
        (YAML + "windows: [{clause: 三、时间}]\n", "windows.0: Value error, name either rounds or monthly"),
        (YAML + monthly("[13]"), "there is no day 27 in month 13 of 2024"),
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
