"""The mailbox of the demo: who sends which form in which mail, with which slips.

Schools and certificates are real names of the registers; people, phones, addresses and figures are made up.
"""

from __future__ import annotations

from typing import Any

from tests.made_up.filled import Filled
from tests.made_up.paper import Style
from tests.made_up.sent import Sent

Rows = list[tuple[str, str, str]]


def summary(school: str, rows: Rows, name: str, phone: str, date: str, leader: str, **more: Any) -> Filled:
    total = str(sum(int(headcount) for *_, headcount in rows))
    fields = {"school": school, "total": total, "contact_name": name, "contact_phone": phone, "date": date}
    return _form("anhui/summary", fields, _numbered(rows, "certificate", "level", "headcount"), leader, **more)


def increase(school: str, rows: list[tuple[str, ...]], name: str, phone: str, date: str, leader: str, **more: Any) -> Filled:
    fields = {"school": school, "contact_name": name, "contact_phone": phone, "date": date}
    keys = ("certificate", "level", "approved_headcount", "revised_headcount")
    return _form("anhui/increase", fields, _numbered(rows, *keys), leader, **more)


def application(school: str, certificate: str, level: str, headcount: str, date: str, experts: str, **more: Any) -> Filled:
    fields = {"school": school, "certificate": certificate, "level": level, "headcount": headcount, "date": date}
    signed = {"programme_lead": "汪海燕", "expert": experts, "department_head": "葛建军"}
    return _form("anhui/application", fields, (), signed=signed, lower="教务处", **more)


def progress(school: str, row: str, phone: str, date: str, filler: str, leader: str, **more: Any) -> Filled:
    keys = "target month_enrolled month_assessed total_assessed completion_rate total_certified fees_paid fees_unpaid"
    rows = (dict(zip(keys.split(), row.split(), strict=True)),)
    fields = {"school": school, "filler_phone": phone, "date": date}
    signed = {"filler": filler, "school_leader": leader}
    return _form("anhui/progress", fields, rows, signed=signed, **more)


def lead_school(school: str, about: str, rows: Rows, date: str, leader: str, **more: Any) -> Filled:
    keys = "major_category school_kind contact_name contact_title contact_phone email"
    fields = {"school": school, **dict(zip(keys.split(), about.split(), strict=True)), "date": date}
    lines = tuple(dict(zip(("certificate", "level", "headcount"), row, strict=True)) for row in rows)
    return _form("yunnan/lead-school", fields, lines, leader, **more)


def expert(school: str, about: str, date: str, leader: str, **more: Any) -> Filled:
    keys = "name gender birth_month ethnicity political_status education position professional_title field phone email"
    fields = {"school": school, **dict(zip(keys.split(), about.split(), strict=True)), "date": date}
    return _form("yunnan/expert", fields, (), leader, **more)


def expert_list(school: str, rows: list[str], name: str, phone: str, date: str, leader: str, **more: Any) -> Filled:
    fields = {"school": school, "contact_name": name, "contact_phone": phone, "date": date}
    keys = ("name", "gender", "birth_month", "professional_title", "field", "phone")
    return _form("yunnan/expert-list", fields, _numbered([tuple(row.split()) for row in rows], *keys), leader, **more)


def _form(
    form: str, fields: dict[str, str], rows: tuple[dict[str, str], ...], leader: str = "", **more: Any
) -> Filled:
    """With the school's own seal, unless `more` says otherwise; `says` are slips of the pen, instead of what is right."""
    slips = more.pop("says", {})
    given = {"seal": fields["school"], "signed": {"school_leader": leader}} | more
    return Filled(form, fields | slips, rows, **given)


def _numbered(rows: Any, *keys: str) -> tuple[dict[str, str], ...]:
    return tuple({"number": str(n), **dict(zip(keys, row, strict=True))} for n, row in enumerate(rows, 1))


def _mail(name: str, subject: str, who: str, received: str, *forms: tuple[str, Filled, Style], **more: Any) -> Sent:
    address, _, person = who.partition(" ")
    return Sent(name, subject, (person, address), received, forms, **more)


BLANK = Filled("anhui/summary", {"total": ""}, faults=(("form.blank", None, None),))
MANY = [
    ("Web前端开发", "初级", "60"), ("建筑信息模型（BIM）", "中级", "45"), ("云计算平台运维与开发", "中级", "80"),
    ("工业机器人应用编程", "初级", "50"), ("工业机器人操作与运维", "中级", "40"), ("业财一体信息化应用", "初级", "120"),
    ("云计算中心运维服务", "初级", "36"), ("工业机器人装调", "高级", "30"), ("网络安全运维", "初级", "48"),
    ("人工智能数据处理", "中级", "55"), ("工业互联网网络运维", "初级", "42"), ("数据资产管理", "高级", "30"),
    ("焊接机器人编程与维护", "中级", "64"), ("移动应用软件测试", "初级", "38"), ("数字影像处理", "初级", "46"),
    ("物流管理", "中级", "150"), ("老年照护", "初级", "90"), ("母婴护理", "中级", "75"),
    ("电子商务数据分析", "中级", "110"), ("网店运营推广", "初级", "130"), ("城市轨道交通站务", "中级", "66"),
    ("虚拟现实应用开发", "初级", "35"), ("会展管理", "中级", "32"), ("前厅运营管理", "初级", "58"),
]  # fmt: skip

MAILS = (
    _mail(
        "01-summary-scan.eml", "安徽水利水电职业技术学院+2023年证书申报", "jwc@ahsl.example 水院教务处", "2023-03-28T09:12:00",
        ("附件2.pdf", summary("安徽水利水电职业技术学院", MANY[:5], "周文静", "13955120467", "2023-03-27", "程国栋"), Style(1)),
    ),
    _mail(
        "02-summary-photo.eml", "亳州职业技术学院＋2023年证书申报", "bzjw@bozhou.example 魏老师", "2023-03-29T16:40:00",
        (
            "汇总表照片.jpg",
            summary(
                "亳州职业技术学院", [("传感网应用开发", "中级", "60"), *MANY[15:17]], "魏长林", "13856710382", "2023-03-28", "孙立群",
                says={"total": "310"}, faults=(("total.mismatch", "total", None),),
            ),
            Style(2, hand=True),
        ),
    ),
    _mail(
        "03-summary-tiff.eml", "安徽电子信息职业技术学院+2023年证书申报", "xxzx@ahdz.example 教务处", "2023-03-30T10:05:00",
        ("申报汇总.tif", summary("安徽电子信息职业技术学院", MANY, "钱海峰", "05523170246", "2023-03-30", "郑为民",
                             written={"contact_phone": "0552-3170246"}), Style(3, font="hei")),
    ),
    _mail(
        "04-summary-digital.eml", "安庆职业技术学院2022年证书申报", "kyc@aqzy.example 何老师", "2023-03-24T11:20:00",
        (
            "汇总表电子版.pdf",
            summary("安庆职业技术学院", MANY[17:22], "何雨桐", "1385560129", "2023-03-24", "吴敬之",
                    faults=(("phone.invalid", "contact_phone", None),)),
            Style(4),
        ),
        faults=("mail.year",),
    ),
    _mail(
        "05-summary-blank.eml", "扫描_0321", "office@lawh.example 办公室", "2023-03-21T08:30:00",
        ("扫描_0321.pdf", BLANK, Style(5)), faults=("mail.subject",),
    ),
    _mail(
        "06-application-scan.eml", "阜阳职业技术学院+2023年证书申报", "jw@fyzy.example 阜阳职院教务处", "2023-03-27T14:02:00",
        ("附件1.pdf", application("阜阳职业技术学院", "智能网联汽车检测与运维", "初级", "40", "2023-03-22", "贺志强 罗晓梅 丁一凡"),
         Style(6, dates="chinese")),
    ),
    _mail(
        "07-application-zip.eml", "滁州职业技术学院-2023年证书申报", "czjw@chuzhou.example 教务处", "2023-03-31T17:45:00",
        ("附件1 网络安全评估.pdf", application("滁州职业技术学院", "网络安全评估", "中级", "80", "", "方正 万里红 金石",
                                          faults=(("date.missing", "date", None),)), Style(7, hand=True)),
        ("附件1 数据标注照片.jpg", application("滁州职业技术学院", "数据标注", "中级", "60", "2023-03-29", "方正 万里红 金石"),
         Style(8)),
        archive="滁州职院申报材料.zip", charset="gb2312",
    ),
    _mail(
        "08-application-png.eml", "淮南职业技术学院 2023年证书申报", "jiaowu@hnvtc.example 贾老师", "2023-03-23T15:15:00",
        (
            "申报表.png",
            application("淮南职业技术学院", "煤矿智能化开彩", "初级", "50", "2023-03-20", "许大海 梁秋月 白云飞",
                        faults=(("certificate.misspelt", "certificate", None),)),
            Style(9),
        ),
    ),
    _mail(
        "09-increase-photo.eml", "六安职业技术学院+2023年证书指标调增申请", "lazy@luan.example 教务科", "2023-05-11T10:31:00",
        (
            "调增申请照片.jpg",
            increase("六安职业技术学院", [("Web前端开发", "初级", "60", "90"), ("网店运营推广", "中级", "40", "75"),
                                  ("母婴护理", "中级", "30", "50")], "江南", "15056410273", "2023-05-10", "柏青松"),
            Style(10),
        ),
    ),
    _mail(
        "10-increase-word.eml", "池州职业技术学院+2023年证书调整申请", "zhangy@chizhou.example 章老师", "2023-05-15T09:00:00",
        (
            "指标调增申请表.docx",
            increase("池州职业技术学院", [("前厅运营管理", "初级", "80", "60"), ("会展管理", "中级", "30", "45")],
                     "章一鸣", "13856602917", "2023-05-12", "", seal="",
                     faults=(("increase.not_higher", "revised_headcount", 1),)),
            Style(11),
        ),
    ),
    _mail(
        "11-progress-forwarded.eml", "转发：宣城职业技术学院+2023年证书进度月报", "sjk@xuancheng.example 数据科", "2023-05-25T16:20:00",
        ("月报表.pdf", progress("宣城职业技术学院", "480 120 96 240 50 210 12.6 3.4", "05633021478", "2023-05-24", "邵文", "胡卫东",
                             written={"filler_phone": "0563-3021478"}), Style(12)),
        forwarded=("请查收，这是教务处发来的五月份月报。", ("宣城职院办公室", "bgs@xuancheng.example")),
    ),
    _mail(
        "12-progress-png.eml", "合肥职业技术学院+2023年证书进度月报", "jw@hfzy.example 教务处", "2023-06-26T11:11:00",
        (
            "六月月报.png",
            progress("合肥职业技术学院", "650 150 90 325 60 340 18.2 6.5", "13965018824", "2023-06-25", "邓小满", "黄山松",
                     faults=(("rate.mismatch", "completion_rate", 1), ("progress.order", "total_certified", 1))),
            Style(13, dates="dots"),
        ),
    ),
    _mail(
        "13-lead-school-scan.eml", "牵头院校上报+装备制造大类+昆明工业职业技术学院", "kyc@kmgy.example 科研处", "2023-03-17T09:48:00",
        (
            "牵头院校申请表.pdf",
            lead_school("昆明工业职业技术学院", "装备制造大类 高等职业院校 段玉龙 科研处长/教授 13708840526 duan@kmgy.example",
                        [("工业机器人操作与运维", "中级", "120"), ("特种机器人操作与运维", "中级", "60"), ("工业数字孪生建模与应用", "高级", "35")],
                        "2023-03-16", "普云山"),
            Style(14),
        ),
    ),
    _mail(
        "14-expert-photo.eml", "专家推荐+云南机电职业技术学院+陶喆", "rsc@ynjd.example 人事处", "2023-03-20T10:26:00",
        (
            "推荐表照片.jpg",
            expert("云南机电职业技术学院",
                   "陶喆 男 1971-06 彝族 中共党员 硕士研究生 系主任 教授 机械制造 13888120456 tao@ynjd.example",
                   "2023-03-15", "李文山"),
            Style(15),
        ),
        charset="gb2312",
    ),
    _mail(
        "15-expert-scan.eml", "附件2", "zhaorui@dhzy.example 赵蕊", "2023-03-21T20:15:00",
        (
            "专家推荐表.pdf",
            expert("德宏职业学院", "赵蕊 女 1988-11 傣族 群众 大学本科 教师 讲师 学前教育 15969201837 zhaorui@dhzy.example",
                   "2023-03-20", "思成", faults=(("expert.title", "professional_title", None),)),
            Style(16, hand=True, ink=(20, 20, 24)),
        ),
        faults=("mail.subject",),
    ),
    _mail(
        "16-expert-list-scan.eml", "专家推荐+玉溪农业职业技术学院+李永康等", "xxny@yuxi.example 教务处", "2023-03-22T09:30:00",
        (
            "专家汇总表.pdf",
            expert_list("玉溪农业职业技术学院",
                        ["李永康 男 1969-04 教授 农林牧渔 13987701265", "普春燕 女 1978-09 副教授 食品药品与粮食 13578710643",
                         "施建国 男 1973-12 高级农艺师 农林牧渔 18187709934"], "矣家宝", "08772061357", "2023-03-21", "白志远",
                        written={"contact_phone": "0877-2061357"}),
            Style(17),
        ),
    ),
    _mail(
        "17-expert-list-photo.eml", "专家推荐-云南林业职业技术学院-和丽江", "lxy@ynlx.example 教务处", "2023-03-20T15:55:00",
        (
            "汇总表照片.jpg",
            expert_list("云南林业职业技术学院",
                        ["和丽江 女 1980-02 副教授 旅游 13708451290", "木怀远 男 1955-07 教授 农林牧渔 13888450917"],
                        "杨雪", "13577048216", "2023-03-17", "张林森", faults=(("expert.age", "birth_month", 2),)),
            Style(18),
        ),
        charset="raw",
    ),
)  # fmt: skip
