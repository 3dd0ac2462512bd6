"""An order to seal hides the case from the moment its door accepted it: before anybody decided on it or folded it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import psycopg
import pytest

from events.chain import GENESIS, link
from events.codec import to_bytes
from events.envelope import RecordedEvent
from events.parties import Audience
from events.units import unit
from infra.clock import SimulatedClock
from infra.embedded.databases import Databases
from infra.postgres import view_reader
from infra.postgres.case_batch import Batch, InboxRow, StoredEvent
from infra.postgres.case_store import CaseStore
from infra.postgres.roles import AUDIENCES, CASE_RECORD, OWNER
from infra.postgres.view_reader import Holder, Wanted
from tests.controls.bad_input import CLOCK, good
from tests.fixtures.doors import ASpeaker, Doorkeeper, publish
from tests.integration.reading.house import NOW, House, write_order
from tests.integration.reading.test_sealed import HIDDEN_FROM, LEAD, NAMED, NAMES, answers, as_told, empty_views
from tests.privacy.scenario_streams import FIRST, STREAMS, sealed_streams

TOOK_PART = "investigation_police_01"  # and is named by no order
STRANGER = "legal_aid_01"
AUDITOR = "inspectorate_01"
UNREADABLE = (b"\xff", b"{", b"[" * 100_000, b'{"data": {"open": {"units": 1}}}')
NO_STREAM = b'{"data": {"open": {"report": "R-101", "case": "C-55"}}}'  # it can be read, and links nothing
SCHOOL = Holder("school_s1", frozenset({"school_s1"}))


@dataclass
class Doors:
    """A house whose units have names for the case in the register too, and the doors that take orders to seal it."""

    house: House
    keeper: Doorkeeper
    orders: int = 0

    async def order(
        self, source: str = LEAD, *, reference: str | None = None, in_sight: tuple[str, ...] = (NAMED,)
    ) -> str:
        """Order at a door that the case be sealed; return the order's id once it is acknowledged."""
        self.orders += 1
        id_ = f"order-{self.orders}"
        agency = unit(source).agency
        sent = good(
            "privacy.record_sealed.v1",
            id=id_,
            source=source,
            subject=reference or NAMES[source],
            data={"units_in_sight": [*in_sight]},
        )
        caller = self.keeper.caller(await self.keeper.open(agency), ASpeaker(agency, source))
        assert (await publish(caller, sent)).status_code == 202
        await caller.aclose()
        return id_

    def decide(self, id_: str, status: Literal["recorded", "rejected"], in_sight: tuple[str, ...] = ()) -> None:
        """Write what the case record writes once it has decided; no view hears of it."""
        reason = None if status == "recorded" else "fault"
        row = InboxRow(LEAD, id_, "social_work", NAMES[LEAD], self.orders, status, reason, None, None, NOW)
        store = CaseStore(self.house.databases.main(CASE_RECORD), simulated=False)
        try:
            store.append(Batch(events=tuple(self._seals(in_sight)) if in_sight else (), inbox=(row,)))
        finally:
            store.close()

    def record(self, stream: UUID, type_: str, state: bytes) -> None:
        """Write an event into the register that no view hears of."""
        with psycopg.connect(self.house.databases.main(OWNER)) as connection:
            connection.execute(
                "insert into case_record.events (originator_id, originator_version, topic, state)"
                " select %(stream)s, coalesce(max(originator_version), 0) + 1, %(topic)s, %(state)s"
                " from case_record.events where originator_id = %(stream)s",
                {"stream": stream, "topic": type_, "state": state},
            )

    def quarantine(self) -> None:
        """Write what the projector writes when it can fold no order and goes on."""
        with psycopg.connect(self.house.databases.main(OWNER)) as connection:
            connection.execute(
                "insert into projector.quarantine (stream, version, reason)"
                " select originator_id, max(originator_version), 'fault' from case_record.events"
                " where topic = 'case.case_sealed.v1' group by originator_id on conflict do nothing"
            )
            connection.execute(
                "update projector.watermark set position = (select max(notification_id) from case_record.events)"
            )

    def _seals(self, in_sight: tuple[str, ...]) -> list[StoredEvent]:
        return [_stored(events[-1]) for events in sealed_streams(dict(self.house.streams), in_sight).values()]


def _stored(event: RecordedEvent) -> StoredEvent:
    raw = to_bytes(event)
    return StoredEvent(
        event.subject, event.sequence, event.type, raw, link(GENESIS, event.subject, event.sequence, raw)
    )


@pytest.fixture
async def doors(a_case_in_full_work: House) -> AsyncIterator[Doors]:
    house = a_case_in_full_work
    clock = SimulatedClock(house.directory / "clock")
    clock.set(datetime.fromisoformat(CLOCK))
    _name_in_the_register(house)
    async with AsyncExitStack() as stack:
        yield Doors(house, Doorkeeper(house.databases, house.directory, clock, stack, house.keys))


def _name_in_the_register(house: House) -> None:
    """Give every unit the names for the case in the register that it has in its view."""
    own_audiences = " union ".join(
        f"select r.holder, r.reference, r.stream, f.kind from view_{audience}.case_references as r"
        f" join view_{audience}.case_files as f using (stream)"
        for audience in AUDIENCES
    )
    with psycopg.connect(house.databases.main(OWNER)) as connection:
        connection.execute(f"insert into case_record.reference_index {own_audiences}".encode())


async def test_until_it_is_decided_it_is_hidden_and_once_recorded_too_though_no_view_has_followed(doors: Doors) -> None:
    """On every list, by its name, on its timeline, in a search, among what is due: as if it had never been."""
    before = await _told(doors)
    assert await _seen_by(doors, *HIDDEN_FROM) == {*HIDDEN_FROM}
    refused = await doors.order()
    ordered = await _told(doors)
    doors.decide(refused, "rejected")
    assert (await _told(doors, "school_s1"))["school_s1"] == before["school_s1"]
    doors.decide(await doors.order(), "recorded", in_sight=(LEAD, NAMED))
    recorded = await _told(doors)
    empty_views(doors.house)
    never = await _told(doors, *HIDDEN_FROM)
    assert ordered == recorded == before | never


async def test_once_recorded_it_is_hidden_while_its_streams_wait_for_a_person(doors: Doors) -> None:
    doors.decide(await doors.order(), "recorded", in_sight=(LEAD, NAMED))
    doors.quarantine()
    assert await _seen_by(doors, LEAD, NAMED, *HIDDEN_FROM) == {LEAD, NAMED}


async def test_what_nobody_can_read_hides_its_own_case_and_keeps_nobody_from_another(doors: Doors) -> None:
    """Not text, not JSON, no list of units: of an order that nobody can read, only the auditor is told."""
    before = await _told(doors)
    for number, broken in enumerate(UNREADABLE):
        doors.record(UUID(int=number), "case.case_sealed.v1", broken)
    doors.quarantine()
    assert await _told(doors) == before
    order = await doors.order()
    for broken in (UNREADABLE[0], NO_STREAM):
        doors.record(STREAMS[FIRST.case], "case.report_linked.v1", broken)
    assert await _seen_by(doors, LEAD, NAMED, *HIDDEN_FROM) == {LEAD, NAMED}
    doors.decide(order, "rejected")
    doors.record(STREAMS[FIRST.case], "case.case_sealed.v1", UNREADABLE[0])
    doors.quarantine()
    assert await _seen_by(doors, *NAMES) == {AUDITOR}


async def test_it_hides_as_far_as_the_case_record_would_seal_by_it(doors: Doors) -> None:
    for reference in (NAMES[LEAD], "C-55", "R-101"):
        await doors.order(STRANGER, reference=reference, in_sight=())
    assert await _seen_by(doors, LEAD, NAMED, "school_s1") == {LEAD, NAMED, "school_s1"}
    by_another_who_takes_part = await doors.order(NAMED, in_sight=())
    assert await _seen_by(doors, LEAD, NAMED, "school_s1", "coordination_01") == {LEAD, NAMED}
    doors.decide(by_another_who_takes_part, "recorded", in_sight=(LEAD, NAMED))
    await doors.order(TOOK_PART, reference=_name_of(doors.house, TOOK_PART), in_sight=())
    assert await _seen_by(doors, LEAD, NAMED, "school_s1") == {LEAD, NAMED}
    await doors.order(in_sight=("school_s1",))  # takes sight at once, and gives it once it is decided
    assert await _seen_by(doors, LEAD, NAMED, "school_s1") == {LEAD}


def test_a_role_is_told_of_what_is_sealed_in_its_own_view_alone(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    _name_in_the_register(house)
    write_order(house.databases, LEAD, NAMES[LEAD], ())
    with psycopg.connect(house.databases.main("reader_education"), autocommit=True) as connection:
        assert connection.execute("select stream from view_education.hidden_from('{}')").fetchall()
    with psycopg.connect(house.databases.main(OWNER)) as connection:
        connection.execute("delete from view_hotline.case_files")  # whatever it was told of
    with psycopg.connect(house.databases.main("reader_hotline"), autocommit=True) as connection:
        assert connection.execute("select stream from view_hotline.hidden_from('{}')").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select stream from sealing.hidden_from('{}')")


@pytest.mark.parametrize("role", ["door_police", "door_social_work"])
def test_no_door_says_that_an_order_was_decided_on(databases: Databases, role: str) -> None:
    orders = (
        "insert into sealing.orders (source, id, reference, units, accepted_at{}) values (%s, %s, %s, '{{}}', %s{})"
    )
    with psycopg.connect(databases.main(role), autocommit=True) as connection:
        connection.execute(orders.format("", "").encode(), [LEAD, "order-1", "C-1", NOW])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(orders.format(", decided_at", ", now()").encode(), [LEAD, "order-2", "C-1", NOW])


async def test_what_is_sealed_is_asked_for_a_name_that_nobody_has_too(doors: Doors) -> None:
    """A denial takes as long as a name that never was: what costs time is asked before either is sought."""
    views = (await doors.house.desk(Audience.EDUCATION)).views
    await doors.order()
    with psycopg.connect(doors.house.databases.main(OWNER), autocommit=True) as connection:
        connection.execute(
            "create or replace function view_education.hidden_from(in_units text[]) returns table (stream uuid)"
            " language plpgsql as $$ begin raise 'asked'; end $$"
        )
    for name in (NAMES["school_s1"], "C-never"):
        with pytest.raises(psycopg.errors.RaiseException, match="asked"):
            await views.case(SCHOOL, name)


async def test_the_readers_own_condition_and_the_databases_hide_it_each_alone(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = (await doors.house.desk(Audience.EDUCATION)).views
    assert await views.listed(SCHOOL, Wanted(), None, 50)
    await doors.order()
    with monkeypatch.context() as forgetting:
        forgetting.setattr(view_reader, "IN_SIGHT", "true")
        assert await views.listed(SCHOOL, Wanted(), None, 50) == []
    with psycopg.connect(doors.house.databases.main(OWNER)) as connection:
        connection.execute("drop policy what_is_sealed_by_now_is_hidden on view_education.case_files")
    assert await views.listed(SCHOOL, Wanted(), None, 50) == []
    assert await views.case(SCHOOL, NAMES["school_s1"]) is None


async def _told(doors: Doors, *readers: str) -> dict[str, list[tuple[object, ...]]]:
    """Return what each of these readers, or of all, is answered at every address of its own."""
    return {one: [as_told(answer) for answer in await answers(doors.house, one)] for one in readers or NAMES}


async def _seen_by(doors: Doors, *readers: str) -> set[str]:
    """Return who of these finds the case in its list, and by its name; nobody does the one without the other."""
    seen = set()
    for reader in readers:
        _, listed, _, _, _, case, *_ = [answer.content for answer in await answers(doors.house, reader)]
        if NAMES[reader].encode() in listed:
            seen.add(reader)
        assert (reader in seen) == (b'"facts"' in case)
    return seen


def _name_of(house: House, holder: str) -> str:
    with psycopg.connect(house.databases.main(OWNER)) as connection:
        query = "select reference from case_record.reference_index where holder = %s and stream = %s"
        [[name]] = connection.execute(query, [holder, STREAMS[FIRST.case]]).fetchall()
    return str(name)
