"""What was read of a sample, kept beside it, so that a form's description can be tried on it without OCR.

Beside `plan.pdf` lie `plan.pdf.ocr` (the Document with the second looks that were taken, packed) and
`plan.pdf.yaml`: the values that the form's description must find. The latter is written once, as they are read, and
corrected by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from pydantic import ValidationError

from api.direct import Direct
from api.errors import WrongCall
from api.house import open_house
from api.intake import find_items, take
from api.pipeline import Conclusion, document_of
from api.settings import Settings
from api.store import work
from api.values import pack, unpack
from corpora.form import FormSpec, load_forms, read_form
from extractors.extract import extract
from extractors.extraction import NOT_FOUND, Extraction, Reading, Request
from ingest.document import Document, Look
from ingest.ocr import Reader

KEPT = ".ocr"
EXPECTED = ".yaml"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of one sample."""

    document: Document
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a form as its description finds it. row: from 1, None for a field; expected: what it must be, if
    `told`; labels: what was looked for, where it was not found."""

    name: str
    row: int | None
    reading: Reading
    expected: Any = None
    told: bool = False
    labels: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return not self.told or meant(self.reading) == self.expected


@dataclass(frozen=True, slots=True)
class Trial:
    """How a form's description does on one sample.

    found: the form that its pages were taken for, None for none; asked: second looks that were never taken.
    """

    sample: Path
    found: str | None
    values: tuple[Value, ...]
    asked: int = 0

    @property
    def right(self) -> bool:
        return bool(self.values) and all(value.right for value in self.values)


def record_sample(
    settings: Settings, description: Path, sample: Path, make_reader: Callable[[], Reader] | None = None
) -> Trial:
    """Reads a sample (a file or a mail) and keeps what was read beside it; expected values that are there stay.

    description: the form's YAML. Raises WrongCall, corpora.form.FormError.
    """
    form = read_form(description)
    if not sample.is_file():
        raise WrongCall(f"没有这个文件：{sample}")
    forms = _with(form)
    with TemporaryDirectory(prefix="yinjian-") as folder:
        own = settings.model_copy(update={"data": Path(folder), "database_url": "", "files_url": "", "ocr_workers": 1})
        with open_house(own, make_reader, lambda document, looks: extract(document, forms, looks)) as house:
            items = list(find_items([sample]))
            if len(items) != 1:
                raise WrongCall(f"{sample.name} 不是一个文件或一封邮件，不能作为样例。")
            message = take(house.store, house.files, items[0], datetime.now(UTC)).message
            Direct(house.pipeline).process(message)
            with house.store.reading() as session:
                row = work.message(session, message)
                document, key = document_of(house.files, row, work.pages(session, message)), row.conclusion
            looks = unpack(Conclusion, house.files.get(key)).looks if key else ()
    if not document.pages:
        raise WrongCall(f"{sample.name} 没有可读的页面：{'；'.join(t.message for t in document.troubles)}")
    _beside(sample, KEPT).write_bytes(pack(Kept, _anonymous(Kept(document, looks))))
    trial = try_form(form, sample)
    if trial.found == form.key and not _beside(sample, EXPECTED).exists():
        _beside(sample, EXPECTED).write_text(_written(trial), encoding="utf-8")
    return trial


def check_samples(description: Path, samples: list[Path]) -> list[Trial]:
    """The form's description tried on what was read of the samples; all that lie in `samples/` beside it, if none are
    named. No OCR. Raises WrongCall, corpora.form.FormError."""
    form = read_form(description)
    named = [path.with_suffix("") if path.suffix == KEPT else path for path in samples]
    found = named or sorted(path.with_suffix("") for path in (description.parent / "samples").glob(f"*{KEPT}"))
    if not found:
        raise WrongCall(f"没有样例。先用 yinjian forms record {description.name} 样例文件 记录一份。")
    return [try_form(form, sample) for sample in found]


def try_form(form: FormSpec, sample: Path) -> Trial:
    """Raises WrongCall when the sample was not recorded, or its expected values are no YAML of them."""
    try:
        kept = unpack(Kept, _beside(sample, KEPT).read_bytes())
    except FileNotFoundError as error:
        raise WrongCall(f"{sample.name} 还没有记录，请先用 yinjian forms record 记录。") from error
    except (OSError, ValidationError) as error:
        raise WrongCall(f"{sample.name}{KEPT} 不能使用，请用 yinjian forms record 重新记录。") from error
    found = extract(kept.document, _with(form), kept.looks)
    own = next((one for one in found if one.form == form.key), None)
    if own is None:
        return Trial(sample, next((one.form for one in found if one.form), None), ())
    taken = {(look.page, look.box, look.purpose) for look in kept.looks}
    asked = {request for request in own.requests if _key(request) not in taken}
    return Trial(sample, form.key, tuple(_values(form, own, _expected(sample))), len(asked))


def meant(reading: Reading) -> Any:
    """A value as the YAML of expected values writes it: None for a blank, a day as its ISO text."""
    return reading.value if reading.reading == "written" else None


def _key(request: Request) -> tuple[int, Any, str]:
    return request.page, request.box, request.purpose


def _values(form: FormSpec, found: Extraction, expected: dict[str, Any]) -> Iterator[Value]:
    told = expected.get("fields") or {}
    for name, reading in found.fields.items():
        labels = tuple(form.fields[name].labels)
        yield Value(name, None, reading, _plain(told.get(name)), name in told, labels)
    listed: list[dict[str, Any]] = expected.get("rows") or []
    rows = max(len(found.rows), len(listed)) if "rows" in expected else len(found.rows)
    for number in range(rows):
        row = found.rows[number] if number < len(found.rows) else {}
        wanted = listed[number] if number < len(listed) else {}
        extra = "rows" in expected and not wanted  # a row that is not expected: all in it is wrong
        for name in dict.fromkeys((*row, *wanted)):
            reading = row.get(name, NOT_FOUND)
            yield Value(name, number + 1, reading, _plain(wanted.get(name)), extra or name in wanted)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _expected(sample: Path) -> dict[str, Any]:
    path = _beside(sample, EXPECTED)
    if not path.exists():
        return {}
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WrongCall(f"{path.name} 不是正确的 YAML：{error}") from error
    rows = said.get("rows", []) if isinstance(said, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WrongCall(f"{path.name} 应有 fields（键和值）和 rows（每行一组键和值）。")
    return said  # type: ignore[no-any-return]


def _written(trial: Trial) -> str:
    fields = {value.name: meant(value.reading) for value in trial.values if value.row is None}
    rows: dict[int, dict[str, Any]] = {}
    for value in trial.values:
        if value.row is not None:
            rows.setdefault(value.row, {})[value.name] = meant(value.reading)
    said = {"fields": fields} | ({"rows": list(rows.values())} if rows else {})
    head = "# 应读出的值。由 yinjian forms record 按当前识别结果写出：请对照样例改正。\n"
    return head + yaml.safe_dump(said, allow_unicode=True, sort_keys=False)


def _with(form: FormSpec) -> tuple[FormSpec, ...]:
    """The forms that the project knows, and this one in place of what it had for its key."""
    return (*(one for one in load_forms() if one.key != form.key), form)


def _anonymous(kept: Kept) -> Kept:
    """Without the keys of pictures that are not kept, but for whether there was one."""
    pages = tuple(replace(page, view="", picture="kept" if page.picture else "") for page in kept.document.pages)
    return replace(kept, document=replace(kept.document, pages=pages))


def _beside(sample: Path, ending: str) -> Path:
    return sample.with_name(sample.name + ending)
