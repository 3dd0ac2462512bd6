"""The journal keeps each event once, counts without gaps, and its role can do no more than that."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from events.codec import from_bytes
from events.envelope import SealedContents, SealedEvent
from events.parties import Agency
from infra.crypto.door_secrets import DoorSecrets
from infra.crypto.receipts import first_break
from infra.embedded.databases import Databases
from infra.postgres.deliveries import Deliveries, Outcome, Position
from infra.postgres.door_ledger import Entry
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.journal import Contradicts, Delivery, Journal, Kept
from infra.postgres.pool import Pool, open_pool

UNIT = "commune_police_00340"
SECRETS = DoorSecrets.draw(Agency.POLICE)
KEYS = {SECRETS.signing_key_id: SECRETS.signing_key.public_key()}
MOMENT = datetime(2026, 4, 6, 14, 30, tzinfo=UTC)
ACCEPTED_AT = MOMENT + timedelta(seconds=1, microseconds=7)
TOPIC = "case_record.outcomes.police.v1"


@pytest.fixture
async def pool(databases: Databases) -> AsyncIterator[Pool]:
    made = await open_pool(databases.main("door_police"))
    yield made
    await made.close()


@pytest.fixture
def journal(pool: Pool) -> Journal:
    return Journal(pool, SECRETS)


@pytest.fixture
def deliveries(pool: Pool) -> Deliveries:
    return Deliveries(pool, Agency.POLICE)


def entry(id_: str, reference: str = "R-1", unit: str = UNIT, mark: bytes = b"m" * 32) -> Entry:
    event = SealedEvent(
        id=id_,
        source=unit,
        type="police.scene_attended.v1",
        time=MOMENT,
        subject=reference,
        recordedtime=ACCEPTED_AT,
        sequence=1,
        data=SealedContents(open={"secured": True}),
    )
    return Entry(event, mark, "c" * 64, SECRETS.courier_key(unit, reference))


async def accepted(journal: Journal, *entries: Entry) -> list[Kept]:
    return [answer for answer in await journal.accept(entries, erasures=0) if isinstance(answer, Kept)]


async def status_of(journal: Journal, id_: str) -> str:
    delivery = await journal.delivery(UNIT, id_)
    return delivery.status if delivery else "unknown"


async def test_first_is_kept_and_again_gets_the_first_receipt(journal: Journal) -> None:
    (first,) = await accepted(journal, entry("E-1"))
    (again,) = await accepted(journal, entry("E-1"))
    assert (first.first, again.first) == (True, False)
    assert again.receipt == first.receipt
    assert first.receipt.verify(KEYS)


async def test_other_content_under_the_same_id_contradicts(journal: Journal, deliveries: Deliveries) -> None:
    await accepted(journal, entry("E-1"))
    assert await journal.accept([entry("E-1", mark=b"o" * 32)], erasures=0) == [Contradicts()]
    assert len(await deliveries.due("c", resend_after_s=30, limit=10)) == 1


async def test_two_copies_in_one_call_are_kept_once(journal: Journal) -> None:
    first, second, other = await journal.accept([entry("E-1"), entry("E-1"), entry("E-1", mark=b"o" * 32)], erasures=0)
    assert isinstance(first, Kept)
    assert isinstance(second, Kept)
    assert (first.first, second.first, other) == (True, False, Contradicts())
    assert first.receipt == second.receipt


async def test_sequences_have_no_gaps_per_reference(journal: Journal, deliveries: Deliveries) -> None:
    await accepted(journal, entry("E-1"), entry("E-2", "R-2"), entry("E-3"))
    await accepted(journal, entry("E-4", "R-2"), entry("E-5"), entry("E-6", unit="investigation_police_01"))
    sent = [from_bytes(SealedEvent, due.message) for due in await deliveries.due("c", resend_after_s=30, limit=10)]
    assert [(one.id, one.sequence) for one in sent] == [
        ("E-1", 1),
        ("E-2", 1),
        ("E-3", 2),
        ("E-4", 2),
        ("E-5", 3),
        ("E-6", 1),
    ]


async def test_receipts_form_one_chain_per_unit_under_contention(journal: Journal) -> None:
    calls = [accepted(journal, entry(f"E-{n}", f"R-{n % 3}"), entry(f"F-{n}")) for n in range(40)]
    kept = [one.receipt for answers in await asyncio.gather(*calls) for one in answers]
    ordered = sorted(kept, key=lambda receipt: receipt.number)
    assert [receipt.number for receipt in ordered] == list(range(1, 81))
    assert first_break(ordered, KEYS) is None


async def test_two_units_contending_in_either_order_do_not_lock_up(journal: Journal) -> None:
    other = "investigation_police_01"
    one_way = [accepted(journal, entry(f"A-{n}"), entry(f"B-{n}", unit=other)) for n in range(10)]
    other_way = [accepted(journal, entry(f"C-{n}", unit=other), entry(f"D-{n}")) for n in range(10)]
    answers = await asyncio.gather(*one_way, *other_way)
    assert sum(map(len, answers)) == 40


async def test_sent_ones_are_due_again_only_after_a_while_or_for_another_broker(
    journal: Journal, deliveries: Deliveries
) -> None:
    await accepted(journal, entry("E-1"))
    (due,) = await deliveries.due("c", resend_after_s=30, limit=10)
    await deliveries.mark_sent([due.position], "c")
    assert await deliveries.due("c", resend_after_s=30, limit=10) == []
    assert await deliveries.due("c", resend_after_s=0, limit=10) == [due]
    assert await deliveries.due("another", resend_after_s=30, limit=10) == [due]


async def test_outcome_ends_the_sending_and_a_final_one_stays(journal: Journal, deliveries: Deliveries) -> None:
    await accepted(journal, entry("E-1"))
    at = Position(TOPIC, 0, 7, "c")
    waiting = Outcome(UNIT, "E-1", "waiting", "unknown_reference", None, None)
    recorded = Outcome(UNIT, "E-1", "recorded", None, "R-1", MOMENT)
    for told, status in (([waiting], "waiting"), ([recorded, waiting], "recorded"), ([waiting], "recorded")):
        await deliveries.settle(told, [at])
        assert await status_of(journal, "E-1") == status
    assert await journal.delivery(UNIT, "E-1") == Delivery(
        "recorded", ACCEPTED_AT, MOMENT, "R-1", None, None, held=False
    )
    assert await deliveries.due("another", resend_after_s=0, limit=10) == []
    assert await deliveries.positions() == [at]


async def test_outcome_of_an_unknown_event_moves_only_the_position(deliveries: Deliveries) -> None:
    await deliveries.settle([Outcome(UNIT, "nowhere", "recorded", None, None, None)], [Position(TOPIC, 1, 2, "c")])
    assert await deliveries.positions() == [Position(TOPIC, 1, 2, "c")]


async def test_status_follows_the_event(journal: Journal, deliveries: Deliveries) -> None:
    assert await journal.delivery(UNIT, "E-1") is None
    await accepted(journal, entry("E-1"))
    (due,) = await deliveries.due("c", resend_after_s=30, limit=10)
    assert await status_of(journal, "E-1") == "accepted"
    await deliveries.mark_sent([due.position], "c")
    assert await status_of(journal, "E-1") == "published"


async def test_simulated_store_says_so(journal: Journal) -> None:
    assert await journal.is_simulated() is None
    await accepted(journal, entry("E-1"))
    assert await journal.is_simulated() is False


async def refuses(dsn: str, statement: str) -> bool:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        try:
            await connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return True
    return False


async def test_door_cannot_change_what_it_accepted(databases: Databases) -> None:
    for statement in ("update door_police.journal set mark = ''", "delete from door_police.journal"):
        assert await refuses(databases.main("door_police"), statement)


async def test_nobody_else_reads_the_journal(databases: Databases) -> None:
    for role in ("door_health", "case_record", "relay", "projector", "reader_police", "operator"):
        assert await refuses(databases.main(role), "select 1 from door_police.journal"), role


async def test_operator_sees_counts(databases: Databases, journal: Journal) -> None:
    await accepted(journal, entry("E-1"))
    async with await psycopg.AsyncConnection.connect(databases.main("operator")) as connection:
        row = await (await connection.execute("select unsent, without_outcome from health.door_police")).fetchone()
    assert row == (1, 1)


async def test_register_that_is_away_is_said_to_be(databases: Databases) -> None:
    pool = await open_pool(databases.main("door_police"))
    await pool.close()
    with pytest.raises(DatabaseUnreachableError):
        await Journal(pool, SECRETS).accept([entry("E-1")], erasures=0)
