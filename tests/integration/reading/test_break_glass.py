"""Break-glass: an hour's sight of one case for somebody who may not see it, told, logged and reviewed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from events.labels import Category
from events.parties import Audience
from infra.backlog import Limits
from infra.clock import Clock, RegisterClock
from infra.crypto.party_keys import Parties
from infra.ids import RandomIds
from infra.kafka.cluster import BrokerUnreachable
from infra.kafka.publisher import Publisher
from infra.postgres.case_store import CaseStore
from infra.postgres.glass import UnitRate
from infra.postgres.roles import CASE_RECORD
from infra.postgres.singleton import Singleton
from infra.standing import Standing
from infra.working_days import VietnameseWorkingDays
from projections.glass import NEVER
from services.case_record.adopting import Adopting
from services.case_record.app import Consumer
from services.case_record.handlers import CaseRecord, World
from tests.fixtures.doors import NOBODY
from tests.fixtures.glass_houses import ASKED, BREAKER, LEAD, OTHER_POLICE, GlassHouse, move_into_glass
from tests.fixtures.houses import Houses
from tests.integration.reading.house import write_order
from tests.integration.reading.test_sealed import seal
from tests.privacy.scenario_streams import FIRST, STREAMS

COORDINATOR = "coordination_01"
AUDITOR = "inspectorate_01"
NO_SUCH_CASE = "/problems/no_such_case"


@pytest.fixture
async def house(houses: Houses, tmp_path: Path) -> AsyncIterator[GlassHouse]:
    async with AsyncExitStack() as stack:
        yield await move_into_glass(houses, tmp_path, stack)


async def test_one_case_is_read_by_who_broke_its_glass_and_by_nobody_else(house: GlassHouse) -> None:
    glass = (await house.break_glass(OTHER_POLICE)).json()["glass"]
    read = await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{glass}")
    timeline = await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{glass}/timeline")
    assert (read.status_code, timeline.status_code) == (200, 200)
    told = {fact["category"]: fact["level"] for fact in read.json()["facts"] if fact.get("values")}
    assert told["child_identity"] == "full"
    assert told["medical_findings"] == "summary"
    assert not {Category(fact["category"]) for fact in read.json()["facts"]} & NEVER
    others = [
        await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{glass}", person="NGUOI-KHAC"),
        await house.ask("commune_police_00340", "GET", f"/v1/break-glass/{glass}"),
        await house.ask(LEAD, "GET", f"/v1/break-glass/{glass}"),
        await house.ask(OTHER_POLICE, "GET", "/v1/cases/C-55-1"),
    ]
    assert [(one.status_code, one.json()["type"]) for one in others] == [(404, NO_SUCH_CASE)] * 4
    house.clock.pass_by(minutes=60)
    assert (await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{glass}")).status_code == 404
    entries = house.rows(
        "select kind, outcome, glass::text, policies from view_police.access_log"
        f" where person = 'NGUOI-{OTHER_POLICE}' order by id"
    )
    whole = ["desk-own-audience", "case-glass-broken"]
    assert entries == [
        ("break_glass", "answered", glass, ["desk-own-audience"]),
        ("break_glass", "answered", glass, whole),
        ("break_glass", "answered", glass, whole),
        ("read", "refused", None, ["no-such-case"]),
        ("break_glass", "refused", glass, ["no-standing-glass"]),
    ]


async def test_the_owning_unit_is_told_at_once_and_the_history_tells_it(house: GlassHouse) -> None:
    glass = (await house.break_glass()).json()["glass"]
    [told] = await house.told(LEAD)
    assert (told["glass"], told["case"], told["unit"], told["review"]) == (glass, "C-55-1", BREAKER, "open")
    assert (told["reason"], told["explanation"]) == (ASKED["reason"], ASKED["explanation"])
    [coordinator], [auditor] = await house.told(COORDINATOR), await house.told(AUDITOR)
    assert (coordinator["glass"], coordinator["explanation"], coordinator["person"]) == (glass, None, None)
    assert (auditor["explanation"], auditor["person"]) == (ASKED["explanation"], f"NGUOI-{BREAKER}")
    assert (await house.told("commune_police_00340"), await house.told("school_s1")) == ([], [])
    unseen = await house.ask(BREAKER, "GET", f"/v1/break-glass/{glass}")
    assert (unseen.status_code, unseen.json()["type"]) == (503, "/problems/glass_not_shown_yet")
    assert (house.record(), house.record()) == (1, 0)
    await house.project()
    assert (await house.ask(BREAKER, "GET", f"/v1/break-glass/{glass}")).status_code == 200
    assert (await house.ask(BREAKER, "GET", "/v1/cases")).json()["cases"] == []
    lines = (await house.ask(LEAD, "GET", "/v1/cases/C-55-1/timeline?limit=200")).json()["entries"]
    [line] = [one for one in lines if one["type"] == "privacy.glass_broken.v1"]
    assert (line["open"]["unit"], line["open"]["audience"]) == (BREAKER, "health")
    written = house.rows("select explanation::text from glass.attempts")
    assert ASKED["explanation"] not in json.dumps(written)


async def test_the_history_tells_it_while_no_broker_answers(house: GlassHouse) -> None:
    await house.break_glass()
    store = CaseStore(house.house.databases.main(CASE_RECORD), simulated=False)
    try:
        with store.hold_singleton() as alone, pytest.raises(BrokerUnreachable):
            await consumer(store, alone, house.clock).run(asyncio.Event())
    finally:
        store.close()
    assert house.rows("select count(*) from case_record.events where topic = 'privacy.glass_broken.v1'") == [(3,)]


async def test_a_damaged_history_does_not_end_the_case_record_and_tells_it_once_mended(house: GlassHouse) -> None:
    await house.break_glass()
    with house.damaged(STREAMS[FIRST.reports[0]]):
        assert house.record() == 0
    assert house.record() == 1


def consumer(store: CaseStore, alone: Singleton, clock: Clock) -> Consumer:
    """Return the case record's process with a broker that nobody answers at."""
    record = CaseRecord(store, World(clock, RandomIds(), VietnameseWorkingDays()))
    adopting = Adopting(store, RegisterClock(clock, store.last_recorded_at()), RandomIds(), Parties({}))
    return Consumer(
        NOBODY, store, alone, record, adopting, Publisher(NOBODY, "case_record"), Standing(Limits(1, 1.0), needs=())
    )


async def test_a_review_is_closed_by_another_unit_once(house: GlassHouse) -> None:
    glass = (await house.break_glass(OTHER_POLICE)).json()["glass"]
    path, said = f"/v1/break-glass/{glass}/review", {"outcome": "not_justified"}
    own = await house.ask(OTHER_POLICE, "POST", path, said)
    colleague = await house.ask(OTHER_POLICE, "POST", path, said, person="NGUOI-KHAC")
    stranger = await house.ask("school_s1", "POST", path, said)
    assert [one.json()["type"] for one in (own, colleague, stranger)] == ["/problems/own_glass"] * 2 + [NO_SUCH_CASE]
    assert (await house.ask(LEAD, "POST", path, said)).status_code == 200
    again = await house.ask(COORDINATOR, "POST", path, {"outcome": "justified"})
    assert again.json()["type"] == "/problems/reviewed_before"
    assert [one["outcome"] for one in await house.told(AUDITOR, "?review=closed")] == ["not_justified"]
    assert house.record() == 2
    assert house.rows(
        "select topic, count(*) from case_record.events where topic like 'privacy.glass%' group by topic order by topic"
    ) == [("privacy.glass_broken.v1", 3), ("privacy.glass_reviewed.v1", 1)]


async def test_renewed_with_a_new_reason_and_never_beyond_twelve_hours(house: GlassHouse) -> None:
    ends = []
    for _ in range(12):
        broken = await house.break_glass(OTHER_POLICE)
        ends.append(broken.json()["until"])
        house.clock.pass_by(minutes=60)
    assert len(set(ends)) == 12
    spent = await house.break_glass(OTHER_POLICE)
    assert (spent.status_code, spent.json()["type"]) == (403, "/problems/glass_spent")
    assert (await house.break_glass(OTHER_POLICE, person="NGUOI-KHAC")).status_code == 200


async def test_an_overlap_counts_once_and_the_last_ends_with_the_twelfth_hour(house: GlassHouse) -> None:
    began = house.clock.at
    for _ in range(23):
        assert (await house.break_glass(OTHER_POLICE)).status_code == 200
        house.clock.pass_by(minutes=30)
    house.clock.pass_by(minutes=-10)
    last = (await house.break_glass(OTHER_POLICE)).json()
    assert datetime.fromisoformat(last["until"]) == began + timedelta(hours=12)


async def test_whoever_left_a_review_overdue_breaks_nothing_and_reads_nothing_until_it_is_closed(
    house: GlassHouse,
) -> None:
    first = (await house.break_glass(OTHER_POLICE)).json()["glass"]
    house.clock.pass_by(hours=71, minutes=30)
    second = (await house.break_glass(OTHER_POLICE)).json()["glass"]
    assert (await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{second}")).status_code == 200
    house.clock.pass_by(minutes=31)
    refused = await house.break_glass(OTHER_POLICE)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/glass_suspended")
    assert (await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{second}")).status_code == 404
    for watching in (COORDINATOR, AUDITOR, LEAD):
        assert [one["glass"] for one in await house.told(watching, "?review=overdue")] == [first]
    closed = await house.ask(COORDINATOR, "POST", f"/v1/break-glass/{first}/review", {"outcome": "justified"})
    assert closed.status_code == 200
    assert (await house.break_glass(OTHER_POLICE)).status_code == 200


@pytest.mark.parametrize("unit", ["school_s1", "committee_00340", "hotline_111"])
async def test_other_audiences_break_none(house: GlassHouse, unit: str) -> None:
    refused = await house.break_glass(unit)
    assert (refused.status_code, refused.json()["type"]) == (404, NO_SUCH_CASE)
    assert house.rows("select count(*) from glass.attempts") == [(0,)]


@pytest.mark.parametrize("unit", [OTHER_POLICE, BREAKER])
async def test_a_sealed_case_is_answered_as_none_and_its_lead_unit_told(house: GlassHouse, unit: str) -> None:
    seal(house.house, ["commune_police_00340"])
    sealed, none = await house.break_glass(unit), await house.break_glass(unit, reference="KHONG-CO")
    assert (sealed.status_code, sealed.content, sealed.headers) == (404, none.content, none.headers)
    own = await house.told(unit)
    assert [(one["answer"], one["case"], one["lead_unit"]) for one in own] == [("no_case", None, None)] * 2
    assert [one["answer"] for one in await house.told(COORDINATOR)] == ["no_case", "no_case"]
    assert [(one["answer"], one["case"]) for one in await house.told(LEAD)] == [("sealed", "C-55-1")]
    assert {one["answer"] for one in await house.told(AUDITOR)} == {"no_case", "sealed"}
    audience = "police" if unit == OTHER_POLICE else "health"
    logged = house.rows(f"select kind, outcome, glass, streams from view_{audience}.access_log order by id limit 2")
    assert logged == [("break_glass", "refused", None, [])] * 2


async def test_who_tried_never_learns_that_it_was_sealed_whatever_becomes_of_the_order(house: GlassHouse) -> None:
    seal(house.house, ["commune_police_00340"])
    await house.break_glass(OTHER_POLICE)
    seal(house.house, None)
    for asking in (OTHER_POLICE, COORDINATOR):
        assert [(one["answer"], one["case"], one["lead_unit"]) for one in await house.told(asking)] == [
            ("no_case", None, None)
        ]
    for watching in (LEAD, AUDITOR):
        assert [one["answer"] for one in await house.told(watching)] == ["sealed"]


async def test_what_is_sealed_after_its_glass_was_broken_is_no_case_any_more(house: GlassHouse) -> None:
    glass = (await house.break_glass(OTHER_POLICE)).json()["glass"]
    assert (await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{glass}")).status_code == 200
    seal(house.house, ["commune_police_00340"])
    for path in (glass, f"{glass}/timeline"):
        none = await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{path.replace(glass, str(UUID(int=7)))}")
        read = await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{path}")
        assert (read.status_code, read.content, read.headers) == (404, none.content, none.headers)


async def test_what_is_ordered_sealed_at_a_door_is_no_case_any_more_before_it_is_decided(house: GlassHouse) -> None:
    glass = (await house.break_glass(OTHER_POLICE)).json()["glass"]
    assert (await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{glass}")).status_code == 200
    write_order(house.house.databases, LEAD, "C-55-1", ["commune_police_00340"])
    for path in (glass, f"{glass}/timeline"):
        none = await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{path.replace(glass, str(UUID(int=7)))}")
        read = await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{path}")
        assert (read.status_code, read.content, read.headers) == (404, none.content, none.headers)
    assert (await house.break_glass(BREAKER)).json()["type"] == NO_SUCH_CASE
    assert [(one["answer"], one["lead_unit"]) for one in await house.told(BREAKER)] == [("no_case", None)]
    assert [one["case"] for one in await house.told(COORDINATOR)] == [None]
    assert {one["answer"] for one in await house.told(LEAD)} == {"sealed", "broken"}


async def test_whoever_guesses_names_is_told_nothing_more_that_day(house: GlassHouse) -> None:
    for number in range(10):
        assert (await house.break_glass(OTHER_POLICE, reference=f"KHONG-CO-{number}")).status_code == 404
    assert (await house.break_glass(OTHER_POLICE)).status_code == 404
    house.clock.pass_by(hours=24, minutes=1)
    assert (await house.break_glass(OTHER_POLICE)).status_code == 200


async def test_the_auditor_is_told_how_often_by_unit(house: GlassHouse) -> None:
    first = (await house.break_glass(OTHER_POLICE)).json()["glass"]
    await house.break_glass()
    await house.break_glass(reference="KHONG-CO")
    await house.ask(LEAD, "POST", f"/v1/break-glass/{first}/review", {"outcome": "justified"})
    house.clock.pass_by(hours=72)
    desk = await house.house.desk(Audience.AUDITOR, house.clock)
    rates = await desk.glasses.rates(house.clock.now(), None, None)
    assert rates == [UnitRate(BREAKER, 1, 1, 0, 0, 0, 1), UnitRate(OTHER_POLICE, 1, 0, 1, 0, 0, 0)]
