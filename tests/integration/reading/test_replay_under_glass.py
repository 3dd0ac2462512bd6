"""The auditor's replay of what somebody was shown in an emergency, as long as the broken glass stood open."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.fixtures.glass_houses import BREAKER, OTHER_POLICE, STORY, GlassHouse, move_into_glass
from tests.fixtures.houses import Houses
from tests.integration.reading.auditing import history
from tests.privacy.scenario_streams import STREAMS

PLACE = ("category", "part", "person", "level")


@pytest.fixture
async def house(houses: Houses, tmp_path: Path) -> AsyncIterator[GlassHouse]:
    async with AsyncExitStack() as stack:
        yield await move_into_glass(houses, tmp_path, stack)


async def broken(house: GlassHouse, unit: str) -> str:
    """Break the glass, and bring that into the history and the views."""
    glass: str = (await house.break_glass(unit)).json()["glass"]
    house.record()
    await house.project()
    return glass


async def replayed(house: GlassHouse, audience: str, minutes: float = 0, **asked: Any) -> dict[str, Any]:
    at = (house.clock.now() + timedelta(minutes=minutes)).isoformat()
    return await history(house.house, audience=audience, known_at=at, as_of=at, **asked)


def shown(facts: Iterable[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
    return {tuple(fact[name] for name in PLACE) for fact in facts if fact["level"] != "withheld"}


async def test_it_is_what_who_broke_the_glass_was_shown_and_nobody_else(house: GlassHouse) -> None:
    for unit, audience, other in ((BREAKER, "health", "police"), (OTHER_POLICE, "police", "health")):
        glass = await broken(house, unit)
        read = (await house.ask(unit, "GET", f"/v1/break-glass/{glass}")).json()
        lines = (await house.ask(unit, "GET", f"/v1/break-glass/{glass}/timeline?limit=200")).json()["entries"]
        told = await replayed(house, audience, glass=glass)
        assert shown(told["facts"]) == shown(read["facts"]) != set()
        assert told["entries"] == lines
        assert told["glass"] == glass
        assert shown((await replayed(house, audience, minutes=59, glass=glass))["facts"]) == shown(read["facts"])
        for nothing in (
            await replayed(house, audience, minutes=60, glass=glass),
            await replayed(house, audience, minutes=-1, glass=glass),
            await replayed(house, audience, glass=str(UUID(int=7))),
            await replayed(house, other, glass=glass),
        ):
            assert (nothing["file"], nothing["entries"], nothing["facts"]) == (None, [], [])
    assert (await replayed(house, "health"))["file"] is None
    assert (await replayed(house, "police"))["file"] is not None


async def test_what_was_linked_once_the_glass_was_broken_is_not_replayed(house: GlassHouse) -> None:
    with house.not_yet_linked(STREAMS[STORY.reports[-1]]):
        glass = (await house.break_glass(OTHER_POLICE)).json()["glass"]
    house.record()
    await house.project()
    lines = (await house.ask(OTHER_POLICE, "GET", f"/v1/break-glass/{glass}/timeline?limit=200")).json()["entries"]
    anew = await replayed(house, "police", glass=await broken(house, OTHER_POLICE))
    assert (await replayed(house, "police", glass=glass))["entries"] == lines
    assert len(anew["entries"]) > len(lines) > 0
