"""Row-level security: a condition that the reader's SQL forgets lets no row of another unit's case through.

It proves no more than that: the service itself says for whom it reads, and the last test shows what a lie brings.
"""

from uuid import UUID

import psycopg
import pytest

from events.parties import Audience
from infra.postgres import view_reader
from infra.postgres.roles import AUDIENCES, reader_role
from infra.postgres.view_reader import Holder, Wanted
from tests.integration.reading.house import House

STRANGER = Holder("school_s2", frozenset({"school_s2"}))
PUPILS_SCHOOL = Holder("school_s1", frozenset({"school_s1"}))
TABLES = ("case_files", "entries", "case_references")


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant what a tired programmer writes: neither whose names are used nor what is in sight is asked."""
    monkeypatch.setattr(view_reader, "_NAMED", "true")
    monkeypatch.setattr(view_reader, "IN_SIGHT", "true")


@pytest.mark.usefixtures("forgetful")
async def test_a_forgotten_condition_shows_nobody_elses_case(a_case_in_full_work: House) -> None:
    views = (await a_case_in_full_work.desk(Audience.EDUCATION)).views
    assert await views.listed(PUPILS_SCHOOL, Wanted(), None, 50)
    assert await views.listed(STRANGER, Wanted(), None, 50) == []
    assert await views.due(STRANGER, Wanted(), None, 50) == []


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("table", TABLES)
def test_who_says_nothing_is_given_nothing(a_case_in_full_work: House, audience: Audience, table: str) -> None:
    with psycopg.connect(a_case_in_full_work.databases.main(reader_role(audience))) as connection:
        assert connection.execute(f"select count(*) from view_{audience}.{table}".encode()).fetchone() == (0,)


@pytest.mark.parametrize("table", TABLES)
def test_a_unit_is_given_its_own_rows_and_what_it_said_ends_with_the_transaction(
    a_case_in_full_work: House, table: str
) -> None:
    with psycopg.connect(a_case_in_full_work.databases.main("reader_education"), autocommit=True) as connection:
        counted = f"select count(*) from view_education.{table}".encode()
        with connection.transaction():
            connection.execute("select set_config('chungtay.units', 'school_s1', true)")
            assert connection.execute(counted).fetchone() == (0,)  # what is sealed from it was not asked
            connection.execute("select set_config('chungtay.hidden', '{}', true)")
            [[given]] = connection.execute(counted).fetchall()
        assert given
        assert connection.execute(counted).fetchone() == (0,)


async def test_a_service_that_lies_about_its_unit_is_not_held_up(a_case_in_full_work: House) -> None:
    """The wall catches what was forgotten. Against a hostile service stand the keys and the role alone."""
    views = (await a_case_in_full_work.desk(Audience.EDUCATION)).views
    liar = Holder("school_s2", PUPILS_SCHOOL.units)
    assert await views.listed(liar, Wanted(), None, 50)


async def test_a_unit_reads_by_the_names_of_those_it_took_over(a_case_in_full_work: House) -> None:
    views = (await a_case_in_full_work.desk(Audience.EDUCATION)).views
    successor = Holder("school_of_tomorrow", PUPILS_SCHOOL.units | {"school_of_tomorrow"})
    [listed] = await views.listed(successor, Wanted(), None, 50)
    found = await views.case(successor, listed.reference)
    assert found is not None
    assert isinstance(found.asked, UUID)
