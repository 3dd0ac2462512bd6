"""A house in which scenario 1 stands after a step."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from infra.embedded.databases import Databases
from tests.integration.reading.house import House, build_house


@pytest.fixture
async def a_case_in_full_work(databases: Databases, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await build_house(databases, tmp_path, stack, step=21)


@pytest.fixture
async def a_closed_case(databases: Databases, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await build_house(databases, tmp_path, stack, step=26)
