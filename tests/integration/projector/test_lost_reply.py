"""Rows whose reply was lost are in the views once; what the projector does not know it finds there."""

from dataclasses import replace

import pytest

from infra.embedded.databases import Databases
from infra.postgres.event_feed import EventFeed
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.roles import PROJECTOR
from infra.postgres.view_store import ViewStore
from services.projector.catching_up import CatchingUp
from services.projector.projecting import Projecting
from tests.fakes.standing_agreement import StandingAgreement
from tests.fixtures.views import Register, Views, a_case, arriving
from tests.integration.postgres.swallowing_proxy import SwallowingProxy


async def test_a_lost_reply_changes_nothing(databases: Databases, register: Register, views: Views) -> None:
    case = a_case(1)
    register.record(case)
    with SwallowingProxy(databases.port) as wire:
        dsn = replace(databases, port=wire.port).main(PROJECTOR)
        store, feed = ViewStore(dsn), EventFeed(dsn)
        projecting = Projecting(store, feed, StandingAgreement())
        await projecting.project(arriving(case[:6]))
        wire.swallow_reply_to(b"all_or_nothing")
        with pytest.raises(DatabaseUnreachableError):
            await projecting.project(arriving(case[6:9]))
        assert wire.swallowed.is_set()
        assert views.equal_rebuilding(case[:9])
        catching_up = CatchingUp(store, feed, projecting, lambda: None)
        for _ in range(2):
            await catching_up.once()
        await feed.close()
        await store.close()
    assert views.equal_rebuilding(case)
    assert views.quarantine() == []
