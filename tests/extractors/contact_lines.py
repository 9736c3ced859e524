"""200 made-up contact lines and mail bodies with what stands in them: contact_lines.txt by hand, the rest generated.

The truth stands in the text: {kind:words} or {kind:words=value}, where value `?` is none. Without a value a phone's is
its digits, any other entity's is its words. A backslash and n are a new line. What counts as what:
- person: a name with the title behind it; the value has no title, unless there is only a surname (刘老师).
- organisation: the longest unbroken name, with the office behind it (安徽职业技术学院教务处); not 我校, 各院校, 学校.
- phone: also a wrong one, with its extension. QQ numbers, post codes, identity numbers are none.
- date: at least a month and a day, or a year and a month. A year alone is none. Without a year the value is --MM-DD.
- count: how many of something, number and measure word, with 约, 近, 余; not 第三批, 1+X, 20%, 3年.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MARKED = re.compile(r"\{(?P<kind>[a-z]+):(?P<words>[^{}=]+)(?:=(?P<value>[^{}]+))?\}")


_FILE = Path(__file__).with_name("contact_lines.txt")


@dataclass(frozen=True)
class Truth:
    kind: str
    text: str
    value: str | int | None
    start: int


def read(marked: str) -> tuple[str, tuple[Truth, ...]]:
    """The plain text of a marked one, and what stands in it, in order."""
    plain, truths, at = "", [], 0
    for found in MARKED.finditer(marked):
        plain += marked[at : found.start()]
        kind, words = found["kind"], found["words"]
        value: str | int | None = found["value"] or (re.sub(r"[^0-9]", "", words) if kind == "phone" else words)
        if found["value"] == "?":
            value = None
        elif kind == "count":
            value = int(str(value))
        truths.append(Truth(kind, words, value, len(plain)))
        plain += words
        at = found.end()
    return plain + marked[at:], tuple(truths)


def by_hand() -> list[str]:
    return [line.replace(r"\n", "\n") for line in _FILE.read_text(encoding="utf-8").splitlines()]


def _words(listed: str) -> list[str]:
    return listed.split()


_SURNAMES = _words("""
王 李 张 刘 陈 杨 赵 吴 周 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅
沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝
孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文 欧阳 司马 诸葛 上官 夏侯
皇甫
""")
_GIVEN = _words("""
伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明祥 秀英 桂兰 建国 志强 晓东 海燕 雪梅 文博 子涵 俊杰 国栋 玉兰
春雨 家豪 思远 佳怡 永斌 红霞 少华 立新 天宇 一鸣 若曦 云飞 庆丰 忠敏 慧 鹏 斌 超 燕 琳 莉 辉 刚 平 峰 凯 颖 倩
""")
_PLACES = _words("""
安徽 合肥 芜湖 蚌埠 安庆 滁州 阜阳 宿州 六安 宣城 昆明 曲靖 玉溪 大理 南京 苏州 徐州 无锡 西安 咸阳 皖江 淮河 滇池
秦岭
""")
_FIELDS = _words(
    "信息 机电 工商 交通 水利 电子 财经 旅游 建设 林业 农业 卫生 城市 工业 国际商务 艺术 体育 新能源 现代服务 生物工程"
)
_ENDINGS = _words("职业技术学院 职业学院 职业技术大学 高等专科学校 学院 中等专业学校 职教中心 技师学院 职业高级中学")
_TITLES = _words("老师 主任 处长 科长 副教授 老师 老师")
_COUNT_WORDS = _words("人 名 位 个 份 项")
_CHINESE = _words("一 二 三 四 五 六 七 八 九 十 十一 十二")

_TEMPLATES = r"""
联系人：{P}，电话：{T}
联系人{P}{T}
学校联络人员姓名及电话：{P}{s}{T}
学校联络人姓名及电话：{T}{s}{P}
填报人（签字）：{P} 联系电话：{T}
联络人：{P}、{P}；电话：{T}、{T}
{O} {P} {T}
{O}{P}，手机{T}
您好，附件是{O}的申报材料，请查收。\n\n{P}\n{T}
老师您好：\n{O}共申报{C}证书，计划考核{H}，请审核。\n联系人：{P}（{T}）\n{D}
拟申报{E}智能财税职业技能等级证书，级别：中级，考核人数{H}
如有问题请联系{P}，{T}，谢谢！
我是{O}的{P}，补交附件3{x}。
{O}\n{D}
请于{D}前报送{O}，联系人{P}。
{D}，{O}组织{H}参加考核，通过{H}。
{V}您好，{O}的月报已发，请查收。
单位：{O}　姓名：{P}　手机：{T}　邮箱：{M}
{T}（{P}），{T}（{P}）
经办人：{P}  审核人：{P}  日期：{D}
{O}推荐专家{C}，分别是{P}、{P}和{P}。
收件人：{V}\n{O}报名{H}，详见附件。\n{P} {T}
{P}{T}{P}{T}
姓名 {P}，性别 女，{N}生，{O}教师，电话 {T}
附件为更正后的汇总表，合计{H}，以此为准。{O} {P} {D}
"""


class _Maker:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def _pick(self, words: list[str]) -> str:
        return self.dice.choice(words)

    def _digits(self, count: int) -> str:
        return "".join(str(self.dice.randrange(10)) for _ in range(count))

    def person(self) -> str:
        name = self._pick(_SURNAMES) + self._pick(_GIVEN)
        if len(name) == 2 and self.dice.random() < 0.2:
            return f"{{person:{name[0]} {name[1]}={name}}}"
        return f"{{person:{name}}}"

    def titled(self) -> str:
        if self.dice.random() < 0.5:
            return f"{{person:{self._pick(_SURNAMES)}{self._pick(_TITLES)}}}"
        name = self._pick(_SURNAMES) + self._pick(_GIVEN)
        return f"{{person:{name}{self._pick(_TITLES)}={name}}}"

    def phone(self) -> str:
        if self.dice.random() < 0.6:
            digits = self._pick(["138", "139", "150", "177", "189", "199"]) + self._digits(8)
            shown = self._pick(
                [digits, digits, f"{digits[:3]} {digits[3:7]} {digits[7:]}", f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"]
            )
        else:
            area, rest = self._pick(["0551", "0871", "025", "0553", "029"]), self._pick(["6", "3", "8"])
            rest += self._digits(7 if area in ("0551", "025", "029") else 6)
            digits = area + rest
            shown = self._pick([f"{area}-{rest}", f"{area}—{rest}", f"({area}){rest}", f"{area} {rest}", digits])
        return f"{{phone:{shown}={digits}}}"

    def organisation(self) -> str:
        office = self._pick(["", "", "", "教务处", "教务科", "招生就业处"])
        return f"{{organisation:{self._pick(_PLACES)}{self._pick(_FIELDS)}{self._pick(_ENDINGS)}{office}}}"

    def date(self) -> str:
        y, m, d = self.dice.randint(2021, 2025), self.dice.randint(1, 12), self.dice.randint(1, 28)
        shown = self._pick(
            [f"{y}年{m}月{d}日", f"{y}.{m}.{d}", f"{y}-{m:02}-{d:02}", f"{y} 年 {m} 月 {d} 日", f"{y}/{m}/{d}"]
        )
        return f"{{date:{shown}={y}-{m:02}-{d:02}}}"

    def birth(self) -> str:
        y, m = self.dice.randint(1958, 1995), self.dice.randint(1, 12)
        return f"{{date:{self._pick([f'{y}年{m}月', f'{y}.{m:02}', f'{y}-{m:02}'])}={y}-{m:02}}}"

    def headcount(self) -> str:
        n = self.dice.randint(5, 900)
        if self.dice.random() < 0.15:
            return f"{{count:{self._pick(['约', '近', '大约'])}{n}人=?}}"
        return f"{{count:{n}{self._pick([' ', '', ''])}人={n}}}"

    def count(self) -> str:
        n = self.dice.randint(1, 12)
        return f"{{count:{self._pick([str(n), _CHINESE[n - 1]])}{self._pick(_COUNT_WORDS)}={n}}}"

    def email(self) -> str:
        return f"{{email:{self._pick(['zs', 'li.wei', 'jwc_01'])}{self._digits(2)}@college.example}}"

    def slot(self, found: re.Match[str]) -> str:
        made: dict[str, Callable[[], str]] = {
            "P": self.person,
            "V": self.titled,
            "T": self.phone,
            "O": self.organisation,
            "D": self.date,
            "N": self.birth,
            "H": self.headcount,
            "C": self.count,
            "E": lambda: "{organisation:教育部}",
            "M": self.email,
            "s": lambda: self._pick(["", " ", "，", "、", "　", "/"]),
            "x": lambda: self._pick(["", "，请查收", "（已盖章）"]),
        }
        return made[found[1]]()


def generated(seed: int, count: int) -> list[str]:
    """`count` marked texts from the templates in turn: the same for the same seed."""
    maker = _Maker(seed)
    templates = [line.replace(r"\n", "\n") for line in _TEMPLATES.strip().splitlines()]
    return [re.sub(r"\{([A-Za-z])\}", maker.slot, templates[i % len(templates)]) for i in range(count)]


def texts() -> list[str]:
    """All 200 marked texts."""
    hand = by_hand()
    return hand + generated(20230328, 200 - len(hand))
