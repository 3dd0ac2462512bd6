"""Whoever can write to the database itself still cannot change a recorded byte unnoticed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from events.chain import Broken, Link, first_break
from infra.embedded.databases import Databases
from infra.postgres.case_store import Batch, CaseStore
from infra.postgres.roles import OWNER
from tests.fixtures.case_batches import chained, stream_of

EVENTS = chained(stream_of(1), 3)
FLIP = "update case_record.{0} set {1} = set_byte({1}, %s, get_byte({1}, %s) # %s) where {2} = %s"
TABLES = {"events": ("state", "originator_version"), "links": ("digest", "version")}


@pytest.fixture
def owner(databases: Databases) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(databases.main(OWNER), autocommit=True) as connection:
        yield connection


STREAM = stream_of(1)


def broken(store: CaseStore, stream: UUID = STREAM) -> Broken | None:
    found = store.load([stream])[stream]
    return first_break(Link(event.stream, event.version, event.recorded, event.digest) for event in found)


def flip(owner: psycopg.Connection[Any], table: str, version: int, byte: int, mask: int) -> None:
    column, key = TABLES[table]
    done = owner.execute(FLIP.format(table, column, key).encode(), [byte, byte, mask, version])
    assert done.rowcount == 1


@pytest.mark.parametrize("mask", [0x01, 0x80])
@pytest.mark.parametrize("table", TABLES)
def test_any_flipped_byte_is_found_where_it_is(
    store: CaseStore, owner: psycopg.Connection[Any], table: str, mask: int
) -> None:
    store.append(Batch(events=EVENTS))
    assert broken(store) is None
    for event in EVENTS:
        for byte in range(len(event.recorded if table == "events" else event.digest)):
            flip(owner, table, event.version, byte, mask)
            assert broken(store) == Broken(event.stream, event.version, "changed")
            flip(owner, table, event.version, byte, mask)
    assert broken(store) is None


def test_a_missing_event_is_found(store: CaseStore, owner: psycopg.Connection[Any]) -> None:
    store.append(Batch(events=EVENTS))
    owner.execute("delete from case_record.events where originator_version = 2")
    assert broken(store) == Broken(stream_of(1), 2, "missing")


def test_two_events_that_changed_places_are_found(store: CaseStore, owner: psycopg.Connection[Any]) -> None:
    store.append(Batch(events=EVENTS))
    owner.execute(
        "update case_record.events set originator_version = 15 - originator_version where originator_version > 1"
    )
    owner.execute(
        "update case_record.events set originator_version = originator_version - 10 where originator_version > 9"
    )
    assert broken(store) == Broken(stream_of(1), 2, "changed")


def test_a_missing_link_is_found(store: CaseStore, owner: psycopg.Connection[Any]) -> None:
    store.append(Batch(events=EVENTS))
    owner.execute("delete from case_record.links where version = 2")
    assert broken(store) == Broken(stream_of(1), 2, "changed")


def test_an_event_of_another_stream_is_found(store: CaseStore, owner: psycopg.Connection[Any]) -> None:
    [other] = chained(stream_of(2), 1)
    store.append(Batch(events=(*EVENTS, other)))
    owner.execute(
        "update case_record.events set state = %s where originator_id = %s", [EVENTS[0].recorded, other.stream]
    )
    owner.execute("update case_record.links set digest = %s where stream = %s", [EVENTS[0].digest, other.stream])
    assert broken(store, other.stream) == Broken(other.stream, 1, "changed")
