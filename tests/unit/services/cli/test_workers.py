import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from infra.backlog import Backlog, Limits
from infra.embedded.ports import free_port
from infra.processes import mark, own_mark
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


def test_who_dies_again_and_again_is_told_with_a_mend(service: Service) -> None:
    worker = Worker(service)
    worker.start()
    for _ in range(2 * 3 - 1):  # each death, and each start but the last
        assert worker.state().problem is None
        eventually(worker.look_after)
    problem = worker.state().problem
    assert problem is not None
    assert f"died 3 times in a row: see {service.log}" in problem


def test_who_lives_is_forgiven_its_deaths(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(service)
    worker._process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    worker._deaths = 5
    assert worker.problem is not None
    monkeypatch.setattr("services.cli.workers._SETTLED_S", -1e9)
    assert worker.look_after() is True
    assert worker.state().problem is None
    assert worker.look_after() is False
    worker._process.communicate(b"\n", timeout=10)


def test_who_was_stopped_and_does_not_answer_is_ended(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(service)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stopped:
        worker._process, worker._mark, worker._since = stopped, mark(stopped.pid), time.monotonic()
        stopped.send_signal(signal.SIGSTOP)
        assert worker.listen() is False  # it may just be starting
        monkeypatch.setattr("services.cli.workers._STARTING_S", 0.0)
        assert worker.listen() is False  # it has a while to answer
        monkeypatch.setattr("services.cli.workers._SILENT_S", 0.0)
        assert worker.listen() is True
        stopped.wait(10)  # whoever waits first learns how it ended: here it is enough that it did
    eventually(worker.look_after)
    assert worker.mark is None


def test_who_answers_is_left_alone(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    face = Face("127.0.0.1", port, Standing(Limits(), needs=("database",)))
    face.start()
    worker = Worker(replace(service, ready_url=f"http://127.0.0.1:{port}/readyz"))
    worker._mark = own_mark()
    monkeypatch.setattr("services.cli.workers._STARTING_S", -1e9)
    monkeypatch.setattr("services.cli.workers._SILENT_S", -1.0)
    assert worker.listen() is False  # alive, though it is not ready
    face.stop()
