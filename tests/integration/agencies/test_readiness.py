"""A door is ready while what it accepted gets on; how far it is behind is told in counts and seconds."""

from typing import Any

import httpx
import psycopg
import pytest

from events.parties import Agency
from infra.embedded.databases import Databases
from infra.embedded.tansu import EmbeddedTansu
from infra.postgres.roles import OWNER
from tests.controls.bad_input import good
from tests.fixtures.doors import ASpeaker, Doorkeeper, publish

SPEAKER = ASpeaker(Agency.POLICE, "commune_police_00340")


async def readiness(door: httpx.AsyncClient) -> tuple[int, Any]:
    answer = await door.get("/readyz")
    return answer.status_code, answer.json()


def made_older(databases: Databases, seconds: int) -> None:
    with psycopg.connect(databases.main(OWNER), autocommit=True) as connection:
        connection.execute("update door_police.deliveries set kept_at = kept_at - %s * interval '1 second'", [seconds])


@pytest.mark.parametrize(("more", "old_s"), [({"ready_backlog": 1}, 0), ({"ready_age_s": 30.0}, 31)])
async def test_by_lag_and_by_age(
    doorkeeper: Doorkeeper, fresh_tansu: EmbeddedTansu, more: dict[str, Any], old_s: int
) -> None:
    door = await doorkeeper.open(Agency.POLICE, broker=fresh_tansu.address, **more)
    async with doorkeeper.caller(door, SPEAKER) as police:
        status, told = await readiness(police)
        assert (status, told["ready"], told["behind"]["unsent"]["count"]) == (200, True, 0)
        for number in range(2):
            await publish(police, good(id=f"E-{number}"))
        made_older(doorkeeper.databases, old_s)
        status, told = await readiness(police)
        assert (status, told["ready"]) == (503, False)
        assert set(told["checks"].values()) == {"ok"}
        assert told["behind"]["unsent"]["count"] == 2
        assert told["behind"]["unsent"]["oldest_s"] >= old_s
        assert told["behind"]["without_outcome"]["within_limits"] is False
