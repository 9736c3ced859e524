"""Every kind of finding is either told to schools or listed as not for them."""

from __future__ import annotations

import string

import pytest

from corpora.replies import Saying, replies
from corpora.vocabulary import vocabulary

SLOTS = {"said", "place", "text", "pattern"}


def test_every_code_has_a_text_or_a_reason_to_have_none() -> None:
    texts = replies()
    assert texts.codes.keys() | texts.not_for_schools.keys() == vocabulary().codes.keys()
    assert texts.codes.keys() & texts.not_for_schools.keys() == set()


@pytest.mark.parametrize("code", sorted(replies().codes))
def test_a_text_asks_for_something_and_has_no_slots_that_nobody_fills(code: str) -> None:
    saying: Saying = replies().codes[code]
    named = {name for text in (saying.what, saying.todo) for _, name, _, _ in string.Formatter().parse(text) if name}
    assert named <= SLOTS
    assert saying.todo.startswith(
        ("请", "学校已更名的，请", "级别请", "累计数不应", "年度目标", "申请调增", "重新发送时")
    )
    assert saying.todo.endswith("。")
