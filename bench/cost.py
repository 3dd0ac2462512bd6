"""What an event costs: processor time by process between two moments, for whoever asks where the time goes."""

from collections import defaultdict
from collections.abc import Iterator

import psutil


def processor_seconds(supervisor: int) -> dict[str, float]:
    """Return the processor seconds used so far, by service; PostgreSQL's by the role of the connection."""
    used: defaultdict[str, float] = defaultdict(float)
    for process in _family(supervisor):
        try:
            times, words = process.cpu_times(), process.cmdline()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        used[_name(words)] += times.user + times.system
    return used


def _family(supervisor: int) -> Iterator[psutil.Process]:
    """Yield the supervisor, all under it, and PostgreSQL, which is nobody's child."""
    root = psutil.Process(supervisor)
    yield root
    yield from root.children(recursive=True)
    for process in psutil.process_iter(["ppid", "name"]):  # one that is gone meanwhile is passed over
        if process.info["ppid"] == 1 and "postgres" in process.info["name"]:
            yield process
            yield from process.children(recursive=True)


def _name(words: list[str]) -> str:
    line = " ".join(words)
    if line.startswith("postgres: "):
        return "postgres for " + line.removeprefix("postgres: ").split(" ")[0]
    module = next((word for word in words if word.startswith("services.")), None)
    return module or line.split(" ")[0].rsplit("/", 1)[-1]
