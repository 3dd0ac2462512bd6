"""Processes die with events under way; nothing is lost or doubled. At length: `python -m tests.endurance.kills`."""

import pytest

from tests.endurance.kills import kill_and_judge
from tests.endurance.load import Load
from tests.endurance.sayings import Speaker
from tests.walk.platforms import Platform

pytestmark = [pytest.mark.walk, pytest.mark.timeout(400)]

VICTIMS = ("agencies.social_work", "relay", "projector")


async def test_what_was_answered_is_there_once_whoever_dies(platform: Platform) -> None:
    platform.told("up", "--detach", "--separate")
    load = Load(platform, Speaker(seed=1))
    run, verdict = await kill_and_judge(load, VICTIMS, moments=1, seed=1)
    assert verdict.faults == []
    assert verdict.counted["recorded"] == len(load.sent) > 20
    assert {name: len(kills) for name, kills in run.under_way.items()} == dict.fromkeys(VICTIMS, 1)
    assert min(events for [events] in run.under_way.values()) > 0
