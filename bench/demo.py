"""Five demos on fresh folders: seconds to running and to the table, processes, memory of all together.

Run as `python -m bench.demo [RUNS]`. Memory is the proportional set size, summed: what the machine really gives.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil

from bench.figures import Figure, keep

_MIB = 1024 * 1024
_DEMO_WITHIN_S = 300


def main(runs: int) -> None:
    """Play the demo some times and keep the medians."""
    seen = [_one_run() for _ in range(runs)]
    median = {name: statistics.median(run[name] for run in seen) for name in seen[0]}
    keep(
        [
            Figure("demo: seconds to a running platform", "s", median["to_running"], target=30),
            Figure("demo: seconds to the table", "s", median["to_table"], target=90),
            Figure("demo: processes", "", median["processes"]),
            Figure("demo: memory of all processes together", "MiB", median["memory"]),
            Figure("demo: memory of the largest Python process", "MiB", median["largest"], target=150),
        ]
    )


def _one_run() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="ct") as folder:
        place = Path(folder) / "d"
        chungtay = [str(Path(sys.executable).with_name("chungtay"))]
        try:
            told = _run([*chungtay, "demo", "--data-dir", str(place), "--json"])
            state = json.loads((place / "run" / "state.json").read_text(encoding="utf-8"))
            seconds: dict[str, float] = told["seconds"]
            return seconds | _memory(state["pid"])
        finally:
            _run([*chungtay, "down", "--data-dir", str(place), "--json"])


def _run(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, check=True, capture_output=True, timeout=_DEMO_WITHIN_S)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout or b"{}")
    return found


def _memory(supervisor: int) -> dict[str, float]:
    """Return the memory of the supervisor and all that lives under it or beside it in its data folder."""
    root = psutil.Process(supervisor)
    place = next(word for word in root.cmdline() if word.endswith(".json")).rsplit("/run/", 1)[0]
    everyone = {root, *root.children(recursive=True), *_naming(place)}
    sizes = {process: process.memory_full_info().pss / _MIB for process in everyone if process.is_running()}
    python = [size for process, size in sizes.items() if "python" in process.name()]
    return {"processes": len(sizes), "memory": sum(sizes.values()), "largest": max(python)}


def _naming(place: str) -> set[psutil.Process]:
    """Return the processes whose command line names the folder, with their children."""
    named = {process for process in psutil.process_iter() if any(place in word for word in _words(process))}
    return named | {child for process in named for child in process.children(recursive=True)}


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
