"""Logs: structured, on standard error, without personal data.

What may be logged: ids, hashes, codes, counts, durations and the class of an error. What may not: subjects, senders,
file names, texts, and the message of an error (it may quote what was read).
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def set_up_logs(level: str = "WARNING", as_json: bool = False) -> None:
    """Called once by each process. Libraries that log by the standard module keep to the same level."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.WARNING)
    logging.basicConfig(level=number, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def log(name: str) -> Any:
    """The logger of a module: `log(__name__).warning("page.slow", message=sha, place=0)`."""
    return structlog.get_logger(module=name)
