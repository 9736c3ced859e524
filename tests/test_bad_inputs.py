"""Whatever comes in ends as a record that a person can see, with a finding that says what to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.store import work
from api.store.engine import Store
from ingest.attachments import choose_files
from ingest.document import Attachment, File, Mail
from ingest.errors import FileError
from ingest.mail import parse_mail
from ingest.office import read_office
from ingest.sheets import Limits, render
from tests.bad_inputs import Bad, bad_inputs
from tests.ingest.drawing import page, pdf_of, saved

BAD = bad_inputs()
NAMES = [bad.name for bad in BAD]
ROOT = Path(__file__).parents[1]


def opened(name: str, data: bytes) -> Mail:
    """As `api.intake` opens it: a mail, or a loose file as the one attachment of a mail."""
    if name.endswith(".eml"):
        return parse_mail(data)
    return Mail("", "", "", "", None, "", (Attachment(name, "application/octet-stream", data),))


def tried(mail: Mail) -> Iterator[str]:
    """The codes of all that is wrong with a mail and its files. Anything but a FileError goes through."""
    files, troubles = choose_files(mail)
    yield from (trouble.code for trouble in (*mail.troubles, *troubles))
    for file in files:
        try:
            show(file)
        except FileError as error:
            yield error.code


def show(file: File) -> None:
    if file.kind in ("docx", "xlsx"):
        read_office(file)
    for _ in render(file, Limits(seconds=5)) if file.kind in ("pdf", "image") else ():
        pass


def test_there_are_many_kinds_and_no_two_alike() -> None:
    assert len({sha256(bad.data).digest() for bad in BAD}) == len(BAD) >= 40


@pytest.mark.parametrize("bad", BAD, ids=NAMES)
def test_what_is_wrong_is_told_by_its_code(bad: Bad) -> None:
    of_forms = any(code.startswith("form.") for code in bad.codes)  # the form is looked for later
    codes = set(tried(opened(bad.name, bad.data)))
    assert codes & set(bad.codes) or (of_forms and not codes)


GOOD = (
    ("a.pdf", pdf_of("| BT /F1 24 Tf 72 700 Td (whole) Tj ET")),
    ("a.jpg", saved(page(200, 260, table=False), "JPEG")),
    ("a.tif", saved(page(200, 260, table=False), "TIFF", compression="tiff_lzw")),
    ("a.eml", next(bad.data for bad in BAD if bad.name == "半个附件.eml")),
    ("a.zip", next(bad.data for bad in BAD if bad.name == "中文名.zip")),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(GOOD), st.data())
def test_no_damage_to_a_file_is_more_than_a_trouble(good: tuple[str, bytes], data: st.DataObject) -> None:
    name, whole = good
    damaged = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert all("." in code for code in tried(opened(name, bytes(damaged))))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What one `ingest` of a folder with all of them came to: each one's records, by its name."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "in").mkdir()
    for bad in BAD:
        (folder / "in" / bad.name).write_bytes(bad.data)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("YINJIAN_") or k == "YINJIAN_MODELS"}
    command = [sys.executable, "-m", "api", "--data", str(folder / "data"), "ingest", str(folder / "in")]
    environment |= {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    store = Store(f"sqlite:///{folder / 'data' / 'yinjian.sqlite'}")
    with store.reading() as session:
        return {
            bad.name: [record.body for record in work.records(session, [sha256(bad.data).hexdigest()])] for bad in BAD
        }


@pytest.mark.slow
@pytest.mark.parametrize("bad", BAD, ids=NAMES)
def test_each_is_a_record_that_says_what_to_do(bad: Bad, told: dict[str, list[dict[str, Any]]]) -> None:
    (record,) = told[bad.name]
    findings = [finding for finding in record["findings"] if finding["code"] in bad.codes]
    assert findings, record["findings"]
    assert all(re.search("请|无需|不必", finding["message"]) for finding in findings)
    assert record["lane"] != "ready"
