"""Every accepted way of writing a value leads to one canonical value; what is unclear leads to none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.fieldtypes import FIELD_TYPES, parse
from extractors.typed import Typed

CHINESE = "〇一二三四五六七八九"
FULL_WIDTH = {ord(str(n)): chr(0xFF10 + n) for n in range(10)}


def chinese(number: int) -> str:
    """A number below 10 000 in Chinese, as it is said."""
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            said += ("零" if gap and said else "") + CHINESE[digit] + name
        gap = not digit
    return said.removeprefix("一") if said.startswith("一十") else said


def year(number: int) -> str:
    return "".join(CHINESE[int(digit)] for digit in str(number))


def ways_to_write(day: date) -> list[str]:
    y, m, d = day.year, day.month, day.day
    return [
        f"{y}年{m}月{d}日",
        f"{y}年{m:02}月{d:02}日",
        f"{y} 年 {m} 月 {d} 日",
        f"{y}.{m}.{d}",
        f"{y}/{m:02}/{d:02}",
        f"{y}-{m}-{d}",
        f"{y}-{m:02}-{d:02} 00:00:00",
        f"{y}{m:02}{d:02}",
        f"{y}年{m}月{d}日".translate(FULL_WIDTH),
        f"{year(y)}年{chinese(m)}月{chinese(d)}日",
        f"{year(y)}年{chinese(m)}月{chinese(d)}日".replace("〇", "○"),
        f"日期：{y}年{m}月{d}日",
        f"（盖章） {y}年{m}月{d}日",
        f"__{y}年_{m}_月_{d}_日",
        f"{y}年{m}月{d}日（星期二）",
        f"{y}年{m}月{d}",
        f"{y} {m} {d}",
        f"{y}年{chinese(m)}月{chinese(d)}日",
        f"{y}年{m}月{d}号",
        f"、{y}.{m:02}.{d:02}.",
    ]


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.data())
def test_a_date_is_the_same_day_in_every_way_of_writing(day: date, data: st.DataObject) -> None:
    written = data.draw(st.sampled_from(ways_to_write(day)))
    assert parse("date", written) == Typed(day.isoformat())


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.data())
def test_a_month_is_the_same_in_every_way_of_writing(day: date, data: st.DataObject) -> None:
    y, m = day.year, day.month
    ways = [
        f"{y}-{m:02}",
        f"{y}.{m:02}",
        f"{y}.{m}",
        f"{y}年{m}月",
        f"{y} 年 {m} 月",
        f"{y}{m:02}",
        f"{y}年{m}月生",
        f"{y}/{m}",
        f"{y}年{m}月出生",
        f"{year(y)}年{chinese(m)}月",
        f"{y}年{m}月（43岁）",
        f"出生年月：{y}.{m:02}",
        *ways_to_write(day),
    ]
    written = data.draw(st.sampled_from(ways))
    assert parse("month", written) == Typed(f"{y}-{m:02}")


@given(st.integers(1, 9999), st.data())
def test_a_number_is_the_same_in_every_way_of_writing(number: int, data: st.DataObject) -> None:
    ways = [
        f"{number}",
        f"{number}人",
        f"{number} 人",
        f"{number}.0",
        f"{number:,}",
        f"{number:,}名",
        f" {number} ",
        f"__{number}__",
        f"……{number}人",
        f"：{number}",
        f"{number}.",
        f"共{number}人",
        f"合计：{number}",
        f"{number}（人）",
        f"{number}人次",
        f"{number}".translate(FULL_WIDTH),
        chinese(number),
        f"{chinese(number)}人",
        f"{number}（{chinese(number)}）",
        " ".join(str(number)),
        f"{number}位、",
    ]
    written = data.draw(st.sampled_from(ways))
    assert parse("headcount", written) == Typed(number)


@given(st.integers(0, 20000).map(lambda n: n / 100), st.data())
def test_a_rate_and_an_amount_are_read_in_their_unit(number: float, data: st.DataObject) -> None:
    rate = data.draw(
        st.sampled_from([f"{number}", f"{number}%", f"{number} %", f"{number}％", f"百分之{number}", f"{number:.2f}%"])
    )
    amount = data.draw(
        st.sampled_from([f"{number}", f"{number}万元", f"{number} 万", f"￥{number}万元", f"{number * 10000:.0f}元"])
    )
    assert (parse("percent", rate), parse("money", amount)) == (Typed(number), Typed(number))


MOBILES = st.from_regex("1[3-9][0-9]{9}", fullmatch=True)
LANDLINES = st.from_regex("(?:010|02[0-9])-[2-9][0-9]{7}|0[3-9][0-9]{2}-[2-9][0-9]{6,7}", fullmatch=True)


@given(MOBILES.filter(str.isascii), st.data())
def test_a_mobile_number_is_its_eleven_digits(digits: str, data: st.DataObject) -> None:
    a, b, c = digits[:3], digits[3:7], digits[7:]
    ways = [
        digits,
        f"{a} {b} {c}",
        f"{a}-{b}-{c}",
        f"{a}—{b}—{c}",
        f"+86 {digits}",
        f"0086{digits}",
        f"86{digits}",
        f"手机：{digits}",
        f"({digits})",
        " ".join(digits),
        digits.translate(FULL_WIDTH),
        f"{digits}（微信同号）",
        f"{digits}/0551-62345678",
        f"{digits}、{digits}",
        f"__{digits}__",
    ]
    assert parse("phone", data.draw(st.sampled_from(ways))) == Typed(digits)


@given(LANDLINES.filter(str.isascii), st.data())
def test_a_landline_is_area_code_and_number(number: str, data: st.DataObject) -> None:
    area, rest = number.split("-")
    ways = [
        number,
        f"{area}{rest}",
        f"({area}){rest}",
        f"（{area}）{rest}",
        f"{area} {rest}",
        f"{area}—{rest}",
        f"{area}-{rest[:4]} {rest[4:]}",
        f"{number}转8001",
        f"{number}-8001",
        f"+86-{area[1:]}-{rest}",
        f"办公：{number}",
        f"{number}/13812345678",
    ]
    assert parse("phone", data.draw(st.sampled_from(ways))) == Typed(area + rest)


@given(st.sampled_from("初中高"), st.data())
def test_a_level_is_one_of_three_words(first: str, data: st.DataObject) -> None:
    others = [other for other in "初中高" if other != first]
    boxes = " ".join(("☑" if o == first else "□") + f"{o}级" for o in "初中高")
    ways = [
        first,
        f"{first}级",
        f"{first} 级",
        f"（{first}级）",
        f"{first}等",
        f"_{first}级_",
        f"级别：{first}级",
        boxes,
        f"{first}級",
    ]
    assert parse("level", data.draw(st.sampled_from(ways))) == Typed(f"{first}级")
    assert parse("level", f"{first}/{others[0]}级") == Typed(None, "several")


@pytest.mark.parametrize(
    ("kind", "text", "typed"),
    [
        ("headcount", "约60", Typed(None, "not_plain")),
        ("headcount", "60左右", Typed(None, "not_plain")),
        ("headcount", "60余人", Typed(None, "not_plain")),
        ("headcount", "不少于60", Typed(None, "not_plain")),
        ("headcount", "十几人", Typed(None, "not_plain")),
        ("headcount", "七八人", Typed(None, "not_plain")),
        ("headcount", "60-80", Typed(None, "several")),
        ("headcount", "5 80", Typed(None, "several")),
        ("headcount", "80（九十）", Typed(None, "several")),
        ("headcount", "8O", Typed(None, "not_plain")),
        ("headcount", "l0", Typed(None, "not_plain")),
        ("headcount", "80²", Typed(None, "not_plain")),
        ("headcount", ".80", Typed(None, "not_plain")),
        ("headcount", "80.5", Typed(None, "invalid")),
        ("headcount", "-80", Typed(None, "invalid")),
        ("headcount", "____人", Typed(None, "blank")),
        ("headcount", "/", Typed(None, "blank")),
        ("headcount", "一百二", Typed(120)),
        ("headcount", "1.2万", Typed(12000)),
        ("number", "（1）", Typed(1)),
        ("number", "①", Typed(1)),
        ("number", "3、", Typed(3)),
        ("percent", "-14.3", Typed(None, "invalid")),
        ("percent", "80%左右", Typed(None, "not_plain")),
        ("percent", "98. 5%", Typed(98.5)),
        ("money", "44700元", Typed(4.47)),
        ("date", "2023年 月 日", Typed(None, "incomplete")),
        ("date", "20  年  月  日", Typed(None, "blank")),
        ("date", "20 年3月8日", Typed(None, "incomplete")),
        ("date", "年 月 日", Typed(None, "blank")),
        ("date", "2023年3月", Typed(None, "incomplete")),
        ("date", "3月28日", Typed(None, "incomplete")),
        ("date", "2023年2月30日", Typed(None, "invalid")),
        ("date", "2023.13.1", Typed(None, "invalid")),
        ("date", "2023年3月28日前", Typed(None, "not_plain")),
        ("date", "截至2023年3月28日", Typed(None, "not_plain")),
        ("date", "2023年3月20日-31日", Typed(None, "several")),
        ("date", "2023年3月2B日", Typed(None, "not_plain")),
        ("date", "23.3.28", Typed("2023-03-28")),
        ("date", "二〇二三年三月廿八日", Typed("2023-03-28")),
        ("date", "合肥工业学校2023年3月9日", Typed("2023-03-09")),
        ("month", "64年6月", Typed(None, "incomplete")),
        ("month", "1964", Typed(None, "incomplete")),
        ("month", "1964.13", Typed(None, "invalid")),
        ("phone", "0553-652828", Typed("0553652828", "invalid")),
        ("phone", "138 1234 567", Typed("1381234567", "invalid")),
        ("phone", "62826162", Typed("62826162", "incomplete")),
        ("phone", "1381234567O", Typed(None, "not_plain")),
        ("phone", "15093|63866", Typed(None, "not_plain")),
        ("phone", "189474|431", Typed(None, "not_plain")),
        ("phone", "13812345678|0551-62345678", Typed("13812345678")),
        ("phone", "0551-62345678/79", Typed("055162345678")),
        ("phone", "0551-62345678、62345679", Typed("055162345678")),
        ("phone", "400-820-1234", Typed("4008201234")),
        ("phone", "", Typed(None, "blank")),
        ("level", "技师", Typed(None, "invalid")),
        ("level", "初中级", Typed(None, "several")),
        ("gender", "男 ☑ 女 □", Typed("男")),
        ("gender", "男/女", Typed(None, "several")),
        ("email", "371579677@college.examp le", Typed("371579677@college.example")),
        ("email", "无", Typed(None, "invalid")),
        ("person", "李 明", Typed("李明")),
        ("person", "胡明祥老师", Typed("胡明祥")),
        ("person", "刘老师", Typed("刘老师")),
        ("person", "阿依古丽 • 买买提", Typed("阿依古丽·买买提")),
        ("person", "胡明祥、王丽", Typed(None, "several")),
        ("school", " 安徽职业 技术学院＿＿", Typed("安徽职业技术学院")),
        ("text", "……", Typed(None, "blank")),
    ],
)
def test_what_is_written_means(kind: str, text: str, typed: Typed) -> None:
    assert parse(kind, text) == typed


SCRIBBLE = st.text(
    alphabet="0123456789〇一二三十百千万年月日人.,-/:：、（）()％%约左右初中高级 Ol②＿…—☑□@转+两廿壹刘老师", max_size=24
)


@given(st.sampled_from(sorted(FIELD_TYPES)), SCRIBBLE | st.text(max_size=24))
def test_no_text_raises_and_a_value_parses_to_itself(kind: str, text: str) -> None:
    typed = parse(kind, text)
    assert typed.value is not None or typed.problem is not None
    if typed.value is not None and typed.problem is None:
        assert parse(kind, str(typed.value)) == typed


@given(
    st.sampled_from(["integer", "decimal", "percent", "money"]),
    st.integers(1, 999),
    st.sampled_from(["约", "近", "大约", "超", ">", "≥", "±"]),
)
def test_an_approximate_number_has_no_value(kind: str, number: int, mark: str) -> None:
    assert parse(kind, f"{mark}{number}").value is None
    assert parse(kind, f"{number}{mark}").value is None


@given(
    st.sampled_from(["integer", "decimal", "percent", "money", "phone"]),
    st.from_regex("[0-9]{1,5}[OolISZB][0-9]{0,5}", fullmatch=True),
)
def test_letters_among_figures_are_not_made_figures(kind: str, text: str) -> None:
    assert parse(kind, text).value is None
