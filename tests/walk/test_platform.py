"""Starting, watching and stopping a platform from the command line."""

import json
import os
import signal

import psutil
import pytest

from tests.waiting import eventually
from tests.walk.platforms import Platform

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

SERVICES = {"keys", "projector", "case_record", "relay", "coordination", "audit"}
DOORS = {"agencies.police", "agencies.health", "agencies.education", "agencies.social_work"}


def pids(platform: Platform) -> list[int]:
    return [int(row["pid"]) for row in platform.processes().values()]


def running(everything: list[int]) -> list[int]:
    """Return those that still run; whoever became init's child may stand in its list for a while after its end."""
    return [
        process.pid
        for process in psutil.process_iter(["status"])
        if process.pid in everything and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def test_a_platform_starts_apart_and_leaves_nothing(platform: Platform) -> None:
    endpoints = platform.told("up", "--detach", "--separate", "--ephemeral")
    assert endpoints == platform.endpoints()
    assert set(platform.processes()) == SERVICES | DOORS | {"database", "broker"}
    assert platform.told("status")["well"] is True

    again = platform.run("up", "--detach")
    assert again.returncode == 2
    assert "already runs" in again.stderr

    everything = pids(platform)
    assert platform.told("down") == {"stopped": True}
    assert running(everything) == []
    assert sorted(left.name for left in platform.data_dir.iterdir()) == []


def test_data_and_ports_are_there_after_a_restart(platform: Platform) -> None:
    first = platform.told("up", "--detach")
    platform.run("down")
    assert not (platform.data_dir / "endpoints.json").exists()
    assert platform.run("status").returncode == 3

    simulated = platform.run("up", "--detach", "--clock", "simulated")
    assert simulated.returncode == 2
    assert "data of the real clock" in simulated.stderr

    second = platform.told("up", "--detach")
    assert second["agencies"] == first["agencies"]
    assert second["postgres"] == first["postgres"]

    supervisor = json.loads((platform.data_dir / "run" / "state.json").read_bytes())["pid"]
    everything = pids(platform)
    os.kill(supervisor, signal.SIGKILL)
    eventually(lambda: platform.run("status").returncode == 3)
    assert platform.told("down") == {"stopped": True}
    assert running(everything) == []


def test_ctrl_c_stops_a_platform_in_the_foreground(platform: Platform) -> None:
    with platform.start("up", "--ephemeral", "--json") as foreground:
        assert foreground.stdout is not None
        assert foreground.stdout.readline() == "{\n"
        everything = pids(platform)
        foreground.send_signal(signal.SIGINT)
        foreground.communicate(timeout=200)
    assert foreground.returncode == 0
    assert running(everything) == []
