"""How `up` is asked for; what it does is in `services.cli.running`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli import data_dir, running
from services.cli.arguments import BrokerOption, DataDirOption, JsonOption
from services.cli.key_token import with_key_token
from services.cli.options import EMBEDDED

command = typer.Typer(add_completion=False)


@command.command(
    epilog="Examples: chungtay up --detach   |   chungtay up --issuer https://login.example/realms/chungtay"
)
def up(
    *,
    data_dir: DataDirOption = data_dir.DEFAULT,
    broker: BrokerOption = EMBEDDED,
    database_url: Annotated[
        str | None,
        typer.Option(envvar="CHUNGTAY_DATABASE_URL", help="A PostgreSQL superuser's URL, instead of the embedded one."),
    ] = None,
    ephemeral: Annotated[bool, typer.Option("--ephemeral", help="Remove all data at the end.")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Leave it running and return.")] = False,
    separate: Annotated[bool, typer.Option("--separate", help="One process for each agency's door.")] = False,
    clock: Annotated[str, typer.Option(help="real, or simulated (for demo data only).")] = "real",
    issuer: Annotated[
        str | None, typer.Option(help="An OpenID provider's URL, or a settings file; else built-in tokens.")
    ] = None,
    key_token: Annotated[
        Path | None,
        typer.Option(help="A JSON settings file of a PKCS#11 token for the key-encryption keys; for a new data dir."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Start the whole platform and show where everything listens."""
    asked = running.options(data_dir, broker, database_url, clock, ephemeral=ephemeral, separate=separate)
    asked = with_key_token(running.with_issuer(asked, issuer), key_token)
    running.up(asked, detach=detach, as_json=as_json)
