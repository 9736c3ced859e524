"""A seal's picture pasted twice and a seal pressed twice, drawn, printed on other pages and scanned anew."""

from __future__ import annotations

import random

import numpy as np
import pytest

from ingest.seal_ink import seal_ink
from ingest.seals import find_imprints
from ingest.wear import impression_hash
from matching.across.impressions import SAME
from tests.made_up.camera import scanned
from tests.made_up.seals import NAMES, impression_on_a_page

BITS = 256


def hash_on_a_page(seed: int, worn: int, turn: float, x: float, y: float) -> str:
    """Of one pressing (worn, turned by so many degrees), on a form of its own, at x, y mm, as a scanner gives it."""
    page = impression_on_a_page(seed, NAMES[0], worn, turn, x, y)
    picture = np.asarray(scanned(page, seed).convert("RGB"))
    (imprint,) = find_imprints(picture)
    return impression_hash(seal_ink(picture, imprint))


def differing(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize("seed", range(4))
def test_a_pasted_picture_is_told_from_a_seal_that_was_pressed_again(seed: int) -> None:
    chance = random.Random(seed)
    turn = chance.uniform(-4, 4)
    first = hash_on_a_page(10 * seed, seed, turn, 140, 200)
    pasted = hash_on_a_page(10 * seed + 1, seed, turn, chance.uniform(60, 150), chance.uniform(180, 220))
    again = hash_on_a_page(10 * seed + 2, seed + 500, turn, 140, 200)
    askew = hash_on_a_page(10 * seed + 3, seed + 900, -turn, 140, 200)
    assert [differing(first, other) <= SAME * BITS for other in (pasted, again, askew)] == [True, False, False]
