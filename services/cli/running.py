"""The commands that start, stop and look after a platform: up, down, status, serve."""

import os
import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pydantic import SecretStr, ValidationError
from rich.table import Table

from infra.clock import SystemClock
from infra.embedded.faults import CannotStartError
from infra.embedded.given_postgres import checked_url
from infra.issuers import TrustedIssuer
from infra.settings import SETTINGS_VARIABLE
from services.cli.data_dir import DataDir
from services.cli.down import stop_platform
from services.cli.endpoints import Endpoints, read_endpoints
from services.cli.health import Health, look_at
from services.cli.options import EMBEDDED, KAFKA, Options
from services.cli.output import console, say, say_json
from services.cli.start import Started, start
from services.cli.state import State
from services.cli.stops import Exit, Stop

_SERVICES = ("keys", "agencies", "case_record", "relay", "projector", "coordination", "audit")


def options(
    data_dir: Path, broker: str, database_url: str | None, clock: str, *, ephemeral: bool, separate: bool
) -> Options:
    """Return what `up` was asked for.

    Raises:
        Stop: if the clock is neither real nor simulated, the broker neither a known word nor an address, or the
            database's URL none.
    """
    if broker not in {EMBEDDED, KAFKA} and not re.fullmatch(r"[^\s:]+:[0-9]{1,5}", broker):
        raise Stop(Exit.USED_WRONGLY, f"--broker is {EMBEDDED}, {KAFKA} or HOST:PORT, not {broker}.")
    if clock not in {"real", "simulated"}:
        raise Stop(Exit.USED_WRONGLY, f"--clock is real or simulated, not {clock}.")
    if database_url:
        try:
            checked_url(database_url)
        except CannotStartError as problem:
            raise Stop(Exit.USED_WRONGLY, str(problem)) from None
    return Options(
        data_dir=data_dir.absolute(),
        broker=broker,
        database_url=SecretStr(database_url) if database_url else None,
        ephemeral=ephemeral,
        separate=separate,
        simulated_from=SystemClock().now() if clock == "simulated" else None,
    )


def with_issuer(asked: Options, given: str | None) -> Options:
    """Return the options with the issuer that was named by its URL or by a settings file (JSON, see the guide).

    Raises:
        Stop: if it is neither, or time is simulated: then only development tokens are taken.
    """
    if given is None:
        return asked
    if asked.simulated_from is not None:
        raise Stop(Exit.USED_WRONGLY, "Simulated time is for development tokens only: leave out --issuer.")
    try:
        issuer = _issuer_of(given)
    except (ValidationError, OSError) as problem:
        why = "; ".join(_faults(problem)) if isinstance(problem, ValidationError) else problem.strerror
        raise Stop(Exit.USED_WRONGLY, f"--issuer takes an https URL or a JSON settings file: {why}.") from None
    return asked.model_copy(update={"issuer": issuer})


def _issuer_of(given: str) -> TrustedIssuer:
    if "://" in given:
        return TrustedIssuer(url=given)
    return TrustedIssuer.model_validate_json(Path(given).read_bytes())


def _faults(problem: ValidationError) -> Iterator[str]:
    for error in problem.errors(include_input=False):
        where = ".".join(map(str, error["loc"]))
        yield f"{where}: {error['msg'].removeprefix('Value error, ')}" if where else error["msg"]


def up(asked: Options, *, detach: bool, as_json: bool) -> None:
    """Start a platform, show where it listens, and stay with it unless it is to be left alone."""
    started = start_telling(asked, quiet=as_json)
    if detach:
        show_endpoints(asked, started, as_json=as_json)
    else:
        started.stay(partial(show_endpoints, asked, started, as_json=as_json))


def start_telling(asked: Options, *, quiet: bool) -> Started:
    """Start a platform, on a terminal with a line that says what is being waited for."""
    if quiet or not console.is_terminal:
        return start(asked)
    with console.status("Starting…") as line:
        return start(asked, tell=line.update)


def show_endpoints(asked: Options, started: Started, *, as_json: bool) -> None:
    """Show where everything listens, where it persists, and by which clock it records."""
    endpoints = read_endpoints(asked.data_dir)
    if as_json:
        say_json(endpoints.model_dump())
        return
    say(_endpoints_table(endpoints, asked, started.state))


def _endpoints_table(endpoints: Endpoints, asked: Options, state: State) -> Table:
    kept = "nothing: removed at the end" if asked.ephemeral else str(asked.data_dir)
    clock = "SIMULATED – not for real cases" if state.clock == "simulated" else "real"
    table = Table("what", "where", title="Chung Tay runs", title_justify="left")
    for agency, url in endpoints.agencies.items():
        table.add_row(f"door of {agency}", url)
    table.add_row("coordination (joint view)", endpoints.coordination)
    table.add_row("audit (replay, proofs)", endpoints.audit)
    table.add_row(f"broker ({asked.broker})", endpoints.kafka)
    table.add_section()
    table.add_row("persists in", kept)
    table.add_row("clock", clock)
    if asked.issuer is None:
        table.add_row("not for production", "built-in tokens, loopback only")
    else:
        table.add_row("tokens of", asked.issuer.url)
    return table


def down(data_dir: Path, *, as_json: bool) -> None:
    """Stop a platform and say whether there was one."""
    ran = stop_platform(DataDir(data_dir.absolute()))
    if as_json:
        say_json({"stopped": ran})
    else:
        say("Stopped." if ran else f"Nothing runs in {data_dir}.")


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


def serve(data_dir: Path, service: str) -> None:
    """Become one service, as in production.

    Raises:
        Stop: if there is no such service or no settings for it.
    """
    if service not in _SERVICES:
        raise Stop(Exit.USED_WRONGLY, f"There is no service {service}; there are {', '.join(_SERVICES)}.")
    settings = os.environ.get(SETTINGS_VARIABLE, str(data_dir.absolute() / "run" / f"{service}.json"))
    if not Path(settings).exists():
        raise Stop(Exit.USED_WRONGLY, f"{settings} is missing: name a settings file in {SETTINGS_VARIABLE}.")
    sys.stdout.flush()
    os.execve(  # noqa: S606 - the process becomes the service
        sys.executable,
        [sys.executable, "-P", "-m", f"services.{service}"],
        {**os.environ, SETTINGS_VARIABLE: settings},
    )
