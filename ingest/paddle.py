"""The door to PaddleOCR: PP-OCRv6 on ONNX Runtime, by OpenVINO where it is installed.

PaddleOCR's own modules detect and recognise; only the last step, from posteriors to text, is ours, because its
`predict` drops what we need to doubt a reading: the probability of each character and what else it might have been.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.document import Box, Lattice, Line
from ingest.ocr import Picture

DETECTOR = "PP-OCRv6_small_det"
RECOGNISER = "PP-OCRv6_small_rec"
ORIENTATION = "PP-LCNet_x1_0_doc_ori"
LINE_HEIGHT = 48  # the recogniser's input height in pixels
LIKELY = 12  # characters kept of each column of a lattice
COLUMN = 8  # pixels of that input for each column of posteriors


class PaddleReader:
    """A `Reader` on PaddleOCR. Loading takes seconds and some 300 MB: keep one for each process.

    models: folder with one folder for each model (see `ingest.models`).
    limit:  the longest side, in pixels, that the detector sees; 960 reads A4 as well as 1280 does, in half the time.
    """

    def __init__(self, models: Path, *, limit: int = 960, threads: int | None = None):
        # PaddleX asks a model hub for news when it is imported; this product has no internet.
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        from paddleocr import DocImgOrientationClassification, TextDetection, TextRecognition
        from paddlex.inference.pipelines.components import CropByPolys, SortQuadBoxes

        common = {"engine": "onnxruntime", "engine_config": _engine(threads)}
        self._detector = TextDetection(
            model_name=DETECTOR,
            model_dir=str(models / DETECTOR),
            limit_side_len=limit,
            limit_type="max",
            thresh=0.2,
            box_thresh=0.45,
            unclip_ratio=1.4,
            **common,
        )
        self._recogniser = TextRecognition(model_name=RECOGNISER, model_dir=str(models / RECOGNISER), **common)
        predictor = self._recogniser.paddlex_predictor
        predictor.post_op = self._decoder = _Decoder(predictor.post_op.character)
        self._orientation = DocImgOrientationClassification(
            model_name=ORIENTATION, model_dir=str(models / ORIENTATION), **common
        )
        self._sort, self._crop = SortQuadBoxes(), CropByPolys(det_box_type="quad")

    def quarter_turns(self, picture: Picture) -> int:
        label = next(iter(self._orientation.predict(_bgr(picture))))["label_names"][0]
        return -(int(label) // 90) % 4  # the label says how far it was turned clockwise

    def read(self, picture: Picture) -> tuple[Line, ...]:
        image = _bgr(picture)
        quads = self._sort(next(iter(self._detector.predict(image)))["dt_polys"])
        found = [(q, c) for q, c in zip(quads, self._crop(image, quads), strict=True) if c.size] if len(quads) else []
        decoded = self._recognise([crop for _, crop in found])
        lines = [_place(d, np.asarray(quad), crop) for d, (quad, crop) in zip(decoded, found, strict=True)]
        return tuple(line for line in lines if line.text)

    def read_crops(self, crops: Sequence[Picture]) -> tuple[Line, ...]:
        images = [_bgr(crop) for crop in crops]
        quads = [np.array([[0, 0], [c.shape[1], 0], [c.shape[1], c.shape[0]], [0, c.shape[0]]]) for c in images]
        decoded = self._recognise(images)
        return tuple(_place(d, quad, crop) for d, quad, crop in zip(decoded, quads, images, strict=True))

    def lattices(self, crops: Sequence[Picture]) -> tuple[Lattice, ...]:
        self._decoder.keeps_lattices = True
        try:
            return tuple(decoded.lattice for decoded in self._recognise([_bgr(crop) for crop in crops]))
        finally:
            self._decoder.keeps_lattices = False

    def _recognise(self, crops: list[NDArray[np.uint8]]) -> list[_Decoded]:
        """Decodes crops in order, one at a time: a batch pads all to its widest, which costs more than it saves."""
        return [result["rec_text"] for result in self._recogniser.predict(crops, batch_size=1)] if crops else []


def _engine(threads: int | None) -> dict[str, Any]:
    import onnxruntime

    if "OpenVINOExecutionProvider" in onnxruntime.get_available_providers():
        options = {"device_type": "CPU"} | ({"num_of_threads": str(threads)} if threads else {})
        return {
            "providers": ["OpenVINOExecutionProvider", "CPUExecutionProvider"],
            "provider_options": [options, {}],
            "log_severity_level": 3,
        }
    return {"providers": ["CPUExecutionProvider"]} | ({"intra_op_num_threads": threads} if threads else {})


def _bgr(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))  # twenty times as fast as turning the last axis


class _Decoded:
    """Characters of one crop: the column (of 8 px at height 48) where each peaks, its probability, its runners-up."""

    __slots__ = ("columns", "lattice", "runners_up", "scores", "text")

    def __init__(
        self,
        text: str,
        columns: tuple[int, ...],
        scores: tuple[float, ...],
        runners_up: tuple[tuple[tuple[str, float], ...], ...],
        lattice: Lattice,
    ):
        self.text, self.columns, self.scores, self.runners_up = text, columns, scores, runners_up
        self.lattice = lattice


class _Decoder:
    """Best-path CTC decoding that keeps where each character stands and what else it might be.

    Called by PaddleX as its `post_op` with one array of posteriors, (batch, columns, characters), blank first.
    keeps_lattices: whether the likeliest characters of every column are wanted, not just of the peaks.
    """

    def __init__(self, characters: Sequence[str]):
        self.character = list(characters)
        self.keeps_lattices = False

    def __call__(self, predictions: Sequence[NDArray[np.float32]], **_: Any) -> tuple[list[_Decoded], list[float]]:
        decoded = [self._decode(posteriors) for posteriors in predictions[0]]
        return decoded, [float(np.mean(d.scores)) if d.scores else 0.0 for d in decoded]

    def _decode(self, posteriors: NDArray[np.float32]) -> _Decoded:
        best = posteriors.argmax(axis=1)
        edges = np.flatnonzero(np.diff(best)) + 1
        runs = zip([0, *edges.tolist()], [*edges.tolist(), len(best)], strict=True)
        peaks = [a + int(posteriors[a:b, best[a]].argmax()) for a, b in runs if best[a] != 0]
        text = "".join(self.character[best[p]] for p in peaks)
        scores = tuple(round(float(posteriors[p, best[p]]), 4) for p in peaks)
        lattice = self._lattice(posteriors) if self.keeps_lattices else ()
        return _Decoded(text, tuple(peaks), scores, tuple(self._runners_up(posteriors[p]) for p in peaks), lattice)

    def _lattice(self, posteriors: NDArray[np.float32]) -> Lattice:
        """The likeliest characters of each column, blank as the empty string, with natural log probabilities."""
        likely = [np.flatnonzero(above) for above in posteriors > 1e-5]
        return tuple(
            tuple(
                (self.character[i] if i else "", round(float(np.log(column[i])), 2))
                for i in found[np.argsort(-column[found])][:LIKELY]
            )
            for column, found in zip(posteriors, likely, strict=True)
        )

    def _runners_up(self, column: NDArray[np.float32]) -> tuple[tuple[str, float], ...]:
        likely = np.flatnonzero(column > 0.01)
        order = likely[np.argsort(-column[likely])][1:5]
        return tuple((self.character[i] if i else "", round(float(column[i]), 4)) for i in order)


def _place(decoded: _Decoded, quad: NDArray[Any], crop: NDArray[Any]) -> Line:
    """Puts decoded characters where they stand on the page, along the upper and lower edge of the detected quad."""
    xs, ys = quad[:, 0], quad[:, 1]
    box = Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
    pixel = COLUMN * crop.shape[0] / LINE_HEIGHT * box.width / max(1, crop.shape[1])
    centres = [min(box.x1, box.x0 + (column + 0.5) * pixel) for column in decoded.columns]
    chars = _edges(centres, box)
    text = decoded.text
    confidence = sum(decoded.scores) / len(decoded.scores) if decoded.scores else 0.0
    return Line(text, box, round(confidence, 4), chars, decoded.scores, decoded.runners_up)


def _edges(centres: list[float], box: Box) -> tuple[tuple[float, float], ...]:
    """Left and right of each character: half way to its neighbours, but no wider than a full character is."""
    widest = 0.6 * box.height
    lefts = [box.x0, *((a + b) / 2 for a, b in pairwise(centres))]
    rights = [*lefts[1:], box.x1]
    return tuple(
        (round(max(left, centre - widest), 1), round(min(right, centre + widest), 1))
        for left, centre, right in zip(lefts, centres, rights, strict=False)
    )
