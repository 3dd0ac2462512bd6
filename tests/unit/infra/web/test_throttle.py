"""A client that floods is held to its rate, and nobody else notices."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.parties import Agency
from infra.web.problems import Refused
from infra.web.requester import Requester
from infra.web.throttle import Rates, Throttle

POLICE = Requester("one", Agency.POLICE, "commune_police_00340", "publisher")
COLLEAGUE = Requester("two", Agency.POLICE, "commune_police_00340", "publisher")
HOSPITAL = Requester("one", Agency.HEALTH, "hospital_h1", "publisher")


@dataclass
class Seconds:
    passed: float = 1_000.0

    def __call__(self) -> float:
        return self.passed


def admitted(throttle: Throttle, requester: Requester, times: int) -> int:
    """Count how many of so many requests at one moment are let in."""
    count = 0
    for _ in range(times):
        try:
            throttle.admit(requester)
        except Refused:
            continue
        count += 1
    return count


def test_a_burst_is_let_in_and_then_the_rate() -> None:
    seconds = Seconds()
    throttle = Throttle(Rates(client=60, unit=600), seconds)
    assert admitted(throttle, POLICE, 50) == 10
    seconds.passed += 3.5
    assert admitted(throttle, POLICE, 50) == 3
    seconds.passed += 3_600
    assert admitted(throttle, POLICE, 50) == 10


def test_the_refusal_says_when_to_come_again() -> None:
    seconds = Seconds()
    throttle = Throttle(Rates(client=6, unit=600), seconds)
    assert admitted(throttle, POLICE, 2) == 1
    with pytest.raises(Refused) as refused:
        throttle.admit(POLICE)
    assert (refused.value.problem.status, refused.value.problem.code) == (429, "too_many_requests")
    wait_s = int(refused.value.problem.headers["Retry-After"])
    assert wait_s == 10
    seconds.passed += wait_s
    throttle.admit(POLICE)


def test_a_flood_takes_nothing_from_a_colleague_or_another_unit() -> None:
    throttle = Throttle(Rates(client=60, unit=120), Seconds())
    assert admitted(throttle, POLICE, 10_000) == 10
    assert admitted(throttle, COLLEAGUE, 100) == 10
    assert admitted(throttle, HOSPITAL, 100) == 10


def test_many_clients_of_a_unit_share_the_units_rate() -> None:
    throttle = Throttle(Rates(client=60, unit=120), Seconds())
    many = [Requester(f"p{n}", Agency.POLICE, "commune_police_00340", "publisher") for n in range(30)]
    assert sum(admitted(throttle, one, 10) for one in many) == 20
    assert admitted(throttle, HOSPITAL, 100) == 10


def test_one_who_is_refused_uses_up_nothing() -> None:
    seconds = Seconds()
    throttle = Throttle(Rates(client=60, unit=600), seconds)
    admitted(throttle, POLICE, 10_000)
    seconds.passed += 10
    assert admitted(throttle, POLICE, 50) == 10


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_in_no_stretch_of_time_more_than_rate_and_burst(pauses: list[float]) -> None:
    seconds = Seconds()
    throttle = Throttle(Rates(client=60, unit=600), seconds)
    taken: list[float] = []
    for pause in pauses:
        seconds.passed += pause
        taken += [seconds.passed] * admitted(throttle, POLICE, 5)
    for begin in range(len(taken)):
        for end in range(begin, len(taken)):
            assert end - begin + 1 <= 10 + (taken[end] - taken[begin]) + 1e-6
