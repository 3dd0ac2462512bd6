"""A door marks the child of every event whose type names one, once, and of no other event."""

import json

import httpx

from events.likeness import Child, Feature
from events.parties import Agency, Audience
from infra.crypto.likeness_keys import MATCHING, LikenessKeys, search_recipient
from infra.postgres.roles import AUDIENCES
from projections.disclosure.packaged import packaged_agreement
from projections.disclosure.searching import who_may_search
from tests.controls.bad_input import good
from tests.fixtures.doors import Doorkeeper, publish


async def test_marks_are_kept_with_the_event_and_once(police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
    event = json.loads(good())
    rehearsed = await police.post(
        "/v1/events?dry_run=true", content=good(), headers={"Content-Type": "application/cloudevents+json"}
    )
    assert (rehearsed.status_code, doorkeeper.rows(Agency.POLICE, "likeness")) == (200, [])
    assert {(await publish(police, good())).status_code for _ in range(2)} == {202, 200}
    rows = doorkeeper.rows(Agency.POLICE, "likeness")
    assert {row[:3] for row in rows} == {(event["source"], event["id"], event["subject"])}
    recipients = [*map(search_recipient, who_may_search(packaged_agreement(), AUDIENCES)), MATCHING]
    assert sorted(row[3] for row in rows) == sorted(recipients)
    marks = [bytes(mark) for row in rows for mark in row[5]]
    assert len(set(marks)) == len(marks) == len(recipients) * len(Feature)
    assert not any(part in str(rows) for part in (event["data"]["child_name"],))


async def test_a_child_without_a_birth_date_has_as_many(police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
    event = json.loads(good())
    event["data"].pop("child_birth_date", None)
    assert (await publish(police, json.dumps(event).encode())).status_code == 202
    assert {len(row[5]) for row in doorkeeper.rows(Agency.POLICE, "likeness")} == {len(Feature)}


async def test_an_event_whose_type_names_no_child_has_none(police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
    event = json.loads(good("police.scene_attended.v1"))
    assert (await publish(police, json.dumps(event).encode())).status_code == 202
    assert doorkeeper.rows(Agency.POLICE, "likeness") == []


async def test_a_register_s_name_is_found_by_its_number(police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
    """By the number alone, however it is grouped; and the number itself stands nowhere."""
    event = json.loads(good("privacy.child_identified.v1", source="commune_police_00340"))
    event["data"]["child_id_number"] = "ZZ 001 316 000 001"
    assert (await publish(police, json.dumps(event).encode())).status_code == 202
    rows = {row[3]: [bytes(mark) for mark in row[5]] for row in doorkeeper.rows(Agency.POLICE, "likeness")}
    keys = LikenessKeys.read(doorkeeper.settings(Agency.POLICE).likeness_keys[search_recipient(Audience.HEALTH)])
    [sought] = keys.sought(Child(id_number="zz001316000001"))
    assert sought in rows[search_recipient(Audience.HEALTH)]
    assert sought not in rows[search_recipient(Audience.POLICE)]
    journal = str(doorkeeper.rows(Agency.POLICE, "journal"))
    assert not any(number in journal for number in ("001 316 000 001", "001316000001"))
