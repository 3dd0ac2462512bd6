"""A broker that the contract may stop, start, and let come back with nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.embedded.broker import Broker


@dataclass(frozen=True)
class BrokerUnderTest:
    """A running broker, and how it is reborn: the same address, another cluster, empty."""

    broker: Broker
    address: str
    reborn: Callable[[], None]
