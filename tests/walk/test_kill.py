"""Processes and parts are killed while the scenario plays: it ends complete, nothing lost, nothing twice."""

import json
from collections import Counter

import psutil
import pytest

from tests.waiting import eventually
from tests.walk.platforms import Platform
from tests.walk.test_demo import EVENTS, EXPECTED

pytestmark = [pytest.mark.walk, pytest.mark.timeout(400)]

# The others die in test_kills, with more events under way.
VICTIMS = ("keys", "case_record", "agencies", "coordination", "audit", "broker", "database")


def kill(platform: Platform, name: str) -> None:
    """Kill a process with all its children, as of the database, and wait until the supervisor has another."""
    before = platform.processes()[name]
    process = psutil.Process(before["pid"])
    for one in (process, *process.children(recursive=True)):
        one.kill()

    def back() -> bool:
        now = platform.processes().get(name)
        return now is not None and now["pid"] not in {None, before["pid"]} and psutil.pid_exists(now["pid"])

    eventually(back, within_s=60)


def test_the_demo_survives_every_kill(platform: Platform) -> None:
    with platform.start("demo", "--json") as demo:
        eventually((platform.data_dir / "endpoints.json").exists, within_s=120)
        for victim in VICTIMS:
            assert demo.poll() is None, f"the demo ended before {victim} was killed"
            kill(platform, victim)
        out, errors = demo.communicate(timeout=300)
    assert demo.returncode == 0, errors

    result = json.loads(out)
    assert {moment: result[moment] for moment in ("after_21", "after_26")} == {
        moment: {reader: dict(seen) for reader, seen in EXPECTED[moment].items()} for moment in ("after_21", "after_26")
    }
    assert result["verify"]["holds"] is True
    assert {name for name, process in platform.processes().items() if process["restarts"]} >= set(VICTIMS)
    assert recorded(platform) == Counter((event.unit, event.type) for event in EVENTS)


def recorded(platform: Platform) -> "Counter[tuple[str, str]]":
    """Count the agencies' statements in the register."""
    with platform.connect() as register:
        rows = register.execute("select state from case_record.events").fetchall()
        inbox = register.execute("select status, count(*) from case_record.inbox group by status").fetchall()
    assert inbox == [("recorded", len(EVENTS))]
    events = [json.loads(row[0]) for row in rows]
    return Counter((event["source"], event["type"]) for event in events if event["source"] != "case_record")
