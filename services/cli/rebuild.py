"""The command `rebuild`: a process of its own folds from zero, this one shows how far it is and what it found."""

from pathlib import Path
from typing import Any

from rich.progress import Progress

from infra.postgres.roles import AUDIENCES
from services.cli.beside import done_beside
from services.cli.output import console, say, say_json
from services.cli.stops import Exit, Stop

ALL = "all"


def rebuild(data_dir: Path, view: str, *, verify: bool, as_json: bool) -> None:
    """Rebuild a view or all of them, or only compare them with the register.

    Raises:
        Stop: if there is no such view, it cannot be done, or a compared view is not as it should be.
    """
    views = _views(view)
    words = ["rebuild", *views, *(["--verify"] if verify else [])]
    result = _follow(data_dir, words, quiet=as_json)
    first = result["first"]
    if as_json:
        told = {"views": views, "equal": first is None, **result}
        say_json(told)
    elif first is None or not verify:
        say(_line(view, result))
    if verify and first is not None:
        raise Stop(
            Exit.CHECK_FAILED,
            f"The view of {first['view']} is not what the register makes: first in stream {first['stream']} "
            f"({first['part']}). Mend it by `chungtay rebuild {first['view']}`.",
        )


def _views(view: str) -> list[str]:
    if view == ALL:
        return [audience.value for audience in AUDIENCES]
    if view not in {audience.value for audience in AUDIENCES}:
        known = ", ".join(audience.value for audience in AUDIENCES)
        raise Stop(Exit.USED_WRONGLY, f"There is no view {view}; there are {known}, or {ALL}.")
    return [view]


def _follow(data_dir: Path, words: list[str], *, quiet: bool) -> dict[str, Any]:
    """Show how far the rebuild is until it tells its result.

    Raises:
        Stop: if it could not be done.
    """
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("Folding from zero", total=None)
        return done_beside(
            data_dir,
            "projector",
            *words,
            hear=lambda said: progress.update(bar, completed=said["done"], total=said["of"]),
        )


def _line(view: str, result: dict[str, Any]) -> str:
    looked = f"{result['events']} events in {result['streams']} streams folded from zero"
    rows = sum(result["differing"].values())
    if not result["swapped"]:
        return f"{looked}: {view} is what the register makes."
    return f"{looked}: {view} rebuilt, {rows} rows differed." if rows else f"{looked}: nothing differed in {view}."
