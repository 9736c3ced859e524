"""The maker of made-up submissions keeps its word."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import datetime

import numpy as np
import pytest

from ingest.mail import parse_mail
from tests.made_up.camera import photographed, scanned
from tests.made_up.filled import Filled, write_date
from tests.made_up.forms import DRAWN, LISTINGS, draw_form
from tests.made_up.mailbox import load_mails
from tests.made_up.mails import CHINA, Charset, build_mail, zip_with_gbk_names
from tests.made_up.paper import FONTS, Style, font

MAILS = load_mails()
ONE_OF_EACH = {filled.form: filled for sent in MAILS for _, filled, _ in sent.forms if filled.fields.get("school")}


def test_the_mailbox_has_all_seven_forms() -> None:
    assert sorted(ONE_OF_EACH) == sorted([*DRAWN, *LISTINGS])


@pytest.fixture
def fonts() -> None:
    """The Debian packages that `make test` installs. Not installed: a failure with CI=true, else a skip."""
    try:
        for name in FONTS:
            font(name, 12)
    except OSError:
        if os.environ.get("CI") == "true":
            pytest.fail("the fonts of tests/apt.txt are not installed; `make test` installs them")
        pytest.skip("the fonts of tests/apt.txt are not installed")


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("form", sorted([*DRAWN, *LISTINGS]))
def test_the_same_seed_draws_the_same_and_another_another(form: str) -> None:
    first, again, other = (
        np.asarray(draw_form(ONE_OF_EACH[form], Style(seed, hand=True, dpi=60))[0]) for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.usefixtures("fonts")
def test_a_scan_keeps_the_size_and_a_photograph_shows_the_desk() -> None:
    page = draw_form(Filled("anhui/summary", {}), Style(1, dpi=60))[0]
    assert scanned(page, 1).size == page.size
    corner = photographed(page, 1).getpixel((2, 2))
    assert isinstance(corner, tuple) and max(corner) < 150


def test_dates_are_written_as_people_write_them() -> None:
    styles = ("figures", "dots", "chinese")
    assert [write_date("2023-10-21", style) for style in styles] == [
        "2023年10月21日",
        "2023.10.21",
        "二〇二三年十月二十一日",
    ]


def test_an_archive_has_its_names_in_gbk() -> None:
    files = [("附件1 数据标注.pdf", b"%PDF-1.4"), ("表.jpg", b"\xff\xd8" * 500)]
    with zipfile.ZipFile(io.BytesIO(zip_with_gbk_names(files)), metadata_encoding="gbk") as archive:
        assert [(name, archive.read(name)) for name in archive.namelist()] == files
        assert not any(entry.flag_bits & 0x800 for entry in archive.infolist())


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "raw"])
def test_a_mail_says_what_it_was_given_in_every_charset(charset: Charset) -> None:
    when = datetime(2023, 3, 28, 9, 12, tzinfo=CHINA)
    subject = "专家推荐+云南机电职业技术学院+陶" + ("喆" if charset != "raw" else "吉")
    data = build_mail(subject, ("人事处", "a@a.example"), "b@b.example", when, [("表.pdf", b"%PDF")], charset=charset)
    mail = parse_mail(data)
    assert (mail.subject, mail.received_at, [(a.file_name, a.data) for a in mail.attachments]) == (
        subject,
        when,
        [("表.pdf", b"%PDF")],
    )


def test_addresses_are_made_up() -> None:
    addresses = [sent.sender[1] for sent in MAILS] + [sent.forwarded[1][1] for sent in MAILS if sent.forwarded]
    addresses += [filled.fields["email"] for sent in MAILS for _, filled, _ in sent.forms if "email" in filled.fields]
    assert [address for address in addresses if not address.endswith((".test", ".example"))] == []
