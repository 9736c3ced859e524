"""From a place to a Reading: what is sure, what is asked, what a second look changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.extraction import NOT_FOUND, Reading, Request
from extractors.layout import lay_out
from extractors.locators import Place
from extractors.readings import ALONE, DIFFERENT, UNCLEAR, Looks, reading_of, unless_inked
from ingest.document import Blot, Box, InkTrace, Look
from tests.extractors.pages import Ink, Paper, document

ROOM = Box(300, 100, 700, 142)


def place_of(ink: Ink | None, paper: Paper | None = None) -> tuple[Place, Paper]:
    paper = paper or Paper()
    if ink is None:
        return Place((), ROOM, 0, 1.0), paper
    paper.write(ink, 300, 100)
    return Place(lay_out(paper.page(), 0).blocks[0].glyphs, ROOM, 0, 1.0), paper


def read(kind: str, ink: Ink | None, *looks: Look, paper: Paper | None = None) -> tuple[Reading, Request | None]:
    place, paper = place_of(ink, paper)
    return reading_of(kind, place, document(paper), (0,), Looks(looks))


def looked(kind: str, ink: Ink | None, text: str, score: float | tuple[float, ...]) -> tuple[str, object, str, str]:
    """Text, value, state and doubt after a second look that saw `text`."""
    _, request = read(kind, ink)
    assert request is not None, "no second look was asked for"
    scores = score if isinstance(score, tuple) else (score,) * len(text)
    answer = Look(request.page, request.box, request.purpose, text, sum(scores) / max(1, len(scores)), scores)
    reading, again = read(kind, ink, answer)
    assert again is None, "asked for twice"
    return reading.text, reading.value, reading.reading, reading.doubt


def test_a_clear_value_is_taken_as_it_is() -> None:
    reading, request = read("integer", Ink("80人", 0.98))
    assert request is None
    box = (round(300 / 1654, 5), round(97 / 2339, 5), round(372 / 1654, 5), round(139 / 2339, 5))
    assert (reading.text, reading.value, reading.reading, reading.confidence) == ("80人", 80, "written", 0.98)
    assert (reading.page, reading.box, reading.doubt, reading.options) == (1, box, "", ())
    assert reading.quad is not None and len(reading.quad) == 4


def test_a_place_that_was_not_found_is_our_doubt() -> None:
    assert reading_of("text", None, document(Paper()), (0,), Looks(())) == (NOT_FOUND, None)


def test_a_page_is_counted_within_its_record() -> None:
    place, paper = place_of(Ink("80"))
    there = Place(tuple(place.glyphs), ROOM, 1, 1.0)
    reading, _ = reading_of("integer", there, document(Paper(), paper), (1,), Looks(()))
    assert reading.page == 1
    _, request = reading_of("integer", Place((), ROOM, 1, 1.0), document(Paper(), paper), (1,), Looks(()))
    assert request == Request(2, ROOM, "line")


def test_a_second_look_is_asked_for_where_a_character_is_weak_or_nothing_was_read() -> None:
    _, weak = read("text", Ink("家务管理", 0.99, {2: 0.5}))
    assert weak == Request(1, Box(300 - 0.12 * 42, 97 - 0.06 * 42, 444 + 0.12 * 42, 139 + 0.06 * 42), "line")
    _, empty = read("text", None)
    assert empty == Request(1, ROOM, "line")


def test_a_second_look_is_asked_for_where_figures_make_no_value() -> None:
    _, request = read("integer", Ink("8O", 0.99))
    assert request is not None
    _, none = read("text", Ink("8O", 0.99))
    assert none is None


def test_a_partly_read_date_is_looked_at_with_room_for_the_whole() -> None:
    _, request = read("date", Ink("2023年", 0.99))
    assert request is not None and request.box.width > 300


def test_print_that_states_itself_needs_no_second_look() -> None:
    reading, request = read("integer", Ink("8O", 0.5), paper=Paper(read_by="text-layer"))
    assert (reading.text, reading.value, request) == ("8O", None, None)


def test_without_its_answer_a_weak_reading_stays_in_doubt() -> None:
    reading, _ = read("text", Ink("家务管理", 0.99, {2: 0.5}))
    assert (reading.text, reading.confidence, reading.doubt) == ("家务管理", 0.5, UNCLEAR)


def test_a_better_look_wins() -> None:
    assert looked("organisation", Ink("毫州职院", 0.98, {0: 0.5}), "亳州职院", 0.99) == (
        "亳州职院",
        "亳州职院",
        "written",
        "",
    )
    assert looked("integer", Ink("9□", 0.9, {1: 0.4}), "90", 0.98) == ("90", 90, "written", "")


def test_what_lost_stays_as_an_option() -> None:
    _, request = read("integer", Ink("9□", 0.4))
    assert request is not None
    reading, _ = read("integer", Ink("9□", 0.4), Look(1, request.box, "line", "90", 0.98, (0.98, 0.98)))
    assert (reading.text, reading.options) == ("90", ("9□",))


def test_a_worse_look_changes_nothing() -> None:
    assert looked("text", Ink("家务管理", 0.98, {2: 0.91}), "2", 0.2) == ("家务管理", "家务管理", "written", UNCLEAR)
    assert looked("text", Ink("家务管理", 0.98, {2: 0.6}), "", 0.0) == ("家务管理", "家务管理", "written", UNCLEAR)


def test_two_looks_that_agree_are_as_sure_as_the_surer() -> None:
    assert looked("level", Ink("初级", 0.7), "初級", 0.9) == ("初级", "初级", "written", "")
    assert looked("level", Ink("初级", 0.7), "初 级", 0.6) == ("初级", "初级", "written", UNCLEAR)


def test_two_looks_that_differ_are_never_sure_by_themselves() -> None:
    assert looked("integer", Ink("46", 0.9, {0: 0.8}), "6", 0.92) == ("46", 46, "written", DIFFERENT)
    assert looked("person", Ink("吕文", 0.8), "吕交", 0.85) == ("吕交", "吕交", "written", DIFFERENT)
    assert looked("phone", Ink("0556-5314698", 0.5), "D556~5314698", 0.6)[3] == DIFFERENT


def test_a_blank_stays_blank_when_the_second_look_sees_nothing_either() -> None:
    for text, score in (("", 0.0), ("—", 0.6), ("三", 0.3), ("CH", 0.2)):
        assert looked("level", None, text, score) == ("", None, "blank", "")


def test_what_only_the_second_look_saw_is_written_sure_or_in_doubt() -> None:
    assert looked("gender", None, "男", 0.98) == ("男", "男", "written", "")
    assert looked("organisation", None, "：淮南职业技术学院", 0.5) == (
        "淮南职业技术学院",
        "淮南职业技术学院",
        "written",
        UNCLEAR,
    )


def test_a_blank_date_is_blank_though_its_words_are_read() -> None:
    assert looked("date", Ink("年月日", 0.99), "年 月 日", 0.98)[2:] == ("blank", "")


KINDS = st.sampled_from(["text", "integer", "date", "phone", "level", "person", "organisation", "percent"])
TEXTS = st.text(alphabet="初中级年月日0123八十/（）: 安徽學", max_size=10)


@settings(deadline=None)
@given(KINDS, TEXTS, st.floats(0, 1), TEXTS, st.floats(0, 1))
def test_nothing_unsure_becomes_sure_by_itself(kind: str, one: str, sure: float, other: str, surer: float) -> None:
    ink = Ink(one, sure) if one else None
    _, request = read(kind, ink)
    if request is None:
        return
    look = Look(request.page, request.box, "line", other, surer, (surer,) * len(other))
    second, again = read(kind, ink, look)
    assert again is None
    if second.reading == "written" and not second.doubt:
        assert second.confidence >= 0.75
        assert second.text == "" or max(sure if one else 0.0, surer) >= 0.75


def test_a_figure_has_its_likely_runners_up_as_options() -> None:
    ink = Ink("100", 0.97, runners_up={0: (("7", 0.2), ("l", 0.1)), 2: (("6", 0.01),)})
    assert read("integer", ink)[0].options == ("700",)
    assert read("text", ink)[0].options == ()


def inked(*blots: Box) -> str:
    """What is said of a blank place in which these pieces of ink were traced."""
    place, paper = place_of(None)
    page = document(paper)
    blank = Reading("", None, "blank", 0.0, 1)
    _, request = unless_inked(blank, "text", place, page, Looks(()))
    assert request == Request(1, ROOM, "ink")
    trace = InkTrace(tuple(Blot(box, 200, 4.0, 0.3, 0.8, 0.0) for box in blots))
    look = Look(1, ROOM, "ink", "", 0.0, ink=trace)
    reading, again = unless_inked(blank, "text", place, page, Looks((look,)))
    assert again is None, "asked for twice"
    return reading.reading


def test_a_place_is_blank_only_where_no_unread_ink_stands() -> None:
    assert inked() == "blank"
    assert inked(Box(400, 110, 404, 114)) == "blank"  # a speck
    assert inked(Box(800, 110, 840, 140)) == "blank"  # beside the place
    assert inked(Box(400, 105, 425, 138), Box(430, 105, 455, 138)) == "unreadable"


def test_ink_that_was_read_as_the_forms_print_leaves_a_place_blank() -> None:
    paper = Paper()
    paper.write(Ink("年月日"), 400, 100)
    place, page = Place((), ROOM, 0, 1.0), document(paper)
    blank = Reading("年月日", None, "blank", 0.9, 1)
    line = page.pages[0].lines[0]
    blots = [Blot(Box(x0, line.box.y0, x1, line.box.y1), 300, 4.0, 0.3, 0.8, 0.0) for x0, x1 in line.chars]
    look = Look(1, ROOM, "ink", "", 0.0, ink=InkTrace(tuple(blots)))
    assert unless_inked(blank, "text", place, page, Looks((look,))) == (blank, None)


def test_words_that_nothing_vouches_for_must_be_read_more_surely_than_one_of_few() -> None:
    assert read("person", Ink("邹每", 0.98, {1: 0.88}))[0].doubt == UNCLEAR
    assert read("level", Ink("初级", 0.98, {1: 0.88}))[0].doubt == ""


def test_a_name_of_one_character_lacks_the_rest() -> None:
    assert read("person", Ink("玉", 0.99))[0].doubt == ALONE


def test_a_date_of_which_only_a_part_was_read_is_in_doubt_where_more_ink_stands() -> None:
    place, paper = place_of(Ink("2023年月2日"))
    page = document(paper)
    partly = Reading("2023年月2日", None, "written", 0.99, 1)
    reading, request = unless_inked(partly, "date", place, page, Looks(()))
    assert reading == partly and request is not None
    assert (request.box.x0 < 300, request.purpose) == (True, "ink")
    stroke = Blot(Box(request.box.x0 + 5, 105, request.box.x0 + 30, 138), 300, 4.0, 0.3, 0.8, 0.0)
    for blots, doubt in (((), ""), ((stroke,), UNCLEAR)):
        look = Look(1, request.box, "ink", "", 0.0, ink=InkTrace(blots))
        assert unless_inked(partly, "date", place, page, Looks((look,)))[0].doubt == doubt
