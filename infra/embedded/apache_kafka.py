"""One Apache Kafka node on this machine: KRaft, broker and controller in one, loopback, its log on disk."""

import secrets
import shutil
import subprocess
from base64 import urlsafe_b64encode
from pathlib import Path

from infra.embedded.child import Child
from infra.embedded.kafka_jars import ApacheKafkaUnavailable, jars, java, kafka_version
from infra.embedded.ports import LOOPBACK, remembered_port
from infra.embedded.tansu import run_apart
from infra.kafka.cluster import BrokerUnreachable

__all__ = ["ApacheKafkaUnavailable", "EmbeddedApacheKafka"]

_READY_WITHIN_S = 60.0
_FORMAT_WITHIN_S = 60.0
_GRACE_S = 15.0
_HEAP = "320m"
_QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{loopback}:{controller_port}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{loopback}:{port},CONTROLLER://{loopback}:{controller_port}
advertised.listeners=PLAINTEXT://{loopback}:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={log}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=500
num.network.threads=2
num.io.threads=2
background.threads=2
log.cleaner.dedupe.buffer.size=8388608
"""


class EmbeddedApacheKafka:
    """One Apache Kafka process; `home` holds its cluster id, settings, ports, pid, log and data."""

    def __init__(self, home: Path, cache: Path | None = None) -> None:
        self._home = home
        self._cache = cache
        self._child = Child(home, "kafka")
        self.address = ""

    @property
    def version(self) -> str:
        """The version of Apache Kafka."""
        return kafka_version()

    def start(self) -> str:
        """Start it on the data of last time, wait until it answers, return HOST:PORT.

        Raises:
            ApacheKafkaUnavailable: if it cannot run on this machine, or did not come up.
        """
        program, folder = java(), jars(self._cache)
        self._child.end_orphan()
        self.address = f"{LOOPBACK}:{remembered_port(self._home / 'kafka.port')}"
        cluster_id = self._cluster_id()
        settings = self._write_settings()
        class_path = ["-cp", f"{folder}/*", _QUIET]
        if not (self._home / "data" / "meta.properties").exists():
            _format([program, *class_path, "kafka.tools.StorageTool"], cluster_id, settings)
        self._child.start([program, f"-Xmx{_HEAP}", "-XX:+UseSerialGC", *class_path, "kafka.Kafka", str(settings)])
        self._wait(cluster_id)
        return self.address

    def stop(self) -> None:
        """Stop it; its data stay."""
        self._child.stop(_GRACE_S)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._child.kill()

    def forget(self) -> None:
        """Throw away data and cluster id of a stopped broker: the next start is another, empty cluster."""
        shutil.rmtree(self._home / "data", ignore_errors=True)
        (self._home / "cluster_id").unlink(missing_ok=True)

    def pid(self) -> int | None:
        """Return the number of its process, None when it does not run."""
        return self._child.pid()

    def alive(self) -> bool:
        """Say whether its process runs."""
        return self._child.alive()

    def _cluster_id(self) -> str:
        file = self._home / "cluster_id"
        if not file.exists():
            drawn = b"\x40" + secrets.token_bytes(15)  # begins with a letter: a dash would read as an option
            file.write_text(urlsafe_b64encode(drawn).decode().rstrip("="), encoding="ascii")
        return file.read_text(encoding="ascii")

    def _write_settings(self) -> Path:
        settings = self._home / "server.properties"
        text = _PROPERTIES.format(
            loopback=LOOPBACK,
            port=self.address.rpartition(":")[2],
            controller_port=remembered_port(self._home / "controller.port"),
            log=self._home / "data",
        )
        settings.write_text(text, encoding="utf-8")
        return settings

    def _wait(self, cluster_id: str) -> None:
        try:
            run_apart(self.address, cluster_id, _READY_WITHIN_S, self._child.alive)
        except BrokerUnreachable as reason:
            last_words = self._child.last_words()
            self.stop()
            raise ApacheKafkaUnavailable(f"Apache Kafka did not come up: {reason}; {last_words}") from None


def _format(tool: list[str], cluster_id: str, settings: Path) -> None:
    done = subprocess.run(  # noqa: S603 - the command is ours
        [*tool, "format", "-t", cluster_id, "-c", str(settings)],
        capture_output=True,
        text=True,
        timeout=_FORMAT_WITHIN_S,
        check=False,
    )
    if done.returncode != 0:
        raise ApacheKafkaUnavailable(f"Apache Kafka could not format its data: {done.stderr.strip()[-200:]}")
