"""The command `status`: how a platform is, for a person or a program."""

from pathlib import Path

from rich.table import Table

from services.cli.data_dir import DataDir
from services.cli.health import Health, look_at
from services.cli.output import say, say_json
from services.cli.stops import Exit, Stop


def status(data_dir: Path, *, as_json: bool) -> None:
    """Show how a platform is.

    Raises:
        Stop: if it does not run, or something in it is not well.
    """
    health = look_at(DataDir(data_dir.absolute()))
    if as_json:
        say_json(health.told())
    else:
        say_health(health)
    if health.mend is not None:
        raise Stop(Exit.CHECK_FAILED, health.mend)
    if not health.well:
        raise Stop(Exit.CHECK_FAILED, f"Not everything is well: the logs lie in {data_dir / 'logs'}.")


def say_health(health: Health) -> None:
    """Tell a person how a platform is."""
    say(_status_table(health))
    _say_waiting(health)


def _status_table(health: Health) -> Table:
    table = Table("process", "pid", "restarts", "ready", "memory, MB", title="Chung Tay", title_justify="left")
    for each in health.processes:
        pid = "–" if each.pid is None else str(each.pid)
        table.add_row(
            each.name, pid, str(each.restarts), "yes" if each.ready else "[red]no[/]", f"{each.memory_mb:.0f}"
        )
    table.add_section()
    for name, behind in health.lag.items():
        age_s = health.age_s.get(name)
        table.add_row(f"behind: {name}", str(behind), "" if age_s is None else f"oldest {age_s:.0f} s")
    return table


def _say_waiting(health: Health) -> None:
    """Tell each stream in quarantine on a line of its own, which no table cuts: `retry` takes the whole id."""
    for held in health.quarantine:
        since = held.since.isoformat(timespec="seconds")
        say(f"waits: {held.stream}  version {held.version}  {held.reason}  since {since}")
