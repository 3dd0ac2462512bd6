"""The command `demo`: a platform in simulated time, a scenario through it, and what each audience then sees."""

import time
from pathlib import Path
from typing import Any

from services.cli.data_dir import DEFAULT, DataDir
from services.cli.demo.run import Asked, Run, Shown
from services.cli.demo.scenario import Scenario, read_scenario
from services.cli.demo.sights import exercised
from services.cli.demo.table import LEGEND, who_sees_what
from services.cli.down import stop_platform
from services.cli.options import Options
from services.cli.output import console, say, say_json, typed
from services.cli.running import show_endpoints, start_telling
from services.cli.start import refuse_mixed_clocks
from services.cli.stops import Exit, Stop


def demo(asked: Asked, *, leave: bool, as_json: bool) -> None:
    """Play the scenario on a fresh platform; leave the platform running unless told otherwise.

    Raises:
        Stop: if the data dir holds real data, an event is refused, or the history does not hold at the end.
    """
    began = time.monotonic()
    scenario = read_scenario(asked.scenario)
    _clear(asked.place, scenario)
    options = Options(data_dir=asked.place.root, broker=asked.broker, simulated_from=scenario.begins)
    started = start_telling(options, quiet=as_json)
    try:
        running_s = time.monotonic() - began
        if not as_json:
            show_endpoints(options, started, as_json=False)
        shown = Run(asked, scenario, began, running_s).run(quiet=as_json)
    finally:
        if leave:
            stop_platform(asked.place)
    _tell(shown, asked, leave=leave, as_json=as_json)


def _clear(place: DataDir, scenario: Scenario) -> None:
    """Remove an earlier demo; never anything recorded by the real clock."""
    refuse_mixed_clocks(place, scenario.begins)
    if place.holds_data:
        stop_platform(place)
        place.wipe()


def _tell(shown: Shown, asked: Asked, *, leave: bool, as_json: bool) -> None:
    if as_json:
        say_json(shown.told())
    else:
        rows = exercised(shown.at_work, shown.closed)
        at_work, closed = shown.looked_after
        title = f"Sau bước {at_work}: hồ sơ đang xử lý / after step {at_work}: the case in full work"
        say(who_sees_what(title, shown.at_work, rows, console.width))
        title = f"Sau bước {closed}: đã đóng / after step {closed}: closed"
        say(who_sees_what(title, shown.closed, rows, console.width))
        say(LEGEND)
        say(f"Audit: {_verdict(shown.verify)}")
        say(f"{shown.seconds_to_running:.1f} s to running, {shown.seconds_to_table:.1f} s to the table")
        _suggest(shown, asked.data_dir, leave=leave)
    if not shown.verify["holds"]:
        raise Stop(Exit.CHECK_FAILED, f"The history does not hold: {shown.verify['first_break']}")


def _suggest(shown: Shown, data_dir: Path, *, leave: bool) -> None:
    """Say what to type next."""
    for name, case in shown.cases.items():
        say(f"The auditor calls {name} {case}: try {typed(f'replay {case} --as education', data_dir)}")
    if not leave:
        make = " (or `make down`)" if data_dir.absolute() == DEFAULT.absolute() else ""
        say(f"Still running in {data_dir}; {typed('down', data_dir)}{make} stops it.")


def _verdict(verify: dict[str, Any]) -> str:
    return (
        f"the history holds, {verify['events']} events in {verify['streams']} streams" if verify["holds"] else "BROKEN"
    )
