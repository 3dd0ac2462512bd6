"""Scenario 1, played through the agencies' own doors, read through each audience's own route."""

import tomllib

import httpx
import pytest

from services.cli.demo.scenario import SCENARIO, read_scenario
from tests.house.sources import CHECKOUT
from tests.walk.conftest import Played

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

EXPECTED = tomllib.loads((CHECKOUT / "tests/privacy/expected_scenario_1.toml").read_text(encoding="utf-8"))
EVENTS = [event for step in read_scenario(SCENARIO).steps for event in step.events]


@pytest.mark.parametrize("reader", sorted(EXPECTED["readers"]))
@pytest.mark.parametrize("moment", ["after_21", "after_26"])
def test_each_sees_what_section_d_says(moment: str, reader: str, played: Played) -> None:
    assert played.result[moment][reader] == EXPECTED[moment][reader]


def test_the_history_holds(played: Played) -> None:
    assert played.result["verify"]["holds"] is True
    assert played.result["verify"]["events"] > len(EVENTS)


def test_the_command_agrees_that_it_holds(played: Played) -> None:
    assert played.platform.told("verify")["holds"] is True
    assert played.platform.told("verify", "--case", played.case)["holds"] is True


def test_the_request_of_step_27_is_recorded(played: Played) -> None:
    types = [entry["type"] for entry in played.history()["entries"]]
    assert types.count("privacy.redaction_requested.v1") == 1
    assert types.count("privacy.request_acknowledged.v1") == 1


def test_the_replay_equals_the_view(played: Played) -> None:
    assert played.history()["equals_view"] is True


def test_the_platform_runs_on(played: Played) -> None:
    status = played.platform.told("status")
    assert status["well"] is True
    assert set(status["lag"].values()) == {0}
    assert {process["restarts"] for process in status["processes"]} == {0}


def test_endpoints_are_where_they_are_said_to_be(played: Played) -> None:
    endpoints = played.platform.endpoints()
    urls = [*endpoints["agencies"].values(), endpoints["coordination"], endpoints["audit"], endpoints["web"]]
    assert set(endpoints["agencies"]) == {"police", "health", "education", "social_work"}
    assert {httpx.get(f"{url}/readyz", trust_env=False).status_code for url in urls} == {200}
    assert endpoints["kafka"].count(":") == 1
    assert endpoints["postgres"].startswith("postgresql://operator:")
