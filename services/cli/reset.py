"""`chungtay reset`: stop a platform and remove what it wrote; real data only at an explicit word."""

import typer

from services.cli.data_dir import DataDir
from services.cli.down import stop_platform
from services.cli.options import file_of
from services.cli.output import say, say_json
from services.cli.stops import Exit, Stop


def reset(place: DataDir, *, yes: bool, real_data_too: bool, as_json: bool) -> None:
    """Remove all that a platform wrote in its data dir.

    Raises:
        Stop: if the folder is not a platform's, holds data of the real clock, or the person does not agree.
    """
    refuse_others(place)
    if not place.clock.exists() and not real_data_too:
        raise Stop(
            Exit.USED_WRONGLY,
            f"{place.root} holds data of the real clock: add --yes-delete-real-data when they may be lost for ever.",
        )
    if not yes and not typer.confirm(f"Delete everything in {place.root}, keys included, for ever?", err=True):
        raise Stop(Exit.CHECK_FAILED, "Nothing was deleted.")
    stopped = stop_platform(place)
    place.wipe()
    if as_json:
        say_json({"stopped": stopped, "deleted": str(place.root)})
    else:
        say(f"Deleted what the platform wrote in {place.root}.")


def refuse_others(place: DataDir) -> None:
    """Let only a folder be wiped in which a platform wrote.

    Raises:
        Stop: if none did.
    """
    if not place.root.is_dir() or not (file_of(place).is_file() or (place.secrets / "postgres.json").is_file()):
        raise Stop(Exit.USED_WRONGLY, f"{place.root} is not the data dir of a platform: nothing was deleted.")
    linked = [name.name for name in (place.run, place.secrets, place.logs) if name.is_symlink()]
    if place.root.is_symlink() or linked:
        raise Stop(Exit.USED_WRONGLY, f"{place.root} leads elsewhere by a link: nothing was deleted.")
