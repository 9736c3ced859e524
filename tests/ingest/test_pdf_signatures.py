"""What the digital signatures of a PDF prove, and what is held against them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.document import DigitalSignature
from ingest.pdf_signatures import objection, verify
from tests.ingest.signing import SCHOOL, added_to, plain_pdf, signed_pdf

SOUND = DigitalSignature(SCHOOL, None, intact=True, covers_file=True, altered=False)
BROKEN = DigitalSignature("", None, intact=False, covers_file=False, altered=True)


def seen(data: bytes) -> tuple[DigitalSignature, ...]:
    """The signatures, whatever the clock said."""
    return tuple(replace(one, signed_at=None) for one in verify(data))


def test_a_signed_file_is_proven_to_be_as_it_was_signed() -> None:
    data = signed_pdf()
    assert (seen(data), objection(seen(data))) == ((SOUND,), "")
    moment = verify(data)[0].signed_at
    assert moment and moment.tzinfo


def test_changed_bytes_break_the_signature() -> None:
    data = signed_pdf()
    at = data.index(b"%PDF") + len(b"%PDF-1.7\n%")
    changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    assert seen(changed) == (replace(SOUND, intact=False),)
    assert "校验不通过" in objection(seen(changed))


def test_what_is_added_after_signing_is_not_covered() -> None:
    data = added_to(signed_pdf())
    assert seen(data) == (replace(SOUND, covers_file=False, altered=True),)
    assert "签名之后又添加了内容" in objection(seen(data))


def test_a_second_signature_leaves_the_first_in_force() -> None:
    data = signed_pdf(signed_pdf(), "Signature2")
    assert (seen(data), objection(seen(data))) == ((replace(SOUND, covers_file=False), SOUND), "")


def test_a_second_signature_does_not_heal_what_was_added_before_it() -> None:
    assert "签名之后又添加了内容" in objection(seen(signed_pdf(added_to(signed_pdf()), "Signature2")))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", plain_pdf(), b"no PDF: /ByteRange"])
def test_what_is_not_signed_has_no_signature(data: bytes) -> None:
    assert (verify(data), objection(())) == ((), "")


def test_a_signed_file_in_pieces_is_not_intact() -> None:
    data = signed_pdf()
    whole = data.index(b"/ByteRange") + 200
    found = [seen(data[: max(whole, len(data) * share // 8)]) for share in range(1, 8)]
    assert {one.intact for signatures in found for one in signatures} == {False}


def test_a_signature_that_is_no_signature_is_not_intact() -> None:
    data = signed_pdf()
    start = data.index(b"/Contents <") + len(b"/Contents <")
    assert seen(data[:start] + b"00" * 100 + data[start + 200 :]) == (BROKEN,)


def test_an_algorithm_that_is_not_known_is_held_against_nobody() -> None:
    assert objection((replace(SOUND, intact=None),)) == ""
