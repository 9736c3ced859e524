from typing import Any

import pytest

from api.export.columns import UnknownColumn, catalogue, chosen_columns, narrowed
from api.export.schema import Record
from api.export.writers import export
from tests.api.records import a_record


def written(format: Any, columns: Any, evidence: bool = False) -> str:
    import io

    out = io.BytesIO()
    export([a_record()], format, out, evidence, columns)
    return out.getvalue().decode("utf-8-sig")


def test_columns_are_chosen_by_key_or_heading_and_stand_in_the_vocabularys_order() -> None:
    columns = chosen_columns(["考核人数,school", "记录编号，证书"])
    assert columns == {"headcount", "school", "#id", "certificate"}
    assert written("csv", columns).splitlines() == [
        "记录编号,学校名称,职业技能等级证书,考核人数（人）",
        "a1b2c3d4e5f60718293a,安徽职业技术学院,传感网应用开发,100",
        "a1b2c3d4e5f60718293a,安徽职业技术学院,网店运营推厂,80",
    ]


def test_evidence_comes_with_its_column() -> None:
    (head, *_) = written("csv", {"total"}, evidence=True).splitlines()
    assert head == "合计（人）,合计（人）·原文,合计（人）·识别情况,合计（人）·置信度,合计（人）·页,合计（人）·位置"


def test_no_choice_is_all_and_every_column_may_be_chosen() -> None:
    assert chosen_columns([""]) == frozenset()
    assert written("csv", frozenset()) == written("csv", chosen_columns([column.key for column in catalogue()]))


def test_a_column_that_is_not_known_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownColumn, match="没有“学校名”这一列，是否指“学校名称”？"):
        chosen_columns(["学校名"])


def test_a_narrowed_record_says_no_more_than_was_chosen_and_fits_the_schema() -> None:
    record = narrowed(a_record(), {"school", "headcount", "#file"})
    Record.model_validate(record)
    assert (set(record["fields"]), [set(row) for row in record["rows"]]) == ({"school"}, [{"headcount"}, {"headcount"}])
    assert record["source"] == {key: a_record()["source"][key] for key in ("message_id", "file_name", "pages")}
    assert "findings" not in record and record["matches"]["certificate"] is None and record["matches"]["rows"] == []
