"""How `demo` is asked for; what it does is in `services.cli.demo.show`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli import data_dir
from services.cli.arguments import BrokerOption, DataDirOption, JsonOption
from services.cli.demo import show
from services.cli.demo.run import Asked
from services.cli.demo.scenario import scenario_file
from services.cli.options import EMBEDDED

command = typer.Typer(add_completion=False)


@command.command(epilog="Examples: chungtay demo   |   chungtay demo --scenario 2 --broker kafka --exit")
def demo(
    *,
    data_dir: DataDirOption = data_dir.DEFAULT,
    broker: BrokerOption = EMBEDDED,
    scenario: Annotated[str, typer.Option(help="Number of the scenario (1 or 2), or a file.")] = "1",
    leave: Annotated[bool, typer.Option("--exit", help="Stop the platform at the end.")] = False,
    canaries: Annotated[Path | None, typer.Option(hidden=True)] = None,
    as_json: JsonOption = False,
) -> None:
    """Play a scenario through the agencies' own doors and show who sees what."""
    show.demo(Asked(data_dir, broker, scenario_file(scenario), canaries), leave=leave, as_json=as_json)
