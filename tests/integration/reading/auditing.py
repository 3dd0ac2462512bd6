"""An auditor at the audit service of a house, who asks of scenario 1."""

from typing import Any

import httpx
import psycopg

from events.parties import Audience
from infra.postgres.access_log import AccessLogs
from infra.postgres.audit_reader import AuditReader
from infra.postgres.ended_access import AccessEnder
from infra.postgres.pool import held_pool, open_pool
from infra.postgres.roles import ACCESS_ENDER, OWNER
from services.audit.app import wired
from services.audit.endpoints import AuditDesk
from tests.integration.reading.house import House, client_of

CASE = "C-55-auditor"
HISTORY = f"/v1/cases/{CASE}/history"
LATER = "2026-08-01T00:00:00Z"  # after everything of the scenario was recorded


async def auditors(house: House) -> httpx.AsyncClient:
    pool = await open_pool(house.databases.main("reader_auditor"), max_size=2)
    house.stack.push_async_callback(pool.close)
    desk = AuditDesk(await house.desk(Audience.AUDITOR), AuditReader(pool), AccessLogs(pool))
    return await house.stack.enter_async_context(client_of(wired(desk, house.tokens, await ender_of(house))))


async def ender_of(house: House) -> AccessEnder:
    return AccessEnder(await held_pool(house.databases.main(ACCESS_ENDER), house.stack, autocommit=True))


async def ask(house: House, client: httpx.AsyncClient, path: str, **params: Any) -> httpx.Response:
    headers = {"Authorization": house.pass_of("inspectorate_01"), "X-Purpose": "oversight"}
    return await client.get(path, params=params, headers=headers)


async def history(house: House, **asked: Any) -> dict[str, Any]:
    client = await auditors(house)
    answer = await ask(house, client, HISTORY, **({"known_at": LATER, "as_of": LATER} | asked))
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def tamper(house: House, *statements: str) -> None:
    """Change the register as somebody with every right would."""
    with psycopg.connect(house.databases.main(OWNER), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
