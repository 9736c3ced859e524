"""How files become sheets."""

from __future__ import annotations

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageFile

from ingest.errors import Bomb, Encrypted, Unreadable, Unsupported
from ingest.sheets import Limits, Picture, decode_picture, encode_jpeg, render, size_of
from tests.ingest.drawing import file_of, page, pdf_of, saved

CORNER = np.full((300, 200, 3), 255, np.uint8)
CORNER[:60, :60] = (200, 30, 30)  # a red mark at the top left


def _sizes(data: bytes) -> list[tuple[int, int]]:
    return [sheet.picture.shape[:2] for sheet in render(file_of(data, "image"))]


def _red_corner(picture: Picture) -> str:
    height, width = picture.shape[:2]
    red = (picture[:, :, 0].astype(int) - picture[:, :, 1]) > 80
    y, x = (float(axis.mean()) for axis in np.nonzero(red))
    return ("top" if y < height / 2 else "bottom") + (" left" if x < width / 2 else " right")


def test_a_photograph_is_turned_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown a quarter turn clockwise
    (sheet,) = render(file_of(saved(CORNER, "JPEG", exif=exif), "image"))
    assert sheet.picture.shape == (200, 300, 3)
    assert _red_corner(sheet.picture) == "top right"


@pytest.mark.parametrize(
    ("turn", "corner"), [(0, "top left"), (90, "top right"), (180, "bottom right"), (270, "bottom left")]
)
def test_a_pdf_page_is_turned_as_its_rotate_says(turn: int, corner: str) -> None:
    (sheet,) = render(file_of(pdf_of(f"/Rotate {turn} | 1 0 0 rg 20 760 60 60 re f"), "pdf"))
    assert _red_corner(sheet.picture) == corner
    assert sorted(sheet.picture.shape[:2]) == [1653, 2339]
    assert round(sheet.dpi) == 200


def test_only_what_the_crop_box_shows_is_rendered() -> None:
    (sheet,) = render(file_of(pdf_of("/CropBox [100 100 400 500] | 1 0 0 rg 0 0 600 900 re f"), "pdf"))
    assert sheet.picture.shape[:2] == (1111, 834)


def test_all_pages_of_a_pdf_come_in_order_with_the_size_of_their_text_layer() -> None:
    data = pdf_of("| BT /F1 12 Tf 50 700 Td (four) Tj ET", "| 10 10 50 50 re f")
    assert [(sheet.number, sheet.characters, sheet.damaged) for sheet in render(file_of(data, "pdf"))] == [
        (1, 4, False),
        (2, 0, False),
    ]


def test_a_scan_in_a_pdf_keeps_its_own_resolution() -> None:
    data = saved(Image.fromarray(page()).resize((1406, 1988)), "PDF", resolution=170)
    (sheet,) = render(file_of(data, "pdf"))
    assert sheet.picture.shape[:2] == (1988, 1406)


def test_a_fine_scan_is_reduced_to_working_size() -> None:
    data = saved(Image.fromarray(page()).resize((4960, 7016)), "PDF", resolution=600)
    (sheet,) = render(file_of(data, "pdf"))
    assert 2500 < sheet.picture.shape[0] < 2600


def test_a_fax_with_oblong_pixels_gets_square_ones() -> None:
    fax = Image.new("1", (1728, 1146), 1)
    assert _sizes(saved(fax, "TIFF", compression="group4", dpi=(204, 98))) == [(2386, 1728)]


def test_all_pages_of_a_tiff_are_read() -> None:
    pages = [Image.new("L", (300, 400 + 10 * i), 255) for i in range(3)]
    assert _sizes(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])) == [
        (400, 300),
        (410, 300),
        (420, 300),
    ]


def test_only_the_first_picture_of_an_animation_is_read() -> None:
    pages = [Image.new("P", (300, 400), i) for i in range(3)]
    assert _sizes(saved(pages[0], "GIF", save_all=True, append_images=pages[1:])) == [(400, 300)]


@pytest.mark.parametrize("form", ["PNG", "BMP", "WEBP", "JPEG"])
def test_every_common_format_shows_the_same(form: str) -> None:
    (sheet,) = render(file_of(saved(CORNER, form), "image"))
    assert np.abs(sheet.picture.astype(int) - CORNER).mean() < 3


def test_heic_is_read() -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(CORNER)).save(out)
    (sheet,) = render(file_of(out.getvalue(), "image"))
    assert _red_corner(sheet.picture) == "top left"


def test_transparency_is_shown_on_white() -> None:
    clear = Image.new("RGBA", (50, 80), (0, 0, 0, 0))
    (sheet,) = render(file_of(saved(clear, "PNG"), "image"))
    assert sheet.picture.min() == 255


def test_sixteen_bits_are_cut_to_eight() -> None:
    grey = Image.fromarray(np.array([[0, 128 * 257, 65535]] * 3, np.uint16))
    (sheet,) = render(file_of(saved(grey, "PNG"), "image"))
    assert sheet.picture[0, :, 0].tolist() == [0, 128, 255]


def test_cmyk_becomes_rgb() -> None:
    (sheet,) = render(file_of(saved(Image.fromarray(CORNER).convert("CMYK"), "JPEG"), "image"))
    assert _red_corner(sheet.picture) == "top left"


def test_a_large_photograph_is_reduced() -> None:
    assert _sizes(saved(Image.new("RGB", (4032, 3024), "grey"), "JPEG")) == [(2250, 3000)]


def test_what_arrived_of_a_cut_off_picture_is_used() -> None:
    data = saved(page(), "JPEG")
    (sheet,) = render(file_of(data[: len(data) * 3 // 4], "image"))
    assert (sheet.picture.shape, sheet.damaged) == ((2339, 1654, 3), True)


def test_a_cut_off_picture_is_told_whoever_else_is_patient_with_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint sets this for the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = saved(page(), "JPEG")
    (sheet,) = render(file_of(data[: len(data) * 3 // 4], "image"))
    assert (sheet.damaged, ImageFile.LOAD_TRUNCATED_IMAGES) == (True, True)


def test_a_picture_of_which_hardly_anything_arrived_is_unreadable() -> None:
    data = saved(page(), "JPEG")
    with pytest.raises(Unreadable):
        list(render(file_of(data[: len(data) // 10], "image")))


def test_a_picture_that_unpacks_to_gigabytes_is_refused() -> None:
    with pytest.raises(Bomb) as bomb:
        list(render(file_of(saved(Image.new("1", (20000, 20000)), "PNG"), "image")))
    assert (bomb.value.code, bomb.value.permanent) == ("file.bomb", True)


@pytest.mark.parametrize(
    ("data", "kind", "error"),
    [
        (b"%PDF-1.7 and no more", "pdf", Unreadable),
        (b"", "pdf", Unreadable),
        (pdf_of(), "pdf", Unreadable),
        (b"", "image", Unreadable),
        (b"<html></html>", "image", Unreadable),
        (b"\x89PNG\r\n\x1a\n", "image", Unreadable),
        (b"PK", "docx", Unsupported),
    ],
)
def test_what_cannot_be_shown_says_why(data: bytes, kind: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        list(render(file_of(data, kind)))  # type: ignore[arg-type]


def test_a_pdf_with_a_password_says_so() -> None:
    encrypt = "/Filter /Standard /V 1 /R 2 /P -4 /O <" + "41" * 32 + "> /U <" + "42" * 32 + ">"
    data = pdf_of("| ").replace(b"/Root 1 0 R", f"/Root 1 0 R /ID [<00><00>] /Encrypt << {encrypt} >>".encode())
    with pytest.raises(Encrypted) as encrypted:
        list(render(file_of(data, "pdf")))
    assert encrypted.value.code == "file.encrypted"


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(Bomb):
        list(render(file_of(pdf_of("|", "|", "|"), "pdf"), Limits(pages=2)))


def test_a_pdf_that_takes_too_much_memory_takes_only_its_child_down() -> None:
    with pytest.raises((Bomb, Unreadable)):
        list(render(file_of(pdf_of("| 0 0 9 9 re f"), "pdf"), Limits(memory=20)))


def test_a_pdf_that_never_ends_is_stopped_and_the_pages_before_stand() -> None:
    endless = "q 0 0 600 800 re f Q " * 3_000_000
    seen = []
    with pytest.raises(Bomb):
        for sheet in render(file_of(pdf_of("| 0 0 9 9 re f", f"| {endless}"), "pdf"), Limits(seconds=1)):
            seen.append(sheet.number)
    assert seen == [1]


def test_our_own_pictures_come_back_as_they_were_stored() -> None:
    again = decode_picture(encode_jpeg(CORNER, 95))
    assert np.abs(again.astype(int) - CORNER).mean() < 2
    with pytest.raises(ValueError, match="not a picture"):
        decode_picture(b"no")


def test_a_size_is_told_without_decoding() -> None:
    assert size_of(saved(CORNER, "PNG")) == (200, 300)
