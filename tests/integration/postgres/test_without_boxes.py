"""The database gives the auditor's role digests in the place of boxes, and the bytes themselves to who checks them."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import InsufficientPrivilege

from events.chain import Broken, without_boxes
from events.parties import Audience
from infra.embedded.databases import Databases
from infra.postgres.case_batch import Batch, StoredEvent
from infra.postgres.case_store import CaseStore
from infra.postgres.exact_bytes import recorded_links
from infra.postgres.roles import OWNER, VERIFIER, reader_role
from services.cli.verifying import break_in
from tests.contract.golden_bytes import GOLDEN
from tests.fixtures.case_batches import chained, stream_of
from tests.fixtures.old_links import link_anew_the_old_way

GOLDEN_BYTES = [path.read_bytes().rstrip(b"\n") for path in sorted(GOLDEN.glob("*.v?.json"))]
BOX = b"QUJD" * 90
ODD = [
    b"",
    b"{}",
    b"\x00\xff\\ no JSON, and no text",
    b'{"data":{"open":{"name":"L\xc3\xaa \\"box\\":\\"x"},"sealed":[{"box":"' + BOX + b'","form":"full"}]}}',
    b'{"box":"","c":"\\\\"}',
    b'{"box":"\x00\xff\\"}',
    b'"box":"a""box":',
    b'"box":""box":"b","box":"',
    b'{"sealed":[{"box":"' + BOX,
]
LINKED = chained(stream_of(1), 3)
_PIECES = (b'"box":"', b'"', b"box", b":", b"\\", b'\\"', b"\x00", b"\xff", b"QUJD", b"{}")
_BYTES = st.lists(st.sampled_from(_PIECES) | st.binary(max_size=3), max_size=8).map(b"".join)


@pytest.fixture
def owner(databases: Databases) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(databases.main(OWNER), autocommit=True) as connection:
        yield connection


def as_the_auditor(databases: Databases) -> list[bytes]:
    with psycopg.connect(databases.main(reader_role(Audience.AUDITOR))) as connection:
        rows = connection.execute("select state from case_record.events_without_boxes order by originator_version")
        return [state for [state] in rows]


def recorded(store: CaseStore, *states: bytes) -> None:
    store.append(
        Batch(events=tuple(StoredEvent(stream_of(1), at, "t", raw, bytes(32)) for at, raw in enumerate(states, 1)))
    )


def test_the_database_and_the_chain_leave_out_the_same(store: CaseStore, databases: Databases) -> None:
    states = [*GOLDEN_BYTES, *ODD]
    recorded(store, *states)
    assert as_the_auditor(databases) == [*map(without_boxes, states)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_BYTES, min_size=1, max_size=50))
def test_whatever_the_bytes_are_they_leave_out_the_same(owner: psycopg.Connection[Any], states: list[bytes]) -> None:
    owner.execute("truncate case_record.events")
    owner.cursor().executemany(
        "insert into case_record.events (originator_id, originator_version, topic, state) values (%s, %s, 't', %s)",
        [(stream_of(1), version, state) for version, state in enumerate(states, 1)],
    )
    told = owner.execute("select state from case_record.events_without_boxes order by originator_version").fetchall()
    assert [state for [state] in told] == [*map(without_boxes, states)]


def test_the_auditors_role_has_no_way_to_the_recorded_bytes(databases: Databases) -> None:
    with (
        psycopg.connect(databases.main(reader_role(Audience.AUDITOR))) as connection,
        pytest.raises(InsufficientPrivilege),
    ):
        connection.execute("select state from case_record.events")


class TestExactBytes:
    def test_every_event_comes_with_its_link(self, store: CaseStore, databases: Databases) -> None:
        store.append(Batch(events=LINKED))
        assert self.looked_at(databases) == (3, None)

    def test_those_of_before_hold(self, store: CaseStore, owner: Any, databases: Databases) -> None:
        store.append(Batch(events=LINKED))
        link_anew_the_old_way(owner)
        assert self.looked_at(databases) == (3, None)
        [last] = store.load([stream_of(1)])[stream_of(1)][2:]
        store.append(Batch(events=chained(stream_of(1), 1, after=last)))
        assert self.looked_at(databases) == (4, None)

    def test_a_changed_box_is_found(self, store: CaseStore, owner: Any, databases: Databases) -> None:
        """However little the view tells that makes the digests."""
        store.append(Batch(events=LINKED))
        owner.execute("update case_record.events set state = state || ' ' where originator_version = 2")
        assert self.looked_at(databases)[1] == Broken(stream_of(1), 2, "changed")

    @pytest.mark.parametrize(
        "tampering",
        [
            "delete from case_record.links where version = 2",
            "update case_record.links set way = 1 where version = 2",
            "alter table case_record.links drop constraint links_way_check; update case_record.links set way = 3",
        ],
    )
    def test_a_link_that_is_none_is_found(
        self, store: CaseStore, owner: Any, databases: Databases, tampering: str
    ) -> None:
        store.append(Batch(events=LINKED))
        owner.execute(tampering)
        assert self.looked_at(databases)[1] is not None

    def looked_at(self, databases: Databases) -> tuple[int, Broken | None]:
        with recorded_links(databases.main(VERIFIER)) as links:
            return break_in(links)
