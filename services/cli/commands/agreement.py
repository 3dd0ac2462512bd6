"""How `agreement …` is asked for; what each of it does is in `services.cli.agreement`."""

from pathlib import Path
from typing import Annotated

import typer

from events.parties import Agency
from services.cli import data_dir
from services.cli.agreement import adopting, foreseeing, reading
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(
    name="agreement",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="The sharing agreement: what each audience may see, as the parties signed it.",
    epilog="Examples: chungtay agreement check new.toml   |   chungtay agreement what-if new.toml",
)

FileArgument = Annotated[Path, typer.Argument(help="A version of the agreement, TOML.", exists=True, dir_okay=False)]


@command.command(
    epilog="Examples: chungtay agreement show > agreement.md   |   chungtay agreement show --toml > new.toml"
)
def show(
    version: Annotated[str | None, typer.Argument(help="A file or an adopted version; the one in force.")] = None,
    *,
    data_dir: DataDirOption = data_dir.DEFAULT,
    toml: Annotated[
        bool, typer.Option("--toml", help="The document itself, to the letter: a new version begins as it.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show a version as people read it, in Vietnamese and English (Markdown)."""
    if toml:
        reading.copy(data_dir, version)
    else:
        reading.show(data_dir, version, as_json=as_json)


@command.command(epilog="Examples: chungtay agreement diff new.toml   |   chungtay agreement diff 2026.2 2026.1")
def diff(
    version: Annotated[str, typer.Argument(help="A file or an adopted version.")],
    other: Annotated[str | None, typer.Argument(help="What to compare it with; the one in force.")] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Show clause by clause what one version says otherwise than another."""
    reading.diff(data_dir, version, other, as_json=as_json)


@command.command(epilog="Example: chungtay agreement check new.toml")
def check(file: FileArgument, as_json: JsonOption = False) -> None:
    """Check that a file is whole and does not contradict itself; exit 1 and every faulty cell when not."""
    reading.check(file, as_json=as_json)


@command.command("what-if", epilog="Examples: chungtay agreement what-if new.toml --case 7K3QZ9M2T4XD --json")
def what_if(
    file: FileArgument,
    case: Annotated[str | None, typer.Option(help="Only this case (the auditor's reference).")] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """List which fields of the recorded cases would appear or disappear for whom; names of fields, never values."""
    foreseeing.what_if(data_dir, file, case, as_json=as_json)


@command.command(epilog="Example: chungtay agreement sign new.toml --party police --key police.key.json")
def sign(
    file: FileArgument,
    *,
    party: Annotated[Agency, typer.Option(help="Who signs.")],
    key: Annotated[Path | None, typer.Option(help="The party's own key; else that of the data dir.")] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Put a party's signature beside a file; one changed letter, and it must be signed anew."""
    adopting.sign(data_dir, file, party, key, as_json=as_json)


@command.command(epilog="Example: chungtay agreement adopt new.toml")
def adopt(file: FileArgument, data_dir: DataDirOption = data_dir.DEFAULT, as_json: JsonOption = False) -> None:
    """Bring a version into force that every party has signed and that follows the one in force."""
    adopting.adopt(data_dir, file, as_json=as_json)
