"""A view that somebody changed by hand is found out by a fold from zero, and mended while the platform runs."""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.walk.conftest import Played

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]


@pytest.fixture
def changed_stream(played: Played) -> Iterator[UUID]:
    """A case of which the school's file counts nothing that it was told; it is mended afterwards."""
    with played.platform.connect() as views:
        row = views.execute(
            "update view_education.case_files set body = jsonb_set(body, '{told}', '0')"
            " where kind = 'case' returning stream"
        ).fetchone()
    assert row is not None
    yield row[0]
    played.platform.told("rebuild", "education")


def test_every_view_is_what_the_register_makes(played: Played) -> None:
    told = played.platform.told("rebuild", "all", "--verify")
    assert told["equal"] is True
    assert told["events"] == played.platform.told("verify")["events"]


def test_the_changed_view_and_its_stream_are_named(changed_stream: UUID, played: Played) -> None:
    verdict = played.platform.run("rebuild", "all", "--verify", "--json")
    assert verdict.returncode == 1
    assert json.loads(verdict.stdout)["first"] == {"view": "education", "stream": str(changed_stream), "part": "file"}
    assert f"The view of education is not what the register makes: first in stream {changed_stream}" in verdict.stderr
    assert played.platform.run("rebuild", "police", "--verify").returncode == 0


def test_a_rebuild_mends_it(changed_stream: UUID, played: Played) -> None:
    done = played.platform.run("rebuild", "education")
    assert "education rebuilt, 1 rows differed" in done.stdout
    assert str(changed_stream) not in done.stdout
    assert played.platform.told("rebuild", "education", "--verify")["equal"] is True


def test_an_unknown_view_is_used_wrongly(played: Played) -> None:
    done = played.platform.run("rebuild", "kitchen")
    assert done.returncode == 2
    assert "there are police, health" in done.stderr
