"""The pipeline without the engine: one message, one step after the other, in this thread. For `check` and for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from api.errors import StepFailed, YinjianError
from api.pipeline import Pipeline
from ingest.errors import FileError

P = ParamSpec("P")
R = TypeVar("R")


class Direct:
    """A Run (`api.pipeline.Run`) that tries each step once."""

    def __init__(self, pipeline: Pipeline):
        self._pipeline = pipeline

    def process(self, message: str) -> None:
        self._pipeline.document(self, message)

    def step(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(*args, **kwargs)
        except (YinjianError, FileError) as error:
            raise StepFailed(error.code, str(error)) from error

    def commit(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        with self._pipeline.store.session() as session:
            return work(session, *args, **kwargs)

    def pages(self, message: str, places: Sequence[int]) -> None:
        for place in places:
            self._pipeline.page(self, message, place)
