"""Whose access was ended is refused at every address of every service, though the token has hours to live."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from events.labels import Category, Form
from events.parties import Agency, Audience, Duty
from infra.crypto.data_keys import Asking, KeyPlace, KeysUnreachableError, WantedKey
from infra.postgres.ended_access import end_access
from infra.postgres.roles import ACCESS_ASKER, ACCESS_ENDER, OWNER
from infra.web.tokens import SKEW
from tests.fixtures.every_door import UNITS, wired_services
from tests.fixtures.keys import key_client
from tests.integration.reading.house import READER, House, client_of

HOSPITAL = "hospital_h1"
_CUT = """\
select pg_terminate_backend(pid) from pg_stat_activity
where datname = %s and usename = current_user and pid <> pg_backend_pid()"""


async def services_of(house: House) -> dict[str, FastAPI]:
    served = await wired_services(house, dict.fromkeys(UNITS, 0), house.stack)
    return dict(zip(UNITS, (one.app for one in served), strict=True))


def asked_with_a_token(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield the addresses of an application that ask for a token."""
    told: dict[str, Any] = app.openapi()
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            if operation.get("security"):
                yield method.upper(), path.replace("{", "").replace("}", "")


async def answers(house: House, services: dict[str, FastAPI], *, publisher: bool) -> dict[str, httpx.Response]:
    """Ask at every address of every service, as somebody of its unit."""
    found = {}
    for name, app in services.items():
        unit, purpose = UNITS[name]
        headers = {"Authorization": house.pass_of(unit, publisher=publisher), "X-Purpose": purpose}
        async with client_of(app) as client:
            for method, path in asked_with_a_token(app):
                found[f"{name} {method} {path}"] = await client.request(method, path, headers=headers)
    return found


@pytest.mark.parametrize("publisher", [False, True])
async def test_every_address_that_asks_for_a_token_refuses_an_ended_one_alike(
    a_case_in_full_work: House, *, publisher: bool
) -> None:
    services = await services_of(a_case_in_full_work)
    before = await answers(a_case_in_full_work, services, publisher=publisher)
    assert len(before) > 50
    assert 401 not in {answer.status_code for answer in before.values()}
    await end(a_case_in_full_work)
    after = await answers(a_case_in_full_work, services, publisher=publisher)
    assert after.keys() == before.keys()
    assert {answer.status_code for answer in after.values()} == {401}
    assert len({answer.content for answer in after.values()}) == 1
    assert next(iter(after.values())).json()["type"] == "/problems/bad_token"


async def test_the_key_service_gives_no_key_for_an_ended_token(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    place = KeyPlace(Agency.HEALTH, f"{HOSPITAL}/BA-1#child", Category.MEDICAL_FINDINGS, "needs", Form.FULL)
    door, reading = [key_client(house.keys, house.directory, name) for name in ("door.health", "reader.health")]
    for client in (door, reading):
        house.stack.push_async_callback(client.close)
    [key] = (await door.data_keys([place])).values()
    wanted = WantedKey(key.key_id, frozenset({"case_open"}))
    doctor = house.pass_of(HOSPITAL, duties=[Duty.TREATING]).removeprefix("Bearer ")
    assert (await reading.release(Asking(doctor, "case_work"), [wanted]))[wanted] == key.key
    await end(house)
    with pytest.raises(KeysUnreachableError):
        await reading.release(Asking(doctor, "case_work"), [wanted])


async def test_while_the_database_cannot_say_nothing_is_opened(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    unit, purpose = UNITS["health"]
    headers = {"Authorization": house.pass_of(unit), "X-Purpose": purpose, "Accept-Language": "en"}
    client = await house.client(await house.desk(Audience.HEALTH))
    assert (await client.get("/v1/cases", headers=headers)).status_code == 200
    with (
        psycopg.connect(house.databases.main(OWNER), autocommit=True) as owner,
        psycopg.connect(house.databases.main(ACCESS_ASKER), autocommit=True) as itself,
    ):
        owner.execute(f"revoke connect on database {house.databases.main_name} from {ACCESS_ASKER}".encode())
        itself.execute(_CUT, [house.databases.main_name])
    answer = await client.get("/v1/cases", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/token_unchecked")
    assert answer.headers["retry-after"] == "2"


async def end(house: House) -> None:
    await asyncio.to_thread(end_access, house.databases.main(ACCESS_ENDER), READER, SKEW)
