"""Forms as data: what is wrong with a file is said so that whoever wrote it can mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.form import FormError, load_forms, read_form
from extractors.checks import RULES
from extractors.fieldtypes import FIELD_TYPES, unknown_types
from extractors.freetext import PLACES, VALUES

YAML = """
key: hubin/plan
name: 考核计划表
titles: [考核计划表]
fields:
  school: {type: organisation, labels: [填报院校]}
  total: {type: integer}
table:
  key: certificate
  columns:
    certificate: {type: text, labels: [证书名称]}
    headcount: {type: integer, labels: [计划人数]}
  total: {labels: [合计], column: headcount, field: total}
checks:
  - {rule: sum, field: total, column: headcount}
"""


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (YAML.replace("labels: [填报", "label: [填报"), "fields.school.label: unknown key; did you mean labels?"),
        (YAML.replace("titles:", "title:"), "title: unknown key; did you mean titles?"),
        (YAML.replace("rule: sum", "rule: summ"), "did you mean sum?"),
        (YAML.replace("column: headcount}", "column: count}"), "'count' is no field or column of this form"),
        (YAML.replace("field: total}\nchecks", "field: sum}\nchecks"), "table.total.field: 'sum' is no field"),
        (YAML.replace("text, labels", "text, inside: name, labels"), "table.columns.certificate.inside: 'name' is no"),
        ("key: [", "not YAML"),
        ("", "file: "),
    ],
)
def test_an_error_names_the_file_the_key_and_what_to_change(tmp_path: Path, wrong: str, words: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(FormError) as caught:
        read_form(path)
    assert str(caught.value).startswith("plan.yaml: ")
    assert words in str(caught.value)


def test_a_type_that_does_not_exist_is_named_with_the_one_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(YAML.replace("type: organisation", "type: organization"), encoding="utf-8")
    assert unknown_types(read_form(path)) == (
        "fields.school.type: there is no type organization; did you mean organisation?",
    )


def test_the_forms_of_the_house_ask_for_nothing_that_is_not_there() -> None:
    for form in load_forms():
        columns = form.table.columns.values() if form.table else ()
        assert {one.type for one in (*form.fields.values(), *columns)} <= set(FIELD_TYPES)
        assert {check.rule for check in form.checks} <= set(RULES)
        sought = [one for one in form.fields.values() if one.where]
        assert {one.type for one in sought} <= set(VALUES)
        assert {where for one in sought for where in one.where} <= set(PLACES)


WHOLE = """\
key: here/form
name: 一种表
titles: [某某申请表]
fields:
  school: {type: organisation, labels: [学校名称]}
  total: {type: integer}
table:
  key: certificate
  columns:
    certificate: {type: text, labels: [证书名称]}
    headcount: {type: integer, labels: [人数]}
  total: {labels: [合计], column: headcount, field: total}
signatures:
  leader: {labels: [领导签字]}
seal: {slot: school, labels: [公章]}
stops: [现申请]
notes: [备注]
checks:
  - {rule: sum, field: total, column: headcount}
"""


def test_a_form_says_where_its_values_stand_and_what_is_printed_on_it(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    form = read_form(path)
    assert (form.key, list(form.fields), form.fields["school"].required) == ("here/form", ["school", "total"], True)
    assert form.table is not None and list(form.table.columns) == ["certificate", "headcount"]
    assert form.labels == ("学校名称", "领导签字", "公章", "合计", "现申请", "备注")


def test_what_is_no_yaml_in_utf_8_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    for data in (b"key: [unclosed", "name: 表".encode("gb18030")):
        path.write_bytes(data)
        with pytest.raises(FormError, match=r"form\.yaml: not YAML in UTF-8"):
            read_form(path)


def test_forms_are_found_in_folders_and_ordered_by_key(tmp_path: Path) -> None:
    for key in ("b/two", "a/one"):
        folder = tmp_path / key.split("/")[0]
        folder.mkdir()
        (folder / "form.yaml").write_text(WHOLE.replace("here/form", key), encoding="utf-8")
    assert [form.key for form in load_forms(tmp_path)] == ["a/one", "b/two"]
