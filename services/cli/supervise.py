"""The supervisor: starts the database, the broker and every service, and keeps them running until it is told to stop.

Run as `python -m services.cli.supervise OPTIONS_FILE`; `chungtay up` starts it and reads its state file.
"""

import fcntl
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infra import processes
from infra.clock import SimulatedClock
from infra.embedded.apache_kafka import ApacheKafkaUnavailable
from infra.embedded.child import ChildDied
from infra.embedded.databases import Databases
from infra.embedded.faults import CannotStartError
from infra.kafka.cluster import BrokerUnreachable, TopicRefused
from infra.processes import own_mark
from services.cli import parts, plan
from services.cli.options import Options
from services.cli.state import PARTS, ProcessState, State
from services.cli.stops import Stop
from services.cli.workers import Worker

_LOOK_EVERY_S = 0.1
_READY_WITHIN_S = 90.0
_NOT_STARTED = (CannotStartError, ChildDied, ApacheKafkaUnavailable, BrokerUnreachable, TopicRefused)
_PARTS_EVERY_S = 0.5
_LISTEN_EVERY_S = 5.0
_LONGEST_PAUSE_S = 10.0
_DEATHS_AT_START = 3  # who dies this often before it was ever ready will not come up


@dataclass(frozen=True, slots=True)
class _Retry:
    """When a part that did not come up is tried again."""

    pause_s: float = 0.5
    not_before: float = 0.0

    def later(self) -> "_Retry":
        """Return the next time, after a pause twice as long."""
        return _Retry(min(self.pause_s * 2, _LONGEST_PAUSE_S), time.monotonic() + self.pause_s)


class Supervisor:
    """One platform: its parts, its workers, and the file that tells of them."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._place = options.place
        self._database = parts.database(options)
        self._broker = parts.broker(options)
        self._workers: list[Worker] = []
        self._phase: Literal["starting", "running", "stopping", "failed"] = "starting"
        self._problem: str | None = None
        self._telling = threading.Lock()
        self._part_retries = dict.fromkeys(PARTS, _Retry())
        self._part_restarts = dict.fromkeys(PARTS, 0)
        self.stopped = threading.Event()

    def run(self) -> bool:
        """Run until told to stop; tell whether everything ever came up."""
        self._tell()
        try:
            self._start()
            self._look_after_all()
        except (Stop, *_NOT_STARTED) as problem:
            self._phase, self._problem = "failed", str(problem)
        finally:
            self._stop()
        return self._phase != "failed"

    def _start(self) -> None:
        if self._options.simulated_from is not None:
            SimulatedClock(self._place.clock).set(self._options.simulated_from)
        with ThreadPoolExecutor() as threads:
            database = threads.submit(self._start_database)
            address = threads.submit(self._start_broker)
            databases, broker = database.result(), address.result()
        planned = plan.prepare(self._options, databases, broker)
        self._workers = [Worker(service) for service in planned.services]
        for worker in self._workers:
            worker.start()
        self._tell()
        self._wait_until_ready()
        planned.endpoints.save(self._place.endpoints)
        if not self.stopped.is_set():
            self._phase = "running"
            self._tell()

    def _start_database(self) -> Databases:
        databases = self._database.start()
        parts.prepare_database(databases)
        return databases

    def _start_broker(self) -> str:
        address = self._broker.start()
        parts.prepare_broker(address)
        return address

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        waiting = list(self._workers)
        while waiting and not self.stopped.wait(_LOOK_EVERY_S):
            self._look_after_workers()
            waiting = [worker for worker in waiting if not worker.ready()]
            for worker in waiting:
                if worker.restarts >= _DEATHS_AT_START or time.monotonic() > deadline:
                    raise CannotStartError(
                        f"{worker.service.name} does not come up: see {worker.service.log}, then start again."
                    )

    def _look_after_all(self) -> None:
        """Look after the workers here; after the parts, and who does not answer, in threads: both may take long."""
        beside = [
            threading.Thread(target=self._beside, args=look, daemon=True)
            for look in ((_PARTS_EVERY_S, self._look_after_parts), (_LISTEN_EVERY_S, self._listen))
        ]
        for thread in beside:
            thread.start()
        self._every(_LOOK_EVERY_S, self._look_after_workers)
        for thread in beside:
            thread.join()

    def _beside(self, pause_s: float, look: Callable[[], None]) -> None:
        """Look again and again; who can look no more ends everything, for nothing would tell of it."""
        try:
            self._every(pause_s, look)
        except Exception as problem:  # noqa: BLE001 - told in the state, with the place of it in the log
            traceback.print_exc()
            self._phase, self._problem = "failed", f"The supervisor failed ({type(problem).__name__}): see its log."
            self.stopped.set()

    def _every(self, pause_s: float, look: Callable[[], None]) -> None:
        while not self.stopped.wait(pause_s):
            look()

    def _listen(self) -> None:
        for worker in self._workers:
            if worker.listen():
                sys.stdout.write(f"{worker.name} did not answer and was ended\n")
                sys.stdout.flush()

    def _look_after_workers(self) -> None:
        changed = [worker.name for worker in self._workers if worker.look_after()]
        if changed:
            self._tell()

    def _look_after_parts(self) -> None:
        self._look_after_part("database", self._database.alive, self._database.start)
        self._look_after_part("broker", self._broker.alive, self._start_broker)

    def _look_after_part(self, name: str, alive: Callable[[], bool], start: Callable[[], object]) -> None:
        """Start a part again when it died; one that does not come up is told of and tried again, ever less often."""
        retry = self._part_retries[name]
        if alive() or time.monotonic() < retry.not_before:
            return
        self._part_restarts[name] += 1
        try:
            start()
            self._part_retries[name] = _Retry()
            self._problem = None
        except _NOT_STARTED as problem:
            self._part_retries[name] = retry.later()
            self._problem = f"The {name} does not come up and is tried again: {problem}"
        self._tell()

    def _stop(self) -> None:
        if self._phase != "failed":
            self._phase = "stopping"
        self._tell()
        processes.end(found for worker in self._workers if (found := worker.mark) is not None)
        self._broker.stop()
        self._database.stop()
        self._place.endpoints.unlink(missing_ok=True)
        self._workers = []
        if self._phase != "failed":
            self._place.state.unlink(missing_ok=True)
            if self._options.ephemeral:
                self._place.wipe()
        else:
            self._tell()

    def _tell(self) -> None:
        with self._telling:
            self._write_state()

    def _write_state(self) -> None:
        own = own_mark()
        State(
            pid=own.pid,
            started=own.started,
            phase=self._phase,
            problem=self._problem,
            broker=self._options.broker,
            clock="real" if self._options.simulated_from is None else "simulated",
            ephemeral=self._options.ephemeral,
            processes=(*self._parts(), *(worker.state() for worker in self._workers)),
        ).save(self._place.state)

    def _parts(self) -> Iterable[ProcessState]:
        for name, pid in zip(PARTS, (self._database.pid(), self._broker.pid()), strict=True):
            found = processes.mark(pid) if pid is not None else None
            if found is not None:
                yield ProcessState(
                    name=name, pid=found.pid, started=found.started, restarts=self._part_restarts[name], ready=None
                )


def main() -> None:
    """Run one platform; exit 1 if it did not come up, 2 if another supervisor has the data dir."""
    os.umask(0o077)  # whatever is written here is for its owner alone
    options = Options.model_validate_json(Path(sys.argv[1]).read_bytes())
    with (options.place.run / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(2)
        supervisor = Supervisor(options)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: supervisor.stopped.set())
        sys.exit(0 if supervisor.run() else 1)


if __name__ == "__main__":
    main()
