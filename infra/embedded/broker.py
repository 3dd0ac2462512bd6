"""What every embedded broker can do."""

from typing import Protocol


class Broker(Protocol):
    """A Kafka broker in a process of its own, on the loopback address."""

    def start(self) -> str:
        """Start it, wait until it answers, return HOST:PORT; the port stays the same at each start."""
        ...

    def stop(self) -> None:
        """Stop it; nothing happens when it is not running."""
        ...

    def alive(self) -> bool:
        """Say whether its process runs."""
        ...

    def pid(self) -> int | None:
        """Return the number of its process, None when it does not run or is not ours."""
        ...
