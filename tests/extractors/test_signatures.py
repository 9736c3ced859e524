"""Signed, printed, sealed or empty: judged by the ink that the shell tells of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpora.form import load_forms
from extractors.extraction import Signature
from extractors.layout import lay_out
from extractors.signatures import read_signatures
from ingest.document import Blot, Box, Document, InkTrace, Line, Look
from tests.extractors.pages import Ink, Paper, document, line

PRINT_STROKE, PRINT_DARK = 3.0, 0.8


def blots(x: float, y: float, count: int, *, high: float, stroke: float, dark: float, blue: float = 0.0) -> list[Blot]:
    """As many characters side by side from (x, y) on."""
    return [
        Blot(
            Box(x + i * high * 1.1, y, x + i * high * 1.1 + high, y + high),
            int(high * high * 0.3),
            stroke,
            0.3,
            dark,
            blue,
        )
        for i in range(count)
    ]


def hand(x: float, y: float, count: int = 3, blue: float = 0.0) -> list[Blot]:
    return blots(x, y - 12, count, high=58, stroke=5.0, dark=0.7, blue=blue)


def printed(x: float, y: float, count: int = 3) -> list[Blot]:
    return blots(x, y + 2, count, high=30, stroke=PRINT_STROKE, dark=PRINT_DARK)


def states(
    paper: Paper, form: str, *ink: Blot, frames: Sequence[Box] = (), red: int = 0, again: Sequence[Line] = ()
) -> list[Signature]:
    """The signatures after all looks; labels are printed, and `ink` is what else there is on the page."""
    spec = next(one for one in load_forms() if one.key == form)
    read = document(paper)
    looks: list[Look] = []
    layouts = [lay_out(page, n) for n, page in enumerate(read.pages)]
    for _ in range(3):
        found, wanted = read_signatures(read, spec, (0,), layouts, looks)
        if not wanted:
            return list(found)
        for one in wanted:
            own = [b for b in (*_labels(paper), *ink) if one.box.holds(b.box.cx, b.box.cy)]
            trace = (
                InkTrace(tuple(sorted(own, key=lambda b: b.box.x0)), tuple(frames), red)
                if one.purpose == "ink"
                else None
            )
            looks.append(Look(one.page, one.box, one.purpose, "", 0.0, ink=trace, lines=tuple(again)))
    raise AssertionError("it asks again and again")


def _labels(paper: Paper) -> list[Blot]:
    return [
        Blot(Box(x0, one.box.y0 + 5, x1, one.box.y1 - 5), 300, PRINT_STROKE, 0.3, PRINT_DARK, 0.0)
        for one in paper.lines
        for (x0, x1), char in zip(one.chars, one.text, strict=True)
        if "签" in one.text and char not in "：冯倩祥"
    ]


def summary(*words: tuple[str | Ink, float]) -> Paper:
    paper = Paper().head("安徽省1+X职业技能等级证书申报学校汇总表")
    paper.write("学校联络人员姓名及电话：王小明，13812345678", 150, 900)
    paper.write_apart(("学校领导签字：", 150), *words, y=1000)
    return paper.write("2023年3月28日", 150, 1100)


def told(signatures: Sequence[Signature]) -> list[tuple[str, str]]:
    return [(one.role, one.state) for one in signatures]


@pytest.mark.parametrize("blue", [0.0, 1.0])
def test_a_hand_is_larger_or_blue(blue: float) -> None:
    assert told(states(summary(), "anhui/summary", *hand(450, 1000, blue=blue))) == [("school_leader", "signed")]


def test_print_is_like_the_label_beside_it() -> None:
    paper = summary((Ink("冯倩祥", 0.99), 420))
    assert told(states(paper, "anhui/summary", *printed(420, 1000))) == [("school_leader", "typed")]


def test_that_a_name_was_read_proves_no_print() -> None:
    paper = summary((Ink("冯倩祥", 0.99), 420))
    assert told(states(paper, "anhui/summary", *hand(420, 1000))) == [("school_leader", "signed")]


def test_a_name_seal_has_a_frame() -> None:
    frame = Box(450, 980, 530, 1060)
    assert told(states(summary(), "anhui/summary", frames=[frame])) == [("school_leader", "chop")]


def test_nothing_there_is_absent_and_shows_the_empty_slot() -> None:
    (signature,) = states(summary(), "anhui/summary")
    assert (signature.state, signature.page) == ("absent", 1)
    assert signature.box is not None and signature.box[0] == pytest.approx(402 / 1654, abs=0.01)


def test_red_ink_that_nobody_can_place_is_not_said_to_be_nothing() -> None:
    assert told(states(summary(), "anhui/summary", red=5000)) == [("school_leader", "unsure")]


def test_ink_of_the_lines_around_is_no_signature() -> None:
    ink = [*printed(420, 900), *printed(420, 1100), *blots(600, 1010, 1, high=5, stroke=2, dark=0.5)]
    assert told(states(summary(), "anhui/summary", *ink)) == [("school_leader", "absent")]


def test_a_label_that_was_passed_over_is_read_again() -> None:
    paper = summary()
    label = next(one for one in paper.lines if "签" in one.text)
    paper.lines.remove(label)
    assert told(states(paper, "anhui/summary", *hand(450, 1000), again=[label])) == [("school_leader", "signed")]


def test_a_label_that_nobody_finds_leaves_it_open() -> None:
    paper = summary()
    paper.lines = [one for one in paper.lines if "签" not in one.text]
    assert told(states(paper, "anhui/summary", *hand(450, 1000))) == [("school_leader", "unsure")]


def test_a_label_joined_with_its_signature_in_one_tall_box() -> None:
    paper = summary()
    label = next(one for one in paper.lines if "签" in one.text)
    paper.lines.remove(label)
    tall = line(("学校领导签字：", 150), ("张三", 420), y=985, size=36)
    paper.lines.append(Line(tall.text, Box(147, 960, 500, 1070), 0.9, tall.chars, tall.scores))
    assert told(states(paper, "anhui/summary", *hand(430, 1000, 2))) == [("school_leader", "signed")]


# --- three experts -----------------------------------------------------------------------------------------------


def application(beside: str = "") -> Paper:
    paper = Paper().head("安徽省1+X职业技能等级证书申报表")
    paper.write("证书专业负责人签字：", 150, 900)
    paper.write("校内三名副高以上职称论证专家签字：" + beside, 150, 1050)
    paper.write("学校主管部门负责人签字（盖章）：", 150, 1300)
    return paper.write("2023年3月28日", 1000, 1420)


def experts(*ink: Blot, frames: Sequence[Box] = ()) -> list[str]:
    return [
        one.state for one in states(application(), "anhui/application", *ink, frames=frames) if one.role == "expert"
    ]


def test_three_names_below_the_label_are_three() -> None:
    assert experts(*hand(200, 1170), *hand(600, 1170), *hand(1000, 1170)) == ["signed"] * 3


def test_three_names_beside_the_label_are_three() -> None:
    assert experts(*hand(800, 1050), *hand(1070, 1050), *hand(1340, 1050)) == ["signed"] * 3


def test_two_names_are_two() -> None:
    assert experts(*hand(200, 1170), *hand(600, 1170)) == ["signed", "signed", "absent"]


def test_a_name_seal_counts_among_names() -> None:
    frame = Box(560, 1150, 640, 1230)
    assert sorted(experts(*hand(200, 1170), *hand(1000, 1170), frames=[frame])) == ["chop", "signed", "signed"]


def test_names_that_run_together_are_parted() -> None:
    assert experts(*hand(200, 1170, 6)) == ["signed", "signed", "absent"]


def test_the_next_label_not_read_is_no_name() -> None:
    paper = application()
    paper.lines = [one for one in paper.lines if "主管部门" not in one.text]
    ink = [*hand(200, 1150), *printed(150, 1300, 12), *hand(700, 1300)]
    found = [one.state for one in states(paper, "anhui/application", *ink) if one.role == "expert"]
    assert found == ["signed", "absent", "absent"]


def test_the_same_picture_pasted_twice_is_asked_about() -> None:
    lead, again = hand(550, 900), hand(600, 1170)
    found = states(application(), "anhui/application", *lead, *hand(200, 1170, 2), *again)
    assert [(one.role, one.repeats) for one in found if one.repeats] == [("expert", "programme_lead")]


# --- tables ------------------------------------------------------------------------------------------------------


def test_in_a_table_one_signs_in_the_next_cell() -> None:
    paper = Paper().head("安徽省1+X职业技能等级证书申报表")
    rows = [
        ("证书专业负责人\n签字", ""),
        ("校内三名副高以上职\n称论证专家签字", ""),
        ("学校主管部门负\n责人签字（盖章）", "2023年3月28日"),
    ]
    paper.table(rows, widths=(380, 970), height=200)
    ink = [*hand(600, 590), *hand(600, 790), *hand(900, 790), *hand(1200, 790), *printed(898, 985, 7)]
    found = told(states(paper, "anhui/application", *ink))
    assert found == [
        ("programme_lead", "signed"),
        ("expert", "signed"),
        ("expert", "signed"),
        ("expert", "signed"),
        ("department_head", "absent"),
    ]


def test_self_signs_only_where_it_is_asked() -> None:
    paper = Paper().head("“1+X”证书制度试点工作专家组专家推荐表")
    paper.write("学校负责人（签字）：", 900, 1500)
    assert told(states(paper, "yunnan/expert", *hand(1270, 1500))) == [("school_leader", "signed")]


def test_an_electronic_form_has_no_signatures_to_judge() -> None:
    page = replace(summary().page(), read_by="office", view="", picture="")
    spec = next(one for one in load_forms() if one.key == "anhui/summary")
    assert read_signatures(Document((page,)), spec, (0,), [lay_out(page, 0)], ()) == ((), ())
