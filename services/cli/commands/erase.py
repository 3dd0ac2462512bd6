"""How `erase` is asked for; what it does is in `services.cli.erasing`."""

from typing import Annotated

import typer

from events.labels import Category, Person
from services.cli import data_dir, erasing
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(add_completion=False)

_EXAMPLE = (
    "Example: chungtay erase C-55 --unit child_protection_00340 --authority data_subject --basis 'QD 12/2026'"
    " --category child_identity --part image"
)


@command.command(epilog=_EXAMPLE)
def erase(
    *,
    reference: Annotated[str, typer.Argument(help="The unit's own name of the report or case.")],
    unit: Annotated[
        str, typer.Option(help="The social-work unit that states it: it leads the case, or received the report.")
    ],
    authority: Annotated[str, typer.Option(help="Who wants it: a code of the list erasure_authority.")],
    basis: Annotated[str, typer.Option(help="The decision and the law that it rests on; it is sealed.")],
    person: Annotated[list[Person] | None, typer.Option(help="Of whom; the child unless told.")] = None,
    category: Annotated[list[Category] | None, typer.Option(help="Which categories; all unless told.")] = None,
    part: Annotated[list[str] | None, typer.Option(help="Which parts of them; all unless told.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase unasked: with --json, or without a terminal.")] = False,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Destroy the keys of what is held of a person: shown first, then asked, then stated, recorded and carried out.

    What the law keeps is not destroyed; its ground is shown, and recorded as denied.
    """
    persons = tuple(person or [Person.CHILD])
    wanted = erasing.Wanted(unit, reference, authority, basis, persons, tuple(category or ()), tuple(part or ()))
    erasing.erase(data_dir, wanted, unasked=yes, as_json=as_json)
