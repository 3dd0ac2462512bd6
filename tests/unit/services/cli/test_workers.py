from pathlib import Path

import pytest

from infra.backlog import Backlog, Limits
from infra.embedded.ports import free_port
from infra.standing import Standing
from infra.web.face import Face
from services.cli.readiness import answers, has_come_up
from services.cli.workers import Service, Worker
from tests.waiting import eventually

NOWHERE = "http://127.0.0.1:9/readyz"


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """A service that ends as soon as it is started: the command line without a command."""
    return Service("cli", "cli", tmp_path / "none.json", tmp_path / "cli.log", NOWHERE)


def test_who_dies_is_started_again_after_a_pause(service: Service) -> None:
    worker = Worker(service)
    worker.start()
    eventually(worker.look_after)  # it died
    assert worker.mark is None
    assert worker.look_after() is False  # its pause is not over
    eventually(worker.look_after)
    assert worker.restarts == 1
    assert worker.state().pid is not None
    eventually(worker.look_after)


def test_the_pauses_grow(service: Service) -> None:
    worker = Worker(service)
    worker.start()
    eventually(worker.look_after)
    first = worker._delay_s
    eventually(worker.look_after)
    eventually(worker.look_after)
    assert worker._delay_s == first * 2


def test_who_is_far_behind_has_come_up_and_is_not_ready() -> None:
    standing, port = Standing(Limits(count=5), needs=("database",)), free_port()
    url = f"http://127.0.0.1:{port}/readyz"
    assert has_come_up(url) is False
    face = Face("127.0.0.1", port, standing)
    face.start()
    try:
        assert (has_come_up(url), answers(url)) == (False, False)
        standing.check("database", "ok")
        assert (has_come_up(url), answers(url)) == (True, True)
        standing.behind("views", Backlog(6))
        assert (has_come_up(url), answers(url)) == (True, False)
    finally:
        face.stop()
