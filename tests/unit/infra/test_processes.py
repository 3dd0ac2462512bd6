import resource
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from infra import processes
from infra.processes import Mark, end, find, mark, memory_bytes, own_mark

FOREVER = [sys.executable, "-c", "import signal; signal.pause()"]
DEAF = [
    sys.executable,
    "-c",
    "import signal; signal.signal(signal.SIGTERM, lambda *_: None); print(flush=True)\nwhile True: signal.pause()",
]


def marked(process: "subprocess.Popen[bytes]") -> Mark:
    found = mark(process.pid)
    assert found is not None
    return found


def test_what_crashes_leaves_no_core_though_cores_are_allowed(tmp_path: Path) -> None:
    allowed = resource.getrlimit(resource.RLIMIT_CORE)[1]
    crash = "import os, resource, sys; from infra.processes import leave_no_core; leave_no_core(); "
    crash += "print(*resource.getrlimit(resource.RLIMIT_CORE), flush=True); os.abort()"
    before = f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_CORE, ({allowed}, {allowed})); "
    before += "os.execv(sys.executable, [sys.executable, '-c', sys.argv[1]])"
    line = [sys.executable, "-c", before, crash]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout) == (-signal.SIGABRT, "1 1\n")
    assert list(tmp_path.iterdir()) == []


def test_a_process_is_found_by_number_and_start() -> None:
    assert find(own_mark()) is not None


def test_a_number_used_again_is_a_stranger() -> None:
    assert find(replace(own_mark(), started=own_mark().started - 60)) is None


def test_a_stranger_is_never_ended() -> None:
    with subprocess.Popen(FOREVER) as process:
        end([replace(marked(process), started=0.0)])
        assert process.poll() is None
        end([marked(process)])


@pytest.mark.parametrize("command", [FOREVER, DEAF])
def test_the_deaf_are_killed(command: list[str]) -> None:
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        if command is DEAF:
            assert process.stdout is not None
            process.stdout.readline()
        running = marked(process)
        end([running], patience_s=0.3)
        assert find(running) is None


def test_memory_of_who_runs_is_told() -> None:
    held = memory_bytes(own_mark())
    assert held is not None
    assert held > 1_000_000


def test_who_dies_while_one_looks_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(FOREVER) as process:
        running = marked(process)
        found = find(running)
        process.kill()
    monkeypatch.setattr(processes, "find", lambda _: found)
    assert memory_bytes(running) is None
