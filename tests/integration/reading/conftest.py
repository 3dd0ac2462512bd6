"""A house in which scenario 1 stands after a step."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from infra.embedded.databases import Databases
from tests.integration.reading.house import House, build_house, house_of
from tests.privacy.scenario_streams import case_streams, sealed_streams


@pytest.fixture
async def a_case_in_full_work(databases: Databases, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await build_house(databases, tmp_path, stack, step=21)


@pytest.fixture
async def a_closed_case(databases: Databases, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await build_house(databases, tmp_path, stack, step=26)


@pytest.fixture
async def a_sealed_case(databases: Databases, tmp_path: Path) -> AsyncIterator[House]:
    """The case in full work, sealed from everybody but its lead unit and the commune police."""
    async with AsyncExitStack() as stack:
        streams = sealed_streams(case_streams(step=21), ["child_protection_00340", "commune_police_00340"])
        yield await house_of(streams, databases, tmp_path, stack)
