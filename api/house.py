"""Where everything is put together, once, from the settings: the store, the files, the readers, the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from api.across import Across
from api.audit.key import open_store
from api.bench import Bench
from api.engine import Engine
from api.judging import Judging
from api.pipeline import Extract, Judge, Pipeline
from api.settings import Settings
from api.store.engine import Store
from api.store.files import Files
from api.worker import Pool
from corpora.form import load_forms
from corpora.programme import load_programmes
from extractors.extraction import Extraction
from ingest.document import Document, Look
from ingest.ocr import Reader


@dataclass(frozen=True)
class House:
    """What the commands work with."""

    settings: Settings
    store: Store
    files: Files
    pipeline: Pipeline

    def engine(self) -> Engine:
        """The engine, to be opened with `with`."""
        return Engine(
            self.pipeline,
            slots=self.settings.data / "workers",
            cores=self.settings.ocr_workers,
            beat_seconds=self.settings.beat_seconds,
        )


def paddle_reader(models: Path | None, limit: int, threads: int) -> Reader:
    """The reader in production. Raises ingest.models.ModelsMissing."""
    from ingest.models import models_folder, verify
    from ingest.paddle import PaddleReader

    folder = models_folder(models)
    verify(folder)
    return PaddleReader(folder, limit=limit, threads=threads)


def extract_forms(document: Document, looks: tuple[Look, ...]) -> tuple[Extraction, ...]:
    """`extractors.extract` with the forms that the project knows."""
    from extractors.extract import extract

    return extract(document, load_forms(), looks)


@contextmanager
def open_house(
    settings: Settings,
    make_reader: Callable[[], Reader] | None = None,
    extract: Extract = extract_forms,
    judge: Judge | None = None,
) -> Iterator[House]:
    """Opens the store (and makes it where it is not there) and a pool of readers that starts when it is needed.

    make_reader: picklable; called once in each child process. Raises OSError, sqlalchemy.exc.SQLAlchemyError,
    FilesUnknown; FormError and ProgrammeError, before a message could suffer from a broken description.
    """
    load_forms()
    load_programmes()
    reader = make_reader or partial(paddle_reader, settings.models, settings.ocr_limit, settings.ocr_threads)
    store, files = open_store(settings), Files(settings.originals_url)
    pool = Pool(
        partial(Bench, settings.originals_url, reader),
        size=settings.ocr_workers,
        tasks=settings.pages_per_process,
        seconds=settings.page_seconds,
    )
    try:
        judging = Judging(store)
        pipeline = Pipeline(store, files, pool, extract, judge or judging, Across(judging.school))
        yield House(settings, store, files, pipeline)
    finally:
        pool.close()
        store.close()
