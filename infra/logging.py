"""JSON lines about the running of a service, and nothing about a person.

Only keys of a closed list are written, and only values that look like a code or a number: no text that
somebody wrote can pass. What is dropped is counted in `dropped`.
"""

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

OPERATIONAL_KEYS = frozenset(
    {
        "agency",
        "at",
        "attempt",
        "audience",
        "broker",
        "cluster_id",
        "code",
        "count",
        "duration_ms",
        "error",
        "event",
        "host",
        "lag",
        "level",
        "logger",
        "offset",
        "partition",
        "pid",
        "port",
        "position",
        "reason",
        "role",
        "seconds",
        "service",
        "status",
        "stream",
        "topic",
        "trace",
        "type",
        "version",
        "view",
    }
)
_CODE = re.compile(r"[A-Za-z0-9_.:/+-]{1,200}")
_STDOUT = 1

Entry = MutableMapping[str, Any]


class _Lines:
    """Writes each line with one system call, so that lines of several processes never mix."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def msg(self, line: str) -> None:
        os.write(self._descriptor, line.encode() + b"\n")

    debug = info = warning = error = critical = msg


class _FromLibraries(logging.Handler):
    """Tells that a library complained, where and with which error; never its text, which may hold values."""

    def emit(self, record: logging.LogRecord) -> None:
        level = "error" if record.levelno >= logging.ERROR else "warning"
        logger = structlog.get_logger()
        getattr(logger, level)(
            "library", logger=record.name, trace=f"{record.module}:{record.lineno}", **_error(record)
        )


def set_up_logging(service: str, log_file: Path | None = None) -> None:
    """Send the log of this process to a file, or to stdout.

    Raises:
        OSError: if the file cannot be written.
    """
    descriptor = _STDOUT if log_file is None else os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _named(service),
            describe_error,
            keep_operational,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Lines(descriptor),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_FromLibraries()], level=logging.WARNING, force=True)


def keep_operational(_logger: Any, _method: str, entry: Entry) -> Entry:
    """Drop every key that is not on the list and every value that is not a code or a number."""
    kept = {key: value for key, value in entry.items() if key in OPERATIONAL_KEYS and _is_operational(value)}
    if len(kept) < len(entry):
        kept["dropped"] = len(entry) - len(kept)
    return kept


def describe_error(_logger: Any, _method: str, entry: Entry) -> Entry:
    """Tell an exception by its class and where it was raised; its text may hold values."""
    found = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found
    if isinstance(error, BaseException):
        entry["error"] = type(error).__name__
        entry["trace"] = _place(error.__traceback__)
    return entry


def _named(service: str) -> structlog.typing.Processor:
    def name(_logger: Any, _method: str, entry: Entry) -> Entry:
        entry["service"] = service
        return entry

    return name


def _is_operational(value: Any) -> bool:
    match value:
        case None | bool() | int() | float():
            return True
        case str():
            return _CODE.fullmatch(value) is not None
        case _:
            return False


def _error(record: logging.LogRecord) -> dict[str, str]:
    error = record.exc_info[1] if record.exc_info else None
    return {} if error is None else {"error": type(error).__name__}


def _place(trace: TracebackType | None) -> str | None:
    """Return file and line of the innermost frame."""
    if trace is None:
        return None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).stem}:{trace.tb_lineno}"
