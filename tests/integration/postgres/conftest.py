from collections.abc import Iterator

import pytest

from infra.embedded.databases import Databases
from infra.postgres.case_store import CaseStore
from infra.postgres.roles import CASE_RECORD


@pytest.fixture
def store(databases: Databases) -> Iterator[CaseStore]:
    opened = CaseStore(databases.main(CASE_RECORD), simulated=False)
    yield opened
    opened.close()
