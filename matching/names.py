"""Names as they are written: normalised, freed of what does not belong to them, and taken apart.

A school's name is place + core + kind: 安徽 + 国际商务 + 职业学院. People shorten each part in its own way, so an
abbreviation is recognised part by part; what sets a school apart from its neighbours, the core, may not be dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

_NOISE = re.compile(r"[^0-9a-z\u3400-\u9fff〇]+")
_CERTIFICATE_HEAD = re.compile(r"^(?:教育部)?(?:1[+十]?x)(?:职业技能等级证书|证书)?[:：]?")
_CERTIFICATE_TAIL = re.compile(r"(?:1[+十]?x)?(?:(?:职业)?技能)?(?:等级)?证书?$")
_LEVEL = re.compile(r"[(\[]?(?P<level>[初中高])级?[)\]]$|(?P<bare>[初中高])级$")
_CAMPUS = re.compile(
    r"^(?P<school>.*(?:学院|大学|学校|中心|中学|高中|高专|专科|职院|职高|[院专职校]))[(\[]?(?P<campus>[^()\[\]]{0,5}?校区|[^()\[\]]{0,4}?分?校本?部|[^()\[\]]{1,4}?分校)[)\]]?$"
)
_OFFICE = re.compile(r"^(?P<school>.*(?:学院|大学|学校|中心|中学))[^()\[\]]{1,8}[处系科室部办]$")
_STAMP_PLACE = re.compile(r"[(\[][^()\[\]]*章[^()\[\]]*[)\]]$")


def folded(text: str) -> str:
    """NFKC, case-folded, no spaces, one kind of bracket: 下一代互联网（IPv6） -> 下一代互联网(ipv6)."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", "", text).translate(str.maketrans("【〔［】〕］", "((()))"))


def plain(text: str) -> str:
    """`folded` without brackets and punctuation: only letters, digits and Chinese characters count."""
    return _NOISE.sub("", folded(text))


def in_order(chars: str, name: str) -> bool:
    """Do all of `chars` stand in `name`, in this order?"""
    at = -1
    for char in chars:
        at = name.find(char, at + 1)
        if at < 0:
            return False
    return True


def without_campus(text: str) -> tuple[str, str]:
    """Split (school, campus); campus is empty when none is named. A （盖章） and the name of an office are dropped."""
    text = _STAMP_PLACE.sub("", folded(text))
    if found := _CAMPUS.match(text):
        return found["school"], found["campus"]
    office = _OFFICE.match(text)
    return (office["school"] if office else text), ""


def certificate_stem(text: str) -> tuple[str, str]:
    """Split (name, level): 1+X网店运营推广（中级）职业技能等级证书 -> (网店运营推广, 中级)."""
    stem, level = folded(text).strip("《》<>\"'“”:;,.。，；："), ""
    stem = _CERTIFICATE_HEAD.sub("", stem)
    for _ in range(2):  # the level stands before the suffix or after it
        stem = _CERTIFICATE_TAIL.sub("", stem) or stem
        found = _LEVEL.search(stem)
        if found and found.start() > 0:
            level = f"{found['level'] or found['bare']}级"
            stem = stem[: found.start()]
    return stem, level


def bracket_sides(name: str) -> tuple[str, ...]:
    """建筑信息模型（BIM） -> 建筑信息模型, bim: only a bracket at the end, holding letters, says the same once more."""
    before, opened, inside = folded(name).removesuffix(")").partition("(")
    return (plain(before), inside) if opened and inside.isascii() and folded(name).endswith(")") else ()


KINDS = {  # formal kind of a school -> what people write for it, with how far that is from the full name
    "职业技术学院": {"职院": 0.3, "职技院": 0.3, "职技学院": 0.3, "职业学院": 0.5, "技术学院": 0.8,
                "学院": 1.0, "职": 0.5, "院": 1.2},
    "职业学院": {"职院": 0.3, "学院": 0.6, "职": 0.5, "院": 1.2},
    "职业技术大学": {"职大": 0.3, "职技大": 0.3, "职业大学": 0.5, "职技大学": 0.3, "大学": 1.0},
    "职业大学": {"职大": 0.3, "大学": 0.6},
    "高等专科学校": {"高专": 0.2, "专科学校": 0.3, "专": 0.4, "高等专科": 0.2},
    "师范高等专科学校": {"师专": 0.2, "师范高专": 0.2, "高专": 0.4, "专": 0.4, "师范": 0.6, "师": 0.6},
    "高等职业技术学院": {"职院": 0.3, "高职": 0.4, "学院": 1.0},
    "职工大学": {"职大": 0.3, "职工大": 0.2},
    "开放大学": {"开大": 0.3, "电大": 0.5},
    "学院": {"院": 0.5},
    "大学": {"大": 0.4},
    "职业技术学校": {"职校": 0.3, "职技校": 0.3, "职业学校": 0.5, "技术学校": 0.8, "学校": 1.0},
    "职业学校": {"职校": 0.3, "学校": 0.6},
    "技术学校": {"技校": 0.3, "学校": 0.6},
    "中等专业学校": {"中专": 0.2, "中专学校": 0.2, "专业学校": 0.5},
    "中等职业学校": {"中职": 0.3, "职校": 0.3, "职业学校": 0.5},
    "中等职业技术学校": {"中职": 0.3, "职校": 0.3, "职业技术学校": 0.5},
    "职业高级中学": {"职高": 0.2, "职业高中": 0.2, "职中": 0.3, "高级职业中学": 0.3},
    "职业中学": {"职中": 0.3},
    "职业技术教育中心": {"职教中心": 0.2, "职业教育中心": 0.4, "职教": 0.5},
    "职业教育中心": {"职教中心": 0.2, "职教": 0.5},
    "职教中心": {"职业教育中心": 0.3, "职教": 0.3},
    "技工学校": {"技校": 0.3},
    "高级技工学校": {"高级技校": 0.2, "技工学校": 0.5, "技校": 0.4},
    "技师学院": {"技院": 0.5},
    "学校": {"校": 0.6},
    "中学": {},
    "中心": {},
}  # fmt: skip
_LONGEST_FIRST = sorted(KINDS, key=len, reverse=True)
_PLACE_TAIL = re.compile(r"省|市|自治区|自治州|地区|县|区|州|盟|旗")
_COUNTY = re.compile(r"^[\u4e00-\u9fff]{1,3}?[县市区旗]")
_INITIALS = {
    "安徽": "皖", "云南": "滇", "江苏": "苏", "陕西": "陕", "浙江": "浙", "湖南": "湘", "湖北": "鄂", "广东": "粤",
    "广西": "桂", "四川": "川", "河南": "豫", "河北": "冀", "山东": "鲁", "山西": "晋", "福建": "闽", "江西": "赣",
    "辽宁": "辽", "吉林": "吉", "贵州": "黔", "重庆": "渝", "上海": "沪", "北京": "京", "天津": "津", "甘肃": "甘",
    "青海": "青", "宁夏": "宁", "新疆": "新", "海南": "琼", "内蒙古": "蒙", "西藏": "藏", "黑龙江": "黑",
}  # fmt: skip
_OF_PEOPLES = re.compile(
    r"(?<=..)(?:(?:(?:[彝藏苗侗回壮羌黎傣白]|土家|哈尼|景颇|布依|傈僳|朝鲜|蒙古)族|维吾尔|哈萨克|柯尔克孜|蒙古)+(?:自治区|自治州)"
    r"|自治区|自治州|地区|[省市盟州])$"
)
_PRIVATE = "民办"


@dataclass(frozen=True, slots=True)
class Parts:
    """A school's normalised name taken apart. places: bare (安徽, 肥西); stem: how many characters precede `kind`."""

    places: tuple[str, ...]
    core: str
    kind: str
    stem: int


@dataclass(frozen=True, slots=True)
class Shortening:
    """How a text shortens a name. cost: the greater, the freer; place: what is left of it; kind: what stands for it.

    kind_changed: the text ends in another formal kind; dropped: how many characters of the core are left out.
    """

    cost: float
    place: str
    kind: str
    kind_changed: bool
    dropped: int
    place_dropped: bool


def kind_of(name: str) -> str:
    """The formal kind that the name ends in, or an empty string."""
    return next((kind for kind in _LONGEST_FIRST if name.endswith(kind)), "")


def take_apart(name: str, known_places: Collection[str]) -> Parts:
    """Split a normalised full name. known_places: bare names of provinces and cities."""
    kind = kind_of(name)
    stem = len(name) - len(kind)
    rest = name[:stem].removeprefix(_PRIVATE)
    places: list[str] = []
    while len(places) < 2:
        bare = next((rest[:n] for n in (4, 3, 2) if rest[:n] in known_places and len(rest) >= n), "")
        tail = _PLACE_TAIL.match(rest, len(bare)) if bare else None
        county = None if bare else _COUNTY.match(rest)
        if county:
            bare, end = county[0][:-1], county.end()
        elif bare:
            end = tail.end() if tail else len(bare)
        else:
            break
        places.append(bare)
        rest = rest[end:]
    return Parts(tuple(places), rest, kind, stem)


def bare_place(place: str) -> str:
    """安徽省 -> 安徽, 广西壮族自治区 -> 广西, 红河哈尼族彝族自治州 -> 红河."""
    return _OF_PEOPLES.sub("", place)


def shortens(text: str, name: Parts) -> Shortening | None:
    """Is `text` (normalised) a fair abbreviation of the name? The parts are tried in every allowed form."""
    found: list[Shortening] = []
    kinds = {name.kind: 0.0} | KINDS.get(name.kind, {})
    for place, place_cost in _place_forms(name.places).items():
        if not text.startswith(place):
            continue
        initial = len(place) == 1
        for kind, kind_cost in kinds.items():
            core = text[len(place) : len(text) - len(kind)]
            if not text.endswith(kind) or len(place) + len(kind) > len(text) or (initial and kind == name.kind):
                continue
            core_cost = _core_cost(core, name.core)
            if core_cost is not None and (place or core) and not (place + core + kind).endswith("医院"):
                changed = kind != name.kind and kind in KINDS
                cost, dropped = place_cost + kind_cost + core_cost, len(name.core) - len(core)
                found.append(Shortening(cost, place, kind, changed, dropped, bool(name.places) and not place))
    return min(found, key=lambda short: short.cost, default=None)


def _place_forms(places: tuple[str, ...]) -> dict[str, float]:
    if not places:
        return {"": 0.0}
    *outer, last = places
    forms = {last: 0.0} | {last + tail: 0.1 for tail in ("省", "市", "县", "区")}
    if outer:  # 昆明市官渡区…: the wider place may go, the narrower stays
        wide = {outer[0] + tail: 0.0 for tail in ("", "省", "市")} | {"": 0.3}
        return {before + form: a + b for before, a in wide.items() for form, b in forms.items()}
    return forms | {last[0]: 0.6, "": 0.9} | ({_INITIALS[last]: 0.6} if last in _INITIALS else {})


def _core_cost(short: str, core: str) -> float | None:
    """What it costs to shorten `core` so: words keep their heads (文化旅游 -> 文旅), none is dropped whole."""
    if short == core:
        return 0.0
    if not short or not core or short[0] != core[0]:
        return None
    at = 0
    for char in short[1:]:
        step = core.find(char, at + 1, at + 3)
        if step < 0:
            return None
        at = step
    dropped = len(core) - len(short)
    return 0.2 * dropped if len(core) - 1 - at <= 1 else None
