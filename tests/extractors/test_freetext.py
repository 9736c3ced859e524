"""Free texts are known by their headings, and their values found in the heading, around it, or at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from corpora.form import load_forms
from extractors.extract import extract
from extractors.extraction import Extraction
from tests.extractors.pages import Paper, document
from tests.extractors.sheets import summary

SCHOOL = "昆明冶金高等专科学校"
BODY = (
    "我校自2020年3月参与试点工作以来，先后开展了传感网应用开发等六个证书的培训，",
    "制定了试点工作方案，建立了工作机制。2021年5月20日召开推进会，会上总结了试点工作。",
    "下一步将扩大试点规模，完善学分转换办法，加强师资队伍建设，提高通过率。",
    "二、试点工作总结与反思：各专业书证融通仍需深入，经费管理尚待规范。",
)


def essay(
    *heads: str, body: Sequence[str] = BODY, foot: Sequence[str] = (), name: str = "材料.pdf", n: int = 1
) -> Paper:
    """Centred heading lines, a text of whole lines, and short lines at the right of the foot."""
    paper = Paper(file_name=name, number=n)
    for row, head in enumerate(heads):
        paper.head(head, y=200 + 90 * row)
    for row, words in enumerate(body):
        paper.write(words, 150, 700 + 70 * row)
    for row, words in enumerate(foot):
        paper.write(words, 950, 1300 + 70 * row)
    return paper


def read(*papers: Paper) -> tuple[Extraction, ...]:
    return extract(document(*papers), load_forms())


def told(extraction: Extraction) -> tuple[str | None, dict[str, Any]]:
    return extraction.form, {name: reading.value for name, reading in extraction.fields.items()}


SUMMARY, PLAN = "yunnan/work-summary", "shaanxi/work-plan"


@pytest.mark.parametrize(
    ("heads", "foot", "form", "values"),
    [
        (
            (f"{SCHOOL}2022年1+X证书制度试点工作总结",),
            ("2023年3月20日",),
            SUMMARY,
            (SCHOOL, 2022, "2023-03-20"),
        ),
        (
            (SCHOOL, "“1+X”证书试点工作总结报告"),
            ("二〇二三年三月二十日",),
            SUMMARY,
            (SCHOOL, None, "2023-03-20"),
        ),
        (
            ("2022年度试点工作总结", "云南交通职业技术学院"),
            ("（盖章）", "2023年3月18日"),
            SUMMARY,
            ("云南交通职业技术学院", 2022, "2023-03-18"),
        ),
        (
            ("关于1+X证书制度试点工作的总结", "试点总结"),
            (SCHOOL, "2023年3月18日"),
            SUMMARY,
            (SCHOOL, None, "2023-03-18"),
        ),
        (
            ("西安航空职业技术学院", "2024年第二批1+X证书制度试点工作方案"),
            ("西安航空职业技术学院（公章）", "2024年9月20日"),
            PLAN,
            ("西安航空职业技术学院", 2024, "2024-09-20"),
        ),
        (
            ("1+X证书制度试点工作实施方案",),
            ("陕西工业职业技术学院  2024年9月20日",),
            PLAN,
            ("陕西工业职业技术学院", None, "2024-09-20"),
        ),
    ],
)
def test_school_year_and_date_of_a_free_text(
    heads: Sequence[str], foot: Sequence[str], form: str, values: tuple[Any, ...]
) -> None:
    (found,) = read(essay(*heads, foot=foot))
    assert told(found) == (form, dict(zip(("school", "year", "date"), values, strict=True)))


@pytest.mark.parametrize(
    "heads",
    [
        ("关于做好2023年“1+X”证书试点工作的通知",),
        ("二、试点工作总结",),
        ("附件：1.试点工作方案",),
        ("会议讨论了学校试点工作方案的起草和下一阶段的安排",),
        ("会议纪要",),
    ],
)
def test_a_text_that_only_mentions_the_title_is_no_such_form(heads: Sequence[str]) -> None:
    assert [one.form for one in read(essay(*heads))] == [None]


def test_a_date_in_the_text_is_not_the_date_of_the_text() -> None:
    (found,) = read(essay(f"{SCHOOL}试点工作总结"))
    assert (found.fields["date"].reading, found.fields["year"].reading) == ("not_found", "not_found")


def test_a_cover_and_all_pages_of_the_file_are_one_record() -> None:
    cover = essay("1+X证书制度", "试点工作方案", body=(), foot=("西安航空职业技术学院", "2024年9月20日"))
    inside = essay("1+X证书制度试点工作方案", n=2)
    (found,) = read(cover, inside, essay(n=3))
    assert found.pages == (0, 1, 2)
    assert told(found)[1] == {"school": "西安航空职业技术学院", "year": None, "date": "2024-09-20"}


def test_a_table_within_the_text_is_a_page_of_the_text() -> None:
    table = Paper(file_name="材料.pdf", number=2)
    table.table([("试点证书", "试点人数", "参考人数", "参考率"), ("网店运营推广", "80", "80", "100%")])
    table.columns([("通过人数", "通过率", "试点分校", "等级")], top=800, step=90, lefts=(300, 600, 900, 1200))
    (found,) = read(essay(f"{SCHOOL}试点工作总结"), table, essay(n=3))
    assert (found.form, found.pages) == (SUMMARY, (0, 1, 2))


def test_photographs_numbered_alike_are_one_record_others_are_not() -> None:
    first = essay(f"{SCHOOL}试点工作总结", name="总结1.jpg")
    assert [one.pages for one in read(first, essay(name="总结2.jpg"))] == [(0, 1)]
    assert [(one.form, one.pages) for one in read(first, essay(name="会议纪要.jpg"))] == [(SUMMARY, (0,)), (None, (1,))]


def test_a_table_in_the_same_message_keeps_its_pages() -> None:
    found = read(essay(f"{SCHOOL}试点工作总结"), summary(paper=Paper("汇总表.pdf")), essay(name="会议纪要.pdf"))
    assert [(one.form, one.pages) for one in found] == [(SUMMARY, (0,)), ("anhui/summary", (1,)), (None, (2,))]


def test_the_school_is_boxed_where_it_stands() -> None:
    (found,) = read(essay(SCHOOL, "试点工作总结"))
    box = found.fields["school"].box
    assert found.fields["school"].page == 1
    assert box is not None
    assert [round(side, 2) for side in box] == [0.35, 0.08, 0.65, 0.11]
