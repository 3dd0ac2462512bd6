"""Repeated and mixed deliveries end in the same views; at length: `python -m tests.endurance.shuffled`."""

from tests.endurance.deliveries import TOLD, stories
from tests.endurance.shuffled import compare
from tests.fixtures.databases import DatabasesServer


async def test_repeated_and_mixed_deliveries_end_in_the_same_views(databases_server: DatabasesServer) -> None:
    calm, shuffled = databases_server.copy(), databases_server.copy()
    outcome = await compare(calm, shuffled, stories(2), seed=11)
    databases_server.drop(calm)
    databases_server.drop(shuffled)
    assert outcome.holds, outcome
    assert (outcome.events, outcome.deliveries) == (2 * len(TOLD), 10 * len(TOLD))
    assert outcome.waited > 0
