"""The command `rebuild`: a process of its own folds from zero, this one shows how far it is and what it found."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.progress import Progress

from infra.postgres.roles import AUDIENCES
from infra.settings import SETTINGS_VARIABLE
from services.cli.endpoints import read_endpoints
from services.cli.output import console, say, say_json
from services.cli.stops import Exit, Stop

ALL = "all"


def rebuild(data_dir: Path, view: str, *, verify: bool, as_json: bool) -> None:
    """Rebuild a view or all of them, or only compare them with the register.

    Raises:
        Stop: if there is no such view, it cannot be done, or a compared view is not as it should be.
    """
    views = _views(view)
    read_endpoints(data_dir)  # says how to start a platform where none runs
    with _process(data_dir.absolute(), views, verify=verify) as process:
        result = _follow(process, quiet=as_json)
    first = result["first"]
    if as_json:
        told = {"views": views, "equal": first is None, **result}
        say_json(told)
    elif first is None or not verify:
        say(_line(view, result))
    if verify and first is not None:
        raise Stop(
            Exit.CHECK_FAILED,
            f"The view of {first['view']} is not what the register makes: first in stream {first['stream']} "
            f"({first['part']}). Mend it by `chungtay rebuild {first['view']}`.",
        )


def _views(view: str) -> list[str]:
    if view == ALL:
        return [audience.value for audience in AUDIENCES]
    if view not in {audience.value for audience in AUDIENCES}:
        known = ", ".join(audience.value for audience in AUDIENCES)
        raise Stop(Exit.USED_WRONGLY, f"There is no view {view}; there are {known}, or {ALL}.")
    return [view]


@contextmanager
def _process(data_dir: Path, views: list[str], *, verify: bool) -> Iterator["subprocess.Popen[str]"]:
    """Start the rebuild with the projector's settings; it ends when this command does.

    Raises:
        Stop: if no projector ever ran here.
    """
    settings = data_dir / "run" / "projector.json"
    if not settings.exists():
        raise Stop(Exit.NOT_REACHABLE, f"{settings} is missing: start the platform with `chungtay up`.")
    command = [sys.executable, "-P", "-m", "services.projector", "rebuild", *views]
    with subprocess.Popen(  # noqa: S603 - the command is ours
        [*command, "--verify"] if verify else command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, SETTINGS_VARIABLE: str(settings)},
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _follow(process: "subprocess.Popen[str]", *, quiet: bool) -> dict[str, Any]:
    """Show how far the rebuild is until it tells its result.

    Raises:
        Stop: if it could not be done.
    """
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("Folding from zero", total=None)
        for line in process.stdout or ():
            told = json.loads(line)
            if "result" in told:
                result: dict[str, Any] = told["result"]
                return result
            if "problem" in told:
                raise Stop(Exit.CHECK_FAILED if told["reachable"] else Exit.NOT_REACHABLE, told["problem"])
            progress.update(bar, completed=told["done"], total=told["of"])
    raise Stop(Exit.CHECK_FAILED, "The rebuild ended before it was done; nothing was changed. Run it again.")


def _line(view: str, result: dict[str, Any]) -> str:
    looked = f"{result['events']} events in {result['streams']} streams folded from zero"
    rows = sum(result["differing"].values())
    if not result["swapped"]:
        return f"{looked}: {view} is what the register makes."
    return f"{looked}: {view} rebuilt, {rows} rows differed." if rows else f"{looked}: nothing differed in {view}."
