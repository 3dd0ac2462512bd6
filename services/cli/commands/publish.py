"""How `publish` is asked for; what it does is in `services.cli.publishing`."""

from pathlib import Path
from typing import Annotated

import typer

from events.parties import Agency
from services.cli import data_dir, publishing
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay publish event.json --agency police --dry-run")
def publish(
    *,
    file: Annotated[str, typer.Argument(help="A CloudEvent or a list of them; - reads standard input.")],
    agency: Annotated[Agency, typer.Option(help="Whose door to publish at.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    credentials: Annotated[
        Path | None,
        typer.Option(envvar="CHUNGTAY_CREDENTIALS", help="The unit's own key, where the issuer is not built in."),
    ] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Publish CloudEvents at an agency's door and print the receipts."""
    publishing.publish(publishing.Sent(data_dir, agency, dry_run, credentials), file, as_json=as_json)
