"""The door to pypdfium2: renders a PDF in a process of its own.

PDFium is C++ that reads hostile files, so it never runs in our process: `pages` starts this same file as a child with
limits on memory and processor time and takes the pictures from its standard output, page by page. When the child dies,
the pages before stand. The child imports nothing but pypdfium2 and is up in a tenth of a second.

Protocol, child to parent: for each page one line of JSON and, when it names a width and a height, their RGB bytes.
"""

from __future__ import annotations

import json
import math
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class PdfPage:
    """number from 1; size in pixels; pixels per inch of paper; RGB bytes; how many characters its text layer holds."""

    number: int
    width: int
    height: int
    dpi: float
    characters: int
    rgb: bytearray


@dataclass(frozen=True)
class PdfFailure(Exception):
    """reason: "encrypted", "broken", "empty", "too many pages", "memory", "time" or "crash"."""

    reason: str


def pages(data: bytes, *, max_pages: int, seconds: int, memory: int, paper_dpi: int, longest: int) -> Iterator[PdfPage]:
    """Yields the pages of a PDF as a viewer shows them (/Rotate, CropBox, annotations and form fields included).

    seconds: of processor time for each page; memory: of the child's address space, in MB;
    paper_dpi, longest: see `scale_of`. Raises PdfFailure, when pages were read before it then after those.
    """
    with tempfile.TemporaryFile() as source:
        source.write(data)
        source.seek(0)
        limits = [str(limit) for limit in (max_pages, seconds, memory, paper_dpi, longest)]
        with subprocess.Popen(
            [sys.executable, "-I", __file__, *limits],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as child:
            assert child.stdout is not None
            try:
                yield from _receive(child.stdout)
                code = child.wait()
            finally:
                child.kill()
        if code:
            raise PdfFailure("time" if code in (-signal.SIGXCPU, -signal.SIGKILL) else "crash")


def _receive(stream: IO[bytes]) -> Iterator[PdfPage]:
    while head := stream.readline():
        try:
            message = json.loads(head)
        except ValueError:
            raise PdfFailure("crash") from None
        if "failure" in message:
            raise PdfFailure(message["failure"])
        rgb = bytearray(message["width"] * message["height"] * 3)
        view, got = memoryview(rgb), 0
        while got < len(rgb):
            count = stream.readinto(view[got:])  # type: ignore[attr-defined]
            if not count:
                return  # the child died: its exit code says why
            got += count
        yield PdfPage(rgb=rgb, **message)


def scale_of(width: float, height: float, image_side: float | None, *, paper_dpi: int, longest: int) -> float:
    """Pixels for each point. width, height: of the page in points; image_side: pixels along the longer side of the
    picture that fills the page, None when the page is drawn.

    A page of ordinary paper gets `paper_dpi`; a scan its own resolution within 3/4 and 11/10 of that, because finer
    pixels cost time and tell the reader nothing. Phones make pages of any size: no side gets more than `longest`
    pixels nor, on pages much larger than paper, more than the picture has.
    """
    side = max(width, height)
    wanted = paper_dpi / 72
    if image_side:
        wanted = min(max(image_side / side, wanted * 3 / 4), wanted * 11 / 10)
        if side > 1300:  # points: beyond A3, so no real paper
            wanted = image_side / side
    return min(wanted, longest / side)


# --- the child -------------------------------------------------------------------------------------------------------


def _main(max_pages: int, seconds: int, memory: int, paper_dpi: int, longest: int) -> None:
    import pypdfium2

    resource.setrlimit(resource.RLIMIT_AS, (memory * MEGABYTE, memory * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout.buffer
    try:
        pdf = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        if pdf.get_formtype():
            pdf.init_forms()
        if len(pdf) > max_pages:
            raise PdfFailure("too many pages")
        if not len(pdf):
            raise PdfFailure("empty")
        for index in range(len(pdf)):
            _allow(seconds)
            _send(out, *_render(pdf, index, paper_dpi, longest))
    except PdfFailure as failure:
        _send(out, {"failure": failure.reason})
    except MemoryError:
        _send(out, {"failure": "memory"})
    except pypdfium2.PdfiumError as error:
        _send(out, {"failure": "encrypted" if "password" in str(error).lower() else "broken"})


def _allow(seconds: int) -> None:
    """Lets the kernel end this process after `seconds` more of processor time (waiting for the reader is free)."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


def _send(out: IO[bytes], message: dict[str, Any], rgb: Any = b"") -> None:
    out.write(json.dumps(message).encode() + b"\n")
    out.write(rgb)
    out.flush()


def _render(pdf: Any, index: int, paper_dpi: int, longest: int) -> tuple[dict[str, Any], Any]:
    page = pdf[index]
    width, height = page.get_size()
    if not (0 < width < 1e5 and 0 < height < 1e5):
        raise PdfFailure("broken")
    scale = scale_of(width, height, _image_side(page, width * height), paper_dpi=paper_dpi, longest=longest)
    scale *= 1 - 1e-4  # PDFium rounds up, and one pixel more than the scan has would blur all of it
    bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=2)  # FPDFBitmap_BGR, written as RGB
    characters = page.get_textpage().count_chars()
    message = {
        "number": index + 1,
        "width": bitmap.width,
        "height": bitmap.height,
        "dpi": scale * 72,
        "characters": characters,
    }
    return message, _packed(bitmap)


def _packed(bitmap: Any) -> bytes:
    row = bitmap.width * 3
    data = memoryview(bitmap.buffer).cast("B")
    if bitmap.stride == row:
        return data[: row * bitmap.height]  # type: ignore[return-value]
    return b"".join(data[y * bitmap.stride : y * bitmap.stride + row] for y in range(bitmap.height))


def _image_side(page: Any, area: float) -> float | None:
    """Pixels along the longer side of the page if one picture (or a stack of strips) covers most of it."""
    covered, pixels = 0.0, 0.0
    for image in page.get_objects(filter=[3], max_depth=3):  # FPDF_PAGEOBJ_IMAGE
        left, bottom, right, top = image.get_bounds()
        size = (right - left) * (top - bottom)
        if size < area / 100:
            continue
        covered += size
        across, down = image.get_px_size()
        pixels += across * down
    if covered < area * 0.7:
        return None
    width, height = page.get_size()
    return float(math.sqrt(pixels / covered) * max(width, height))


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:6]))
