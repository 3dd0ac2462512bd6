"""A process that stopped moving is ended; one that moves is not."""

import subprocess
import sys
import threading
import time

from infra.watchdog import Watchdog
from tests.waiting import eventually


def test_it_ends_what_stopped_moving() -> None:
    ended = threading.Event()
    watchdog = Watchdog(0.1, ended.set)
    watchdog.part("views")
    watchdog.start()
    assert ended.wait(30)
    watchdog.stop()


def test_it_leaves_alone_what_moves() -> None:
    ended = threading.Event()
    watchdog = Watchdog(1.5, ended.set)
    moved = watchdog.part("views")
    watchdog.start()
    until = time.monotonic() + 3.0

    def moved_for_longer_than_that() -> bool:
        moved()
        return time.monotonic() > until

    eventually(moved_for_longer_than_that)
    watchdog.stop()
    assert not ended.is_set()


def test_one_part_that_moves_does_not_speak_for_another() -> None:
    ended = threading.Event()
    watchdog = Watchdog(0.4, ended.set)
    moved, _hangs = watchdog.part("relay.police"), watchdog.part("relay.health")
    watchdog.start()

    def over() -> bool:
        moved()
        return ended.is_set()

    eventually(over)
    watchdog.stop()


def test_the_process_ends_though_its_main_thread_hangs() -> None:
    hanging = "from threading import Event; from infra.watchdog import Watchdog"
    ended = subprocess.run(
        [sys.executable, "-c", f"{hanging}; dog = Watchdog(0.1); dog.part('views'); dog.start(); Event().wait()"],
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
