"""Free ports, chosen once and kept in the data dir, so that a URL stays right after a restart."""

import json
import secrets
from collections.abc import Iterable
from pathlib import Path

from infra.embedded.ports import is_free
from infra.settings import write_private
from services.cli.stops import Exit, Stop

_RANGE = range(20000, 32000)  # below what the system hands to outgoing connections


def keep_ports(file: Path, names: Iterable[str]) -> dict[str, int]:
    """Return the port of each name: the kept one, or a free one chosen now and kept.

    Raises:
        Stop: if another program listens on a kept port.
    """
    kept: dict[str, int] = json.loads(file.read_text(encoding="ascii")) if file.exists() else {}
    for name in names:
        if name not in kept:
            kept[name] = _choose(set(kept.values()))
        elif not is_free(kept[name]):
            raise Stop(
                Exit.USED_WRONGLY,
                f"Port {kept[name]} ({name}) is in use by another program: "
                f"stop it, or delete {file} to have other ports chosen.",
            )
    write_private(file, json.dumps(kept, indent=1))
    return {name: kept[name] for name in names}


def _choose(taken: set[int]) -> int:
    while (port := secrets.choice(_RANGE)) in taken or not is_free(port):
        pass
    return port
