"""How `letter-keys` is asked for; what it does is in `services.cli.letters`."""

from pathlib import Path
from typing import Annotated

import typer

from events.parties import Agency
from services.cli import data_dir, letters
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay letter-keys --agency police --unit commune_police_00340 -o unit.keys.json")
def letter_keys(
    *,
    agency: Annotated[Agency, typer.Option(help="Whose door the unit writes to.")],
    unit: Annotated[str, typer.Option(help="The office that writes.")],
    out: Annotated[Path, typer.Option("--output", "-o", help="Where the unit's own keys go, mode 0600.")],
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Draw the keys by which a unit publishes straight over Kafka, and register them at its door."""
    letters.letter_keys(data_dir, agency, unit, out, as_json=as_json)
