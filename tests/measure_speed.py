"""How much the whole pipeline costs beside PaddleOCR alone, page by page, in one run.

    .venv/bin/python -m tests.measure_speed FOLDER_OR_MAIL... [--pages 40]

Takes the pages of the given mails. Each is read twice, in turn: by PaddleOCR's own pipeline (same models, provider and
detector limit) from the rendered picture, and by everything that this product does to a page from the file's bytes on:
render, store, straighten, OCR, rules, ink, store, extract, second looks, judge. Prints a table; asserts nothing, since
the time of a shared machine proves nothing but the ratio.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from api.bench import Bench, read_page, render_file, take_looks
from api.house import extract_forms, open_house, paddle_reader
from api.intake import open_message
from api.settings import Settings
from api.values import unpack
from ingest.attachments import choose_files
from ingest.document import Document, Look, Page
from ingest.models import models_folder

WARM = 4  # mails that are taken first and not counted: both load what they need once in a process
Pages = list[tuple[float, float]]


def plain_paddle(settings: Settings) -> Any:
    """PaddleOCR as its manual has it, on the same models, provider and limit, without its own preprocessing."""
    from paddleocr import PaddleOCR

    from ingest.paddle import DETECTOR, RECOGNISER, _engine

    models = models_folder(settings.models)
    return PaddleOCR(
        text_detection_model_name=DETECTOR,
        text_detection_model_dir=str(models / DETECTOR),
        text_recognition_model_name=RECOGNISER,
        text_recognition_model_dir=str(models / RECOGNISER),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        text_det_limit_side_len=settings.ocr_limit,
        text_det_limit_type="max",
        engine="onnxruntime",
        engine_config=_engine(settings.ocr_threads),
    )


def measure(mails: list[Path], most: int) -> Pages:
    """Seconds of PaddleOCR alone and of the whole pipeline for each page."""
    found: Pages = []
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        paddle = plain_paddle(settings)
        bench = Bench(
            settings.originals_url, lambda: paddle_reader(settings.models, settings.ocr_limit, settings.ocr_threads)
        )
        with open_house(settings) as house:
            for number, path in enumerate(mails):
                pages = _both(bench, paddle, house.pipeline.judge, path)
                found += pages if number >= WARM else []
                print(f"\r{len(found)} pages", end="", file=sys.stderr)  # noqa: T201
                if len(found) >= most:
                    break
    return found


def _both(bench: Bench, paddle: Any, judge: Any, path: Path) -> Pages:
    alone = whole = 0.0
    began = time.perf_counter()
    mail = open_message("mail", path.name, path.read_bytes(), None)
    files, troubles = choose_files(mail)
    pages: list[Page] = []
    for file in files:
        bench.files.put(file.data)
        sides, _ = render_file(bench, file.sha256, file.name, file.kind)
        for side in sides:
            key = side.page or read_page(bench, file.sha256, file.name, file.kind, side)
            pages.append(unpack(Page, bench.files.get(key)))
    document = Document(tuple(pages), troubles)
    looks: tuple[Look, ...] = ()
    extractions = extract_forms(document, looks)
    for request in {r for e in extractions for r in e.requests}:
        page = document.pages[request.page - 1]
        if page.picture:
            looks += take_looks(bench, page.picture, page.imprints, (request,))
    for place, extraction in enumerate(extract_forms(document, looks)):
        judge(mail, mail.received_at, document, extraction, place == 0)
    whole = time.perf_counter() - began
    for page in pages:
        if page.view:
            picture = bench.picture(page.view)[:, :, ::-1].copy()
            began = time.perf_counter()
            paddle.predict(picture)
            alone += time.perf_counter() - began
    scanned = [page for page in pages if page.read_by == "ocr"]
    return [(alone / len(pages), whole / len(pages))] * len(scanned) if len(scanned) == len(pages) else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("mails", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=40)
    given = parser.parse_args()
    mails = [mail for one in given.mails for mail in (sorted(one.glob("*.eml")) if one.is_dir() else [one])]
    pages = measure(mails, given.pages)
    alone, whole = sum(a for a, _ in pages), sum(w for _, w in pages)
    table = Table(title=f"{len(pages)} scanned pages, {os.cpu_count()} cores")
    for heading in ("", "seconds", "a page", "ratio"):
        table.add_column(heading, justify="right")
    table.add_row("PaddleOCR alone", f"{alone:.1f}", f"{alone / len(pages):.2f}", "1.00")
    table.add_row("whole pipeline", f"{whole:.1f}", f"{whole / len(pages):.2f}", f"{whole / alone:.2f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Console().print(table, f"Peak memory of this process (both readers loaded): {memory:.0f} MB")


if __name__ == "__main__":
    main()
