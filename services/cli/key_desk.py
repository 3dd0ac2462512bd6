"""Ask the key service as its operator."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from infra.crypto.data_keys import KeysUnreachableError
from infra.embedded.ports import LOOPBACK
from infra.keys.client import KeyClient
from infra.keys.service_keys import OPERATOR_NAME, ServiceKey, service_key_file
from services.cli.data_dir import DataDir
from services.cli.endpoints import read_endpoints
from services.cli.output import typed
from services.cli.stops import Exit, Stop

_PATIENCE_S = 30.0  # nobody waits for it but the operator
_T = TypeVar("_T")


def asked_of_keys(data_dir: Path, ask: Callable[[KeyClient], Awaitable[_T]]) -> _T:
    """Return what the key service answers its operator.

    Raises:
        Stop: if it does not answer.
    """
    place = DataDir(data_dir)
    read_endpoints(data_dir)  # says how to start a platform where none runs

    async def answered() -> _T:
        ports = json.loads((place.run / "ports.json").read_bytes())
        operator = ServiceKey.read(service_key_file(place.secrets, OPERATOR_NAME))
        client = KeyClient(f"http://{LOOPBACK}:{ports['keys']}", operator, _PATIENCE_S)
        try:
            return await ask(client)
        finally:
            await client.close()

    try:
        return asyncio.run(answered())
    except (KeysUnreachableError, FileNotFoundError):
        raise Stop(Exit.NOT_REACHABLE, f"The key service does not answer: see {typed('status', data_dir)}.") from None
