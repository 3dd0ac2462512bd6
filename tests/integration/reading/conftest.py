"""A house in which scenario 1 stands after a step."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.fixtures.houses import Houses
from tests.integration.reading.house import House
from tests.privacy.scenario_streams import case_streams, sealed_streams


@pytest.fixture
async def a_case_in_full_work(houses: Houses, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await houses.move_into("in full work", case_streams(21), tmp_path, stack)


@pytest.fixture
async def a_closed_case(houses: Houses, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await houses.move_into("closed", case_streams(26), tmp_path, stack)


@pytest.fixture
async def a_sealed_case(houses: Houses, tmp_path: Path) -> AsyncIterator[House]:
    """The case in full work, sealed from everybody but its lead unit and the commune police."""
    async with AsyncExitStack() as stack:
        streams = sealed_streams(case_streams(step=21), ["child_protection_00340", "commune_police_00340"])
        yield await houses.move_into("sealed", streams, tmp_path, stack)
