"""The database and the broker under the platform: embedded ones that are ours to look after, or given ones."""

import asyncio
import socket
from dataclasses import dataclass
from typing import Protocol

from infra.embedded.apache_kafka import EmbeddedApacheKafka
from infra.embedded.broker import Broker
from infra.embedded.databases import Databases
from infra.embedded.given_postgres import GivenPostgres
from infra.embedded.postgres import EmbeddedPostgres
from infra.embedded.tansu import EmbeddedTansu
from infra.kafka.topics import ensure_topics
from infra.postgres.migrate import migrate
from infra.postgres.roles import OWNER
from services.cli.options import EMBEDDED, KAFKA, Options
from services.cli.stops import Exit, Stop

_CONNECT_S = 3.0


class Database(Protocol):
    """A PostgreSQL server with the register and the key database."""

    def start(self) -> Databases:
        """Start it, or find it running, and say where the databases are."""
        ...

    def stop(self) -> None:
        """Stop it, if it is ours."""
        ...

    def alive(self) -> bool:
        """Tell whether it runs; one that is not ours is not ours to judge."""
        ...

    def pid(self) -> int | None:
        """Return the number of its process, None when it does not run or is not ours."""
        ...


@dataclass(frozen=True, slots=True)
class GivenBroker:
    """A broker that somebody else runs."""

    address: str

    def start(self) -> str:
        """Return its address.

        Raises:
            Stop: if nobody listens there.
        """
        host, _, port = self.address.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), _CONNECT_S):
                return self.address
        except (OSError, ValueError):
            raise Stop(
                Exit.NOT_REACHABLE, f"No broker answers at {self.address}: start it, or use --broker embedded."
            ) from None

    def stop(self) -> None:
        """Leave it running: it is not ours."""

    def alive(self) -> bool:
        """Trust whoever runs it."""
        return True

    def pid(self) -> int | None:
        """Return None: its process is not ours."""
        return None


def database(options: Options) -> Database:
    """Return the database that the options ask for."""
    if options.database_url is not None:
        return GivenPostgres(options.database_url.get_secret_value(), options.data_dir)
    return EmbeddedPostgres(options.data_dir)


def broker(options: Options) -> Broker:
    """Return the broker that the options ask for."""
    home = options.data_dir / "kafka"
    match options.broker:
        case _ if options.broker == EMBEDDED:
            return EmbeddedTansu(home)
        case _ if options.broker == KAFKA:
            return EmbeddedApacheKafka(home)
        case _:
            return GivenBroker(options.broker)


def prepare_database(databases: Databases) -> None:
    """Bring both databases to the present schema."""
    migrate(databases.main(OWNER), databases.keys(OWNER), databases.passwords)


def prepare_broker(address: str) -> None:
    """Make the topics that a new or emptied broker lacks."""
    asyncio.run(ensure_topics(address))
