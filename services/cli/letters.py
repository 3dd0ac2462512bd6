"""The command `letter-keys`: keys by which a unit writes to its door over Kafka, drawn and registered."""

import json
import os
from pathlib import Path

from events.parties import Agency
from events.units import units
from infra.crypto.letter_keys import SENDERS_FILE, SenderKeys, register
from services.cli.endpoints import read_endpoints
from services.cli.output import say, say_json
from services.cli.stops import Exit, Stop


def letter_keys(data_dir: Path, agency: Agency, unit: str, out: Path, *, as_json: bool) -> None:
    """Draw a unit's keys, write them for the unit alone, and register the public halves at the door.

    Raises:
        Stop: if the unit is not the agency's, no platform is there, or the file exists.
    """
    if unit not in units() or units()[unit].agency is not agency:
        raise Stop(Exit.USED_WRONGLY, f"{unit} is no unit of {agency}: see events/code_lists/units.toml.")
    read_endpoints(data_dir)  # says what to do where there is none
    keys = SenderKeys.draw(unit)
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            json.dump(keys.row(private=True), file, indent=1)
    except FileExistsError:
        raise Stop(Exit.USED_WRONGLY, f"{out} exists: choose another name, for keys are not written over.") from None
    register(data_dir / "secrets" / SENDERS_FILE, keys)
    if as_json:
        say_json({"file": str(out), "unit": unit, "kid": keys.signing.kid})
    else:
        say(f"{out}: the unit's own keys; give it to nobody. The door knows them within seconds.")
