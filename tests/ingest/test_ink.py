"""Ink told apart by colour, and crops cut down to their writing."""

from __future__ import annotations

import cv2
import numpy as np

from ingest.ink import dark_layer, red_ink, tight
from ingest.sheets import Picture

RED, BLACK, PINK = (200, 40, 45), (40, 40, 40), (250, 190, 190)


def paper(width: int = 400, height: int = 200, shade: tuple[int, int, int] = (250, 250, 250)) -> Picture:
    return np.full((height, width, 3), shade, np.uint8)


def with_box(picture: Picture, x0: int, y0: int, x1: int, y1: int, colour: tuple[int, int, int]) -> Picture:
    picture[y0:y1, x0:x1] = colour
    return picture


def test_red_is_told_from_black_from_blue_and_from_warm_paper() -> None:
    picture = paper(shade=(245, 238, 225))
    for n, colour in enumerate([RED, BLACK, (40, 60, 160), PINK]):
        with_box(picture, 100 * n, 0, 100 * n + 50, 50, colour)
    red = red_ink(picture)
    assert [bool(red[10, 100 * n + 10]) for n in range(4)] == [True, False, False, True]
    assert not red[100:].any()


def test_a_seal_is_taken_off_and_the_print_under_it_stays() -> None:
    picture = with_box(paper(), 50, 50, 350, 150, RED)
    with_box(picture, 100, 90, 300, 110, (90, 20, 20))  # print under red
    layer = dark_layer(picture)
    assert (layer[60, 60] > 190).all() and (layer[100, 200] == 90).all()
    assert (layer[10, 10] == 250).all()


def test_print_in_red_is_left_as_grey() -> None:
    layer = dark_layer(with_box(paper(), 50, 50, 350, 150, (150, 20, 20)))
    assert (layer[100, 100] == 150).all()


def test_a_picture_without_red_is_not_touched() -> None:
    picture = with_box(paper(), 50, 50, 350, 150, BLACK)
    assert dark_layer(picture) is picture


def test_the_picture_itself_is_never_changed() -> None:
    picture = with_box(paper(), 50, 50, 350, 150, RED)
    before = picture.copy()
    dark_layer(picture)
    assert (picture == before).all()


def test_a_crop_is_cut_down_to_its_writing() -> None:
    picture = paper()
    cv2.putText(picture, "100", (150, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.0, BLACK, 2, cv2.LINE_AA)
    cut = tight(picture)
    assert 20 < cut.shape[0] < 60 and 50 < cut.shape[1] < 100
    assert (cut < 100).any()


def test_the_rules_at_the_edges_of_a_cell_are_cut_off() -> None:
    picture = paper()
    cv2.putText(picture, "100", (150, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.0, BLACK, 2, cv2.LINE_AA)
    alone = tight(picture)
    ruled = picture.copy()
    for box in ((0, 0, 400, 3), (0, 197, 400, 200), (0, 0, 3, 200), (397, 0, 400, 200)):
        with_box(ruled, *box, BLACK)
    assert (tight(ruled) == alone).all()


def test_a_crop_without_writing_comes_back_whole() -> None:
    assert tight(paper()).shape == (200, 400, 3)
    assert tight(np.zeros((200, 400, 3), np.uint8)).shape == (200, 400, 3)
    assert tight(paper(1, 1)).shape == (1, 1, 3)
