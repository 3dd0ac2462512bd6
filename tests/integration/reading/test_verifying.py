"""Whether the history holds, as the auditor is told who may not have the boxes; the first bad event is named."""

import psycopg
import pytest

from infra.postgres.roles import OWNER
from tests.fixtures.old_links import link_anew_the_old_way
from tests.integration.reading.auditing import CASE, ask, auditors, tamper
from tests.integration.reading.house import House
from tests.privacy.scenario_streams import STREAMS

HOLDS = {"holds": True, "unchecked": 0, "first_break": None}


async def test_the_whole_history_holds(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    found = (await ask(house, await auditors(house), "/v1/verify")).json()
    events = sum(len(events) for events in house.streams.values())
    assert found == {**HOLDS, "streams": len(house.streams), "events": events}


async def test_a_case_holds_with_its_reports(a_case_in_full_work: House) -> None:
    found = (await ask(a_case_in_full_work, await auditors(a_case_in_full_work), "/v1/verify", case=CASE)).json()
    assert (found["holds"], found["streams"]) == (True, 3)


@pytest.mark.parametrize(
    ("tampering", "reason"),
    [
        ("update case_record.events set state = state || ' '::bytea where {one}", "changed"),
        ("delete from case_record.links where {link}", "unlinked"),
        ("delete from case_record.events where {one}", "missing"),
        ("update case_record.links set digest = sha256(digest) where {link}", "changed"),
    ],
)
async def test_the_first_bad_event_is_named(a_case_in_full_work: House, tampering: str, reason: str) -> None:
    house = a_case_in_full_work
    one = f"originator_id = '{STREAMS['C-55']}' and originator_version = 3"
    link = f"stream = '{STREAMS['C-55']}' and version = 3"
    tamper(house, tampering.format(one=one, link=link))
    found = (await ask(house, await auditors(house), "/v1/verify")).json()
    third = house.streams[STREAMS["C-55"]][2].id
    named = {"case": CASE, "agreement": None, "version": 3, "event": third, "reason": reason}
    assert (found["holds"], found["first_break"]) == (False, named)


async def test_a_deleted_last_event_is_found(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    last = len(house.streams[STREAMS["C-55"]])
    tamper(
        house,
        f"delete from case_record.events where originator_id = '{STREAMS['C-55']}' and originator_version = {last}",
    )
    found = (await ask(house, await auditors(house), "/v1/verify")).json()["first_break"]
    assert (found["case"], found["version"], found["reason"]) == (CASE, last, "missing")


async def test_a_statement_deleted_with_its_link_is_found(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    stream, last = STREAMS["C-55"], len(house.streams[STREAMS["C-55"]])
    tamper(
        house,
        "insert into case_record.inbox values ('committee_00340', 'statement-last', 'social_work', 'C', 1,"
        f" 'recorded', null, '{stream}', {last}, now())",
        f"delete from case_record.events where originator_id = '{stream}' and originator_version = {last}",
        f"delete from case_record.links where stream = '{stream}' and version = {last}",
    )
    found = (await ask(house, await auditors(house), "/v1/verify")).json()["first_break"]
    where = {"case": CASE, "agreement": None, "version": last}
    assert found == {**where, "event": "statement-last", "reason": "missing"}


async def test_a_changed_box_is_found_by_who_may_not_have_it(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    sealed = next(one for one in house.streams[STREAMS["C-55"]] if one.data.sealed)
    tamper(
        house,
        "update case_record.events set state = decode(overlay(encode(state, 'escape') placing 'AAAA'"
        " from strpos(encode(state, 'escape'), '\"box\":') + 10), 'escape')"
        f" where originator_id = '{sealed.subject}' and originator_version = {sealed.sequence}",
    )
    found = (await ask(house, await auditors(house), "/v1/verify")).json()["first_break"]
    assert (found["event"], found["reason"]) == (sealed.id, "changed")


async def test_what_an_earlier_release_linked_is_told_as_unchecked(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    with psycopg.connect(house.databases.main(OWNER), autocommit=True) as connection:
        link_anew_the_old_way(connection)
    found = (await ask(house, await auditors(house), "/v1/verify")).json()
    with_boxes = sum(bool(event.data.sealed) for events in house.streams.values() for event in events)
    assert (found["holds"], found["unchecked"]) == (True, with_boxes)
    assert 0 < with_boxes < found["events"]


@pytest.mark.parametrize("versions", ["version = 3", "version <= 3"])
async def test_nothing_can_be_said_to_be_of_an_earlier_release(a_case_in_full_work: House, versions: str) -> None:
    house = a_case_in_full_work
    tamper(house, f"update case_record.links set way = 1 where stream = '{STREAMS['C-55']}' and {versions}")
    assert (await ask(house, await auditors(house), "/v1/verify")).json()["holds"] is False


async def test_a_link_of_no_known_way_is_none(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    tamper(
        house,
        "alter table case_record.links drop constraint links_way_check",
        f"update case_record.links set way = 3 where stream = '{STREAMS['C-55']}' and version = 3",
    )
    found = (await ask(house, await auditors(house), "/v1/verify")).json()["first_break"]
    assert (found["version"], found["reason"]) == (3, "unlinked")
