"""An outbox in an SQLite file is for the agency's own account alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from chungtay_client import outbox
from chungtay_client.outbox.databases import database_of


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o666, 0o600), (0o660, 0o660), (0o600, 0o600)])
def test_a_file_that_everybody_could_read_is_closed(before: int, after: int, tmp_path: Path) -> None:
    file, beside = tmp_path / "agency.db", tmp_path / "agency.db-wal"
    with closing(sqlite3.connect(file)) as connection:
        file.chmod(before)
        outbox.create(connection)
        assert mode(file) == after
    file.chmod(before)
    beside.touch()
    beside.chmod(before)
    database_of(str(file))
    assert (mode(file), mode(beside)) == (after, after)


def test_an_outbox_in_memory_has_no_file() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        outbox.create(connection)


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    database_of(str(tmp_path / "agency.db"))
    assert list(tmp_path.iterdir()) == []
