"""The commands `keys list` and `keys rotate`: the key service does the work, this asks for it step by step."""

from dataclasses import asdict, dataclass
from pathlib import Path

from rich.progress import Progress
from rich.table import Table

from infra.keys.client import KeyClient
from infra.keys.wire import SlotsAsked
from services.cli.key_desk import asked_of_keys
from services.cli.output import console, say, say_json

_A_STEP = 500  # some hundredths of a second of the key service, which goes on answering


@dataclass(frozen=True, slots=True)
class _Rotated:
    """How many keys were drawn, how many data keys wrapped anew, how many versions an earlier rotation had left."""

    drawn: int
    rewrapped: int
    finished_earlier: int


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
    done = asked_of_keys(data_dir, lambda keys: _rotated(keys, slots, quiet=as_json))
    if as_json:
        say_json(asdict(done))
        return
    if done.finished_earlier:
        say("A rotation that was broken off before is finished; run it again for a new one of those keys.")
    say(f"{done.drawn} new key-encryption keys, {done.rewrapped} data keys wrapped anew; the old ones are given up.")


async def _rotated(keys: KeyClient, slots: SlotsAsked, *, quiet: bool) -> _Rotated:
    """Begin, and ask for steps until none is left; data keys are counted once, for the bar.

    Raises:
        KeysUnreachableError: if the key service does not answer.
    """
    before = (await keys.key_versions(slots)).versions
    drawn = (await keys.begin_rotation(slots)).drawn
    outdated = [one for one in (await keys.key_versions(SlotsAsked())).versions if not one.in_use]
    rewrapped, left = 0, True
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("Wrapping data keys anew", total=sum(one.data_keys for one in outdated))
        while left:
            step = await keys.rotation_step(_A_STEP)
            rewrapped, left = rewrapped + step.rewrapped, step.versions_left > 0
            progress.update(bar, completed=rewrapped)
    return _Rotated(drawn, rewrapped, sum(not one.in_use for one in before))
