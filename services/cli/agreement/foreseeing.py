"""`agreement what-if`: a process of its own, with the auditor's settings, finds out; this one tells it."""

import getpass
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from infra.settings import SETTINGS_VARIABLE
from services.cli.agreement.versions import checked
from services.cli.endpoints import read_endpoints
from services.cli.output import say, say_json
from services.cli.stops import Exit, Stop


def what_if(data_dir: Path, file: Path, case: str | None, *, as_json: bool) -> None:
    """List what would appear or disappear for each audience if the file were adopted now.

    Raises:
        Stop: if the file does not load, there is no such case, or nothing answers.
    """
    checked(file.read_bytes(), file)
    read_endpoints(data_dir)  # says how to start a platform where none runs
    settings = data_dir.absolute() / "run" / "audit.json"
    if not settings.exists():
        raise Stop(Exit.NOT_REACHABLE, f"{settings} is missing: start the platform with `chungtay up`.")
    command = [sys.executable, "-P", "-m", "services.audit", "what-if", str(file.absolute()), getpass.getuser()]
    done = subprocess.run(  # noqa: S603 - the command is ours
        [*command, case] if case else command,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, SETTINGS_VARIABLE: str(settings)},
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    last: dict[str, Any] = lines[-1] if lines else {"problem": "It ended before it had begun: see above."}
    if "problem" in last:
        raise Stop(Exit.CHECK_FAILED, last["problem"])
    _tell(lines[:-1], last["result"], as_json=as_json)


def _tell(cases: list[dict[str, Any]], result: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json({**result, "cases": cases})
        return
    for case in cases:
        for (who, lines), purposes in _by_purposes(case["changes"]).items():
            for line in lines:
                say(f"{line[0]} {case['case']}  {who} ({', '.join(purposes)})  {line[2:]}")
    changed = sum(bool(case["changes"]) for case in cases)
    say(f"{result['then']} in place of {result['now']}: {changed} of {result['cases']} cases are seen otherwise.")


def _by_purposes(changes: Iterable[Mapping[str, Any]]) -> Mapping[tuple[str, tuple[str, ...]], list[str]]:
    """Return for which purposes somebody would be told otherwise, by who it is and what would be."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for change in changes:
        who = " ".join(change[name] for name in ("audience", "unit", "duty") if change[name])
        appearing = (f"+ {_line(place)}" for place in change["appears"])
        lines = (*appearing, *(f"- {_line(place)}" for place in change["disappears"]))
        found.setdefault((who, lines), []).append(change["purpose"])
    return found


def _line(place: Mapping[str, Any]) -> str:
    named: Iterable[Any] = (place[name] for name in ("where", "category", "part", "person", "level", "field"))
    times = f" ×{place['times']}" if place["times"] > 1 else ""
    return " ".join(str(one) for one in named if one) + times
