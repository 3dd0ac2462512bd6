"""Who may connect to what, and that migrating again changes nothing."""

import psycopg
import pytest

from infra.embedded.databases import Databases
from infra.postgres.roles import SERVICE_ROLES


@pytest.mark.parametrize("role", SERVICE_ROLES)
def test_every_role_connects_to_the_register(databases: Databases, role: str) -> None:
    with psycopg.connect(databases.main(role)) as connection:
        assert connection.execute("select current_user").fetchone() == (role,)
