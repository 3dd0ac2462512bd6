"""Whoever dies between granted and told: nothing is read that is not logged, no glass broken that nobody is told of."""

from pathlib import Path

from infra.embedded.databases import Databases
from tests.privacy.breaking_under_kills import break_and_kill, running


async def test_nothing_is_unlogged_or_untold_when_the_door_is_killed(databases: Databases, tmp_path: Path) -> None:
    async with running(databases, tmp_path, seed=7) as run:
        found = await break_and_kill(run, uses=24, kills=2)
    assert (found.unlogged, found.untold) == (0, 0)
    assert found.kills
    assert found.read
