"""A read that begins after a version was adopted is under that version, and says so."""

from datetime import timedelta
from importlib.resources import files

import psycopg

from events.parties import Audience
from infra.postgres.roles import CASE_RECORD
from tests.integration.reading import auditing
from tests.integration.reading.house import NOW, House
from tests.integration.reading.test_reading import POLICE_NAME, ask, entries_of

PACKAGED = files("projections.disclosure").joinpath("agreement.toml").read_text(encoding="utf-8")
NAMES = '{ id = "D01-police", level = "full", when = ["case_open"] }'
NARROWED = NAMES.replace('"full"', '"exists"')


def adopt(house: House, *documents: str, first: int = 0) -> None:
    """Adopt versions one after another, numbered from the first on."""
    with psycopg.connect(house.databases.main(CASE_RECORD)) as connection:
        for number, document in enumerate(documents, first):
            connection.execute(
                "insert into agreement.versions (number, version, adopted_at, document) values (%s, %s, %s, %s)",
                [number, f"v{number}", NOW + timedelta(seconds=number), document.encode()],
            )


def narrowed() -> str:
    assert NAMES in PACKAGED
    return PACKAGED.replace(NAMES, NARROWED).replace('version = "2026.1"', 'version = "2026.2"')


async def test_narrowing_acts_on_the_next_read(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    client, who = await house.client(await house.desk(Audience.POLICE)), house.pass_of("commune_police_00340")
    before = await ask(client, who, f"/v1/cases/{POLICE_NAME}")
    adopt(house, PACKAGED, narrowed())
    after = await ask(client, who, f"/v1/cases/{POLICE_NAME}")
    assert "TRE-EM 7Q2-R101" in before.text
    assert "TRE-EM 7Q2-R101" not in after.text
    assert (before.json()["agreement"], after.json()["agreement"]) == ("2026.1", "2026.2")
    assert [entry["agreement"] for entry in entries_of(house, "police")] == ["2026.1", "2026.2"]


async def test_a_purpose_that_was_taken_away_is_refused_on_the_next_read(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    client, who = await house.client(await house.desk(Audience.POLICE)), house.pass_of("commune_police_00340")
    assert (await ask(client, who, "/v1/cases")).status_code == 200
    adopt(house, PACKAGED, PACKAGED.replace('police = ["case_work", ', "police = ["))
    refused = await ask(client, who, "/v1/cases")
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/no_such_case")


async def test_who_cannot_ask_for_the_agreement_is_told_nothing(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    client, who = await house.client(await house.desk(Audience.POLICE)), house.pass_of("commune_police_00340")
    adopt(house, "no agreement")
    assert (await ask(client, who, f"/v1/cases/{POLICE_NAME}")).status_code == 500


async def test_a_version_that_no_event_adopted_is_named_by_verify(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    adopt(house, PACKAGED)
    found = (await auditing.ask(house, await auditing.auditors(house), "/v1/verify")).json()["first_break"]
    assert found == {"case": None, "agreement": 0, "version": 1, "event": None, "reason": "missing"}
