"""How a page is straightened."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.document import Homography
from ingest.outline import find_sheet
from ingest.scan import Straightened, skew_angle, straighten
from tests.ingest.drawing import page, photographed, tilted

CORNERS = [(220.0, 180.0), (1620.0, 120.0), (1700.0, 2300.0), (130.0, 2380.0)]


def _viewed(straight: Straightened, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f, g, h, i = straight.to_view
    w = g * x + h * y + i
    return (a * x + b * y + c) / w, (d * x + e * y + f) / w


def test_a_straight_page_is_returned_untouched() -> None:
    picture = page()
    straight = straighten(picture)
    assert straight.picture is picture
    scaling: Homography = (1 / 1654, 0, 0, 0, 1 / 2339, 0, 0, 0, 1)
    assert straight.to_view == pytest.approx(scaling)


@pytest.mark.parametrize("angle", [-7.0, -2.3, -0.4, 0.4, 1.7, 6.0])
def test_a_slanting_page_is_levelled(angle: float) -> None:
    slanting = tilted(page(), angle)
    assert skew_angle(slanting) == pytest.approx(angle, abs=0.15)
    assert skew_angle(straighten(slanting).picture) == pytest.approx(0, abs=0.15)


def test_a_blank_page_has_no_skew() -> None:
    assert skew_angle(np.full((800, 600, 3), 240, np.uint8)) == 0.0


def test_all_four_corners_of_a_sheet_are_found() -> None:
    found = find_sheet(photographed(page(), CORNERS))
    assert found is not None
    assert np.abs(found - np.array(CORNERS)).max() < 12


def test_the_side_that_leaves_the_photograph_is_completed() -> None:
    corners = [(220.0, 180.0), (1620.0, 180.0), (1620.0, 2700.0), (220.0, 2700.0)]
    found = find_sheet(photographed(page(), corners))
    assert found is not None
    assert np.abs(found[:2] - np.array(corners[:2])).max() < 12
    assert found[2:, 1].min() > 2490


def test_a_photographed_sheet_is_flattened_and_leads_back_to_the_photograph() -> None:
    straight = straighten(photographed(page(), CORNERS))
    height, width = straight.picture.shape[:2]
    assert width == pytest.approx(1560, abs=100)
    assert height / width == pytest.approx(2**0.5, abs=0.03)
    for (x, y), (u, v) in zip([(0, 0), (width, 0), (width, height), (0, height)], CORNERS, strict=True):
        assert _viewed(straight, x, y) == pytest.approx((u / 1800, v / 2500), abs=0.012)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_page_comes_out_upright(turns: int) -> None:
    upright = page()
    lying = np.ascontiguousarray(np.rot90(upright, turns))  # counter-clockwise, so that `turns` clockwise undo it
    straight = straighten(lying, turns)
    assert np.abs(straight.picture.astype(int) - upright).mean() < 1


def test_one_quarter_turn_leads_back_to_the_view() -> None:
    straight = straighten(np.ascontiguousarray(np.rot90(page())), 1)
    assert _viewed(straight, 0, 0) == pytest.approx((0.0, 1.0), abs=0.001)


def test_a_shadow_over_the_sheet_does_not_cut_it() -> None:
    light = np.interp(np.arange(1800), [800, 1000], [1.0, 0.6])[None, :, None]
    found = find_sheet((photographed(page(), CORNERS) * light).astype(np.uint8))
    assert found is not None
    assert np.abs(found - np.array(CORNERS)).max() < 15


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_the_dark_edge_of_a_scan_is_no_desk(turns: int) -> None:
    picture = np.rot90(page(), turns).copy()
    picture[:, :50] = 30
    assert find_sheet(picture) is None


def test_a_frame_printed_on_the_page_is_no_sheet() -> None:
    picture = page(table=False)
    picture[100:-100, 100:130] = picture[100:-100, -130:-100] = 60
    picture[100:130, 100:-100] = picture[-130:-100, 100:-100] = 60
    assert find_sheet(picture) is None
