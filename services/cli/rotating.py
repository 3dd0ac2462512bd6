"""The commands `keys list` and `keys rotate`: the key service does the work, this asks for it step by step."""

from pathlib import Path

from rich.progress import Progress
from rich.table import Table

from infra.keys.wire import SlotsAsked, StepDone, VersionListed
from services.cli.key_desk import asked_of_keys
from services.cli.output import console, say, say_json

_A_STEP = 500  # some hundredths of a second of the key service, which goes on answering


def list_keys(data_dir: Path, slots: SlotsAsked, *, as_json: bool) -> None:
    """Show the versions of key-encryption keys; to a person only those that wrap something or are left over.

    Raises:
        Stop: if the key service does not answer.
    """
    found = asked_of_keys(data_dir, lambda keys: keys.key_versions(slots)).versions
    if as_json:
        say_json([one.model_dump(mode="json") for one in found])
        return
    shown = [one for one in found if one.data_keys or not one.in_use]
    table = Table("owner", "category", "form", "version", "data keys", "")
    for one in shown:
        state = "in use" if one.in_use else "left over: `chungtay keys rotate`"
        table.add_row(one.owner, one.category, one.form, str(one.version), str(one.data_keys), state)
    say(table)
    say(f"{len(found)} key-encryption keys; {len(found) - len(shown)} wrap nothing yet.")


def rotate(data_dir: Path, slots: SlotsAsked, *, as_json: bool) -> None:
    """Finish a rotation that was broken off, or do a whole one.

    Raises:
        Stop: if the key service does not answer; running it again goes on from there.
    """
    before = asked_of_keys(data_dir, lambda keys: keys.key_versions(slots)).versions
    drawn = asked_of_keys(data_dir, lambda keys: keys.begin_rotation(slots)).drawn
    rewrapped = _rewrap_all(data_dir, quiet=as_json)
    if as_json:
        say_json({"drawn": drawn, "rewrapped": rewrapped, "finished_earlier": _left_over(before)})
        return
    if _left_over(before):
        say("A rotation that was broken off before is finished; run it again for a new one of those keys.")
    say(f"{drawn} new key-encryption keys, {rewrapped} data keys wrapped anew; the old ones are given up.")


def _left_over(versions: tuple[VersionListed, ...]) -> int:
    return sum(not one.in_use for one in versions)


def _rewrap_all(data_dir: Path, *, quiet: bool) -> int:
    """Ask for steps until none is left; return how many data keys were wrapped anew.

    Raises:
        Stop: if the key service does not answer.
    """
    done, left = 0, True
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("Wrapping data keys anew", total=None)
        while left:
            step = _step(data_dir)
            done, left = done + step.rewrapped, step.versions_left > 0
            progress.update(bar, completed=done, total=done + step.data_keys_left)
    return done


def _step(data_dir: Path) -> StepDone:
    return asked_of_keys(data_dir, lambda keys: keys.rotation_step(_A_STEP))
