"""Which form is on which page, and which pages belong together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from corpora.form import load_forms
from extractors.layout import lay_out
from extractors.recognise import recognise
from tests.extractors.pages import Paper, document
from tests.extractors.sheets import application, expert_list, increase, lead_school, progress, summary
from tests.extractors.test_layout import PAPERS

Found = list[tuple[str | None, tuple[int, ...]]]


def found(*papers: Paper) -> Found:
    read = document(*papers)
    layouts = [lay_out(page, index) for index, page in enumerate(read.pages)]
    return [(one.form.key if one.form else None, one.pages) for one in recognise(read, layouts, load_forms())]


def letter(name: str = "来信.pdf", number: int = 1) -> Paper:
    """A page of another kind, with enough on it to be its own."""
    paper = Paper(file_name=name, number=number)
    for n in range(6):
        paper.write("兹介绍我单位同志前来办理有关事宜请予接洽为盼特此函达谢谢", 150, 300 + 80 * n)
    return paper


def rest(name: str = "扫描.pdf", number: int = 2) -> Paper:
    """The last page of a summary: the end of its table and its foot."""
    paper = Paper(file_name=name, number=number).table(
        [("3", "家务管理", "初级", "20"), ("合计", "", "", "200")], top=200
    )
    paper.write("学校联络人员姓名及电话：王小明 13812345678", 150, 500).write("学校领导签字：", 150, 600)
    return paper.write("2023年3月28日", 1100, 700)


@pytest.mark.parametrize(
    ("paper", "form"),
    [
        (application(), "anhui/application"),
        (summary(), "anhui/summary"),
        (increase([("1", "家务管理", "初级", "20", "40")]), "anhui/increase"),
        (progress(("500", "20", "30", "400", "80", "380", "4.47", "1.2")), "anhui/progress"),
        (lead_school(), "yunnan/lead-school"),
        (expert_list([("1", "李春燕", "女", "1970.05", "教授", "财会", "13987654321")]), "yunnan/expert-list"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_form_is_known_by_its_title(paper: Paper, form: str) -> None:
    assert found(paper) == [(form, (0,))]


def test_a_form_is_known_by_its_labels_where_the_title_is_cut_off() -> None:
    paper = summary()
    paper.lines = paper.lines[1:]
    assert found(paper) == [("anhui/summary", (0,))]


def test_a_title_may_be_misread_and_run_over_two_lines() -> None:
    paper = summary()
    paper.lines = paper.lines[1:]
    paper.head("安徽省1十X职业枝能等级证书", y=200).head("申报学校汇息表", y=270)
    assert found(paper) == [("anhui/summary", (0,))]


def test_the_year_in_a_title_is_the_programmes() -> None:
    paper = summary()
    paper.lines = paper.lines[1:]
    assert found(paper.head("安徽省2024年1+X职业技能等级证书申报学校汇总表")) == [("anhui/summary", (0,))]


def test_the_next_page_of_the_same_file_goes_on_with_the_form() -> None:
    assert found(summary(), rest()) == [("anhui/summary", (0, 1))]


def test_one_form_over_two_images_is_one() -> None:
    assert found(summary(paper=Paper(file_name="1.jpg")), rest("2.jpg", 1)) == [("anhui/summary", (0, 1))]


def test_a_page_that_comes_before_its_form_is_put_behind_it() -> None:
    assert found(rest("1.jpg", 1), summary(paper=Paper(file_name="2.jpg"))) == [("anhui/summary", (1, 0))]


def test_a_page_with_the_printed_notes_alone_goes_on_with_the_form() -> None:
    foot = Paper(file_name="2.jpg").write("2023年9月27日", 150, 300)
    foot.write("备注：以PDF或图片方式发送至office@office.test，邮件命名为：单位名称+2023年证书申报。", 150, 400, 28)
    assert found(summary(paper=Paper(file_name="1.jpg")), foot) == [("anhui/summary", (0, 1))]


def test_an_empty_back_side_goes_with_its_form() -> None:
    assert found(summary(), Paper(file_name="2.jpg"), application(paper=Paper(file_name="3.jpg"))) == [
        ("anhui/summary", (0, 1)),
        ("anhui/application", (2,)),
    ]


def test_every_form_of_a_mail_is_its_own() -> None:
    assert found(
        summary(),
        application(certificate="传感网应用开发", paper=Paper(file_name="a.pdf")),
        application(certificate="网店运营推广", paper=Paper(file_name="b.pdf")),
    ) == [("anhui/summary", (0,)), ("anhui/application", (1,)), ("anhui/application", (2,))]


def test_two_sheets_in_one_file_are_two() -> None:
    first, second = application(), application(certificate="网店运营推广", paper=Paper(number=2))
    assert found(first, second) == [("anhui/application", (0,)), ("anhui/application", (1,))]


def test_pages_of_no_known_form_are_kept_together() -> None:
    assert found(letter(), letter(number=2)) == [(None, (0, 1))]


def test_an_unrelated_page_stays_out_of_the_form() -> None:
    assert found(summary(), letter()) == [("anhui/summary", (0,)), (None, (1,))]
    assert found(letter(), summary()) == [(None, (0,)), ("anhui/summary", (1,))]


def test_a_document_is_no_page_of_a_scan() -> None:
    cover = Paper(file_name="说明.docx", read_by="office").write("见附件", 150, 300)
    assert found(cover, summary()) == [(None, (0,)), ("anhui/summary", (1,))]
    assert found(summary(), cover) == [("anhui/summary", (0,)), (None, (1,))]


def test_nothing_gives_nothing() -> None:
    assert found() == []


@settings(max_examples=60, deadline=None)
@given(PAPERS, PAPERS)
def test_every_page_is_in_one_group_whatever_stands_on_it(first: Paper, second: Paper) -> None:
    pages = sorted(page for _, group in found(first, second) for page in group)
    assert pages == [0, 1]
