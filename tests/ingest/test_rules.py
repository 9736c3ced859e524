"""Which ruling lines are found in a picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.document import Rule
from ingest.rules import find_rules
from ingest.sheets import Picture
from tests.ingest.drawing import page, tilted


def _near(found: tuple[Rule, ...], wanted: list[tuple[float, float, float, float]], slack: float = 5) -> None:
    ends = [(rule.x0, rule.y0, rule.x1, rule.y1) for rule in found]
    assert len(ends) == len(wanted), ends
    assert np.abs(np.array(ends) - np.array(wanted)).max() <= slack


TABLE: list[tuple[float, float, float, float]] = [
    *((200, y, 1400, y) for y in range(900, 1501, 100)),
    *((x, 900, x, 1500) for x in range(200, 1401, 300)),
]


def _blank() -> Picture:
    return np.full((2339, 1654, 3), 250, np.uint8)


def test_the_rules_of_a_table_are_found_and_nothing_of_the_words() -> None:
    _near(find_rules(page()), TABLE)


def test_a_table_that_slants_a_little_is_given_along_the_axes() -> None:
    _near(find_rules(tilted(page(), 0.3)), TABLE, slack=14)


def test_a_smaller_picture_gives_the_same_table() -> None:
    small = np.asarray(cv2.resize(page(), (1169, 1654), interpolation=cv2.INTER_AREA), np.uint8)
    _near(find_rules(small), [tuple(value * 1169 / 1654 for value in rule) for rule in TABLE])  # type: ignore[misc]


@pytest.mark.parametrize("colour", [(225, 225, 225), (250, 120, 120), (140, 170, 250)])
def test_faint_and_coloured_rules_are_found(colour: tuple[int, int, int]) -> None:
    picture = _blank()
    cv2.line(picture, (300, 500), (1300, 500), colour, 2)
    _near(find_rules(picture), [(300, 500, 1300, 500)])


def test_the_pieces_of_a_broken_rule_are_one() -> None:
    picture = _blank()
    for x in range(300, 1300, 100):
        cv2.line(picture, (x, 500), (x + 80, 500), (60, 60, 60), 2)
    _near(find_rules(picture), [(300, 500, 1280, 500)])


def test_a_bent_rule_is_one() -> None:
    picture = _blank()
    points = [(x, round(500 + 8 * np.sin(np.pi * (x - 300) / 1000))) for x in range(300, 1301, 20)]
    cv2.polylines(picture, [np.array(points, np.int32)], False, (60, 60, 60), 2)
    _near(find_rules(picture), [(300, 500, 1300, 500)], slack=10)


def test_the_line_under_a_blank_is_a_rule_and_a_dash_is_none() -> None:
    picture = _blank()
    cv2.line(picture, (300, 500), (460, 500), (60, 60, 60), 2)
    cv2.line(picture, (800, 500), (840, 500), (60, 60, 60), 2)
    _near(find_rules(picture), [(300, 500, 460, 500)])


def test_a_thick_bar_is_no_rule() -> None:
    picture = _blank()
    picture[500:560, 300:1300] = 60
    assert [rule for rule in find_rules(picture) if 505 < rule.y0 < 555] == []


def test_an_empty_page_has_none() -> None:
    assert find_rules(_blank()) == ()
    noise = np.random.default_rng(0).normal(200, 12, (2339, 1654, 1)).clip(0, 255)
    assert find_rules(np.repeat(noise, 3, axis=2).astype(np.uint8)) == ()
