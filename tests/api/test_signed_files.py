"""Digitally signed files on their way through the pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api import commands
from tests.api.builders import settings
from tests.api.doubles import SlowReader
from tests.ingest.signing import SCHOOL, added_to, signed_pdf


def record_of(folder: Path, data: bytes) -> dict[str, Any]:
    """The one record of a loose file."""
    (folder / "汇总表.pdf").write_bytes(data)
    (record,) = commands.check(settings(folder / "data"), folder / "汇总表.pdf", make_reader=SlowReader)
    return record


def test_a_sound_signature_stands_in_the_record_and_asks_nothing(tmp_path: Path) -> None:
    record = record_of(tmp_path, signed_pdf())
    (signature,) = record["digital_signatures"]
    assert {key: signature[key] for key in ("file_name", "signer", "intact", "covers_file", "trusted")} == {
        "file_name": "汇总表.pdf",
        "signer": SCHOOL,
        "intact": True,
        "covers_file": True,
        "trusted": None,
    }
    assert "file.signature_invalid" not in {finding["code"] for finding in record["findings"]}


def test_a_file_that_was_added_to_after_signing_is_asked_about(tmp_path: Path) -> None:
    record = record_of(tmp_path, added_to(signed_pdf()))
    assert [(s["intact"], s["covers_file"]) for s in record["digital_signatures"]] == [(True, False)]
    told = [finding for finding in record["findings"] if finding["code"] == "file.signature_invalid"]
    assert [(one["severity"], one["message"].startswith("汇总表.pdf：文件在数字签名之后")) for one in told] == [
        ("error", True)
    ]
