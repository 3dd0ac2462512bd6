"""How `keys list` and `keys rotate` are asked for; what they do is in `services.cli.rotating`."""

from typing import Annotated

import typer

from events.labels import Category, Form
from events.parties import Agency
from infra.keys.wire import SlotsAsked
from services.cli import data_dir, rotating
from services.cli.arguments import DataDirOption, JsonOption

command = typer.Typer(
    name="keys", add_completion=False, no_args_is_help=True, help="The key-encryption keys that the key service holds."
)

OwnerOption = Annotated[list[Agency] | None, typer.Option(help="Of whom; all agencies unless told.")]
CategoryOption = Annotated[list[Category] | None, typer.Option(help="Which categories; all unless told.")]
FormOption = Annotated[list[Form] | None, typer.Option(help="full or summary; both unless told.")]


@command.command("list", epilog="Examples: chungtay keys list   |   chungtay keys list --owner health --json")
def list_(
    *,
    owner: OwnerOption = None,
    category: CategoryOption = None,
    form: FormOption = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Show which versions there are, how many data keys each wraps, and which wraps new ones; never a key."""
    rotating.list_keys(data_dir, _slots(owner, category, form), as_json=as_json)


@command.command(
    epilog="Examples: chungtay keys rotate   |   chungtay keys rotate --owner police --category investigation"
)
def rotate(
    *,
    owner: OwnerOption = None,
    category: CategoryOption = None,
    form: FormOption = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Draw new key-encryption keys, wrap every data key anew, and give up the old ones; all goes on meanwhile.

    Broken off at any point, nothing is unreadable: run it again, and it finishes what was begun before it begins anew.
    """
    rotating.rotate(data_dir, _slots(owner, category, form), as_json=as_json)


def _slots(owner: list[Agency] | None, category: list[Category] | None, form: list[Form] | None) -> SlotsAsked:
    return SlotsAsked(owners=tuple(owner or ()), categories=tuple(category or ()), forms=tuple(form or ()))
