"""Subjects as schools write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.programme import load_programmes
from extractors.subject import Subject, parse_subject, subject_findings

PROGRAMMES = load_programmes()
SEPARATORS = ["+", "＋", "_", "-", "—", "——", " ", "　", " + ", "", "|", "－", "/"]
PREFIXES = [
    "",
    "转发：",
    "转发:",
    "回复：",
    "答复: ",
    "Fw: ",
    "Fwd:",
    "Re: ",
    "RE：",
    "Re[2]: ",
    "ＦＷ：",
    "【转发】: ",
    "转发",
]
SCHOOLS = [
    *("安徽职业技术学院", "安徽省徽州学校", "安徽大学江淮学院", "固镇县职业技术教育中心", "肥西县三河职业高级中学"),
    *("贵州大学", "安庆职院", "安徽医专", "安徽交通职院", "合肥市教育局", "中国石油大学(北京)", "昆明文理学院"),
]


def read(subject: str) -> Subject:
    return parse_subject(subject, PROGRAMMES)


def codes(subject: str, year: int = 2023) -> list[str]:
    return [finding.code for finding in subject_findings(read(subject), year)]


separators = st.sampled_from(SEPARATORS)
prefixes = st.lists(st.sampled_from(PREFIXES), max_size=4).map("".join)
schools = st.sampled_from(SCHOOLS)


@given(
    prefix=prefixes,
    school=schools,
    separator=separators,
    kind=st.sampled_from(
        [
            ("application", "证书申报"),
            ("increase", "证书指标调增申请"),
            ("increase", "证书调整申请"),
            ("progress", "证书进度月报"),
        ]
    ),
    year=st.sampled_from(
        [("2023年", 2023), ("2022年", 2022), (" 2023 年 ", 2023), ("2023年度", 2023), ("二〇二三年", 2023)]
    ),
)
def test_any_prefix_and_separator_gives_the_same_parts_in_anhui(
    prefix: str, school: str, separator: str, kind: tuple[str, str], year: tuple[str, int]
) -> None:
    subject = read(f"{prefix}{school}{separator}{year[0]}{kind[1]}")
    assert (subject.programme, subject.convention, subject.school, subject.year, subject.parts) == (
        "anhui-2023",
        kind[0],
        school,
        year[1],
        {},
    )


@given(
    prefix=prefixes,
    school=schools,
    separator=separators,
    category=st.sampled_from([*PROGRAMMES[1].subjects.major_categories, "现代服务大类"]),
)
def test_any_prefix_and_separator_gives_the_same_parts_for_a_lead_school(
    prefix: str, school: str, separator: str, category: str
) -> None:
    subject = read(prefix + separator.join(["牵头院校上报", category, school]))
    assert (subject.programme, subject.convention, subject.school, subject.parts) == (
        "yunnan-2023",
        "lead-school",
        school,
        {"major_category": category},
    )


@given(
    prefix=prefixes,
    school=st.sampled_from([school for school in SCHOOLS if "(" not in school]),
    separator=separators,
    expert=st.sampled_from(["罗红", "任勇玉", "欧阳震华", "买买提·艾力", "高中明", "李大", "王校"]),
)
def test_any_prefix_and_separator_gives_the_same_parts_for_an_expert(
    prefix: str, school: str, separator: str, expert: str
) -> None:
    subject = read(prefix + separator.join(["专家推荐", school, expert]))
    assert (subject.programme, subject.convention, subject.school, subject.parts) == (
        "yunnan-2023",
        "expert",
        school,
        {"expert": expert},
    )


@pytest.mark.parametrize(
    ("text", "school"),
    [
        ("关于报送安庆职院2023年1+X证书申报材料", "安庆职院"),
        ("2023年证书申报（安庆职业技术学院）", "安庆职业技术学院"),
        ("【合肥市教育局】2023年1+X证书申报", "合肥市教育局"),
        ("【外部邮件】Re: 安庆职院2023年证书申报", "安庆职院"),
        ("安庆职业技术学院教务处2023年证书申报", "安庆职业技术学院"),
        ("安徽大学（龙河校区）2023年证书申报", "安徽大学(龙河校区)"),
        ("安大+2023年证书 申报", "安大"),
        ("“皖西卫职”＋2023证书申报.pdf", "皖西卫职"),
        ("昆明文理学院+旅游+牵头院校上报", "昆明文理学院"),
        ("牵头院校上报昆明文理学院现代服务大类", "昆明文理学院"),
        ("专家推荐表+德宏职业学院（张三、李四）", "德宏职业学院"),
        ("安徽医专5月证书进度月报", "安徽医专"),
    ],
)
def test_a_school_is_found_wherever_it_stands(text: str, school: str) -> None:
    assert (read(text).school, codes(text)) == (school, [])


def test_several_experts_and_a_month_are_parts() -> None:
    assert read("专家推荐+德宏职业学院+张三、李四").parts == {"expert": "张三、李四"}
    assert read("安徽医专2023年5月证书进度月报").parts == {"month": "5"}


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "转发：", "扫描_1234", "附件2", "1+X材料", "盖章扫描件", "安庆职院", "安庆职院材料"),
        *("单位名称+2023年证书申报", "学校名称2023年证书进度月报", "2023年证书申报", "2023年证书指标调增申请"),
        *("XX学院+2023年证书申报", "某某学校+2023年证书申报", "我校2023年证书申报", "安徽省+2023年证书申报"),
        *("附件2+2023年证书申报", "学院+2023年证书申报", "职业技术学院+2023年证书申报", "张三+2023年证书申报"),
        *("牵头院校上报+文化艺术大类+单位名称", "牵头院校上报+专业大类名称+学校名称", "专家推荐+学校名称+专家姓名"),
        "专家推荐+罗红",
    ],
)
def test_a_subject_without_a_school_or_a_known_kind_is_a_question(text: str) -> None:
    assert codes(text) == ["mail.subject"]


def test_the_question_says_what_is_missing_and_how_it_should_be_written() -> None:
    (finding,) = subject_findings(read("单位名称+2023年证书申报"), 2023)
    assert finding.severity == "warning"
    assert "学校（单位）名称" in finding.message
    assert "办理事项" not in finding.message
    assert "“单位名称+2023年证书申报”" in finding.message


def test_another_year_is_a_question_and_no_year_is_none() -> None:
    assert codes("滁州职业技术学院+2022年证书申报") == ["mail.year"]
    assert codes("滁州职业技术学院+22年证书申报") == ["mail.year"]
    assert codes("滁州职业技术学院+证书申报") == []
    assert codes("单位名称+2022年证书申报") == ["mail.subject", "mail.year"]


def test_the_year_chooses_among_programmes_that_share_their_words() -> None:
    anhui = PROGRAMMES[0]
    both = (anhui, anhui.model_copy(update={"key": "anhui-2024", "year": 2024}))
    for year, key in ((2023, "anhui-2023"), (2024, "anhui-2024"), (2022, "anhui-2024")):
        assert parse_subject(f"安庆职院+{year}年证书申报", both).programme == key


@given(
    st.text()
    | st.lists(st.sampled_from(["证书申报", "2023年", "学院", "(", ")", "大类", "专家推荐", "转发", "+", "1+X"])).map(
        "".join
    )
)
def test_any_text_is_a_subject(text: str) -> None:
    subject = read(text)
    assert {finding.code for finding in subject_findings(subject, 2023)} <= {"mail.subject", "mail.year"}
