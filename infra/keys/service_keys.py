"""By what the key service knows who asks: each door and each reading service signs with a key of its own.

Names: `door.<agency>` seals what its agency owns, `reader.<audience>` opens for that audience, `operator` asks
after erasures.
Shape: `service_key.<name>.json`, mode 0600, a private JSON Web Key; `service_keys.json`, the public halves by name.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from joserfc.jwk import OKPKey

from events.parties import Agency, Audience
from infra.settings import read_private, write_private

KNOWN_FILE = "service_keys.json"
OPERATOR_NAME = "operator"


@dataclass(frozen=True, slots=True, repr=False)
class ServiceKey:
    """The name of a service and the key that it signs with."""

    name: str
    key: OKPKey

    @classmethod
    def read(cls, file: Path) -> "ServiceKey":
        """Read it from its file.

        Raises:
            KeysExposed: if others than the owner of the file may read it.
        """
        held = json.loads(read_private(file))
        return cls(held["name"], OKPKey.import_key(held["key"]))


def door_name(agency: Agency) -> str:
    """Return the name under which a door asks."""
    return f"door.{agency}"


def reader_name(audience: Audience) -> str:
    """Return the name under which the reading service of an audience asks."""
    return f"reader.{audience}"


def service_key_file(directory: Path, name: str) -> Path:
    """Return where the key of a service lies."""
    return directory / f"service_key.{name}.json"


def make_service_keys(directory: Path, names: Collection[str]) -> dict[str, Path]:
    """Draw the key of each service that has none yet, and write down the public halves of all of them.

    Shape: name -> its file in `directory`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    files = {name: service_key_file(directory, name) for name in sorted(names)}
    for name, file in files.items():
        if not file.exists():
            drawn = OKPKey.generate_key("Ed25519", parameters={"kid": secrets.token_hex(8)})
            write_private(file, json.dumps({"name": name, "key": drawn.as_dict(private=True)}))
    public = {name: ServiceKey.read(file).key.as_dict(private=False) for name, file in files.items()}
    write_private(directory / KNOWN_FILE, json.dumps(public, indent=1))
    return files


def read_known(file: Path) -> Mapping[str, OKPKey]:
    """Return the public keys of the services that may ask, by name."""
    return {name: OKPKey.import_key(row) for name, row in json.loads(file.read_bytes()).items()}
