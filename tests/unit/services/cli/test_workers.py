from pathlib import Path

import pytest

from services.cli.workers import Service, Worker
from tests.waiting import eventually


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """A service that ends as soon as it is started: the command line without a command."""
    return Service("cli", "cli", tmp_path / "none.json", tmp_path / "cli.log", ready_word="following")


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


def test_ready_is_what_this_start_said(service: Service) -> None:
    service.log.write_text('{"event": "following"}\n')
    worker = Worker(service)
    worker.start()
    assert worker.ready() is False
    with service.log.open("a") as log:
        log.write('{"event": "following"}\n')
    assert worker.ready() is True
    eventually(worker.look_after)
    assert worker.ready() is False
