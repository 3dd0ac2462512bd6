"""What the contract may stop, start, and let come back with nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from infra.embedded.broker import Broker
from infra.kafka.cluster import cluster_id
from infra.kafka.publisher import Outgoing, Publisher
from infra.kafka.subscriber import Incoming, StartAt, Subscriber
from infra.kafka.topics import CASE_TOPIC


class Sends(Protocol):
    """A publisher."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, items: Sequence[Outgoing]) -> None: ...


class Receives(Protocol):
    """A subscriber."""

    @property
    def cluster_id(self) -> str: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def batch(self, max_records: int, wait_ms: int) -> list[Incoming]: ...


class Carrier(Protocol):
    """Something running that carries messages; `reborn`: the same address, another cluster, empty."""

    @property
    def reborn(self) -> Callable[[], None]: ...

    def start(self) -> object: ...

    def stop(self) -> None: ...

    def publisher(self) -> Sends: ...

    def subscriber(self, positions: Sequence[StartAt] = ()) -> Receives: ...

    async def cluster_id(self) -> str: ...


@dataclass(frozen=True)
class BrokerUnderTest:
    """A running broker, and how it is reborn."""

    broker: Broker
    address: str
    reborn: Callable[[], None]

    def start(self) -> object:
        return self.broker.start()

    def stop(self) -> None:
        self.broker.stop()

    def publisher(self) -> Publisher:
        return Publisher(self.address, "contract")

    def subscriber(self, positions: Sequence[StartAt] = ()) -> Subscriber:
        return Subscriber(self.address, [CASE_TOPIC], positions)

    async def cluster_id(self) -> str:
        return await cluster_id(self.address)
