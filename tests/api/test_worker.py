"""The pool: one bad task costs one child, never its neighbours."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.errors import ChildDied, TooSlow
from api.worker import Pool


def start() -> list[str]:
    return ["started"]


def process_id(bench: list[str]) -> int:
    return os.getpid()


def look(bench: list[str], word: str) -> list[str]:
    bench.append(word)
    return bench


def stumble(bench: list[str]) -> None:
    raise ValueError("no such thing")


def die(bench: list[str]) -> None:
    os._exit(3)


def dream(bench: list[str], asleep: Path | None = None) -> None:
    if asleep:
        asleep.touch()
    time.sleep(600)


def pool(tasks: int = 100, seconds: float = 60.0) -> Pool[list[str]]:
    return Pool(start, size=1, tasks=tasks, seconds=seconds)


def test_a_child_keeps_what_start_made_from_task_to_task() -> None:
    readers = pool()
    readers.run(look, "a")
    assert readers.run(look, "b") == ["started", "a", "b"]
    readers.close()


def test_an_error_comes_back_and_the_child_stays() -> None:
    readers = pool()
    before = readers.run(process_id)
    with pytest.raises(ValueError, match="no such thing"):
        readers.run(stumble)
    assert readers.run(process_id) == before
    readers.close()


def test_a_dead_child_is_replaced() -> None:
    readers = pool()
    before = readers.run(process_id)
    with pytest.raises(ChildDied):
        readers.run(die)
    assert readers.run(process_id) != before
    readers.close()


def test_a_task_that_takes_too_long_is_ended() -> None:
    readers = pool(seconds=3.0)
    with pytest.raises(TooSlow):
        readers.run(dream)
    assert readers.run(look, "again") == ["started", "again"]
    readers.close()


def test_a_child_is_recycled_after_its_tasks() -> None:
    readers = pool(tasks=2)
    first, second, third = (readers.run(process_id) for _ in range(3))
    assert first == second != third
    readers.close()


def test_closing_ends_a_busy_child_and_lets_go_who_waits_for_one(tmp_path: Path) -> None:
    readers, asleep = pool(), tmp_path / "asleep"
    with ThreadPoolExecutor(3) as callers:
        called = [callers.submit(readers.run, dream, asleep) for _ in range(3)]
        while not asleep.exists():
            time.sleep(0.01)
        readers.close()
        assert [type(one.exception(timeout=60)) for one in called] == [ChildDied] * 3
