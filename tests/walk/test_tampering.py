"""Whoever changes one byte of the history by hand is found out, and the event is named."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from projections.disclosure.packaged import packaged_text
from tests.walk.conftest import Played

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

CHANGE = (
    "update case_record.events set state = set_byte(state, %(at)s, get_byte(state, %(at)s) # 1)"
    " where originator_id = %(stream)s and originator_version = %(version)s"
)


@pytest.fixture
def changed_event(played: Played) -> Iterator[str]:
    """The id of an event of which one byte was changed; it is put right again afterwards."""
    with played.platform.connect() as register:
        row = register.execute(
            "select originator_id, originator_version, state from case_record.events"
            " where topic = 'social_work.initial_risk_assessed.v1'"
        ).fetchone()
        assert row is not None
        stream, version, state = row
        box = bytes(state).index(b'"box":"') + len(b'"box":"') + 20
        change: dict[str, UUID | int] = {"at": box, "stream": stream, "version": version}
        register.execute(CHANGE, change)
        yield str(json.loads(state)["id"])
        register.execute(CHANGE, change)


def test_verify_names_the_changed_event(changed_event: str, played: Played) -> None:
    verdict = played.platform.run("verify")
    assert verdict.returncode == 1
    assert f"event {changed_event} is changed" in verdict.stderr


def test_verify_of_the_case_names_it_too(changed_event: str, played: Played) -> None:
    verdict = played.platform.run("verify", "--case", played.case, "--json")
    assert verdict.returncode == 1
    found = json.loads(verdict.stdout)
    assert found["holds"] is False
    assert found["first_break"]["event"] == changed_event
    assert found["first_break"]["reason"] == "changed"


@pytest.mark.usefixtures("changed_event")
@pytest.mark.parametrize("command", [("replay",), ("agreement", "what-if")], ids=" ".join)
def test_nothing_is_told_of_the_case_but_where_to_ask(played: Played, tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "agreement.toml"
    file.write_bytes(packaged_text())
    answer = played.platform.run(*command, played.case if command == ("replay",) else str(file))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "verify" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.fixture
def lying_digests(played: Played) -> Iterator[None]:
    """The database tells the auditor the digests of before, whatever is changed afterwards; in the end it is honest."""
    view = "create or replace view case_record.events_without_boxes with (security_barrier = true) as "
    with played.platform.connect() as register:
        [[honest]] = register.execute("select pg_get_viewdef('case_record.events_without_boxes')").fetchall()
        register.execute("create table case_record.told_before as table case_record.events_without_boxes")
        register.execute((view + "table case_record.told_before").encode())
        yield
        register.execute((view + honest).encode())
        register.execute("drop table case_record.told_before")


@pytest.mark.usefixtures("lying_digests", "changed_event")
def test_where_the_database_lies_to_the_auditor_the_exact_bytes_tell(played: Played) -> None:
    assert played.platform.told("verify", "--case", played.case)["holds"] is True
    verdict = played.platform.run("verify")
    assert verdict.returncode == 1
    assert "its event is changed" in verdict.stderr


def test_what_the_database_hides_from_whoever_checks_is_missed(played: Played) -> None:
    with played.platform.connect() as register:
        register.execute("alter table case_record.events enable row level security")
        verdict = played.platform.run("verify")
        register.execute("alter table case_record.events disable row level security")
    assert verdict.returncode == 1
    assert "The database hides" in verdict.stderr


def test_a_changed_version_of_the_agreement_is_named_as_such(played: Played) -> None:
    with played.platform.connect() as register:
        register.execute("update agreement.versions set signatures = signatures || ' ' where number = 0")
        verdict = played.platform.run("verify")
        register.execute("update agreement.versions set signatures = rtrim(signatures) where number = 0")
    assert verdict.returncode == 1
    assert "event agreement-0 is changed (the agreement, version 0)" in verdict.stderr


def test_it_holds_again_when_put_right(played: Played) -> None:
    assert played.platform.told("verify")["holds"] is True
