"""A client that floods a door is told when to come again; nobody else at the door notices, and nothing is written."""

from collections import Counter

from events.parties import Agency
from tests.controls.bad_input import UNIT, good
from tests.fixtures.doors import ASpeaker, Doorkeeper, problem_of, publish
from tests.hostile.floods import REQUESTS

_AT_ONCE = 10  # ten seconds of 60 a minute


async def test_who_floods_is_held_to_its_rate_and_others_go_on(doorkeeper: Doorkeeper) -> None:
    door = await doorkeeper.open(Agency.POLICE, requests_per_minute=60)
    one, other = ASpeaker(Agency.POLICE, UNIT), ASpeaker(Agency.POLICE, "investigation_police_01")
    async with doorkeeper.caller(door, one) as flooding, doorkeeper.caller(door, other, "vi") as quiet:
        answers = [await publish(flooding, good(id=f"FLOOD-{n}")) for n in range(4 * _AT_ONCE)]
        refused = [answer for answer in answers if answer.status_code == REQUESTS.status]
        taken = Counter(answer.status_code for answer in answers)[202]
        assert (taken >= _AT_ONCE, taken + len(refused)) == (True, len(answers))
        assert {problem_of(answer)["type"] for answer in refused} == {f"/problems/{REQUESTS.problem}"}
        assert all(1 <= int(answer.headers["retry-after"]) <= 60 for answer in refused)
        assert doorkeeper.counts(Agency.POLICE)["journal"] == taken
        assert (await publish(quiet, good(id="QUIET-1", source="investigation_police_01"))).status_code == 202


async def test_units_are_held_to_a_rate_of_their_own(doorkeeper: Doorkeeper) -> None:
    door = await doorkeeper.open(Agency.POLICE, unit_requests_per_minute=2)
    async with doorkeeper.caller(door, ASpeaker(Agency.POLICE, UNIT)) as unit:
        assert [(await publish(unit, good(id=f"UNIT-{n}"))).status_code for n in range(2)] == [202, 429]


async def test_a_forger_uses_up_nobodys_allowance(doorkeeper: Doorkeeper) -> None:
    door = await doorkeeper.open(Agency.POLICE, requests_per_minute=6)
    async with doorkeeper.caller(door, ASpeaker(Agency.POLICE, UNIT)) as unit:
        real = unit.headers["authorization"]
        for _ in range(20):
            answer = await unit.get("/v1/events", headers={"Authorization": real[:-6] + "AAAAAA"})
            assert answer.status_code == 401
        assert (await publish(unit, good())).status_code == 202
