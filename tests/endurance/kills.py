"""Kill every process of a platform, again and again, with events under way; then count what became of each event.

Run as `python -m tests.endurance.kills`. Each process is killed (SIGKILL) at so many moments drawn from the seed,
while all four agencies publish through their doors and ask again whatever is not answered. At the end: everything
answered is in the register exactly once, every receipt holds, nothing else is there, every view is a fold from zero.
"""

import argparse
import asyncio
import json
import random
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.endurance.load import Load
from tests.endurance.oracle import Verdict, judge
from tests.endurance.sayings import Speaker
from tests.endurance.victims import VICTIMS, kill, under_way
from tests.waiting import eventually_async
from tests.walk.platforms import Platform

_QUIET_WITHIN_S = 240.0
_LOOK_EVERY_S = 0.5
_console = Console(stderr=True)


class NeverQuietError(Exception):
    """Minutes after the last event something is still under way, or a process is not ready."""


@dataclass
class Run:
    """What was killed: by process, how long it was away and how many events were under way."""

    away_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    under_way: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


async def kill_all(load: Load, victims: Sequence[str], moments: int, seed: int) -> Run:
    """Kill each victim at so many moments, each round in another order; the load goes on meanwhile."""
    drawn = random.Random(seed)  # noqa: S311 - a seed that can be told and used again
    run = Run()
    async with load.running():
        for moment in range(1, moments + 1):
            for name in drawn.sample(victims, k=len(victims)):
                events = await _in_full_work(load, after=drawn.randint(1, 8))
                away_s = await kill(load.platform, name)
                run.under_way[name].append(events)
                run.away_s[name].append(away_s)
                _console.print(f"{moment}/{moments} {name}: {events} under way, away for {away_s:.1f} s", style="dim")
    return run


async def _in_full_work(load: Load, after: int) -> int:
    """Wait until so many more events were answered and some are under way; return how many are."""
    until = len(load.receipts) + after
    found: list[int] = []

    async def some_are() -> bool:
        if len(load.receipts) >= until:
            found.append(await asyncio.to_thread(under_way, load.platform) or 0)
        return found[-1:] > [0]

    await eventually_async(some_are, within_s=_QUIET_WITHIN_S)
    return found[-1]


async def wait_until_quiet(platform: Platform) -> None:
    """Wait until `status` says that every process is ready and nothing is behind.

    Raises:
        NeverQuietError: if it does not say so within minutes.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _QUIET_WITHIN_S
    told: dict[str, Any] = {}
    while loop.time() < deadline:
        answer = await asyncio.to_thread(platform.run, "status", "--json")
        told = json.loads(answer.stdout) if answer.stdout else {}
        if told.get("well") and set(told["lag"].values()) == {0}:
            return
        await asyncio.sleep(_LOOK_EVERY_S)
    unready = [process["name"] for process in told.get("processes", ()) if not process["ready"]]
    raise NeverQuietError(f"not ready: {unready}; behind: {told.get('lag')}; {told.get('problem')}")


async def kill_and_judge(load: Load, victims: Sequence[str], moments: int, seed: int) -> tuple[Run, Verdict]:
    """Kill, wait until it is quiet, judge."""
    run = await kill_all(load, victims, moments, seed)
    await wait_until_quiet(load.platform)
    return run, await asyncio.to_thread(judge, load.platform, load)


def main(arguments: Sequence[str]) -> int:
    """Run on a platform of its own; return 0 when every promise was kept."""
    asked = _parser().parse_args(arguments)
    victims = [name for name in VICTIMS if not asked.only or name.startswith(tuple(asked.only.split(",")))]
    with tempfile.TemporaryDirectory(prefix="ct-kills-", ignore_cleanup_errors=True) as folder:
        platform = Platform(Path(folder) / "data")
        platform.told("up", "--detach", "--separate", "--broker", asked.broker)
        try:
            load = Load(platform, Speaker(asked.seed), asked.tellers)
            run, verdict = asyncio.run(kill_and_judge(load, victims, asked.moments, asked.seed))
        finally:
            platform.run("down")
            if asked.logs:
                shutil.copytree(platform.data_dir / "logs", asked.logs, dirs_exist_ok=True)
    tell(run, load, verdict, as_json=asked.json)
    return 1 if verdict.faults else 0


def tell(run: Run, load: Load, verdict: Verdict, *, as_json: bool) -> None:
    """Print what was killed and what became of the events."""
    if as_json:
        told = {"away_s": run.away_s, "under_way": run.under_way, "client": load.counted}
        sys.stdout.write(json.dumps(told | {"counted": verdict.counted, "faults": verdict.faults}) + "\n")
        return
    out = Console()
    table = Table("process", "kills", "under way, least–most", "works again, s: median", "longest")
    for name, away_s in run.away_s.items():
        under = run.under_way[name]
        median, longest = f"{statistics.median(away_s):.1f}", f"{max(away_s):.1f}"
        table.add_row(name, str(len(away_s)), f"{min(under)}–{max(under)}", median, longest)
    out.print(table)
    counts = Table("events", "")
    for what, count in (load.counted | verdict.counted).items():
        counts.add_row(what, str(count))
    out.print(counts)
    for fault in verdict.faults:
        out.print(f"FAULT {fault}", style="red", soft_wrap=True)
    out.print("Every promise was kept." if not verdict.faults else f"{len(verdict.faults)} promises were broken.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.kills", description=__doc__)
    parser.add_argument("--moments", type=int, default=10, help="kills of each process (10)")
    parser.add_argument("--seed", type=int, default=1, help="draws the load, the moments and the order (1)")
    parser.add_argument("--broker", default="embedded", choices=["embedded", "kafka"])
    parser.add_argument("--only", help=f"names or their beginnings, separated by commas, of {', '.join(VICTIMS)}")
    parser.add_argument("--tellers", type=int, default=4, help="stories that are told at the same time (4)")
    parser.add_argument("--logs", type=Path, help="a folder to which the logs are copied at the end")
    parser.add_argument("--json", action="store_true", help="print figures as JSON instead of tables")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
