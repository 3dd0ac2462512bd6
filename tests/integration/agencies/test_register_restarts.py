"""A register that goes away is told at once, and used again as soon as it is back, with nobody's help."""

import httpx

from events.parties import Agency
from tests.controls.bad_input import good
from tests.fixtures.databases import DatabasesServer
from tests.fixtures.doors import Doorkeeper, problem_of, publish
from tests.waiting import eventually_async


async def test_no_receipt_while_away_and_all_well_afterwards(
    databases_server: DatabasesServer, police: httpx.AsyncClient, doorkeeper: Doorkeeper
) -> None:
    assert (await publish(police, good(id="E-1"))).status_code == 202
    databases_server.server.stop()
    away = [await publish(police, good(id="E-2")), await police.get("/v1/events?source=commune_police_00340&id=E-1")]
    not_ready = await police.get("/readyz")
    databases_server.server.start()
    assert [problem_of(answer)["type"] for answer in away] == ["/problems/token_unchecked"] * 2
    assert not_ready.json()["checks"]["database"] == "away"

    async def accepted() -> bool:
        return (await publish(police, good(id="E-2"))).status_code == 202

    await eventually_async(accepted, within_s=60)
    assert doorkeeper.counts(Agency.POLICE)["journal"] == 2
