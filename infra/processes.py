"""Processes that were started here, told apart from strangers that were given their number later."""

import contextlib
import resource
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

_PATIENCE_S = 10.0
_SAME_MOMENT_S = 0.02  # the kernel counts a process's start in hundredths
_NO_CORE_BYTES = 1  # too few for a file; and unlike 0 it is given to no program behind kernel.core_pattern either


@dataclass(frozen=True, slots=True)
class Mark:
    """A process by its number and the second since 1970 in which it started."""

    pid: int
    started: float


def leave_no_core() -> None:
    """Have no crash write the memory of this process, or of one that it starts, to a disk: names stand in it."""
    resource.setrlimit(resource.RLIMIT_CORE, (_NO_CORE_BYTES, _NO_CORE_BYTES))


def mark(pid: int) -> Mark | None:
    """Return the mark of a process, None when it is gone."""
    try:
        return Mark(pid, psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def own_mark() -> Mark:
    """Return the mark of this very process."""
    own = psutil.Process()
    return Mark(own.pid, own.create_time())


def find(mark: Mark) -> psutil.Process | None:
    """Return the process of a mark, None when it is gone or its number is somebody else's by now."""
    try:
        process = psutil.Process(mark.pid)
        if abs(process.create_time() - mark.started) > _SAME_MOMENT_S or process.status() == psutil.STATUS_ZOMBIE:
            return None
    except psutil.NoSuchProcess:
        return None
    return process


def memory_bytes(mark: Mark) -> int | None:
    """Return what a process holds in memory, None when it is gone; it may go while one looks."""
    process = find(mark)
    try:
        return None if process is None else int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return None


def end(marks: Iterable[Mark], patience_s: float = _PATIENCE_S) -> None:
    """Ask processes to end, and kill those that have not after 10 s."""
    found = [process for each in marks if (process := find(each)) is not None]
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in psutil.wait_procs(found, patience_s)[1]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(found, patience_s)
