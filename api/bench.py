"""What a child process of the pool does: render a file, read a page, read crops. Keys go in and out, never pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from api.store.files import Files
from api.values import pack
from extractors.extraction import Request
from ingest.document import Box, DigitalSignature, File, FileKind, Imprint, Line, Look, Page, Trouble
from ingest.ink import crop, dark_layer, tight
from ingest.ocr import Picture, Reader


@dataclass(frozen=True, slots=True)
class Side:
    """One page of a file as it was rendered (see `api.store.tables.PageRow`); `page` where nothing is left to read."""

    number: int
    view: str
    dpi: float
    characters: int
    page: str | None = None


class Bench:
    """What a child works with: the file store and, once the first page comes, the reader with its models."""

    def __init__(self, files_url: str, make_reader: Callable[[], Reader]):
        self.files = Files(files_url)
        self._make_reader = make_reader

    @cached_property
    def reader(self) -> Reader:
        return self._make_reader()

    @lru_cache(maxsize=2)  # noqa: B019 - a bench lives as long as its process
    def picture(self, key: str) -> Picture:
        from ingest.sheets import decode_picture

        return decode_picture(self.files.get(key))

    def file(self, key: str, name: str, kind: FileKind) -> File:
        return File(name, kind, self.files.get(key), key)


def render_file(bench: Bench, key: str, name: str, kind: FileKind) -> tuple[tuple[Side, ...], tuple[Trouble, ...]]:
    """The pages of a file, their pictures stored; what breaks in the middle is a trouble beside the pages before it.

    Raises ingest.errors.FileError when another try may go better.
    """
    from ingest.errors import FileError

    sides: list[Side] = []
    try:
        if kind in ("docx", "xlsx"):
            _lay_out(bench, bench.file(key, name, kind), sides)
        else:
            _render(bench, bench.file(key, name, kind), sides)
    except FileError as error:
        if not error.permanent:
            raise
        return tuple(sides), (Trouble(error.code, error.message, name),)
    return tuple(sides), ()


def _render(bench: Bench, file: File, sides: list[Side]) -> None:
    from ingest.sheets import encode_jpeg, render

    for sheet in render(file):
        view = bench.files.put(encode_jpeg(sheet.picture))
        sides.append(Side(sheet.number, view, sheet.dpi, sheet.characters))


def _lay_out(bench: Bench, file: File, sides: list[Side]) -> None:
    from ingest.office import read_office

    for page in read_office(file):
        sides.append(Side(page.number, "", 0.0, 0, bench.files.put(pack(Page, page))))


def verify_file(bench: Bench, key: str, name: str) -> tuple[tuple[DigitalSignature, ...], tuple[Trouble, ...]]:
    """The digital signatures of a PDF, and what is to be said against them."""
    from ingest.pdf_signatures import objection, verify

    found = tuple(replace(one, file_name=name, sha256=key) for one in verify(bench.files.get(key)))
    against = objection(found)
    return found, ((Trouble("file.signature_invalid", against, name),) if against else ())


def read_page(bench: Bench, key: str, name: str, kind: FileKind, side: Side) -> str:
    """Reads one rendered page and gives the key of its Page."""
    from ingest.read import read_sheet
    from ingest.sheets import Sheet, encode_jpeg

    sheet = Sheet(side.number, bench.picture(side.view), side.dpi, side.characters)
    read = read_sheet(sheet, bench.file(key, name, kind), bench.reader)
    # A sheet that needed no straightening is its own working picture.
    same = read.picture is sheet.picture
    picture = side.view if same else bench.files.put(encode_jpeg(read.picture))
    return bench.files.put(pack(Page, replace(read.page, view=side.view, picture=picture)))


def take_looks(
    bench: Bench, picture: str, seals: tuple[Imprint, ...], requests: tuple[Request, ...]
) -> tuple[Look, ...]:
    """Answers requests about one page, in their order. picture: its working picture; seals: those found on it."""
    lines = iter(read_crops(bench, picture, tuple(one.box for one in requests if one.purpose == "line")))
    return tuple(_look(bench, picture, seals, request, lines) for request in requests)


def _look(bench: Bench, picture: str, seals: tuple[Imprint, ...], request: Request, lines: Iterator[Line]) -> Look:
    from ingest.read import read_again
    from ingest.strokes import trace

    empty = Look(request.page, request.box, request.purpose, "", 0.0)
    if request.purpose == "ink":
        return replace(empty, ink=trace(bench.picture(picture), request.box, seals))
    if request.purpose == "text":
        return replace(empty, lines=read_again(bench.picture(picture), request.box, seals, bench.reader))
    line = next(lines)
    return replace(empty, text=line.text, confidence=line.confidence, scores=line.scores, runners_up=line.runners_up)


def read_crops(bench: Bench, picture: str, boxes: tuple[Box, ...]) -> tuple[Line, ...]:
    """One line for each box (working pixels) of a stored working picture."""
    if not boxes:
        return ()
    whole = bench.picture(picture)
    return bench.reader.read_crops([tight(dark_layer(crop(whole, box))) for box in boxes])
