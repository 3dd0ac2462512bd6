"""Every hostile input of the table at the doors' own processes: answered as it says, and nothing written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.controls.bad_input import CANARY, good
from tests.fixtures.databases import DatabasesServer
from tests.hostile.document import DOCUMENT, document
from tests.hostile.hostile import Hostile
from tests.hostile.table import HOSTILE, walk
from tests.hostile.world import World, hostile_world

FAST = [one for one in HOSTILE if one.group not in {"slow", "flood"}]
SLOW = [one for one in HOSTILE if one.group == "slow"]


@pytest.fixture(scope="module")
def world(databases_server: DatabasesServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    databases = databases_server.copy()
    with hostile_world(databases, tmp_path_factory.mktemp("hostile")) as made:
        yield made
    databases_server.drop(databases)


@pytest.mark.parametrize("hostile", FAST, ids=lambda one: one.id)
def test_refused_and_nothing_written(world: World, hostile: Hostile) -> None:
    found = walk(world, hostile)
    assert (found.status, found.problem, found.wrong) == (hostile.status, hostile.problem or "-", ())


def test_the_slow_end_by_themselves_and_hold_up_nobody(world: World) -> None:
    before = world.rows()
    with ThreadPoolExecutor(4 * len(SLOW)) as threads:
        answers = [threads.submit(world.answer, one, "en") for one in SLOW for _ in range(4)]
        assert world.publish(good()).status == 200
        assert not any(one.done() for one in answers)
        told = {(one.result().status, one.result().problems[0]["type"]) for one in answers}
    assert told == {(408, "/problems/too_slow")}
    assert world.rows() == before


def test_the_page_is_what_the_table_says() -> None:
    """Write it anew by `python -m tests.endurance.hostile --write`."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_ids_name_one_input_each() -> None:
    assert len({one.id for one in HOSTILE}) == len(HOSTILE)


def test_no_answer_tells_which_forged_token_came_near(world: World) -> None:
    forged = [one for one in HOSTILE if one.problem == "bad_token" and one.door == "police"]
    answers = [world.answer(one) for one in forged]
    assert len(forged) > 20
    assert len({answer.body for answer in answers}) == 1
    assert len({frozenset(answer.headers) for answer in answers}) == 1


def test_another_units_case_is_answered_like_none(world: World) -> None:
    by_name = {one.name: one for one in HOSTILE if one.group == "read"}
    theirs = world.answer(by_name["another unit's case, police"])
    nobodys = world.answer(by_name["a case that is none, police"])
    assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)


def test_no_log_and_no_figure_tells_what_was_sent(world: World) -> None:
    metrics = [world.get("/metrics", door=door) for door in ("police", "coordination", "audit")]
    assert [one.status for one in metrics] == [200, 200, 200]
    assert CANARY not in world.logs() + "".join(one.text for one in metrics)
    assert '"event":"request_failed"' not in world.logs().replace(" ", "")
