"""The door to DBOS: runs the pipeline so that a message, once stored, is processed once, whoever is killed when.

A `document` workflow for each message, a `page` workflow for each page; their ids are the message's hash (and the
page's place), so that sending twice does nothing. A step's outcome, also a failure, is a value: what is replayed after
a crash is what was seen before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, SQLAlchemyDatasource
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.errors import StepFailed, YinjianError, is_transient
from api.logs import log
from api.pipeline import Pipeline
from api.presence import Presence, Slot
from api.store import work
from api.store.engine import Store, open_engine
from ingest.errors import FileError

P = ParamSpec("P")
R = TypeVar("R")

# Of the workflows: raise it when their steps change. Work under way then waits for a process of its own version.
VERSION = "1"
DOCUMENTS, PAGES = "documents", "ocr"
GLANCE = 0.1  # seconds between two looks at a queue, or at the pages that a document waits for
PAUSES = (0.5, 1.0, 2.0, None)  # seconds after each failed attempt of a step; None: no more
RECOVERIES = 10  # a workflow that was taken up so often, and never ended, brings its process down
FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

_logger = log(__name__)


class Stopping(BaseException):
    """The process ends: leave the workflow to whoever takes it up. Not an Exception, so that nobody records it."""


class Engine:
    """Processes messages while it is open (`with`). One to a process: DBOS is global.

    slots: a folder of this machine for the locks that name the processes.
    cores: how many pages are read at a time.
    """

    def __init__(self, pipeline: Pipeline, *, slots: Path, cores: int, beat_seconds: float):
        self._pipeline, self._cores = pipeline, cores
        self._slots, self._beat_seconds = slots, beat_seconds
        self._stopping = Event()

    def __enter__(self) -> Self:
        store = self._pipeline.store
        self._slot = Slot(self._slots)
        self._presence = Presence(store, self._slot.executor, self._beat_seconds)
        self._presence.beat()
        # What the engine notes need not survive a power cut: it is all told again by our own tables.
        self._system = open_engine(store.url, durable=False)
        DBOS(config=_config(store, self._system, self._slot.executor))
        self._datasource = SQLAlchemyDatasource.create(
            store.url, engine=store.engine, serializer=DBOSPortableJSONSerializer()
        )
        self._document = DBOS.workflow(name="document", max_recovery_attempts=RECOVERIES)(self._run_document())
        self._page = DBOS.workflow(name="page", max_recovery_attempts=RECOVERIES)(self._run_page())
        DBOS.launch()
        # One page more than there are cores waits at hand, so that no core waits for the queue.
        for name, count in ((PAGES, self._cores + 1), (DOCUMENTS, self._cores + 4)):
            DBOS.register_queue(
                name, worker_concurrency=count, polling_interval_sec=GLANCE, on_conflict="always_update"
            )
        self._keeper = Thread(target=self._keep, name="yinjian-keeper", daemon=True)
        self._keeper.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._keeper.join()
        DBOS.destroy(destroy_registry=True)
        # Executions that lost their workflow to another process poll for its outcome: they shall not outlive us.
        sa.event.listen(self._system, "do_connect", _refuse)
        self._system.dispose()
        self._slot.close()

    def send(self, messages: Iterable[str]) -> None:
        """Hands messages over for processing; those that were handed over before are left alone."""
        for message in messages:
            with SetWorkflowID(message):
                DBOS.enqueue_workflow(DOCUMENTS, self._document, message)

    def wait(self, messages: Sequence[str], tell: Callable[[work.Progress], None] = lambda progress: None) -> None:
        """Returns when all the messages have an outcome; tells how far they are, several times a second."""
        while True:
            with self._pipeline.store.reading() as session:
                progress = work.progress(session, messages)
            tell(progress)
            if progress.messages_done == progress.messages:
                return
            time.sleep(2 * GLANCE)

    # Workflows are closures: DBOS marks the functions that it is given, which bound methods do not let it.

    def _run_document(self) -> Callable[[str], None]:
        def document(message: str) -> None:
            self._pipeline.document(self, message)

        return document

    def _run_page(self) -> Callable[[str, int], None]:
        def page(message: str, place: int) -> None:
            self._pipeline.page(self, message, place)

        return page

    # --- the Run of the pipeline: see `api.pipeline.Run` ---

    def step(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        def attempt() -> dict[str, Any]:
            return self._attempt(work, *args, **kwargs)

        self._go_on()
        outcome = DBOS.run_step({"name": work.__name__}, attempt)
        if "failed" in outcome:
            raise StepFailed(outcome["failed"], outcome["reason"])
        result: R = outcome["value"]
        return result

    def commit(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        def transaction() -> R:
            return work(self._datasource.sql_session(), *args, **kwargs)

        self._go_on()
        try:
            return self._datasource.run_tx_step({"name": work.__name__}, transaction)
        except Exception as error:
            _logger.error("commit.failed", step=work.__name__, error=type(error).__name__)
            raise StepFailed(YinjianError.code) from error

    def pages(self, message: str, places: Sequence[int]) -> None:
        for place in places:
            with SetWorkflowID(f"{message}/{place}"):
                DBOS.enqueue_workflow(PAGES, self._page, message, place)
        # Our own table says when they are done: asking DBOS would write a note for each page.
        while places:
            with self._pipeline.store.reading() as session:
                if work.all_read(session, message):
                    return
            self._go_on()
            self._stopping.wait(GLANCE)

    def _attempt(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
        for pause in PAUSES:
            try:
                return {"value": work(*args, **kwargs)}
            except Exception as error:  # noqa: BLE001 - whatever goes wrong with a message must end in its record
                self._go_on()
                _logger.warning("step.failed", step=work.__name__, error=type(error).__name__, again=pause)
                if pause is None or not is_transient(error):
                    return _failure(error)
                self._stopping.wait(pause)
        raise AssertionError("the last pause is None")

    def _go_on(self) -> None:
        if self._stopping.is_set():
            raise Stopping

    # --- the keeper: beats, takes over from the dead, ends what cannot be run ---

    def _keep(self) -> None:
        while not self._stopping.wait(self._beat_seconds):
            try:
                if self._presence.beat():
                    take_over(self._presence)
                self._end_hopeless()
            except SQLAlchemyError as error:
                _logger.warning("keeper.failed", error=type(error).__name__)

    def _end_hopeless(self) -> None:
        """A workflow that DBOS gave up would leave its message without an outcome."""
        reason = str(YinjianError())
        for workflow in DBOS.list_workflows(
            status=FAILED, sort_desc=True, limit=100, load_output=False, load_input=False
        ):
            message, _, place = workflow.workflow_id.partition("/")
            with self._pipeline.store.session() as session:
                if place and not work.is_read(session, message, int(place)):
                    self._pipeline.mark_page(session, message, int(place), YinjianError.code, reason)
                elif not place and work.message(session, message).state == "received":
                    self._pipeline.park(session, message, YinjianError.code, reason)


def _refuse(*_: Any) -> None:
    raise Stopping


def take_over(presence: Presence) -> list[str]:
    """Hands the work of dead processes back to the queues and gives their ids. The one place that relies on
    `DBOS._recover_pending_workflows`: the open library itself revives only its own process's work."""
    dead = presence.dead()
    if dead:
        DBOS._recover_pending_workflows(dead)
        presence.forget(dead)
        _logger.warning("workers.dead", count=len(dead))
    return dead


def _config(store: Store, system: sa.Engine, executor: str) -> DBOSConfig:
    return {
        "name": "yinjian",
        "system_database_url": store.url,
        "system_database_engine": system,
        "executor_id": executor,
        "application_version": VERSION,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "ERROR",
        "enable_otlp": False,
    }


def _failure(error: Exception) -> dict[str, Any]:
    """What is known of an error that may be shown: our own say what to do, others only that it happened."""
    if isinstance(error, StepFailed | FileError | YinjianError):
        return {"failed": error.code, "reason": str(error)}
    return {"failed": YinjianError.code, "reason": str(YinjianError())}
