"""Forms that never were on paper: Word documents, and PDFs that a browser prints (born digital, with a text layer)."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import tempfile
import zipfile
from html import escape
from pathlib import Path

from docx import Document
from PIL import Image

from tests.made_up.filled import Filled
from tests.made_up.forms import LISTINGS
from tests.made_up.paper import Sheet, Style


def word(filled: Filled) -> bytes:
    """A .docx of a form that is a list."""
    form, document = LISTINGS[filled.form], Document()
    document.add_paragraph(form.annex)
    document.add_heading(form.title, 1)
    document.add_paragraph(form.school + filled.shown("school"))
    if form.intro:
        document.add_paragraph(form.intro)
    table = document.add_table(0, len(form.columns), style="Table Grid")
    for line in _lines(filled):
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
    document.add_paragraph(form.contact[0] + filled.shown("contact_name") + " " + filled.shown("contact_phone"))
    document.add_paragraph(form.leader + filled.signed.get("school_leader", ""))
    document.add_paragraph(filled.shown("date"))
    document.add_paragraph(form.note)
    written = io.BytesIO()
    document.save(written)
    return _undated(written.getvalue())


def printed(filled: Filled, style: Style) -> bytes:
    """A PDF of a form that is a list, as Chromium prints it. Raises subprocess.CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        page, pdf = Path(folder, "form.html"), Path(folder, "form.pdf")
        page.write_text(_page(filled, style), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        subprocess.run(
            [*command, f"--user-data-dir={folder}", f"--print-to-pdf={pdf}", page.as_uri()],
            check=True,
            capture_output=True,
            timeout=60,
        )
        return re.sub(rb"(/(?:Creation|Mod)Date) ?\(D:\d{14}", rb"\1 (D:20230328090000", pdf.read_bytes())


def _lines(filled: Filled) -> list[list[str]]:
    columns = LISTINGS[filled.form].columns
    lines = [[heading for _, heading, _ in columns]]
    lines += [[filled.shown(key, n) for key, _, _ in columns] for n in range(1, len(filled.rows) + 1)]
    if "total" in filled.fields:
        lines.append([*("" for _ in columns[2:]), "合计", filled.shown("total")])
    return lines


def _page(filled: Filled, style: Style) -> str:
    form = LISTINGS[filled.form]
    rows = "".join("<tr>" + "".join(f"<td>{escape(t)}</td>" for t in line) + "</tr>" for line in _lines(filled))
    contact = f"{filled.shown('contact_name')} {filled.shown('contact_phone')}"
    seal = _picture(filled, style, seal=True) if filled.seal else ""
    signature = _picture(filled, style, seal=False) if filled.signed.get("school_leader") else ""
    return f"""<!doctype html><meta charset=utf-8><style>
body {{ font: 12pt "Noto Serif CJK SC"; margin: 8mm; position: relative }} h1 {{ font-size: 17pt; text-align: center }}
table {{ border-collapse: collapse; width: 100% }} td {{ border: 1px solid; padding: 4px; text-align: center }}
.seal {{ position: absolute; left: 95mm; top: 22mm; width: 46mm; mix-blend-mode: multiply }}
.sign {{ height: 14mm; vertical-align: middle }}</style>
<p>{form.annex}<h1>{form.title}</h1><p>{form.school}{escape(filled.shown("school"))}<p>{form.intro}
<table>{rows}</table><p>{form.contact[0]}{escape(contact)}<p>{form.leader}{signature}
<p style="text-align:right">{filled.shown("date", dates=style.dates)}<p><small>{form.note}</small>{seal}"""


def _picture(filled: Filled, style: Style, seal: bool) -> str:
    """The seal or the signature as an image in the page, clear around its ink."""
    sheet = Sheet(style, number=9)
    if seal:
        sheet.seal(30, 30, filled.seal, filled.lower)
    else:
        sheet.sign(10, 12, filled.signed["school_leader"])
    cut = sheet.image.crop((sheet.px(5), sheet.px(5), sheet.px(55), sheet.px(55 if seal else 25)))
    cut.putalpha(Image.eval(cut.convert("L"), lambda shade: 255 if shade < 250 else 0))
    written = io.BytesIO()
    cut.save(written, "PNG")
    data = base64.b64encode(written.getvalue()).decode()
    return f'<img class={"seal" if seal else "sign"} src="data:image/png;base64,{data}">'


def _undated(package: bytes) -> bytes:
    """The same Office file without the times of its making."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (2023, 3, 28, 9, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
