"""A made-up mail: the forms in it, the files that they are, and what is true of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.made_up.camera import photographed, scanned
from tests.made_up.digital import printed, word
from tests.made_up.filled import Filled
from tests.made_up.forms import draw_form
from tests.made_up.mails import CHINA, Charset, as_file, build_mail, zip_with_gbk_names
from tests.made_up.paper import Style

ANHUI, YUNNAN = "anhui-office@126.example", "yunnan-office@ynou.example"


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail: its forms, each with the file that it is in. faults: the findings about the mail itself."""

    name: str
    subject: str
    sender: tuple[str, str]
    received: str
    forms: tuple[tuple[str, Filled, Style], ...]
    faults: tuple[str, ...] = ()
    charset: Charset = "utf-8"
    archive: str = ""
    forwarded: tuple[str, tuple[str, str]] | None = None

    def build(self) -> bytes:
        """The mail's bytes, always the same."""
        files = [(name, make_file(name, filled, style)) for name, filled, style in self.forms]
        if self.archive:
            files = [(self.archive, zip_with_gbk_names(files))]
        to = YUNNAN if self.forms[0][1].form.startswith("yunnan") else ANHUI
        when = datetime.fromisoformat(self.received).replace(tzinfo=CHINA)
        if self.forwarded:
            inner = build_mail(self.subject.removeprefix("转发："), self.sender, self.forwarded[1][1], when, files)
            return build_mail(self.subject, self.forwarded[1], to, when, [], self.forwarded[0], forwards=inner)
        return build_mail(self.subject, self.sender, to, when, files, charset=self.charset)


def make_file(name: str, filled: Filled, style: Style) -> bytes:
    """A form as the file of that name: 照片 in a name is a photograph, 电子 a PDF with a text layer, else a scan."""
    suffix = name.rpartition(".")[2].lower()
    if suffix == "docx":
        return word(filled)
    if "电子" in name:
        return printed(filled, style)
    see = photographed if "照片" in name else scanned
    # What a PNG or a TIFF keeps of a scanner's noise makes it large; such scanners smooth.
    noise = 0.0 if suffix == "png" else 2.5
    pages = [see(page, style.seed + n, noise) for n, page in enumerate(draw_form(filled, style))]
    return as_file(pages, suffix, style.dpi)


def truth(mails: Sequence[Sent]) -> dict[str, Any]:
    """What is true of each mail, by its file's name: for each form in it, what stands on it and what is wrong."""
    return {
        one.name: {"faults": list(one.faults), "forms": [_true(filled) for _, filled, _ in one.forms]} for one in mails
    }


def _true(filled: Filled) -> dict[str, object]:
    return {
        "form": filled.form,
        "fields": dict(filled.fields),
        "rows": [dict(row) for row in filled.rows],
        "seal": filled.seal,
        "signed": {role: names.split() for role, names in filled.signed.items()},
        "faults": [list(fault) for fault in filled.faults],
    }
