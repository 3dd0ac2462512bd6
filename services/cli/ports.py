"""Free ports, chosen once and kept in the data dir, so that a URL stays right after a restart."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from infra.embedded.ports import is_free
from infra.settings import write_private
from services.cli.stops import Exit, Stop

# Below what the system hands to outgoing connections. Two platforms that choose at once, before either listens, choose
# the same ones in one of 750 cases; were each port chosen by itself, in one of a hundred.
_SIDE_BY_SIDE = 16
_FIRST = range(20000, 32000, _SIDE_BY_SIDE)


def keep_ports(file: Path, names: Iterable[str]) -> dict[str, int]:
    """Return the port of each name: the kept one, or a free one chosen now and kept.

    Raises:
        Stop: if another program listens on a kept port.
    """
    kept: dict[str, int] = json.loads(file.read_text(encoding="ascii")) if file.exists() else {}
    chosen = _chosen(kept)
    for name in names:
        if name not in kept:
            kept[name] = next(chosen)
        elif not is_free(kept[name]):
            raise Stop(
                Exit.USED_WRONGLY,
                f"Port {kept[name]} ({name}) is in use by another program: "
                f"stop it, or delete {file} to have other ports chosen.",
            )
    write_private(file, json.dumps(kept, indent=1))
    return {name: kept[name] for name in names}


def _chosen(kept: Mapping[str, int]) -> Iterator[int]:
    """Yield free ports, side by side as far as they are; `kept` holds those that were yielded."""
    while True:
        first = secrets.choice(_FIRST)
        for port in range(first, first + _SIDE_BY_SIDE):
            if port not in kept.values() and is_free(port):
                yield port
