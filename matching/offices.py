"""What the line below a seal's star names: an office or a purpose, or nothing."""

from __future__ import annotations

import re

from extractors.seals import best_path
from ingest.document import Lattice
from matching.lattices import path_costs
from matching.names import in_order

SURELY = 1.9  # cost a character up to which a known name is read
KNOWN, LETTERS = 4.0, 2  # the same where so many of its letters are read: two letters of three
ALIKE = 0.3  # names that cost so much more than the best one fit as well
UNKNOWN = 1.2  # the same from which a name that is read and not known is believed
STRANGE = 1  # letters that may be read beside a name: what stands in a longer line is print under the seal
STEMS = (
    *("教务", "教学", "学生", "学生工作", "学工", "人事", "组织人事", "科研", "科技", "总务", "后勤", "后勤管理"),
    *("财务", "计划财务", "审计", "资产", "基建", "保卫", "安全保卫", "纪检监察", "国际交流", "对外合作", "校企合作"),
    *("产教融合", "招生", "就业", "招生就业", "就业指导", "实习就业", "培训", "实训", "实训管理", "继续教育"),
    *("职业技能鉴定", "评估", "质量管理", "行政", "综合", "发展规划", "党委", "党政", "宣传", "组织", "统战"),
)
OFFICES = (
    *(stem + kind for stem in STEMS for kind in ("处", "科", "部", "办公室", "中心")),
    *("办公室", "学校办公室", "学院办公室", "院长办公室", "校长办公室", "1+X证书办公室", "团委", "工会", "图书馆"),
    *("党委办公室", "党委宣传部", "党委组织部", "党委学生工作部", "后勤服务中心", "教务教学部", "继续教育学院"),
    *("成人教育学院", "成人教育部", "职业技能鉴定所", "职业技能鉴定站", "马克思主义学院", "信息工程学院"),
    *("合同专用章", "财务专用章", "教务专用章", "业务专用章", "证明专用章", "发票专用章", "招生专用章", "学籍专用章"),
    *("成绩专用章", "人事专用章", "行政专用章", "培训专用章", "档案专用章"),
)
NAMED = re.compile(r"[\u3400-\u9fff+Xx1]{1,12}(?:处|科|室|部|学院|研究院|所|章|中心|办|组|系|会|馆)")


def office_named(lattice: Lattice) -> str:
    """The known name that fits (办公至 is 办公室), the longest of those that do; another name as it reads, if it reads
    as one; empty when the line is a scrap of something."""
    if not lattice:
        return ""
    read = re.sub(r"[^\u3400-\u9fff+Xx1]", "", best_path(lattice)[0])
    costs = path_costs(lattice, OFFICES)
    fitting = [name for name, cost in zip(OFFICES, costs, strict=True) if cost <= costs.min() + ALIKE]
    best = max(fitting, key=lambda name: (len(name), -costs[OFFICES.index(name)]))
    longer = len(read) > len(best) + STRANGE
    named = len(read) >= 3 and NAMED.fullmatch(read) is not None
    if named and (longer or (costs.min() > UNKNOWN and not in_order(read, best))):
        return read
    if costs.min() > KNOWN or longer:
        return ""
    if costs.min() <= SURELY:
        return best
    if len(set(read) & set(best)) < LETTERS:
        return ""
    return best if len(fitting) == 1 else read
