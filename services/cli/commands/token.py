"""How `token` is asked for; what it does is in `services.cli.tokens`."""

from typing import Annotated

import typer

from events.parties import Agency, Audience, Duty
from services.cli import data_dir, tokens
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)


@command.command(epilog="Example: chungtay token --agency police --unit commune_police_00340 --publisher")
def token(
    *,
    agency: Annotated[Agency, typer.Option(help="Whose door it opens.")],
    unit: Annotated[str | None, typer.Option(help="The office; the agency's first one unless told.")] = None,
    publisher: Annotated[bool, typer.Option("--publisher", help="May publish the unit's events.")] = False,
    audience: Annotated[Audience | None, typer.Option(help="May read this audience's view.")] = None,
    duty: Annotated[list[Duty] | None, typer.Option(help="What the reader is on duty for; may be repeated.")] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Print a development token, valid for 12 hours at most."""
    wanted = tokens.Wanted(agency, unit, audience, frozenset(duty or ()))
    tokens.token(data_dir, wanted, publisher=publisher, as_json=as_json)
