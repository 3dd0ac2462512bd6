"""Every unit that states something and every reader there is, each at its own door with its own token."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

from events.parties import DOOR_AUDIENCES, Audience
from events.units import unit
from infra.embedded.ports import LOOPBACK
from infra.keys.client import KeyClient
from infra.keys.service_keys import OPERATOR_NAME, ServiceKey, service_key_file
from services.cli.demo.sights import Seat
from services.cli.desk import Desk
from services.cli.endpoints import Endpoints, read_endpoints
from services.cli.passes import Pass, issue


@dataclass(frozen=True)
class Desks:
    """The desks of one running platform."""

    data_dir: Path

    @property
    def endpoints(self) -> Endpoints:
        return read_endpoints(self.data_dir)

    def publisher(self, unit_id: str) -> Desk:
        """Return where a unit publishes."""
        agency = unit(unit_id).agency
        return Desk(self.endpoints.agencies[agency.value], issue(self.data_dir, Pass(agency, unit_id)))

    def reader(self, unit_id: str) -> Desk:
        """Return where a unit looks its references up."""
        known = unit(unit_id)
        audience = known.audience or DOOR_AUDIENCES[known.agency][0]
        token = issue(self.data_dir, Pass(known.agency, unit_id, audience))
        return Desk(self.endpoints.agencies[known.agency.value], token, purpose="case_work")

    def sit(self, seat: Seat) -> Desk:
        """Return where an audience reads its own view."""
        token = issue(self.data_dir, Pass(unit(seat.unit).agency, seat.unit, seat.audience, seat.duties))
        return Desk(self.url_of(seat), token, purpose=seat.purpose)

    @property
    def keys(self) -> str:
        """The address of the key service."""
        ports = json.loads((self.data_dir / "run" / "ports.json").read_bytes())
        return f"http://{LOOPBACK}:{ports['keys']}"

    @property
    def operator(self) -> ServiceKey:
        """By what the operator proves to the key service who it is."""
        return ServiceKey.read(service_key_file(self.data_dir / "secrets", OPERATOR_NAME))

    def is_erased(self, unit_id: str, id_: str) -> bool:
        """Say whether an erasure that a unit stated was carried out."""

        async def told() -> bool:
            client = KeyClient(self.keys, self.operator)
            try:
                return (await client.told_erasure(unit_id, id_)).done
            finally:
                await client.close()

        return asyncio.run(told())

    def url_of(self, seat: Seat) -> str:
        match seat.audience:
            case Audience.COORDINATOR:
                return self.endpoints.coordination
            case Audience.AUDITOR:
                return self.endpoints.audit
            case _:
                return self.endpoints.agencies[unit(seat.unit).agency.value]
