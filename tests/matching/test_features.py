"""How a text differs from a name, and what each difference costs."""

import pytest

from corpora.confusables import Confusables
from matching.features import Costs, Edit, align

COSTS = Costs({}, Confusables(look=frozenset({frozenset("技枝")}), sound=frozenset({frozenset("州洲")})))


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("亳州职业技术学院", ()),
        ("亳州职业枝术学院", (Edit("look", 4, 4, "技", "枝"),)),
        ("亳洲职业技术学院", (Edit("sound", 1, 1, "州", "洲"),)),
        ("亳州职业木术学院", (Edit("other", 4, 4, "技", "木"),)),
        ("亳州职业术学院", (Edit("missing", 4, 4, "技", ""),)),
        ("亳州的职业技术学院", (Edit("extra", 2, 2, "", "的"),)),
        ("亳州职业术技学院", (Edit("turned", 4, 4, "技", "技"),)),
        ("亳州职业技术", (Edit("missing", 6, 6, "学", ""), Edit("missing", 7, 6, "院", ""))),
    ],
)
def test_each_difference_is_named(text: str, edits: tuple[Edit, ...]) -> None:
    found = align(text, "亳州职业技术学院", COSTS)
    assert [edit.kind for edit in found.edits] == [edit.kind for edit in edits]
    if not edits or edits[0].kind != "turned":
        assert found.edits == edits


def test_what_the_reader_took_it_for_too_costs_least() -> None:
    seen = align("毫州职业技术学院", "亳州职业技术学院", COSTS, frozenset({("毫", "亳")}))
    assert seen.edits == (Edit("seen", 0, 0, "亳", "毫"),)
    assert seen.cost < align("亳州职业枝术学院", "亳州职业技术学院", COSTS).cost
    assert align("毫州职业技术学院", "亳州职业技术学院", COSTS).edits[0].kind == "other"


def test_two_in_each_others_place_cost_less_than_two_slips() -> None:
    turned = align("亳州职业术技学院", "亳州职业技术学院", COSTS).cost
    assert turned < align("亳州职业木木学院", "亳州职业技术学院", COSTS).cost
