"""A server that was there before us, on which we have nothing but a superuser's URL."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra.embedded.faults import CannotStartError
from infra.embedded.given_postgres import GivenPostgres
from infra.postgres.migrate import migrate
from infra.postgres.roles import OPERATOR, OWNER
from tests.fixtures.databases import DatabasesServer

SUPERUSER = "somebody_elses_superuser"


@pytest.fixture
def url(databases_server: DatabasesServer) -> Iterator[str]:
    server, where = databases_server.server, databases_server.template
    server.administer(f"create role {SUPERUSER} superuser login password 'a b/c';")
    yield f"postgresql://{SUPERUSER}:a%20b%2Fc@{where.host}:{where.port}/{where.main_name}"
    server.administer(f"drop role {SUPERUSER};")


def test_it_is_taken_into_use_twice_alike(url: str, tmp_path: Path, databases_server: DatabasesServer) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "postgres.json").write_text(json.dumps(dict(databases_server.template.passwords)))
    given = GivenPostgres(url, tmp_path)
    databases = given.start()
    migrate(databases.main(OWNER), databases.keys(OWNER), databases.passwords)
    assert given.start() == databases
    with psycopg.connect(databases.main(OPERATOR)) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_wrong_password_is_told_in_one_line(url: str, tmp_path: Path) -> None:
    with pytest.raises(CannotStartError, match=r"cannot be used: .*password authentication failed") as problem:
        GivenPostgres(url.replace("a%20b", "wrong"), tmp_path).start()
    assert "\n" not in str(problem.value)
    assert "wrong" not in str(problem.value)


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotStartError, match=r"127\.0\.0\.1:1 cannot be used"):
        GivenPostgres("postgresql://postgres@127.0.0.1:1/postgres", tmp_path).start()
