"""Stores on a fresh pair of databases."""

from collections.abc import Callable, Iterator

import pytest

from infra.embedded.databases import Databases
from infra.postgres.case_store import CaseStore
from infra.postgres.roles import CASE_RECORD
from tests.fixtures.databases import DatabasesServer


@pytest.fixture
def store(databases: Databases) -> Iterator[CaseStore]:
    opened = CaseStore(databases.main(CASE_RECORD), simulated=False)
    yield opened
    opened.close()


@pytest.fixture
def cut_connections(databases_server: DatabasesServer) -> Callable[[str], None]:
    """End every connection to a database, as a restart of the server would."""

    def cut(database: str) -> None:
        databases_server.server.administer(
            f"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{database}'"
        )

    return cut
