"""What lies on the machine: logs, files of the data dir, command lines and environments, what commands print."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import psutil
from xlsxwriter import Workbook

from projections.disclosure.packaged import packaged_text
from services.cli.stops import Exit
from tests.privacy.canaries.relay import Leak
from tests.privacy.canaries.scene import Piece, Scene
from tests.walk.platforms import Platform

Plant = Callable[[Scene, bytes], None]

_TOLD = ("cmdline", "environ", "cwd")
# A version of the agreement under which something would appear, for what-if to tell of.
_WIDER = (b'"D10-committee", level = "exists"', b'"D10-committee", level = "full"')


def logs(scene: Scene) -> Iterator[Piece]:
    """Yield what every process logged, and what the broker said."""
    root = scene.platform.data_dir
    for path in (*sorted((root / "logs").glob("*.log")), *sorted((root / "kafka").glob("*.log"))):
        yield Piece(path.name, path.read_bytes())


def debug_logs(scene: Scene) -> Iterator[Piece]:
    """Yield what every process and library would log at DEBUG."""
    for path in sorted((scene.platform.data_dir / "logs" / "debug").iterdir()):
        yield Piece(path.name, path.read_bytes())


def run_files(scene: Scene) -> Iterator[Piece]:
    yield from _files(scene.platform.data_dir / "run")


def secret_files(scene: Scene) -> Iterator[Piece]:
    yield from _files(scene.platform.data_dir / "secrets")


def other_files(scene: Scene) -> Iterator[Piece]:
    """Yield the files that stand in the data dir itself, and the broker's."""
    root = scene.platform.data_dir
    yield from (Piece(path.name, path.read_bytes()) for path in sorted(root.iterdir()) if path.is_file())
    yield from _files(root / "kafka")


def left_behind(scene: Scene) -> Iterator[Piece]:
    """Yield what processes left in the folder they work in, cores of those that crashed, and among temporary files."""
    for folder in (scene.works_in, scene.temporary):
        yield from _files(folder)


def command_lines(scene: Scene) -> Iterator[Piece]:
    for process in _processes(scene.platform):
        yield Piece(process.name(), "\0".join(process.cmdline()).encode(errors="surrogateescape"))


def environments(scene: Scene) -> Iterator[Piece]:
    for process in _processes(scene.platform):
        yield Piece(
            process.name(), "\0".join(f"{k}={v}" for k, v in process.environ().items()).encode(errors="replace")
        )


def commands(scene: Scene) -> Iterator[Piece]:
    """Yield what an operator's and an auditor's commands print."""
    wider = scene.platform.data_dir.parent / "wider.toml"
    wider.write_bytes(packaged_text().replace(*_WIDER))
    lines = ("status", "doctor", "token --agency police --publisher", f"agreement what-if {wider} --json")
    yield from _all_printed(scene.platform, lines)
    yield from _all_printed(scene.behind_relay(), ["verify --json"])


def replays(scene: Scene) -> Iterator[Piece]:
    """Yield what `replay` prints to an auditor of each child, as it stands and as an audience was shown it."""
    asked = product(scene.auditors_cases(), ("--json", "--as education"))
    lines = [f"replay {case} {how}" for case, how in asked]
    yield from _all_printed(scene.behind_relay(), lines, "auditor")


def exports(scene: Scene) -> Iterator[Piece]:
    """Yield a sheet that a command writes for an agency."""
    scene.exports.mkdir(exist_ok=True)
    sheet = str(scene.exports / "sheet.xlsx")
    line = [sys.executable, "-m", "services.cli", "template", "health.medical_exam_completed.v1", "--output", sheet]
    subprocess.run(line, check=True, capture_output=True)
    yield from _files(scene.exports)


def write_sheet(scene: Scene, said: bytes) -> None:
    """Write a sheet with a leak in a cell."""
    scene.exports.mkdir(exist_ok=True)
    with Workbook(scene.exports / f"{len(list(scene.exports.iterdir()))}.xlsx") as book:
        book.add_worksheet().write_string(0, 0, said.decode())


def answer_commands(path: str) -> Plant:
    """Return how to let the auditor's service leak to the commands that ask it."""

    def plant(scene: Scene, said: bytes) -> None:
        scene.before_commands.leaks.append(Leak(path, "json", said))

    return plant


def write(folder: str, name: str) -> Plant:
    """Return how to add to a file of the data dir."""

    def plant(scene: Scene, said: bytes) -> None:
        file_ = scene.platform.data_dir / folder / name
        file_.parent.mkdir(exist_ok=True)
        with file_.open("ab") as file:
            file.write(b"\n" + said + b"\n")

    return plant


def run_with(where: str) -> Plant:
    """Return how to start a process of the platform that is told something in its arguments or its environment."""

    def plant(scene: Scene, said: bytes) -> None:
        told = said.decode()
        here = [sys.executable, "-c", "import sys; sys.stdin.read()", str(scene.platform.data_dir)]
        line = [*here, told] if where == "arguments" else here
        environment = {"PATH": os.defpath, "DEBUG": told} if where == "environment" else None
        scene.started.append(subprocess.Popen(line, stdin=subprocess.PIPE, env=environment))

    return plant


def _processes(platform: Platform) -> list[psutil.Process]:
    """Return every process of this data dir: who names it, or works in it, and whoever was started by one of these."""
    root = str(platform.data_dir)
    named = [one for one in psutil.process_iter(_TOLD) if root in str([one.info[name] for name in _TOLD])]
    found = {one.pid: one for first in named for one in (first, *first.children(recursive=True))}
    running = {row["pid"] for row in platform.processes().values()}
    assert running <= found.keys(), f"{running - found.keys()} were not looked at"
    return list(found.values())


def _files(folder: Path) -> Iterator[Piece]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size:
            yield Piece(str(path.relative_to(folder)), path.read_bytes())


def _all_printed(platform: Platform, lines: Sequence[str], reader: str | None = None) -> Iterator[Piece]:
    """Run commands side by side, for each takes long to start, and yield what they print."""
    with ThreadPoolExecutor() as side:
        for line, done in zip(lines, side.map(lambda line: platform.run(*line.split()), lines), strict=True):
            yield Piece(line.partition(" ")[0], _printed(done), reader)


def _printed(done: "subprocess.CompletedProcess[str]") -> bytes:
    assert done.returncode in {Exit.DONE, Exit.CHECK_FAILED}, done.stderr  # a busy machine is not well, and says so
    return (done.stdout + done.stderr).encode()
