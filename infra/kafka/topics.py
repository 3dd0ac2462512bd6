"""The topics, read from `topics.toml`, and their making."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from aiokafka.admin import NewTopic

from infra.kafka.cluster import Cluster

CASE_TOPIC = "case_record.case.v1"
_COPIES = 3  # where there are as many brokers
_MS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be."""

    name: str
    partitions: int
    retention_hours: int


def events_topic(agency: str) -> str:
    """Return where an agency's door sends what it accepted."""
    return f"{agency}.events.v1"


def dead_topic(agency: str) -> str:
    """Return where the case record tells an agency's door what it could not take."""
    return f"{agency}.dead.v1"


def outcomes_topic(agency: str) -> str:
    """Return where the case record tells an agency's door what came of each event."""
    return f"case_record.outcomes.{agency}.v1"


def inbox_topic(agency: str) -> str:
    """Return where an agency's units put letters for their door."""
    return f"{agency}.inbox.v1"


def receipts_topic(agency: str) -> str:
    """Return where an agency's door answers letters."""
    return f"{agency}.receipts.v1"


@cache
def all_topics() -> tuple[Topic, ...]:
    """Return every topic of the platform, in the order of `topics.toml`."""
    return tuple(Topic(row["name"], row["partitions"], row["retention_hours"]) for row in declared_topics())


def declared_topics() -> Iterator[dict[str, Any]]:
    """Yield every row of `topics.toml`, once for each agency where its name has one, which then stands beside it."""
    declared = tomllib.loads(files("infra.kafka").joinpath("topics.toml").read_text(encoding="utf-8"))
    for row in declared["topics"]:
        agencies = row.get("agencies", declared["agencies"]) if "{agency}" in row["name"] else [""]
        for agency in agencies:
            told = {name: _named(value, agency) for name, value in row.items() if name != "agencies"}
            yield {**told, "agency": agency}


def _named(value: Any, agency: str) -> Any:
    return value.replace("{agency}", agency) if isinstance(value, str) else value


async def ensure_topics(broker: str, wanted: Sequence[Topic] | None = None) -> None:
    """Create what is missing of the wanted topics (all, unless told); what exists is left as it is.

    Raises:
        BrokerUnreachable: if no broker answers.
        TopicRefused: if the broker would not create one.
    """
    cluster = Cluster(broker)
    try:
        await ensure_on(cluster, all_topics() if wanted is None else wanted)
    finally:
        await cluster.close()


async def ensure_on(cluster: Cluster, wanted: Sequence[Topic]) -> None:
    """Create what is missing of the wanted topics over an open connection.

    Raises:
        BrokerUnreachable: if no broker answers.
        TopicRefused: if the broker would not create one.
    """
    existing = await cluster.partitions([topic.name for topic in wanted])
    missing = [topic for topic in wanted if topic.name not in existing]
    if not missing:
        return
    copies = min(_COPIES, await cluster.size())
    await cluster.create([_new(topic, copies) for topic in missing])


def _new(topic: Topic, copies: int) -> NewTopic:
    config = {"retention.ms": str(topic.retention_hours * _MS_PER_HOUR)}
    if copies >= _COPIES:
        config["min.insync.replicas"] = str(_COPIES - 1)
    return NewTopic(name=topic.name, num_partitions=topic.partitions, replication_factor=copies, topic_configs=config)
