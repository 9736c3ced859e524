"""The forms of the house, written on paper with made-up values: each function writes one and says what may differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractors.extraction import Extraction
from tests.extractors.pages import Paper, Words

SCHOOL = "安徽城市管理职业学院"
ROWS = (("1", "传感网应用开发", "中级", "100"), ("2", "网店运营推广", "初级", "80"))
SUMMARY_HEAD = ("序号", "职业技能等级证书", "级别", "2023年拟申报\n人数")
INCREASE_HEAD = ("序号", "证书名称", "证书级别", "原批准人数", "调增后人数")
PROGRESS_HEAD = (
    "2023年申\n报指标", "当月完\n成报名\n（人）", "当月完\n成考核\n（人）", "累计完\n成考核\n（人）",
    "累计完\n成率\n（%）", "累计取\n证人数\n（人）", "2023年累\n计已支付\n考核费用\n（万元）",
    "2023年累\n计未支付\n考核费用\n（万元）",
)  # fmt: skip
EXPERTS_HEAD = ("序号", "姓名", "性别", "出生年月", "职称", "专业领域", "联系电话")


def summary(
    rows: Sequence[Sequence[Words]] = ROWS,
    *,
    school: Words = SCHOOL,
    total: Words = "180",
    contact: str = "王小明 13812345678",
    date: Words = "2023年3月28日",
    paper: Paper | None = None,
    **table: Any,
) -> Paper:
    """附件2; the total stands in a cell of its own, after one that joins the other three."""
    paper = paper or Paper()
    paper.head("安徽省1+X职业技能等级证书申报学校汇总表")
    paper.write_apart(("学校名称（校章）：", 150), (school, 480), y=380)
    body = [SUMMARY_HEAD, *rows, ("合计", "", "", total)]
    last = len(body) - 1
    paper.table(body, **{"spans": {(last, 0): (1, 3)}, **table})
    return foot(paper, contact, date, top=560 + 90 * len(body))


def foot(paper: Paper, contact: str = "王小明 13812345678", date: Words = "2023年3月28日", *, top: float) -> Paper:
    """What stands below the tables of Anhui's forms."""
    paper.write(f"学校联络人员姓名及电话：{contact}", 150, top)
    paper.write("学校领导签字：", 150, top + 90)
    if date:
        paper.write(date, 1100, top + 180)
    notes = "备注：以PDF或图片方式发送至office@office.test，邮件命名为：单位名称+2023年证书申报。"
    return paper.write(notes, 150, top + 270, 28)


def application(
    *,
    school: Words = SCHOOL,
    certificate: str = "传感网应用开发",
    level: str = "中级",
    headcount: str = "100",
    date: Words = "2023年3月28日",
    paper: Paper | None = None,
) -> Paper:
    """附件1; its sentence breaks within 职业技能等级证书, as the notice prints it."""
    paper = paper or Paper()
    paper.head("安徽省1+X职业技能等级证书申报表")
    paper.write_apart(("学校：", 150), (school, 270), y=380)
    paper.write(f"拟申报教育部{certificate}职业技能等级证", 220, 480)
    paper.write(f"书，级别：{level}，考核人数{headcount}人。", 150, 550)
    paper.write("我校已对接该证书培训评价组织，熟悉证书标准，并组织专", 220, 620)
    paper.write("家进行了调研论证，论证结论为我校能够达到证书考核条件，本", 150, 690)
    paper.write("年度能完成拟申报考核计划。申报表将作为平台审核、1+X工作", 150, 760)
    paper.write("监测依据。", 150, 830)
    paper.write("证书专业负责人签字:", 150, 960)
    paper.write("校内三名副高以上职称论证专家签字:", 150, 1060)
    paper.write("学校主管部门负责人签字（盖章）:", 150, 1160)
    if date:
        paper.write(date, 1100, 1300)
    return paper.write("备注：本表作为申报佐证材料上传至1+X职业技能等级证书信息管理服务平台。", 150, 1400, 28)


def increase(rows: Sequence[Sequence[Words]], *, school: Words = SCHOOL, date: Words = "2023年5月8日") -> Paper:
    paper = Paper().head("安徽省1+X职业技能等级证书指标调增申请表")
    paper.write_apart(("学校名称（校章）：", 150), (school, 480), y=380)
    paper.write("现申请增加考核指标：", 150, 440)
    paper.table([INCREASE_HEAD, *rows], widths=(120, 560, 200, 240, 234))
    return foot(paper, date=date, top=650 + 90 * len(rows))


def progress(values: Sequence[Words], *, school: Words = SCHOOL, date: Words = "2023年6月30日") -> Paper:
    paper = Paper(width=2339, height=1654).head("安徽省1+X证书工作进度月报表")
    paper.write_apart(("院校名称（校章）：", 150), (school, 480), y=380)
    paper.write_apart(("填报时间：", 1500), (date, 1680), y=380)
    paper.table([PROGRESS_HEAD, values], widths=[250] * 8, height=200)
    paper.write("填报人（签字）：", 150, 960)
    paper.write("校级领导（签字）：", 850, 960)
    paper.write_apart(("联系电话：", 1550), ("13812345678", 1730), y=960)
    return paper.write("说明：每月月底前报送。", 150, 1060, 28)


def lead_school(rows: Sequence[Sequence[Words]] = (("财务共享服务", "初级", "100"),), **table: Any) -> Paper:
    """Yunnan's 附件1: labels and values in cells, the certificates beside one tall cell."""
    paper = Paper().head("“1+X”证书制度试点工作牵头院校申请表")
    body: list[Sequence[Words]] = [
        ("申报院校", "昆明冶金高等专科学校", "", ""),
        ("申报专业大类", "财经商贸大类", "院校类型", "高职专科"),
        ("联系人", "李春燕", "职务/职称", "副教授"),
        ("联系电话", "13987654321", "电子邮箱", "li@school.test"),
        ("本领域已试点\n证书", *rows[0]),
        *(("", *row) for row in rows[1:]),
    ]
    spans = {(0, 1): (1, 3), (4, 0): (len(rows), 1)}
    paper.table(body, **{"widths": (300, 450, 300, 300), "spans": spans, **table})
    low = 560 + 90 * len(body)
    paper.write("申报基础与优势：本校开展试点工作三年，成绩较好。", 150, low)
    paper.write("学校意见：同意申报。", 150, low + 90)
    paper.write("单位负责人签名：", 150, low + 180)
    return paper.write("2023年4月10日", 1100, low + 270)


def expert_list(rows: Sequence[Sequence[Words]], **table: Any) -> Paper:
    paper = Paper(width=2339, height=1654).head("专家推荐汇总表")
    paper.write_apart(("推荐单位（盖章）：", 150), ("昆明学院", 480), y=380)
    paper.table([EXPERTS_HEAD, *rows], **{"widths": (120, 250, 150, 300, 300, 500, 400), **table})
    low = 560 + 90 * (len(rows) + 1)
    paper.write_apart(("填表人：", 150), ("李春燕", 294), y=low)
    paper.write_apart(("联系电话：", 1200), ("13987654321", 1380), y=low)
    paper.write("单位负责人（签字）：", 150, low + 90)
    return paper.write("2023年4月10日", 1500, low + 180)


def told(extraction: Extraction) -> dict[str, Any]:
    """The typed values of the fields."""
    return {name: reading.value for name, reading in extraction.fields.items()}


def rows_told(extraction: Extraction) -> list[tuple[Any, ...]]:
    """The typed values of the rows, in the order of the columns."""
    return [tuple(reading.value for reading in row.values()) for row in extraction.rows]
