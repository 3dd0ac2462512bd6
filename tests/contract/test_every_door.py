"""Generated requests at every address of every service: `tests.endurance.schemathesis_doors` in short."""

from pathlib import Path

import pytest

from infra.embedded.databases import Databases
from tests.endurance.schemathesis_doors import fire
from tests.fixtures.every_door import every_door

CASES = 200


@pytest.mark.timeout(180)
def test_no_address_breaks_its_promise(databases: Databases, tmp_path: Path) -> None:
    with every_door(databases, tmp_path) as services:
        figures = list(fire(services, CASES))
    assert {(one.service, one.operation): one.faults for one in figures if one.faults} == {}
    assert sum(one.cases for one in figures) >= CASES
    assert {one.service for one in figures} == {service.name for service in services}
    succeeded = sum(count for one in figures for status, count in one.answers.items() if status < 300)
    assert succeeded > CASES / 5
