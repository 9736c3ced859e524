"""Where the values stand on each of the seven forms. Source: the annexes of the notices of Anhui (2023) and Yunnan
(2023; its tables are not shown there, so their layout is free). Lengths are mm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from tests.made_up.filled import Filled
from tests.made_up.paper import Kind, Sheet, Style

LEFT = 25.0
NOTE = "备注：以PDF或图片方式发送至anhui-office@126.example：邮件命名为：单位名称+2023年"
Cells = list[tuple[float, str, Kind]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A form that is a list: key, heading and width of each column."""

    annex: str
    title: str
    school: str
    columns: tuple[tuple[str, str, float], ...]
    contact: tuple[str, ...]  # one label for name and phone, or one each
    leader: str
    intro: str = ""
    note: str = ""
    landscape: bool = False


LISTINGS = {
    "anhui/summary": Listing(
        "附件 2",
        "安徽省 1+X 职业技能等级证书申报学校汇总表",
        "学校名称（校章）：",
        (
            ("number", "序号", 18),
            ("certificate", "职业技能等级证书", 76),
            ("level", "级别", 28),
            ("headcount", "2023年拟申报人数", 38),
        ),
        ("学校联络人员姓名及电话：",),
        "学校领导签字：",
        note=NOTE + "证书申报。",
    ),
    "anhui/increase": Listing(
        "附件 3",
        "安徽省 1+X 职业技能等级证书指标调增申请表",
        "学校名称（校章）：",
        (
            ("number", "序号", 16),
            ("certificate", "证书名称", 64),
            ("level", "证书级别", 24),
            ("approved_headcount", "原批准人数", 28),
            ("revised_headcount", "调增后人数", 28),
        ),
        ("学校联络人姓名及电话：",),
        "学校领导签字：",
        intro="现申请增加考核指标：",
        note=NOTE + "证书调整申请。",
    ),
    "yunnan/expert-list": Listing(
        "附件 3",
        "专家推荐汇总表",
        "推荐单位（盖章）：",
        (
            ("number", "序号", 16),
            ("name", "姓名", 32),
            ("gender", "性别", 18),
            ("birth_month", "出生年月", 36),
            ("professional_title", "职称", 40),
            ("field", "专业领域", 60),
            ("phone", "联系电话", 45),
        ),
        ("填表人：", "联系电话："),
        "单位负责人（签字）：",
        landscape=True,
    ),
}


def draw_form(filled: Filled, style: Style) -> list[Image.Image]:
    """The form's pages as they leave the hands of the school, before any scanner."""
    draw = DRAWN.get(filled.form, _listing)
    return [sheet.image for sheet in draw(filled, style)]


def _listing(filled: Filled, style: Style) -> list[Sheet]:
    form = LISTINGS[filled.form]
    sheets = [_titled(style, form.annex, form.title, landscape=form.landscape)]
    y = 44.0
    sheets[0].blank(sheets[0].write(LEFT, y, form.school), y, filled.shown("school"), 70)
    y += 11
    if form.intro:
        sheets[0].write(LEFT, y, form.intro)
        y += 9
    for line in _lines(form, filled, style):
        y = _turn(sheets, y, 35, form.landscape)
        y = sheets[-1].row(LEFT, y, 9, line)
    y = _turn(sheets, y, 75, form.landscape)
    sheet, table_end = sheets[-1], y
    y = _contact(sheet, y + 7, form, filled)
    y = _leader(sheet, y + 5, form.leader, filled)
    _date(sheet, y + 9, filled)
    if form.note:
        sheet.paragraph(LEFT, y + 24, 160, form.note, 10)
    closing = len(sheets) > 1 or form.landscape  # the seal over the date, or over the school's name
    _seal(sheet, filled, *((sheet.width - 48, table_end + 30) if closing else (LEFT + 105, 52)))
    return sheets


def _lines(form: Listing, filled: Filled, style: Style) -> list[Cells]:
    lines: list[Cells] = [[(width, heading, "bold") for _, heading, width in form.columns]]
    for n in range(1, len(filled.rows) + 1):
        lines.append([(width, filled.shown(key, n, style.dates), "value") for key, _, width in form.columns])
    empty = max(0, 3 - len(filled.rows))
    lines += [[(width, "", "value") for *_, width in form.columns]] * empty
    if "total" in filled.fields:
        width = sum(width for *_, width in form.columns[:-1])
        lines.append([(width, "合计", "print"), (form.columns[-1][2], filled.shown("total"), "value")])
    return lines


def _turn(sheets: list[Sheet], y: float, room: float, landscape: bool) -> float:
    """Takes the next sheet when less than `room` is left on this one; gives where to go on."""
    if y <= sheets[-1].height - room:
        return y
    sheets.append(Sheet(sheets[0].style, len(sheets) + 1, landscape))
    return 25.0


def _contact(sheet: Sheet, y: float, form: Listing, filled: Filled) -> float:
    end = sheet.write(LEFT, y, form.contact[0])
    end = sheet.write(end + 1, y, filled.shown("contact_name"), 12, "value")
    if len(form.contact) > 1:
        end = sheet.write(max(end + 15, LEFT + 70), y, form.contact[1])
    sheet.write(end + 4, y, filled.shown("contact_phone"), 12, "value")
    return y + 8


def _leader(sheet: Sheet, y: float, label: str, filled: Filled, x: float = LEFT) -> float:
    _signature(sheet, sheet.write(x, y, label) + 3, y, filled, "school_leader")
    return y + 8


def _signature(sheet: Sheet, x: float, y: float, filled: Filled, role: str) -> None:
    for n, name in enumerate(filled.signed.get(role, "").split()):
        sheet.sign(x + n * 26, y, name)


def _date(sheet: Sheet, y: float, filled: Filled, x: float | None = None) -> None:
    """A date, or the form's own `年 月 日` where none was put."""
    text = filled.shown("date", dates=sheet.style.dates)
    kind: Kind = "value" if text else "print"
    text = text or "年    月    日"
    sheet.write(sheet.width - 35 - sheet.length(text, 12, kind) if x is None else x, y, text, 12, kind)


def _seal(sheet: Sheet, filled: Filled, x: float, y: float) -> None:
    if filled.seal:
        x, y = x + sheet.chance.uniform(-5, 5), y + sheet.chance.uniform(-4, 4)
        sheet.seal(x, y, filled.seal, filled.lower)


def _titled(style: Style, annex: str, *title: str, landscape: bool = False) -> Sheet:
    sheet = Sheet(style, landscape=landscape)
    sheet.write(LEFT, 18, annex, 12)
    for n, line in enumerate(title):
        sheet.centre(27 + n * 10, line, 17, "bold")
    return sheet


def _application(filled: Filled, style: Style) -> list[Sheet]:
    sheet = _titled(style, "附件 1", "安徽省 1+X 职业技能等级证书申报表")
    y = 56.0
    sheet.blank(sheet.write(LEFT, y, "学校：", 14), y, filled.shown("school"), 80, 14)
    end = sheet.blank(sheet.write(LEFT + 10, y + 14, "拟申报教育部", 14), y + 14, filled.shown("certificate"), 62, 14)
    sheet.write(end, y + 14, "职业技能等级证", 14)
    end = sheet.blank(sheet.write(LEFT, y + 24, "书，级别：", 14), y + 24, filled.shown("level"), 24, 14)
    end = sheet.blank(sheet.write(end, y + 24, "，考核人数", 14), y + 24, filled.shown("headcount"), 24, 14)
    sheet.write(end, y + 24, "人。", 14)
    text = "我校已对接该证书培训评价组织，熟悉证书标准，并组织专家进行了调研论证，论证结论为我校能够达到证书考核条件，"
    text = "\u3000\u3000" + text + "本年度能完成拟申报考核计划。申报表将作为平台审核、1+X工作监测依据。"
    y = sheet.paragraph(LEFT, y + 36, 160, text, 14) + 12
    for role, label in (
        ("programme_lead", "证书专业负责人签字:"),
        ("expert", "校内三名副高以上职称论证专家签字:"),
        ("department_head", "学校主管部门负责人签字（盖章）:"),
    ):
        _signature(sheet, sheet.write(LEFT, y, label, 14) + 1, y, filled, role)
        y += 20
    _seal(sheet, filled, LEFT + 122, y - 12)
    _date(sheet, y + 4, filled)
    sheet.paragraph(LEFT, y + 26, 160, "备注：本表作为申报佐证材料上传至1+X职业技能等级证书信息管理服务平台。", 10)
    return [sheet]


PROGRESS = (
    ("target", "2023年申报指标"),
    ("month_enrolled", "当月完成报名（人）"),
    ("month_assessed", "当月完成考核（人）"),
    ("total_assessed", "累计完成考核（人）"),
    ("completion_rate", "累计完成率（%）"),
    ("total_certified", "累计取证人数（人）"),
    ("fees_paid", "2023年累计已支付考核费用（万元）"),
    ("fees_unpaid", "2023年累计未支付考核费用（万元）"),
)


def _progress(filled: Filled, style: Style) -> list[Sheet]:
    sheet = _titled(style, "附件 4", "安徽省 1+X 证书工作进度月报表", landscape=True)
    sheet.blank(sheet.write(LEFT, 48, "院校名称（校章）："), 48, filled.shown("school"), 75)
    y = sheet.row(LEFT, 60, 26, [(31, heading, "bold") for _, heading in PROGRESS])
    y = sheet.row(LEFT, y, 18, [(31, filled.shown(key, 1), "value") for key, _ in PROGRESS])
    text = "说明：2023年申报指标为2023年1+X职业技能等级证书信息管理服务平台审核通过的指标（不含2022年补充申报指标），"
    text += "累计完成率=累计完成考核人数/2023年申报指标。"
    y = sheet.paragraph(LEFT, y + 5, 245, text, 10) + 7
    _signature(sheet, sheet.write(LEFT, y, "填报人（签字）：") + 2, y, filled, "filler")
    sheet.write(sheet.write(LEFT + 110, y, "联系电话：") + 2, y, filled.shown("filler_phone"), 12, "value")
    y = _leader(sheet, y + 13, "校级领导（签字）：", filled)
    _date(sheet, y + 6, filled, sheet.write(LEFT, y + 6, "填报时间：") + 2)
    sheet.paragraph(LEFT, y + 20, 245, "备注：本表作为附件，每月27日之前上传至周报系统（周报的每月第二期）。", 10)
    _seal(sheet, filled, LEFT + 120, 52)
    return [sheet]


PAST = (
    "长期从事专业教学与实训基地建设，主持省级教学改革项目两项，参与编写教材三部，指导学生参加职业技能大赛多次获奖，"
    "近三年承担企业员工培训二十余期，熟悉职业技能等级证书的标准与考核办法。"
)
DONE = "参与校内考核站点建设和师资培训，组织考核四次，将证书内容写入人才培养方案，发表相关论文三篇。"
PLAN = (
    "学校自第二批起参与试点，建有校内考核站点和专兼结合的师资队伍，证书内容已写入人才培养方案，考核通过率稳定。"
    "下一步将带动省内同类专业共同开展书证融通研究，共享课程与题库，组织师资培训。"
)
EXPERT: tuple[tuple[tuple[str, str], ...], ...] = (
    (("name", "姓名"), ("gender", "性别"), ("birth_month", "出生年月")),
    (("ethnicity", "民族"), ("political_status", "政治面貌"), ("education", "学历学位")),
    (("school", "所在学校"), ("position", "职务")),
    (("professional_title", "职称"), ("field", "专业领域")),
    (("phone", "联系方式"), ("email", "电子邮箱")),
)


def _expert(filled: Filled, style: Style) -> list[Sheet]:
    sheet = _titled(style, "附件 2", "“1+X”证书制度试点工作专家组", "专家推荐表")
    y = 52.0
    for line in EXPERT:
        label, space = (22.0, 31.0) if len(line) == 3 else (26.0, 53.5)
        cells: Cells = []
        for key, heading in line:
            cells += [(label, heading, "print"), (space, filled.shown(key, dates=style.dates), "value")]
        y = sheet.row(LEFT, y, 11, cells)
    for heading, text in (("主要工作经历", PAST), ("参与试点工作及研究成果", DONE)):
        y = sheet.row(LEFT, y, 38, [(26, heading, "print"), (133, text, "left")])
    sheet.row(LEFT, y, 58, [(26, "推荐单位意见（盖章）", "print"), (133, "同意推荐。", "left")])
    _closing(sheet, y, "学校负责人（签字）：", filled)
    return [sheet]


def _lead_school(filled: Filled, style: Style) -> list[Sheet]:
    sheet = _titled(style, "附件 1", "“1+X”证书制度试点工作牵头院校申请表")
    y = sheet.row(LEFT, 46, 11, [(34, "申报院校", "print"), (126, filled.shown("school"), "value")])
    for left, right in (
        (("major_category", "申报专业大类"), ("school_kind", "院校类型")),
        (("contact_name", "联系人"), ("contact_title", "职务/职称")),
        (("contact_phone", "联系电话"), ("email", "电子邮箱")),
    ):
        cells: Cells = [(34, left[1], "print"), (50, filled.shown(left[0]), "value")]
        cells += [(26, right[1], "print"), (50, filled.shown(right[0]), "value")]
        y = sheet.row(LEFT, y, 11, cells)
    top = y
    y = sheet.row(LEFT + 34, y, 9, [(76, "证书名称", "bold"), (25, "级别", "bold"), (25, "人数", "bold")])
    for n in range(1, len(filled.rows) + 1):
        columns = (("certificate", 76.0), ("level", 25.0), ("headcount", 25.0))
        y = sheet.row(LEFT + 34, y, 9, [(width, filled.shown(key, n), "value") for key, width in columns])
    sheet.row(LEFT, top, y - top, [(34, "本领域已试点证书", "print")])
    y = sheet.row(LEFT, y, 40, [(34, "申报基础与优势", "print"), (126, PLAN, "left")])
    y = sheet.row(LEFT, y, 30, [(34, "工作设想", "print"), (126, PLAN.split("。")[1] + "。", "left")])
    sheet.row(LEFT, y, 55, [(34, "学校意见", "print"), (126, "同意申报。", "left")])
    _closing(sheet, y, "单位负责人签名：", filled)
    return [sheet]


def _closing(sheet: Sheet, top: float, label: str, filled: Filled) -> None:
    """Signature, seal and date in the last cell of Yunnan's tables."""
    _leader(sheet, top + 24, label, filled, LEFT + 50)
    _seal(sheet, filled, LEFT + 128, top + 30)
    _date(sheet, top + 44, filled, LEFT + 100)


DRAWN: dict[str, Callable[[Filled, Style], list[Sheet]]] = {
    "anhui/application": _application,
    "anhui/progress": _progress,
    "yunnan/expert": _expert,
    "yunnan/lead-school": _lead_school,
}
