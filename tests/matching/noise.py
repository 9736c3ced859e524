"""Made-up writings of names: what readers misread, what people mistype, shorten, add and mean otherwise.

Independent of what `matching` knows: look-alikes are drawn ones, short forms are made by rules of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from opencc import OpenCC

from corpora.confusables import Confusables, load_confusables
from tests.matching.lookalikes import load_lookalikes

STRAY = "的我他们这那着过看说想好多少怎么啊吗呢是有和就不人都一上也很到要去会"
POINTS = (" ", "　", "·", "-", ".", "，", "、", "：")
ENDS = (
    "职业技术学院",
    "职业技术大学",
    "高等专科学校",
    "职业学院",
    "职业教育中心",
    "中等专业学校",
    "工业学校",
    "学院",
    "大学",
)
SHORT_ENDS = {
    "职业技术学院": ("职院", "职业学院", "职技院", "学院"),
    "职业技术大学": ("职大", "职技大", "职业大学"),
    "高等专科学校": ("高专", "专科学校", "专"),
    "职业学院": ("职院", "学院"),
    "职业教育中心": ("职教中心",),
    "中等专业学校": ("中专",),
    "工业学校": ("工校",),
    "学院": ("院",),
    "大学": ("大",),
}
CAMPUSES = ("（南校区）", "(新校区)", "东校区", "（滨湖校区）", "校本部", "（老校区)", " 西校区")
SCHOOL_TAILS = ("（盖章）", "教务处", "（公章）", "招生就业处", "（章）")
CERTIFICATE_FRAMES = (
    "1+X{}",
    "{}职业技能等级证书",
    "1+X{}职业技能等级证书",
    "{}（中级）",
    "《{}》",
    "{}证书",
    "{}(初级)证书",
    "{}中级",
)


@dataclass(frozen=True)
class Noise:
    """Damages names; every draw comes from `random`, so a seed brings it back."""

    random: Random
    confusables: Confusables = field(default_factory=load_confusables)
    drawn: Mapping[str, str] = field(default_factory=load_lookalikes)

    def in_table(self, name: str) -> str:
        """One character for another that the project's own table has as alike to the eye."""
        pairs = self.confusables.look
        return self._swap(name, lambda char: "".join(sorted(c for p in pairs if char in p for c in p if c != char)))

    def not_in_table(self, name: str) -> str:
        """One character for one that looks alike when drawn, and that the table has not."""
        known = self.confusables.look | self.confusables.sound
        return self._swap(
            name, lambda char: "".join(c for c in self.drawn.get(char, "") if frozenset((c, char)) not in known)
        )

    def sounding(self, name: str) -> str:
        pairs = self.confusables.sound
        return self._swap(name, lambda char: "".join(sorted(c for p in pairs if char in p for c in p if c != char)))

    def misread(self, name: str) -> str:
        """One character for any other of the alphabet: handwriting is misread in ways that no table foresees."""
        return self._swap(name, lambda _: "".join(self.drawn))

    def dropped(self, name: str) -> str:
        at = self.random.randrange(len(name))
        return name[:at] + name[at + 1 :]

    def added(self, name: str) -> str:
        at = self.random.randrange(len(name) + 1)
        other = self.random.choice(
            (self.random.choice(STRAY), self.random.choice(name), self.random.choice("1|一.丶J7"))
        )
        return name[:at] + other + name[at:]

    def turned(self, name: str) -> str:
        """Two neighbours change places."""
        at = self.random.randrange(len(name) - 1)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]

    def slip(self, name: str) -> str:
        """Any one damage, a look-alike most often."""
        ways = (
            self.in_table,
            self.not_in_table,
            self.not_in_table,
            self.sounding,
            self.misread,
            self.dropped,
            self.added,
        )
        return self.random.choice((*ways, self.turned))(name)

    def twice(self, name: str) -> str:
        return self.slip(self.slip(name))

    def cut(self, name: str) -> str:
        """The end of the name did not fit on the line, or its head lies under the edge."""
        gone = self.random.randint(1, max(1, len(name) // 3))
        return name[:-gone] if self.random.random() < 0.8 else name[1:]

    def spaced(self, name: str) -> str:
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randrange(len(name) + 1)
            name = name[:at] + self.random.choice(POINTS) + name[at:]
        return name.replace("（", self.random.choice("（([【")).replace("）", ")")

    def traditional(self, name: str) -> str:
        return str(OpenCC("s2t").convert(name))

    def campus(self, name: str) -> str:
        return name + self.random.choice(CAMPUSES)

    def school_tail(self, name: str) -> str:
        return name + self.random.choice(SCHOOL_TAILS)

    def framed(self, name: str) -> str:
        return self.random.choice(CERTIFICATE_FRAMES).format(name)

    def short_end(self, name: str) -> str:
        """安庆职业技术学院 -> 安庆职院."""
        end = next((end for end in ENDS if name.endswith(end)), "")
        return name.removesuffix(end) + self.random.choice(SHORT_ENDS[end]) if end else name

    def short_place(self, name: str) -> str:
        """安徽省合肥市… loses its ranks, a place its second character, or the place goes: 国际商务职业学院."""
        bare = name[:2] + name[2:].replace("省", "", 1).replace("市", "", 1).replace("县", "", 1)
        return self.random.choice((bare, name[0] + name[2:], name[2:]))

    def heads(self, name: str) -> str:
        """The heads of its words, two characters each: 安徽国际商务职业学院 -> 安国商职院."""
        end = next((end for end in ENDS if name.endswith(end)), "")
        return name.removesuffix(end)[::2] + self.random.choice(SHORT_ENDS.get(end, ("",)))

    def shortened(self, name: str) -> str:
        way = self.random.choice((self.short_end, self.short_end, self.short_place, self.heads))
        return way(name) if self.random.random() < 0.8 else self.short_place(self.short_end(name))

    def short_certificate(self, name: str) -> str:
        """The tail behind 与 goes, or a bracket, or 应用, 技术 and the like."""
        inside = name.partition("（")[0]
        joint = next((joint for joint in "与和及" if joint in name), "")
        rest = [way for way in (inside, name.partition(joint)[0] if joint else name) if way != name]
        return self.random.choice(rest or [name[:-2], name[2:]])

    def _swap(self, name: str, others: Callable[[str], str]) -> str:
        """Change one character that has others; the name as it was when none has."""
        places = [(at, found) for at, char in enumerate(name) if (found := others(char.lower()).replace(char, ""))]
        if not places:
            return name
        at, found = self.random.choice(places)
        return name[:at] + self.random.choice(found) + name[at + 1 :]
