"""How `doctor` is asked for; what it does is in `services.cli.doctor`."""

from typing import Annotated

import typer

from services.cli import data_dir
from services.cli import doctor as doctors
from services.cli.arguments import DataDirOption, JsonOption
from services.cli.data_dir import DataDir

command = typer.Typer(add_completion=False)


@command.command(epilog="Examples: chungtay doctor   |   chungtay doctor --database-url postgresql://… --json")
def doctor(
    *,
    data_dir: DataDirOption = data_dir.DEFAULT,
    broker: Annotated[str | None, typer.Option(help="As for `up`: also look whether this one answers.")] = None,
    database_url: Annotated[
        str | None, typer.Option(envvar="CHUNGTAY_DATABASE_URL", help="As for `up`: also look at this one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check this machine and a data dir and say what to do; exit 1 when something is not well."""
    doctors.doctor(doctors.Asked(DataDir(data_dir.absolute()), broker, database_url), as_json=as_json)
