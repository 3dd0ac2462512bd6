"""The contract on PostgreSQL."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from uuid import UUID

import pytest

from events.envelope import RecordedEvent
from events.parties import Audience
from infra.embedded.databases import Databases
from infra.postgres.case_store import CaseStore
from infra.postgres.event_feed import EventFeed
from infra.postgres.roles import PROJECTOR
from infra.postgres.view_store import ViewStore
from projections.rebuild import Rebuilt
from tests.contract.view_store.contract import ViewStoreContract
from tests.fixtures.views import Register, Views


@dataclass(frozen=True)
class PostgresReads:
    store: CaseStore
    views: Views

    def record(self, *streams: Collection[RecordedEvent]) -> None:
        Register(self.store).record(*streams)

    def of(self, audience: Audience, stream: UUID) -> Rebuilt:
        return self.views.of(audience, stream)


class TestPostgres(ViewStoreContract):
    @pytest.fixture
    def kept(self, view_store: ViewStore) -> ViewStore:
        return view_store

    @pytest.fixture
    async def register(self, databases: Databases) -> AsyncIterator[EventFeed]:
        opened = EventFeed(databases.main(PROJECTOR))
        yield opened
        await opened.close()

    @pytest.fixture
    def reads(self, store: CaseStore, views: Views) -> PostgresReads:
        return PostgresReads(store, views)
