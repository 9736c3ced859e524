"""A pool of recycled child processes, one task at a time each.

Why not concurrent.futures: there a slow task cannot be ended, and one dead child fails the tasks of all. Here a child
is a pipe and a process: ended when it is too slow, replaced when it died, recycled after some tasks (PaddleOCR's
memory grows), and gone when its parent is gone, however that ended.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from api.errors import ChildDied, TooSlow

B = TypeVar("B")
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class _Raised:
    error: Exception


class Pool(Generic[B]):
    """Runs tasks in `size` children. Safe to use from many threads; a task waits for a free child.

    start:   makes what a child works with (a reader, say), once in each child; importable, for it is pickled.
    tasks:   a child is replaced after so many.
    seconds: a task may take this long, not counting the wait for a child but counting the start of one.
    """

    def __init__(self, start: Callable[[], B], *, size: int, tasks: int, seconds: float):
        self._start, self._tasks, self._seconds = start, tasks, seconds
        self._slots: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._busy: set[_Child] = set()
        self._closed = False
        for _ in range(size):
            self._slots.put(None)

    def run(self, work: Callable[Concatenate[B, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`work(what start made, *args)` in a child. Arguments, result and errors are pickled.

        Raises what `work` raised, TooSlow, or ChildDied when the child ended in the middle or the pool was closed.
        """
        with self._child() as child:
            result = child.run(work, args, kwargs, self._seconds)
        if isinstance(result, _Raised):
            raise result.error
        return result  # type: ignore[no-any-return]

    def close(self) -> None:
        """Ends all children, also busy ones, and lets go who waits for one."""
        self._closed = True
        for busy in self._busy.copy():
            busy.kill()
        while True:
            try:
                child = self._slots.get_nowait()
            except queue.Empty:
                break
            if child:
                child.end()
        self._slots.put(None)  # who waits takes it, sees that the pool is closed, and hands it on to the next

    @contextmanager
    def _child(self) -> Any:
        child = self._slots.get()
        try:
            if not self._closed:
                child = child or _Child(self._start)
                self._busy.add(child)
            if self._closed:
                raise ChildDied
            yield child
        finally:
            if child:
                self._busy.discard(child)
                if child.dead or child.done >= self._tasks or self._closed:
                    child.end()
                    child = None
            self._slots.put(child)


class _Child:
    def __init__(self, start: Callable[[], Any]):
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, start), daemon=True, name="yinjian-reader")
        self._process.start()
        theirs.close()
        self.done = 0
        self.dead = False

    def run(self, work: Any, args: Any, kwargs: Any, seconds: float) -> Any:
        try:
            self._pipe.send((work, args, kwargs))
            if not self._pipe.poll(seconds):
                self.dead = True
                raise TooSlow
            result = self._pipe.recv()
        except (EOFError, ConnectionError, BrokenPipeError):
            self.dead = True
            raise ChildDied from None
        self.done += 1
        return result

    def kill(self) -> None:
        """From another thread than the one that runs a task in it, which then sees it die."""
        self._process.kill()

    def end(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, start: Callable[[], Any]) -> None:
    """The life of a child: do what comes through the pipe until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    bench = start()
    while True:
        try:
            work, args, kwargs = pipe.recv()
        except EOFError:
            return
        try:
            result = work(bench, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's to judge
            result = _Raised(error)
        _send(pipe, result)


def _send(pipe: Connection, result: Any) -> None:
    try:
        pipe.send(result)
    except (TypeError, AttributeError, ValueError) as error:  # an error that cannot be pickled
        pipe.send(_Raised(RuntimeError(f"{type(error).__name__} while answering")))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
    os._exit(1)
